# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The audit trail: every order leaves its intent and its outcome, refusals too, and the chain verifies."""

import pytest

from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC, DAVE, switches_tenant


def test_a_containment_leaves_intent_and_outcome_in_that_order(quell, crowdstrike):
    order = quell.mcp().contain("network_contain", "hostname", ALICE_MAC).order
    records = sorted(quell.audit(request=order["request_id"]), key=lambda row: row["seq"])

    assert len(records) >= 2
    assert "intent" in str(records[0]).lower() or records[0]["event"].endswith(("ordered", "requested"))
    assert "confirmed" in str(records[-1]) or "completed" in str(records[-1])
    assert all(row["actor"] for row in records)
    assert "crowdstrike" in str(records)


def test_a_revocation_leaves_intent_and_outcome(quell, okta):
    order = quell.mcp().tool("revoke_sessions", username=ALICE).order

    assert len(quell.audit(request=order["request_id"])) >= 2


def test_a_refused_order_leaves_a_record(quell, crowdstrike):
    before = len(quell.audit())
    quell.mcp().contain("network_contain", "user_email", DAVE)

    # Nothing was ordered, so the record is queued: it need not be durable before the answer.
    eventually(lambda: len(quell.audit()) > before, "the refusal is in the audit trail")


def test_a_look_up_that_is_no_such_thing_is_noted_as_it_was_asked(door):
    door.mcp().contain("lock_device", "hostname", "*", reason="all of them")

    record = eventually(lambda: next((row for row in door.audit() if row["outcome"] == "invalid_lookup_value"
                                      and row["detail"]["reason"] == "all of them"), None), "the refusal is noted")
    assert record["detail"]["action"] == "lock_device" and record["detail"]["value"] == "*"


@pytest.mark.parametrize("scope, arguments, outcome", [
    ("sessions:revoke", {}, "insufficient_scope"), ("devices:contain", {"action": 7}, "invalid_arguments")])
def test_a_call_that_ends_at_the_door_leaves_a_record(door, scope, arguments, outcome):
    door.mcp(scope=scope).exchange("tools/call", {"name": "contain_device", "arguments": arguments})

    eventually(lambda: [row for row in door.audit() if row["event"] == "tool_refused" and row["outcome"] == outcome],
               "the refusal is in the audit trail")


def test_an_order_against_a_switch_leaves_a_record(door):
    tenant = switches_tenant(False, True)
    before = len(door.audit(tenant))
    door.mcp(tenant).contain("network_contain", "hostname", ALICE_MAC)

    eventually(lambda: len(door.audit(tenant)) > before, "the refusal is in the audit trail")


def test_the_chains_of_all_tenants_verify(quell, crowdstrike):
    quell.mcp().contain("network_contain", "hostname", ALICE_MAC)
    quell.mcp("edr-only").contain("network_contain", "hostname", ALICE_MAC)
    chains = {row["chain"]: row for row in quell.quell("audit", "verify")}

    assert {"acme", "edr-only", "host"} <= set(chains)
    assert all(row["verifies"] is True for row in chains.values())
    assert chains["acme"]["records"] >= 2


def test_records_are_numbered_without_a_gap(door):
    numbers = sorted(row["seq"] for row in door.audit())

    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_tenants_do_not_see_each_others_records(door, crowdstrike):
    order = door.mcp("edr-only").contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order

    eventually(lambda: order["request_id"] in str(door.audit("edr-only")), "the dry run is in its tenant's trail")
    assert order["request_id"] not in str(door.audit("acme"))
