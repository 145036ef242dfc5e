# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Ordered faults: what the client sees, what the provider did, what the ledger says."""

import http.client
import json
import socket
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import pytest

from client import JSON, send

ACTIONS = "POST /devices/entities/devices-actions/v2"
QUERIES = "GET /devices/queries/devices/v1"


@pytest.fixture
def bob(falcon):
    falcon.settings(contain_delay_s=0)
    falcon.bearer()
    return falcon.host_id("bob-win.corp.example")


def test_faults_are_used_in_order_and_then_gone(falcon, bob):
    falcon.fault(ACTIONS, status=500)
    falcon.fault(ACTIONS, status=502, body={"odd": True})

    statuses = [falcon.act("contain", bob).status]
    odd = falcon.raw("POST", "/devices/entities/devices-actions/v2?action_name=contain",
                     json.dumps({"ids": [bob]}).encode(), {**JSON, **falcon.bearer()})
    statuses += [odd.status, falcon.act("contain", bob).status]

    assert statuses == [500, 502, 202] and odd.json == {"odd": True}
    assert [row["acted"] for row in falcon.ledger("contain")] == [False, False, True]
    assert falcon.control("GET", "/faults") == []


def test_a_fault_before_the_effect_keeps_it_from_happening(falcon, bob):
    falcon.fault(ACTIONS, status=503, before=True)
    falcon.raw("POST", "/devices/entities/devices-actions/v2?action_name=contain",
               json.dumps({"ids": [bob]}).encode(), {**JSON, **falcon.bearer()})

    row = falcon.ledger("contain")[0]
    assert falcon.status(bob) == "normal"
    assert (row["target"], row["status"], row["acted"], row["fault"]) == (
        bob, 503, False, "answer")


def test_a_lost_answer_leaves_the_effect_behind(falcon, bob):
    falcon.fault(ACTIONS, kind="reset", before=False)
    with pytest.raises(OSError):
        falcon.act("contain", bob)

    row = falcon.ledger("contain")[0]
    assert falcon.status(bob) == "contained"
    assert (row["status"], row["acted"], row["fault"]) == (202, True, "reset")


def test_a_reset_before_the_effect_leaves_nothing_behind(falcon, bob):
    falcon.fault(ACTIONS, kind="reset")
    with pytest.raises(OSError):
        falcon.act("contain", bob)

    assert falcon.status(bob) == "normal"
    assert falcon.ledger("contain")[0]["status"] == 0


def test_what_was_delayed_does_not_happen_in_a_world_that_was_reset(falcon, bob):
    falcon.fault(ACTIONS, delay_ms=500)
    waiting = http.client.HTTPConnection(falcon.reach["base_url"].removeprefix("http://"), timeout=5)
    waiting.request("POST", "/devices/entities/devices-actions/v2?action_name=contain",
                    json.dumps({"ids": [bob]}), {**JSON, **falcon.bearer()})
    while falcon.control("GET", "/faults"):
        pass
    falcon.control("POST", "/reset")

    assert waiting.getresponse().status == 500
    assert falcon.status(bob) == "normal" and not falcon.ledger("contain")


def test_a_hang_never_answers(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="hang")
    with pytest.raises(socket.timeout):
        falcon.raw("GET", "/devices/queries/devices/v1", headers=falcon.bearer(), timeout=0.2)

    assert falcon.query("").status == 200


def test_a_truncated_answer_promises_more_than_it_sends(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="truncate")
    with pytest.raises(http.client.IncompleteRead) as broken:
        falcon.query("")

    assert broken.value.partial.startswith(b'{"meta"')


def test_an_oversize_answer_is_valid_but_large(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="oversize", bytes=300_000)
    reply = falcon.query("")

    assert len(reply.body) == 300_000 and reply.json["resources"]


def test_a_wrong_type_is_html_with_status_200(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="wrong_type")
    reply = falcon.raw("GET", "/devices/queries/devices/v1", headers=falcon.bearer())

    assert (reply.status, reply.headers["content-type"]) == (200, "text/html")


def test_a_redirect_goes_where_it_is_told(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="redirect")
    falcon.fault(QUERIES, kind="redirect", status=307, headers={"Location": "http://127.0.0.1:9/"})
    replies = [falcon.raw("GET", "/devices/queries/devices/v1") for _ in range(2)]

    assert [(r.status, r.headers["location"]) for r in replies] == [
        (302, "https://elsewhere.invalid/"), (307, "http://127.0.0.1:9/")]


def test_a_dripped_answer_arrives_whole(falcon):
    falcon.bearer()
    falcon.fault("GET /nowhere", kind="drip", delay_ms=1, body="slow")

    assert falcon.raw("GET", "/nowhere", headers=falcon.bearer()).body == b"slow"


