# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Providers that fail, throttle, lie or lose answers."""

import time

import pytest

from rig.world import ALICE_MAC, hosts

QUERY, ACT = "GET /devices/queries", "POST /devices/entities/devices-actions"


def contain(quell, **more):
    return quell.mcp().contain("network_contain", "hostname", ALICE_MAC, **more)


def problem_of(result) -> dict:
    """The error, wherever the result carries it."""
    if result.is_error:
        return result.error
    part = result.order["integrations"][0]
    return part["error"] or part["devices"][0]["error"]


def throttle_until(crowdstrike, moment: float, **plan) -> None:
    """429 as CrowdStrike sends it: the time to come back is an epoch, not a Retry-After."""
    crowdstrike.fault(QUERY, status=429, headers={"X-RateLimit-RetryAfter": str(int(moment))}, **plan)


# PF-01
def test_a_throttled_look_up_waits_as_long_as_the_provider_says(quell, crowdstrike):
    throttle_until(crowdstrike, time.time() + 2)

    assert contain(quell).order["status"] == "completed"
    assert len(crowdstrike.acted("contain")) == 1


# PF-01
def test_a_throttle_beyond_the_deadline_is_an_error_that_says_when(quell, crowdstrike):
    throttle_until(crowdstrike, time.time() + 3600, times=None)
    error = problem_of(contain(quell))

    assert error["key"] == "rate_limited"
    assert error["retryable"] is True and error["retry_after_seconds"] >= 60
    assert not crowdstrike.acted()


def test_a_provider_that_is_down_is_an_error_that_may_be_retried(quell, crowdstrike):
    crowdstrike.fault(QUERY, status=503, times=None)
    error = problem_of(contain(quell))

    assert error["key"] in ("connector_unavailable", "http_503") and error["retryable"] is True
    assert not crowdstrike.acted()


# PF-03
@pytest.mark.parametrize("kind", ["reset", "truncate"])
def test_an_order_whose_answer_is_lost_is_read_back_and_not_repeated(quell, crowdstrike, kind):
    crowdstrike.fault(ACT, kind=kind, before=False)

    assert contain(quell).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# PF-03: the provider acts only when the call has been given up
@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_an_order_that_is_carried_out_late_is_not_sent_twice(fresh, crowdstrike, isolation):
    quell = fresh(isolation, lambda configuration: configuration.limits.update(call_timeout="4s"))
    crowdstrike.fault(ACT, before=True, delay_ms=7000)

    assert contain(quell).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# PF-03: the host is contained; that its record is refused for a moment says nothing about it
@pytest.mark.parametrize("status", [403, 429])
def test_an_order_is_not_failed_because_its_read_back_is_refused(quell, crowdstrike, status):
    crowdstrike.fault(ACT, status=500, before=False)
    # The third reading: after looking up and before ordering.
    crowdstrike.fault("POST /devices/entities/devices/v2", status=status, headers={"Retry-After": "600"}, skip=2)

    assert contain(quell).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# PF-01: the token endpoint has its limits as well
def test_a_limit_of_the_token_endpoint_is_an_error_that_says_when(fresh, crowdstrike):
    headers = {"X-RateLimit-RetryAfter": str(int(time.time() + 600))}
    crowdstrike.fault("POST /oauth2/token", status=429, headers=headers, times=None)

    error = problem_of(contain(fresh()))

    assert error["key"] == "rate_limited"
    assert 500 <= error["retry_after_seconds"] <= 600
    assert not crowdstrike.acted()


# PF-03: nothing arrived, and the manifest says that containing may be repeated
def test_an_order_that_never_arrived_is_sent_again_after_reading_back(quell, crowdstrike):
    crowdstrike.fault(ACT, kind="reset", before=True)

    assert contain(quell).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1
    rows = [row for row in crowdstrike.ledger() if row["verb"] in ("contain", "read")]
    first = next(i for i, row in enumerate(rows) if row["verb"] == "contain")
    second = next(i for i, row in enumerate(rows) if i > first and row["verb"] == "contain")
    assert [row for row in rows[first + 1:second] if row["verb"] == "read"], "sent again without a read-back"


# PF-04
@pytest.mark.parametrize("kind", ["truncate", "wrong_type", "oversize", "redirect"])
def test_a_look_up_answer_that_is_no_answer_is_never_a_success(quell, crowdstrike, kind):
    crowdstrike.fault(QUERY, kind=kind, times=None)
    result = contain(quell)

    assert result.is_error
    assert result.error["key"] in ("connector_unavailable", "http_302")
    assert result.error["retryable"] or kind == "redirect"
    assert not crowdstrike.acted()


# PF-04
def test_a_200_with_an_error_body_is_never_a_success(quell, crowdstrike):
    crowdstrike.fault(QUERY, status=200, body={"meta": {}, "errors": [{"code": 500, "message": "x"}], "resources": []})

    assert contain(quell).is_error
    assert not crowdstrike.acted()


# PF-04: an error inside a 202
def test_an_order_accepted_with_an_error_inside_is_not_confirmed(quell, crowdstrike):
    identity = hosts(crowdstrike)["C02ALICE0001"]["device_id"]
    crowdstrike.fault(ACT, status=202, times=None, body={
        "meta": {}, "resources": [], "errors": [{"code": 404, "message": "no such host", "id": identity}]})

    result = contain(quell)

    assert result.order["status"] == "failed"
    assert hosts(crowdstrike)["C02ALICE0001"]["status"] == "normal"


# PF-05
def test_a_token_that_dies_in_the_middle_is_renewed_once(quell, crowdstrike):
    contain(quell, dry_run=True)
    crowdstrike.control("DELETE", "/tokens")

    assert contain(quell).order["status"] == "completed"
    assert len([row for row in crowdstrike.ledger() if row["verb"] == "token" and row["status"] in (200, 201)]) <= 2


# PF-05
def test_a_provider_that_refuses_every_token_is_an_error_and_not_a_loop(quell, crowdstrike):
    crowdstrike.fault(QUERY, status=401, times=None)
    error = problem_of(contain(quell))

    assert error["key"] in ("connector_misconfigured", "http_401")
    assert len([row for row in crowdstrike.ledger() if row["verb"] == "read"]) <= 3
    assert not crowdstrike.acted()


# PF-12
def test_an_answer_byte_by_byte_does_not_outlast_the_deadline(fresh, crowdstrike):
    for isolation in ("process", "in_process"):
        quell = fresh(isolation, lambda configuration: configuration.limits.update(call_timeout="2s"))
        crowdstrike.fault(QUERY, kind="drip", delay_ms=200, times=None)

        assert contain(quell).error["key"] in ("deadline_exceeded", "connector_unavailable")
        crowdstrike.control("DELETE", "/faults")


def test_a_forbidden_order_says_the_status_and_what_to_do(quell, crowdstrike):
    crowdstrike.fault(ACT, status=403, times=None)
    result = contain(quell)

    assert result.order["status"] == "failed"
    assert problem_of(result)["key"] == "http_403"
    assert len([row for row in crowdstrike.ledger() if row["verb"] == "contain"]) == 1


# LG-03
def test_no_provider_text_reaches_the_caller(quell, crowdstrike):
    body = {"errors": [{"message": "stack at /opt/falcon/db.py SELECT"}]}
    crowdstrike.fault(QUERY, status=500, times=None, body=body)
    result = contain(quell)

    assert "/opt/falcon" not in str(result.raw) and "SELECT" not in str(result.raw)
