# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A tenant's two switches for each acting tool: only on and on opens it."""

import pytest

from rig.world import ALICE, ALICE_MAC, switches_tenant

CASES = [(True, False, "mcp_{}_not_allowed", "allow_via_mcp"), (False, True, "{}_disabled", "enabled"),
         (False, False, "{}_disabled", "enabled")]


# V60, V61
def test_with_both_switches_on_the_tools_work(quell, crowdstrike, okta):
    client = quell.mcp(switches_tenant(True, True))

    assert client.contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"
    assert client.tool("revoke_sessions", username=ALICE).order["status"] == "completed"


# V61, TN-05
@pytest.mark.parametrize("enabled, via_mcp, key, switch", CASES)
@pytest.mark.parametrize("dry_run", [True, False])
def test_containment_is_refused_despite_the_scope_and_names_the_switch(door, crowdstrike, enabled, via_mcp, key, switch,
                                                                       dry_run):
    client = door.mcp(switches_tenant(enabled, via_mcp))
    names = client.tool_names()
    error = client.contain("network_contain", "hostname", ALICE_MAC, dry_run=dry_run).error

    assert error["key"] == key.format("containment" if "mcp" in key else "device_containment")
    assert switch in error["next_step"] and "device_containment" in error["next_step"]
    assert "administrator" in error["next_step"]
    assert "contain_device" not in names and "list_device_containment_capabilities" in names
    assert crowdstrike.ledger() == []


# V60, TN-05
@pytest.mark.parametrize("enabled, via_mcp, key, switch", CASES)
def test_revocation_is_refused_despite_the_scope_and_names_the_switch(door, okta, enabled, via_mcp, key, switch):
    client = door.mcp(switches_tenant(enabled, via_mcp))
    names = client.tool_names()
    error = client.tool("revoke_sessions", username=ALICE).error

    assert error["key"] == key.format("revocation" if "mcp" in key else "session_revocation")
    assert switch in error["next_step"] and "session_revocation" in error["next_step"]
    assert "revoke_sessions" not in names and "list_session_revocation_capabilities" in names
    assert okta.ledger() == []


# V60, V61
@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("via_mcp", [True, False])
def test_the_capabilities_show_the_switches_as_they_are(door, enabled, via_mcp):
    client = door.mcp(switches_tenant(enabled, via_mcp))

    for tool in ("list_device_containment_capabilities", "list_session_revocation_capabilities"):
        switches = client.tool(tool).content["switches"]
        assert (switches["enabled"], switches["allow_via_mcp"]) == (enabled, via_mcp)


# A bad call must not tell more than a good one
def test_a_switched_off_tool_refuses_bad_arguments_as_well(door):
    assert door.mcp(switches_tenant(False, False)).tool("contain_device").is_error