def test_headers_alone_ride_on_the_real_answer(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, headers={"X-RateLimit-Remaining": "3"})
    reply = falcon.query("hostname:'lab-imac.corp.example'")

    assert reply.headers["x-ratelimit-remaining"] == "3" and len(reply.json["resources"]) == 2


def test_a_status_alone_gets_the_providers_own_error_shape(falcon, jamf, okta):
    falcon.bearer(), jamf.bearer(), okta.bearer()
    falcon.fault(QUERIES, status=429, headers={"X-RateLimit-RetryAfter": "1767225660"})
    jamf.fault("GET /api", status=503)
    okta.fault("GET /api", status=429)

    limited = falcon.query("")
    assert limited.json["errors"][0]["code"] == 429
    assert limited.headers["x-ratelimit-retryafter"] == "1767225660"
    assert jamf.get("/api/v1/auth").json["httpStatus"] == 503
    assert okta.user("alice").json["errorCode"] == "E0000047"


def test_skip_lets_requests_pass_first(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, status=401, skip=1)

    assert [falcon.query("").status for _ in range(3)] == [200, 401, 200]


def test_match_picks_the_requests_that_name_a_device(falcon, bob):
    alice = falcon.host_id("alice-mac.corp.example")
    falcon.fault(ACTIONS, status=403, match=bob)

    assert falcon.act("contain", alice).status == 202
    assert falcon.act("contain", bob).status == 403


def test_a_fault_without_times_lasts_until_deleted(falcon):
    falcon.bearer()
    falcon.fault("* /devices", times=None, status=500)

    assert [falcon.query("").status for _ in range(3)] == [500, 500, 500]
    falcon.control("DELETE", "/faults")
    assert falcon.query("").status == 200


def test_a_token_call_can_fail_as_well(jamf):
    jamf.fault("POST /api/v1/oauth/token", status=400)

    assert jamf.token().json == {"error": "invalid_request"}
    assert jamf.token().status == 200


@pytest.mark.parametrize("fault", [
    {}, [], "x", {"route": "/x"}, {"route": "GET x"}, {"route": "GET /x", "kind": "melt"},
    {"route": "GET /x", "times": 0}, {"route": "GET /x", "times": True},
    {"route": "GET /x", "status": 99}, {"route": "GET /x", "delay_ms": -1},
    {"route": "GET /x", "before": 1}, {"route": "GET /x", "colour": "red"},
    {"route": "GET /x", "headers": {"A": "b\r\nC: d"}}, {"route": "GET /x", "headers": {"A": 1}},
])
def test_a_senseless_fault_is_refused(falcon, fault):
    if fault == []:
        assert falcon.control("POST", "/faults", fault) == []
    else:
        falcon.control("POST", "/faults", fault, expect=400)
    assert falcon.control("GET", "/faults") == []


def test_bad_json_is_refused(falcon):
    assert send(falcon.reach["control_url"], "POST", "/faults", b"{").status == 400


def test_retry_after_comes_in_both_forms(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, status=429, retry_after_s=7)
    falcon.fault(QUERIES, status=503, retry_after_s=60, retry_after_form="date")
    seconds, date = falcon.query(""), falcon.raw("GET", "/devices/queries/devices/v1")

    assert (seconds.status, seconds.headers["retry-after"]) == (429, "7")
    moment = parsedate_to_datetime(date.headers["retry-after"])
    assert date.status == 503 and date.headers["retry-after"].endswith(" GMT")
    assert 0 < (moment - datetime.now(timezone.utc)).total_seconds() <= 60


def test_a_body_can_stall_and_then_go_on(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="stall", delay_ms=1)
    assert falcon.query("").json["resources"]

    falcon.fault(QUERIES, kind="stall", delay_ms=60_000)
    with pytest.raises(socket.timeout):
        falcon.raw("GET", "/devices/queries/devices/v1", headers=falcon.bearer(), timeout=0.2)


def test_a_body_can_be_cut_by_a_reset(falcon):
    falcon.bearer()
    falcon.fault(QUERIES, kind="cut")
    with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
        falcon.query("")

    assert falcon.ledger()[-1]["fault"] == "cut"


def test_a_head_can_be_dripped_too(falcon):
    falcon.bearer()
    falcon.fault("GET /nowhere", kind="drip_head", delay_ms=1, body="slow")
    assert falcon.raw("GET", "/nowhere", headers=falcon.bearer()).body == b"slow"

    falcon.fault("GET /nowhere", kind="drip_head", delay_ms=1000)
    with pytest.raises(socket.timeout):
        falcon.raw("GET", "/nowhere", headers=falcon.bearer(), timeout=0.2)
