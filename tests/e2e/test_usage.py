# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Units of usage: one for a request that did something, none for one that did not."""

from rig.world import ALICE, ALICE_MAC, FRANK


def units_of(quell, action) -> int:
    before = quell.usage()
    action()
    return quell.usage() - before


# V64
def test_a_containment_costs_one_unit_whatever_the_number_of_devices(quell, crowdstrike):
    client = quell.mcp()

    assert units_of(quell, lambda: client.contain("network_contain", "hostname", ALICE_MAC)) == 1
    assert units_of(quell, lambda: client.contain("network_contain", "user_email", FRANK)) == 1


# V64
def test_a_revocation_costs_one_unit(quell, okta):
    assert units_of(quell, lambda: quell.mcp().tool("revoke_sessions", username=ALICE)) == 1


# V52, V64
def test_a_dry_run_costs_nothing(quell, crowdstrike, okta):
    client = quell.mcp()

    assert units_of(quell, lambda: client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)) == 0
    assert units_of(quell, lambda: client.tool("revoke_sessions", username=ALICE, dry_run=True)) == 0


# V64
def test_what_failed_or_was_refused_costs_nothing(quell, crowdstrike, jamf):
    client = quell.mcp()
    jamf.fault("POST /api/v2/mdm/commands", status=403)

    assert units_of(quell, lambda: client.contain("network_contain", "hostname", "nowhere")) == 0
    assert units_of(quell, lambda: client.contain("lock_device", "hostname", ALICE_MAC)) == 0


# V64
def test_asking_again_with_the_same_key_costs_nothing(quell, crowdstrike):
    client = quell.mcp()
    client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="paid")

    again = lambda: client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="paid")  # noqa: E731
    assert units_of(quell, again) == 0


def test_tenants_are_counted_apart(quell, crowdstrike):
    before = quell.usage("edr-only")
    quell.mcp().contain("network_contain", "hostname", ALICE_MAC)

    assert quell.usage("edr-only") == before
