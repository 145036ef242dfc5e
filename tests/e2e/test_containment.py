# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Containing and releasing laptops at the EDR, held against what the provider says was done."""

import pytest

from rig.deadline import eventually
from rig.world import ALICE_MAC, ALICE_SERIAL, BOB_WIN, hosts


def falcon_status(crowdstrike, serial: str = ALICE_SERIAL) -> str:
    return hosts(crowdstrike)[serial]["status"]


def contained(client, name: str = ALICE_MAC) -> dict:
    order = client.contain("network_contain", "hostname", name).order
    assert order["status"] == "completed", order
    return order


# V53, V46
def test_the_example_of_the_manual_works_as_printed(quell, crowdstrike):
    result = quell.mcp().tool(
        "contain_device", action="network_contain", lookup={"lookup_type": "hostname", "value": ALICE_MAC},
        reason="Suspicious login activity reported by SOC", integration_targets=["crowdstrike"], dry_run=False)

    assert result.order["status"] == "completed"
    assert falcon_status(crowdstrike) == "contained"
    assert len(crowdstrike.acted("contain")) == 1


# V54
def test_the_result_is_the_durable_request(quell, crowdstrike):
    result = quell.mcp().contain("network_contain", "hostname", ALICE_MAC, reason="ticket 7")
    order, device = result.order, result.targets[0]
    host = hosts(crowdstrike)[ALICE_SERIAL]

    assert order["action"] == "network_contain" and order["dry_run"] is False
    assert order["lookup"] == {"lookup_type": "hostname", "value": ALICE_MAC}
    assert order["reason"] == "ticket 7"
    assert order["request_id"] and order["created_at"].endswith("Z")
    part = order["integrations"][0]
    assert (part["integration"], part["status"], part["error"]) == ("crowdstrike", "completed", None)
    assert device["provider_device_id"] == host["device_id"]
    assert device["hostname"] == ALICE_MAC and device["serial_number"] == ALICE_SERIAL
    assert device["state"] == "confirmed" and device["changed"] is True and device["error"] is None
    assert device["resolved_by"] == [{"connector": "crowdstrike", "lookup_type": "hostname", "match": "exact"}]


# PF-08, V52
@pytest.mark.parametrize("action", ["network_contain", "release_containment", "lock_device"])
def test_a_dry_run_finds_the_device_and_writes_nothing(quell, crowdstrike, jamf, action):
    result = quell.mcp().contain(action, "hostname", ALICE_MAC, dry_run=True)

    assert result.order["dry_run"] is True and result.order["status"] == "resolved"
    assert [target["state"] for target in result.targets] == ["resolved"]
    assert {row["verb"] for row in crowdstrike.ledger() + jamf.ledger()} <= {"read", "token"}
    assert not crowdstrike.acted() and not jamf.acted()
    assert falcon_status(crowdstrike) == "normal"


# A 202 is not yet isolation
def test_the_answer_waits_until_the_provider_reads_back_contained(quell, crowdstrike):
    crowdstrike.settings(contain_delay_s=1.2)

    contained(quell.mcp())

    assert falcon_status(crowdstrike) == "contained"
    rows = crowdstrike.ledger()
    acting = next(i for i, row in enumerate(rows) if row["acted"])
    assert [row for row in rows[acting + 1:] if row["verb"] == "read"], "nobody read the state back"


# V47
def test_a_release_lifts_the_containment(quell, crowdstrike):
    client = quell.mcp()
    contained(client)

    order = client.contain("release_containment", "hostname", ALICE_MAC).order

    assert order["status"] == "completed"
    assert falcon_status(crowdstrike) == "normal"
    assert len(crowdstrike.acted("release")) == 1


# V49
@pytest.mark.parametrize("lookup_type, value", [("hostname", ALICE_MAC), ("hostname", ALICE_MAC.upper()),
                                                ("serial_number", ALICE_SERIAL)])
def test_a_device_is_found_by_hostname_and_by_serial_number(quell, crowdstrike, lookup_type, value):
    result = quell.mcp().contain("network_contain", lookup_type, value, dry_run=True)

    assert result.targets[0]["serial_number"] == ALICE_SERIAL
    assert result.targets[0]["resolved_by"][0]["lookup_type"] == lookup_type


# V49
def test_a_device_is_found_by_its_id_at_the_provider(quell, crowdstrike):
    identity = hosts(crowdstrike)["PF0BOB000001"]["device_id"]
    result = quell.mcp().contain("network_contain", "provider_device_id", identity)

    assert result.order["status"] == "completed"
    assert result.targets[0]["hostname"] == BOB_WIN
    assert [row["target"] for row in crowdstrike.acted()] == [identity]


def test_what_is_contained_already_is_confirmed_unchanged(quell, crowdstrike):
    client = quell.mcp()
    contained(client)

    again = client.contain("network_contain", "hostname", ALICE_MAC)

    assert again.order["status"] == "completed"
    assert again.targets[0]["state"] == "confirmed" and again.targets[0]["changed"] is False
    assert falcon_status(crowdstrike) == "contained"


