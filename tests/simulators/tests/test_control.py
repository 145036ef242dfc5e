# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The control server: ledger, settings, reset, clients, tokens."""

import json
import re

import pytest

ALICE = "alice-mac.corp.example"


def test_the_ledger_tells_who_did_what_to_whom(jamf):
    device = jamf.management_id(ALICE)
    jamf.computers('general.name=="x"')
    jamf.lock(device)

    token, read, lock = jamf.ledger()
    assert [row["verb"] for row in (token, read, lock)] == ["token", "read", "lock"]
    assert {row["credential"] for row in (token, read, lock)} == {jamf.reach["client_id"]}
    assert read["path"].startswith("/api/v4/computers-inventory?section=GENERAL&")
    assert (lock["target"], lock["status"], lock["method"]) == (device, 201, "POST")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", lock["at"])
    assert set(lock) == {"at", "method", "path", "credential", "target", "verb", "status",
                         "acted", "fault"}


def test_a_batch_has_one_row_per_target(falcon):
    ids = falcon.ids("hostname:'lab-imac.corp.example'")
    falcon.act("contain", *ids)
    falcon.act("lift_containment", *ids)

    assert [row["target"] for row in falcon.ledger("contain")] == ids
    assert [row["target"] for row in falcon.ledger("release")] == ids


def test_a_revocation_names_the_user(okta):
    user = okta.account("alice@corp.example")["id"]
    okta.user("alice")
    okta.revoke(user)

    assert [(row["verb"], row["target"]) for row in okta.ledger("read", "revoke")] == [
        ("read", user), ("revoke", user)]


def test_tokens_secrets_and_pins_stay_out_of_the_ledger(jamf):
    jamf.lock(jamf.management_id(ALICE), pin="975310")
    text = json.dumps(jamf.ledger())

    assert jamf.bearer()["Authorization"].partition(" ")[2] not in text
    assert jamf.reach["client_secret"] not in text and "975310" not in text


def test_a_stranger_is_in_the_ledger_without_a_credential(falcon):
    falcon.token(client_id="somebody", client_secret="x")
    falcon.call("POST", "/oauth2/token", b"client_id=a&client_id=b",
                {"Content-Type": "application/x-www-form-urlencoded"})
    falcon.call("GET", "/nowhere", headers={"Authorization": "Bearer x"})

    assert [(row["credential"], row["verb"], row["status"]) for row in falcon.ledger()] == [
        (None, "token", 403), (None, "token", 400), (None, "unknown", 404)]


def test_another_client_is_another_credential(falcon):
    other = falcon.control("POST", "/clients", {"client_id": "tenant-b"})
    falcon.token(**other)

    assert falcon.ledger()[0]["credential"] == "tenant-b"


def test_reset_restores_the_seed_and_keeps_tokens(falcon):
    device = falcon.host_id(ALICE)
    falcon.settings(contain_delay_s=0, region="eu-1")
    falcon.act("contain", device)
    falcon.fault("GET /", status=500)

    falcon.control("POST", "/reset")

    assert falcon.ledger() == [] and falcon.control("GET", "/faults") == []
    assert falcon.control("GET", "/settings")["region"] == "us-1"
    assert falcon.status(device) == "normal"


def test_dropped_tokens_are_unauthorised(falcon):
    falcon.bearer()
    falcon.control("DELETE", "/tokens")

    assert falcon.query("").status == 401


@pytest.mark.parametrize("changes", [
    {"nosuch": 1}, {"contain_delay_s": "1"}, {"contain_delay_s": True}, {"contain_delay_s": -1},
    {"conflict_on_repeat": 1}, {"offline": "x"}, {"offline": [1]}, {"offline": ["nobody"]}, [], "x",
])
def test_a_setting_that_makes_no_sense_is_refused(falcon, changes):
    before = falcon.control("GET", "/settings")

    falcon.control("POST", "/settings", changes, expect=400)

    assert falcon.control("GET", "/settings") == before


def test_an_unknown_lock_outcome_or_computer_is_refused(jamf):
    jamf.control("POST", "/settings", {"lock_outcome": "MAYBE"}, expect=400)
    jamf.control("POST", "/settings", {"offline": ["nobody"]}, expect=400)
    jamf.control("POST", "/settings", {"incapable": ["nobody"]}, expect=400)
    jamf.control("POST", "/settings", {"most_per_page": 0}, expect=400)


def test_state_counts_tokens_and_requests(falcon):
    falcon.bearer()
    state = falcon.control("GET", "/state")

    assert state["live_tokens"] == {falcon.reach["client_id"]: 1}
    assert state["most_requests_at_once"] == 1


def test_unknown_control_endpoints_are_not_found(falcon):
    falcon.control("GET", "/nowhere", expect=404)
    falcon.control("PUT", "/faults", {}, expect=404)
