# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The same order twice, many times, or in two directions at once: the provider gets it once."""

import threading

import pytest

from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC, BOB, hosts


def at_once(count: int, call) -> list:
    """Runs `call(i)` on `count` threads that start together; the answers."""
    answers, barrier = [None] * count, threading.Barrier(count)

    def one(index: int) -> None:
        barrier.wait()
        try:
            answers[index] = call(index)
        except Exception as failure:  # shown by the assertion that follows
            answers[index] = failure

    threads = [threading.Thread(target=one, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [a for a in answers if isinstance(a, Exception)], [a for a in answers if isinstance(a, Exception)][:3]
    return answers


# PF-07
def test_fifty_calls_with_one_key_are_one_lock_and_one_answer(quell, jamf):
    client = quell.mcp()
    key = f"lock-{quell.configuration.isolation}"

    answers = at_once(50, lambda _: client.contain("lock_device", "hostname", ALICE_MAC, idempotency_key=key))

    assert len(jamf.acted("lock")) == 1
    assert len({answer.order["request_id"] for answer in answers}) == 1
    assert {answer.order["status"] for answer in answers} == {"completed"}
    assert len({str(answer.content) for answer in answers}) == 1


def test_a_key_gives_the_first_request_again_long_after(quell, crowdstrike):
    client = quell.mcp()
    first = client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="again").order
    client.contain("release_containment", "hostname", ALICE_MAC)

    again = client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="again").order

    assert again["request_id"] == first["request_id"]
    assert len(crowdstrike.acted("contain")) == 1


def test_a_key_with_other_arguments_is_a_conflict(quell, crowdstrike):
    client = quell.mcp()
    client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="conflict", dry_run=True)

    for change in ({"dry_run": False}, {"dry_run": True, "reason": "other"}):
        error = client.contain("network_contain", "hostname", ALICE_MAC, idempotency_key="conflict", **change).error
        assert error["key"] == "idempotency_conflict"
    assert not crowdstrike.acted()


def test_a_key_belongs_to_one_principal(quell, crowdstrike):
    other = quell.client(name="Another principal").machine_token()
    first = quell.mcp().contain("network_contain", "hostname", ALICE_MAC, idempotency_key="mine", dry_run=True).order
    second = quell.mcp(token=other).contain("network_contain", "hostname", ALICE_MAC, idempotency_key="mine",
                                            dry_run=True).order

    assert first["request_id"] != second["request_id"]


def test_a_key_serves_revocation_as_well(quell, okta):
    client = quell.mcp()

    answers = at_once(10, lambda _: client.tool("revoke_sessions", username=BOB, idempotency_key="revoke-bob"))

    assert len({answer.order["request_id"] for answer in answers}) == 1
    assert len(okta.acted("revoke")) == 1


@pytest.mark.parametrize("key", ["", "x" * 129])
def test_a_key_of_an_impossible_length_is_refused(door, crowdstrike, key):
    error = door.mcp().contain("network_contain", "hostname", ALICE_MAC, idempotency_key=key).error

    assert error["key"] == "invalid_arguments"
    assert crowdstrike.ledger() == []


def test_orders_for_one_device_at_once_are_joined_and_act_once(quell, crowdstrike):
    crowdstrike.settings(contain_delay_s=1)
    client = quell.mcp()
    used = quell.usage()

    answers = at_once(8, lambda _: client.contain("network_contain", "hostname", ALICE_MAC))

    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1
    assert {answer.order["status"] for answer in answers} == {"completed"}
    assert len({answer.order["request_id"] for answer in answers}) == 8
    leaders = [answer for answer in answers if not answer.targets[0].get("joined_to")
               and answer.targets[0]["changed"]]
    assert len(leaders) == 1
    joined = {answer.targets[0]["joined_to"] for answer in answers if answer.targets[0].get("joined_to")}
    assert joined <= {leaders[0].order["request_id"]}
    assert quell.usage() - used >= 1


def test_two_locks_of_one_mac_at_once_are_one_lock(quell, jamf):
    jamf.settings(command_delay_s=1)
    client = quell.mcp()

    answers = at_once(6, lambda _: client.contain("lock_device", "user_email", ALICE))

    assert len(jamf.acted("lock")) == 1
    assert {answer.order["status"] for answer in answers} == {"completed"}


def test_the_opposite_order_meanwhile_is_refused_and_names_the_open_one(quell, crowdstrike):
    crowdstrike.settings(contain_delay_s=3)
    open_one = quell.mcp("hasty").contain("network_contain", "hostname", ALICE_MAC).order
    assert open_one["status"] == "pending"

    error = quell.mcp("hasty").contain("release_containment", "hostname", ALICE_MAC).error

    assert error["key"] == "conflicting_request"
    assert open_one["request_id"] in str(error)
    assert len(crowdstrike.acted()) == 1

    def final():
        found = quell.mcp("hasty").tool("get_containment_request", request_id=open_one["request_id"])
        return found.order["status"] == "completed"

    eventually(final, "the first order is final", 60)


def test_calls_for_different_devices_run_side_by_side(quell, crowdstrike):
    client = quell.mcp()
    names = [ALICE_MAC, "bob-win.corp.example", "erin-mac.corp.example", "frank-mac-1.corp.example"]

    answers = at_once(len(names), lambda i: client.contain("network_contain", "hostname", names[i]))

    assert {answer.order["status"] for answer in answers} == {"completed"}
    assert len(crowdstrike.acted("contain")) == len(names)
