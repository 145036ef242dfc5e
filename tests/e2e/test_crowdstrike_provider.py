# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""CrowdStrike as PROVIDERS.md tells of it: pages, batches, conflicts, offline hosts, limits, allow lists."""

import time

import pytest

from rig.deadline import eventually
from rig.world import ALICE_MAC, FRANK, hosts, serials

QUERY, ACT = "GET /devices/queries", "POST /devices/entities/devices-actions"
CROWD, GRACE_MAC = "crowd.corp.example", "grace-mac.corp.example"


def contain(quell, value=ALICE_MAC, lookup_type="hostname", tenant="acme", **more):
    return quell.mcp(tenant).contain("network_contain", lookup_type, value, **more)


def contain_franks(quell):
    return contain(quell, FRANK, "user_email", integration_targets=["crowdstrike"])


def problem_of(result) -> dict:
    if result.is_error:
        return result.error
    part = result.order["integrations"][0]
    return part["error"] or part["devices"][0]["error"]


def queries(crowdstrike) -> list[dict]:
    return [row for row in crowdstrike.ledger() if row["path"].startswith("/devices/queries")]


# PF-09, over more than one page
@pytest.mark.parametrize("most_ids_in_page", [0, 60])
def test_an_ambiguous_name_is_refused_over_all_pages(quell, crowdstrike, most_ids_in_page):
    crowdstrike.settings(crowd=150, most_ids_in_page=most_ids_in_page)

    error = contain(quell, CROWD).error

    assert error["key"] == "device_ambiguous"
    assert len(queries(crowdstrike)) >= 2
    assert not crowdstrike.acted()


# One match on the first page and another on the second: the list was not taken for whole.
def test_a_second_match_on_a_later_page_is_seen(quell, crowdstrike):
    crowdstrike.settings(crowd=2, most_ids_in_page=1)

    error = contain(quell, CROWD).error

    assert error["key"] == "device_ambiguous" and len(error["candidates"]) == 2
    assert not crowdstrike.acted()


def test_more_matches_than_can_be_listed_are_refused_and_nothing_is_done(quell, crowdstrike):
    crowdstrike.settings(crowd=250)

    assert contain(quell, CROWD).error["key"] == "invalid_lookup_value"
    assert not crowdstrike.acted()


# PF-06: one batch, an outcome for each host
def test_an_error_inside_a_202_fails_the_host_it_names(quell, crowdstrike):
    refused = serials(crowdstrike)["C02FRANK0002"]
    crowdstrike.settings(refused_hosts=[refused], refusal_code=403)

    result = contain_franks(quell)

    assert result.order["status"] == "partial"
    states = {target["serial_number"]: target["state"] for target in result.targets}
    assert states == {"C02FRANK0001": "confirmed", "C02FRANK0002": "failed"}
    error = next(t["error"] for t in result.targets if t["provider_device_id"] == refused)
    assert error["key"] == "http_403"
    assert len({row["at"] for row in crowdstrike.ledger() if row["verb"] == "contain"}) == 1


def test_two_hosts_of_one_order_travel_in_one_request(quell, crowdstrike):
    assert contain_franks(quell).order["status"] == "completed"

    rows = [row for row in crowdstrike.ledger() if row["verb"] == "contain"]
    assert len(rows) == 2 and len({row["at"] for row in rows}) == 1


def test_a_conflict_that_acted_is_read_back_and_not_repeated(quell, crowdstrike):
    crowdstrike.fault(ACT, status=409, before=False)

    result = contain(quell)

    assert result.order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


def test_a_conflict_over_a_contained_host_is_no_change_of_ours(quell, crowdstrike):
    crowdstrike.settings(contain_delay_s=0)
    crowdstrike.fault(ACT, status=409, before=False)

    target = contain(quell).targets[0]

    assert target["state"] == "confirmed" and target["changed"] is False


def test_the_trace_id_of_the_order_is_in_the_result(quell):
    metadata = contain(quell).targets[0]["result_metadata"]

    assert len(metadata["trace_id"]) == 36


