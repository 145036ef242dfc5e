# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""From a name to exactly the right devices: e-mail through the MDM, ambiguity, and hostile values."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from rig.world import ALICE, ALICE_MAC, ALICE_SERIAL, BOB, CAROL, DAVE, ERIN, FRANK, HEIDI, LAB_IMAC, computers, hosts

HOSTILE = ["*", "a*", "alice-mac*", "?", "a'+hostname:'*", "x'+status:'normal", "a',hostname:*'", 'x" or "1',
           'a";general.name=="*', '*";"', "\\", "\\'", "a\\*", "%2a", "(*)", "!'x'", "~'alice'",
           "alice-mac.corp.example'", "'", '"', ";", ",", "x,alice-mac.corp.example", "../users", "a/b?c=d#e",
           "null", "%", "a&filter=hostname:'*'"]
HOSTILE_NAMES = ['alice@corp.example" or profile.login pr or "', "me", 'a@b.c or status eq "ACTIVE"']


# V49, V57
def test_an_email_reaches_the_edr_through_the_mdms_serial_number(quell, crowdstrike, jamf):
    result = quell.mcp().contain("network_contain", "user_email", ALICE)

    assert result.order["status"] == "completed"
    assert hosts(crowdstrike)[ALICE_SERIAL]["status"] == "contained"
    assert len(crowdstrike.acted("contain")) == 1 and not jamf.acted()
    assert result.targets[0]["resolved_by"] == [
        {"connector": "jamf", "lookup_type": "user_email", "match": "exact"},
        {"connector": "crowdstrike", "lookup_type": "serial_number", "match": "exact"}]


def test_an_email_stands_for_all_devices_of_the_user(quell, crowdstrike):
    result = quell.mcp().contain("network_contain", "user_email", FRANK)

    assert result.order["status"] == "completed"
    assert {target["serial_number"] for target in result.targets} == {"C02FRANK0001", "C02FRANK0002"}
    assert len(crowdstrike.acted("contain")) == 2
    assert {hosts(crowdstrike)[serial]["status"] for serial in ("C02FRANK0001", "C02FRANK0002")} == {"contained"}


def test_the_hostname_serves_where_the_mdm_holds_no_serial_number(quell, crowdstrike):
    result = quell.mcp().contain("network_contain", "user_email", ERIN, dry_run=True)

    assert [target["serial_number"] for target in result.targets] == ["C02ERIN00001"]
    assert [step["lookup_type"] for step in result.targets[0]["resolved_by"]] == ["user_email", "hostname"]


def test_an_email_locks_at_the_mdm_without_the_edr(quell, jamf, crowdstrike):
    result = quell.mcp().contain("lock_device", "user_email", ALICE, dry_run=True)

    assert [target["provider_device_id"] for target in result.targets] == [computers(jamf)[ALICE_MAC]["management_id"]]
    assert crowdstrike.ledger() == []


# PF-10, V57
def test_an_email_without_an_mdm_is_refused_with_the_way_out(quell, crowdstrike):
    error = quell.mcp("edr-only").contain("network_contain", "user_email", ALICE).error

    assert error["key"] == "mdm_required_for_email_lookup"
    advice = f"{error['message']} {error['next_step']}"
    assert "hostname" in advice and "serial_number" in advice and "MDM" in advice
    assert crowdstrike.ledger() == []


# PF-10, V57: the switched-off MDM is not asked either
def test_an_email_with_the_mdm_switched_off_is_refused(quell, jamf):
    error = quell.mcp("no-jamf").contain("network_contain", "user_email", ALICE).error

    assert error["key"] == "mdm_required_for_email_lookup"
    assert jamf.ledger() == []


# V57: the MDM only resolves, though it is not a target
def test_the_mdm_resolves_an_email_even_if_only_the_edr_is_a_target(quell, crowdstrike, jamf):
    result = quell.mcp().contain("network_contain", "user_email", ALICE, integration_targets=["crowdstrike"],
                                 dry_run=True)

    assert [target["serial_number"] for target in result.targets] == [ALICE_SERIAL]
    assert {row["verb"] for row in jamf.ledger()} <= {"read", "token"}


# PF-09
@pytest.mark.parametrize("dry_run", [True, False])
def test_a_hostname_of_two_devices_is_refused_with_the_candidates(quell, crowdstrike, dry_run):
    error = quell.mcp().contain("network_contain", "hostname", LAB_IMAC, dry_run=dry_run).error

    assert error["key"] == "device_ambiguous"
    assert {candidate["serial_number"] for candidate in error["candidates"]} == {"C02LABIM0001", "C02LABIM0002"}
    assert all(candidate["provider_device_id"] for candidate in error["candidates"])
    assert not crowdstrike.acted()