def test_releasing_what_is_not_contained_changes_nothing(quell, crowdstrike):
    result = quell.mcp().contain("release_containment", "hostname", ALICE_MAC)

    assert result.order["status"] == "completed"
    assert result.targets[0]["changed"] is False
    assert falcon_status(crowdstrike) == "normal"


# V47, V50: the EDR is not asked to lock, the MDM not to contain
def test_an_action_goes_only_to_connectors_that_can_do_it(quell, crowdstrike, jamf):
    order = contained(quell.mcp())

    assert [part["integration"] for part in order["integrations"]] == ["crowdstrike"]
    assert jamf.ledger() == []


# V47
@pytest.mark.parametrize("action, connector", [("lock_device", "crowdstrike"), ("network_contain", "jamf")])
def test_a_connector_that_cannot_do_the_action_is_named(quell, crowdstrike, jamf, action, connector):
    error = quell.mcp().contain(action, "hostname", ALICE_MAC, integration_targets=[connector]).error

    assert error["key"] == "action_not_supported"
    assert not crowdstrike.acted() and not jamf.acted()


# V50
def test_an_unknown_connector_is_refused_with_those_that_exist(quell, crowdstrike):
    error = quell.mcp().contain("network_contain", "hostname", ALICE_MAC,
                                integration_targets=["crowdstrike", "sentinelone"]).error

    assert error["key"] == "unknown_connector"
    assert "crowdstrike" in error["allowed"]
    assert crowdstrike.ledger() == []


# TN-02, V50, V62
def test_a_connector_that_is_switched_off_is_refused_with_those_that_are_on(quell, jamf, crowdstrike):
    error = quell.mcp("no-jamf").contain("lock_device", "hostname", ALICE_MAC, integration_targets=["jamf"]).error

    assert error["key"] == "connector_not_enabled"
    assert error["allowed"] == ["crowdstrike"]
    assert jamf.ledger() == [] and crowdstrike.ledger() == []


# V62
def test_a_connector_that_is_switched_off_is_never_called(quell, jamf):
    client = quell.mcp("no-jamf")
    capabilities = client.tool("list_device_containment_capabilities").content

    assert "jamf" not in capabilities["enabled"]
    assert client.contain("lock_device", "hostname", ALICE_MAC).is_error
    assert client.contain("network_contain", "user_email", "alice@corp.example").is_error
    assert jamf.ledger() == []


def test_a_connector_may_be_narrowed_to_some_actions(quell, crowdstrike):
    client = quell.mcp("release-only")

    assert client.contain("network_contain", "hostname", ALICE_MAC).error["key"] == "action_not_supported"
    assert crowdstrike.acted() == []
    assert client.contain("release_containment", "hostname", ALICE_MAC).order["status"] == "completed"


# V55
def test_capabilities_say_what_each_connector_can_do(quell):
    content = quell.mcp().tool("list_device_containment_capabilities").content
    by_key = {entry["integration"]: entry for entry in content["integrations"]}

    assert set(content["enabled"]) == {"crowdstrike", "jamf"}
    assert set(content["enabled"]) <= set(content["supported"])
    assert set(content["default_targets"]) == {"crowdstrike", "jamf"}
    assert set(by_key["crowdstrike"]["actions"]) == {"network_contain", "release_containment"}
    assert by_key["jamf"]["actions"] == ["lock_device"]
    assert {"hostname", "serial_number", "provider_device_id"} <= set(by_key["crowdstrike"]["lookup_types"])
    assert "user_email" in by_key["jamf"]["lookup_types"]
    assert content["switches"]["enabled"] is True and content["switches"]["allow_via_mcp"] is True


# V51
def test_the_reason_is_kept_in_the_request_and_in_the_audit_trail(quell, crowdstrike):
    order = quell.mcp().contain("network_contain", "hostname", ALICE_MAC, reason="INC-4711 beacon").order

    kept = quell.quell("request", "get", order["request_id"], "--tenant", "acme")
    assert kept["reason"] == "INC-4711 beacon"
    assert "INC-4711 beacon" in str(quell.audit(request=order["request_id"]))


def test_a_host_that_is_offline_stays_pending(quell, crowdstrike):
    result = quell.mcp("hasty").contain("network_contain", "hostname", "grace-mac.corp.example")

    assert result.order["status"] == "pending"
    assert result.targets[0]["state"] in ("intent", "sent", "accepted")
    crowdstrike.settings(offline=[])
    settle(quell, result.order["request_id"], "hasty")


def settle(quell, request_id: str, tenant: str) -> dict:
    """Lets an order come to its end, so that it disturbs no later test."""
    def final():
        order = quell.mcp(tenant).tool("get_containment_request", request_id=request_id).order
        return order if order["status"] != "pending" else None

    order = eventually(final, "the order is final", 60)
    assert order["status"] == "completed", order
    return order