def test_an_order_for_an_offline_host_says_that_it_waits_and_when_it_does_no_more(quell, crowdstrike):
    def look() -> dict:
        order = quell.mcp("hasty").tool("get_containment_request", request_id=request)
        return {**order.targets[0]["result_metadata"], "status": order.order["status"]}

    request = contain(quell, GRACE_MAC, tenant="hasty").order["request_id"]

    eventually(lambda: look().get("waits_for_host") is True, "the order says that it waits")
    assert look()["status"] == "pending" and look()["online_state"] == "offline"
    crowdstrike.settings(offline=[])
    eventually(lambda: look()["status"] == "completed", "the order is done", 60)
    assert look()["waits_for_host"] is False
    assert hosts(crowdstrike)["C02GRACE0001"]["orders"]["contain"] == 1


# PF-01: both readings of X-RateLimit-RetryAfter
@pytest.mark.parametrize("factor", [1, 1000])
def test_the_time_to_come_back_is_read_in_seconds_and_in_milliseconds(quell, crowdstrike, factor):
    moment = int(time.time() + 600) * factor
    crowdstrike.fault(QUERY, status=429, headers={"X-RateLimit-RetryAfter": str(moment)}, times=None)

    error = problem_of(contain(quell))

    assert error["key"] == "rate_limited"
    assert 500 <= error["retry_after_seconds"] <= 900
    assert not crowdstrike.acted()


def test_a_refused_address_is_told_as_the_allow_list(quell, crowdstrike):
    contain(quell, dry_run=True)  # a token is held
    crowdstrike.settings(address_allowed=False)

    error = problem_of(contain(quell))

    assert error["key"] == "http_403" and "IP allow list" in error["message"]
    assert not crowdstrike.acted()


def test_a_refused_address_is_told_at_the_token_too(fresh, crowdstrike):
    crowdstrike.settings(address_allowed=False)

    error = problem_of(contain(fresh()))

    assert error["key"] == "http_403" and "IP allow list" in error["message"]
    assert not crowdstrike.acted()


def test_a_missing_scope_is_told_as_the_scope(fresh, crowdstrike):
    crowdstrike.settings(scopes=["devices:read"])

    error = problem_of(contain(fresh()))

    assert error["key"] == "http_403" and "Hosts: Write" in error["message"]
    assert not crowdstrike.acted()


def test_a_token_that_dies_between_reading_and_acting_is_renewed_once(quell, crowdstrike):
    crowdstrike.fault(ACT, status=401)

    assert contain(quell).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1
    assert len([row for row in crowdstrike.ledger() if row["verb"] == "contain"]) == 2


def with_settings(**changes):
    """Settings of the connector; None takes one away."""
    def change(configuration) -> None:
        settings = {**configuration.tenants["acme"].connectors["crowdstrike"], **changes}
        configuration.tenants["acme"].connectors["crowdstrike"] = {
            name: value for name, value in settings.items() if value is not None}
    return change


def test_a_region_stands_for_its_address(fresh):
    quell = fresh(change=with_settings(base_url=None, region="us-gov-2"))

    error = problem_of(contain(quell, dry_run=True))

    # Nothing of this test leaves the machine: the administrator's list does not allow it.
    assert error["key"] == "connector_misconfigured"
    assert "api.us-gov-2.crowdstrike.mil:443" in error["message"]


def test_a_region_is_looked_for_at_us_1(fresh):
    quell = fresh(change=with_settings(base_url=None, region="discover"))

    assert "api.crowdstrike.com:443" in problem_of(contain(quell, dry_run=True))["message"]


@pytest.mark.parametrize("changes", [{"base_url": None}, {"region": "us-1"},
                                     {"base_url": None, "region": "us-9"}, {"member_cid": "acme"}])
def test_no_region_two_addresses_and_unknown_ones_are_refused_by_check(fresh, changes):
    assert fresh(change=with_settings(**changes), start=False).refusal("check").code != 0


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_member_is_named_in_the_token_request(fresh, crowdstrike, isolation):
    member = "0123456789abcdef0123456789abcdef"
    quell = fresh(isolation, with_settings(member_cid=member))

    assert problem_of(contain(quell))["key"] == "http_403"  # the simulator does not know it yet
    crowdstrike.settings(members=[member])
    assert contain(quell).error["key"] == "device_not_found"  # a member has no hosts there
    assert not crowdstrike.acted()