# PF-09
def test_a_candidate_can_then_be_named_by_its_id(quell, crowdstrike):
    client = quell.mcp()
    candidates = client.contain("network_contain", "hostname", LAB_IMAC).error["candidates"]
    chosen = next(c["provider_device_id"] for c in candidates if c["serial_number"] == "C02LABIM0002")

    assert client.contain("network_contain", "provider_device_id", chosen).order["status"] == "completed"
    assert [row["target"] for row in crowdstrike.acted()] == [chosen]


@pytest.mark.parametrize("lookup_type, value", [("hostname", "nowhere.corp.example"), ("serial_number", "C02NOBODY001"),
                                                ("provider_device_id", "0" * 32), ("user_email", DAVE),
                                                ("user_email", BOB)])
def test_a_device_that_nobody_has_is_not_found(quell, crowdstrike, lookup_type, value):
    result = quell.mcp().contain("network_contain", lookup_type, value)

    assert result.error["key"] == "device_not_found"
    assert not crowdstrike.acted()


def test_an_email_whose_mac_the_edr_does_not_know_is_not_found_there(quell, crowdstrike):
    assert quell.mcp().contain("network_contain", "user_email", HEIDI).error["key"] == "device_not_found"
    assert not crowdstrike.acted()


# PF-14
@pytest.mark.parametrize("lookup_type", ["hostname", "serial_number", "provider_device_id", "user_email"])
def test_a_hostile_look_up_value_finds_nothing_and_asks_nothing_broad(quell, crowdstrike, jamf, lookup_type):
    client = quell.mcp()
    for action in ("network_contain", "lock_device"):
        for value in HOSTILE:
            result = client.contain(action, lookup_type, value)
            assert result.error["key"] in ("invalid_lookup_value", "device_not_found"), (value, result.content)
    assert_narrow(crowdstrike, jamf)


# PF-14
def test_a_hostile_user_name_finds_nothing_and_asks_nothing_broad(quell, okta):
    client = quell.mcp()
    for value in HOSTILE + HOSTILE_NAMES:
        result = client.tool("revoke_sessions", username=value)
        assert result.error["key"] in ("invalid_lookup_value", "user_not_found"), (value, result.content)
    assert not okta.acted()
    for row in okta.ledger():
        query = parse_qs(urlsplit(row["path"]).query)
        for expression in query.get("search", []) + query.get("filter", []):
            assert re.fullmatch(r'([a-zA-Z.]+ eq "([^"\\]|\\.)*"( or )?)+', expression), expression
        assert urlsplit(row["path"]).path not in ("/api/v1/users/me", "/api/v1/users/") or "search" in query, row


def assert_narrow(crowdstrike, jamf) -> None:
    """No acting order, and every filter one literal comparison without a wildcard."""
    assert not crowdstrike.acted() and not jamf.acted()
    for row in crowdstrike.ledger():
        for expression in parse_qs(urlsplit(row["path"]).query).get("filter", []):
            assert re.fullmatch(r"[a-z_]+:'([^'\\*]|\\.)*'", expression), expression
    for row in jamf.ledger():
        for expression in parse_qs(urlsplit(row["path"]).query).get("filter", []):
            assert re.fullmatch(r'[A-Za-z.]+=="([^"\\*]|\\.)*"', expression), expression


@pytest.mark.parametrize("value", ["line\nbreak", "nul\x00byte", "tab\there", "bidi\u202ename", "x" * 300,
                                   " alice-mac.corp.example", "älice-mac"])
def test_a_value_that_no_device_can_have_is_refused_or_not_found(quell, crowdstrike, value):
    result = quell.mcp().contain("network_contain", "hostname", value)

    assert result.error["key"] in ("invalid_lookup_value", "device_not_found", "invalid_arguments")
    assert not crowdstrike.acted()


# PF-09 for people
@pytest.mark.parametrize("dry_run", [True, False])
def test_an_email_of_two_accounts_is_refused_with_the_candidates(quell, okta, dry_run):
    error = quell.mcp().tool("revoke_sessions", username=CAROL, dry_run=dry_run).error

    assert error["key"] == "user_ambiguous"
    assert len(error["candidates"]) == 2
    assert "carol.cook@corp.example" in str(error["candidates"])
    assert not okta.acted()
