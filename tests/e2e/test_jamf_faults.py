# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Jamf Pro's answers go wrong: nothing is taken for success, and no Mac is locked twice."""

import pytest

from rig.world import ALICE_MAC, computers

FIND, LOCK = "GET /api/v4/computers-inventory", "POST /api/v2/mdm/commands"
NO_ANSWER = ("plugin_error", "connector_unavailable", "plugin_bad_result", "http_302")


def lock(quell):
    return quell.mcp().contain("lock_device", "hostname", ALICE_MAC)


def sent_locks(jamf) -> list[dict]:
    return [row for row in jamf.ledger() if row["verb"] == "lock"]


# PF-04
@pytest.mark.parametrize("kind", ["truncate", "cut", "wrong_type", "oversize"])
def test_a_look_up_answer_that_is_no_answer_is_never_a_success(quell, jamf, kind):
    jamf.fault(FIND, kind=kind, times=None)
    result = lock(quell)

    assert result.error["key"] in NO_ANSWER
    assert not sent_locks(jamf)


# PF-04
@pytest.mark.parametrize("body", [
    {"httpStatus": 500, "errors": [{"code": "X", "description": "x", "field": "", "id": "0"}]},
    {"totalCount": 1, "results": "none"}, "not JSON", "[]", ""])
def test_a_200_with_another_body_is_never_a_success(quell, jamf, body):
    jamf.fault(FIND, status=200, body=body, times=None)

    assert lock(quell).error["key"] in NO_ANSWER
    assert not sent_locks(jamf)


# PF-04
def test_a_redirect_is_not_followed_not_even_to_an_allowed_host(quell, jamf, crowdstrike):
    jamf.fault(FIND, kind="redirect", headers={"Location": crowdstrike.base_url + "/elsewhere"}, times=None)

    assert lock(quell).error["key"] in NO_ANSWER
    assert not crowdstrike.ledger() and not sent_locks(jamf)


# PF-04: the Mac is locked although the answer says nothing
@pytest.mark.parametrize("kind", ["truncate", "cut", "wrong_type", "oversize"])
def test_a_lock_with_a_spoilt_answer_is_read_back(quell, jamf, kind):
    jamf.fault(LOCK, kind=kind, before=False)

    assert lock(quell).order["status"] == "completed"
    assert len(sent_locks(jamf)) == 1 and computers(jamf)[ALICE_MAC]["locks"] == 1


# PF-04: nothing was queued although the answer looks like success
@pytest.mark.parametrize("body", [[], {}, "<html>", [{"id": 7}]])
def test_a_lock_that_was_not_queued_is_never_a_success(quell, jamf, body):
    jamf.fault(LOCK, status=201, body=body)
    result = lock(quell)

    assert result.order["status"] in ("failed", "unknown")
    assert len(sent_locks(jamf)) == 1 and not jamf.acted()


# PF-03: the Mac is locked; that the list of commands is refused for a moment says nothing about it
@pytest.mark.parametrize("status", [403, 429])
def test_a_lock_is_not_failed_because_its_read_back_is_refused(quell, jamf, status):
    jamf.fault(LOCK, status=500, before=False)
    jamf.fault("GET /api/v2/mdm/commands", status=status, headers={"Retry-After": "600"})

    assert lock(quell).order["status"] == "completed"
    assert computers(jamf)[ALICE_MAC]["locks"] == 1


# PF-05
@pytest.mark.parametrize("route", [FIND, LOCK])
def test_a_token_that_dies_in_the_middle_is_renewed_once(quell, jamf, route):
    jamf.fault(route, status=401)

    assert lock(quell).order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1


# PF-05
def test_a_lock_that_is_refused_with_every_token_is_an_error_and_not_a_loop(quell, jamf):
    jamf.fault(LOCK, status=401, times=None)
    result = lock(quell)

    assert result.order["status"] == "failed"
    assert result.targets[0]["error"]["key"] == "connector_misconfigured"
    assert len(sent_locks(jamf)) == 2 and not jamf.acted()


# PF-05
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_client_that_the_server_does_not_know_is_told_so(fresh, jamf, isolation):
    jamf.fault("POST /api/v1/oauth/token", status=401, times=None)
    error = lock(fresh(isolation)).error

    assert error["key"] == "connector_misconfigured" and "invalid_client" in error["message"]
    assert {row["verb"] for row in jamf.ledger()} == {"token"}


# PF-12
@pytest.mark.parametrize("isolation", ["process", "in_process"])
@pytest.mark.parametrize("kind", ["drip", "drip_head", "stall"])
def test_one_byte_a_second_does_not_outlast_the_deadline(fresh, jamf, isolation, kind):
    quell = fresh(isolation, lambda configuration: configuration.limits.update(call_timeout="2s"))
    delay = 60_000 if kind == "stall" else 1000
    jamf.fault(FIND, kind=kind, delay_ms=delay, times=None)

    assert lock(quell).error["key"] in ("deadline_exceeded", "connector_unavailable")
    assert not sent_locks(jamf)
