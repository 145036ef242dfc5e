# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""kill -9 of the host in the middle of an order; the same store afterwards."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest

from rig import process_tree, quell_process
from rig.deadline import eventually
from rig.mcp_client import Modern
from rig.world import ALICE, ALICE_MAC, accounts, computers, hosts

MODES = ("process", "in_process")
ACT = "POST /devices/entities/devices-actions"


def order_and_lose_the_answer(quell, call) -> None:
    """Starts `call` on a thread; the host will be killed under it."""
    def run():
        try:
            call()
        except (OSError, AssertionError, ValueError):
            pass  # the connection died with the host

    threading.Thread(target=run, daemon=True).start()


def only_request(quell, kind: str = "containment") -> dict:
    rows = quell.requests(kind)
    assert len(rows) == 1, rows
    return quell.quell("request", "get", rows[0]["request_id"])


def settled(quell, kind: str = "containment") -> dict:
    def final():
        order = only_request(quell, kind)
        return order if order["status"] != "pending" else None

    return eventually(final, "the order is settled", 60)


def killed_before_the_provider_acted(fresh, crowdstrike, isolation: str):
    """An installation whose host died while its order was under way; the provider never saw to it."""
    quell = fresh(isolation)
    client = quell.mcp()
    crowdstrike.fault(ACT, kind="hang", before=True, delay_ms=30_000)
    order_and_lose_the_answer(quell, lambda: client.contain("network_contain", "hostname", ALICE_MAC))
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the order is under way")
    quell.host.kill()
    assert not crowdstrike.acted()
    return quell


def rewind_to_intent(quell, age_minutes: int = 0) -> None:
    """The store as it was one step earlier: the order durable, nothing sent."""
    with closing(sqlite3.connect(quell.configuration.store, isolation_level=None)) as connection:
        at = int(time.time() * 1000) - age_minutes * 60_000
        changed = connection.execute("UPDATE targets SET state='intent', sent_at=NULL, attempts=0, intent_at=?", (at,))
        assert changed.rowcount == 1
        connection.execute("UPDATE requests SET created_at=?", (at,))


# DU-02: between the intent and the provider call
@pytest.mark.parametrize("isolation", MODES)
def test_an_order_that_was_not_sent_yet_is_done_exactly_once(fresh, crowdstrike, isolation):
    quell = killed_before_the_provider_acted(fresh, crowdstrike, isolation)
    rewind_to_intent(quell)

    quell.start()

    assert settled(quell)["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# DU-02: the same, and meanwhile somebody else did it
def test_an_intent_that_somebody_else_fulfilled_meanwhile_is_not_sent(fresh, crowdstrike):
    quell = killed_before_the_provider_acted(fresh, crowdstrike, "process")
    rewind_to_intent(quell)
    other = fresh()
    assert other.mcp().contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"

    quell.start()

    assert settled(quell)["status"] in ("failed", "completed")
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# DU-02: an order from another time is not carried out today
def test_an_intent_older_than_fifteen_minutes_is_failed_and_not_sent(fresh, crowdstrike):
    quell = killed_before_the_provider_acted(fresh, crowdstrike, "process")
    rewind_to_intent(quell, age_minutes=16)

    quell.start()

    assert settled(quell)["status"] == "failed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 0


# DU-02: sent, and the read-back proves that it did not act; containing may be repeated
@pytest.mark.parametrize("isolation", MODES)
def test_an_order_that_never_arrived_is_read_back_and_done_once(fresh, crowdstrike, isolation):
    quell = killed_before_the_provider_acted(fresh, crowdstrike, isolation)

    quell.start()

    assert settled(quell)["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# DU-02: between the provider call and the outcome
@pytest.mark.parametrize("isolation", MODES)
def test_an_order_that_the_provider_has_is_read_back_and_not_repeated(fresh, crowdstrike, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    crowdstrike.fault(ACT, before=False, delay_ms=30_000)
    order_and_lose_the_answer(quell, lambda: client.contain("network_contain", "hostname", ALICE_MAC))
    eventually(lambda: hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1, "the provider has the order")

    quell.host.kill()
    quell.start()

    assert settled(quell)["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# DU-02: a lock is never sent twice
@pytest.mark.parametrize("isolation", MODES)
def test_a_lock_that_the_provider_has_is_found_again_with_its_pin(fresh, jamf, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    jamf.fault("POST /api/v2/mdm/commands", before=False, delay_ms=30_000)
    order_and_lose_the_answer(quell, lambda: client.contain("lock_device", "hostname", ALICE_MAC))
    eventually(lambda: computers(jamf)[ALICE_MAC]["locks"] == 1, "the Mac has the command")

    quell.host.kill()
    quell.start()

    order = settled(quell)
    assert order["status"] == "completed"
    assert computers(jamf)[ALICE_MAC]["locks"] == 1
    device = order["integrations"][0]["devices"][0]["provider_device_id"]
    shown = quell.quell("request", "pin", order["request_id"], device, "--reason", "after the crash")
    assert computers(jamf)[ALICE_MAC]["pins"][0] in str(shown)


# DU-02: the lock's answer is lost and it never arrived: better not locked than locked twice
def test_a_lock_that_never_arrived_is_not_sent_after_a_crash(fresh, jamf):
    quell = fresh()
    client = quell.mcp()
    jamf.fault("POST /api/v2/mdm/commands", before=True, delay_ms=30_000)
    order_and_lose_the_answer(quell, lambda: client.contain("lock_device", "hostname", ALICE_MAC))
    eventually(lambda: jamf.control("GET", "/faults") == [], "the command is on its way")

    quell.host.kill()
    jamf.reset()
    quell.start()

    assert settled(quell)["status"] in ("failed", "unknown")
    assert not jamf.acted("lock")


# DU-02
@pytest.mark.parametrize("isolation", MODES)
def test_a_revocation_survives_a_crash(fresh, okta, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    okta.fault("DELETE /api/v1/users", before=False, delay_ms=30_000)
    order_and_lose_the_answer(quell, lambda: client.tool("revoke_sessions", username=ALICE))
    eventually(lambda: accounts(okta)[ALICE]["sessions"] == 0, "the provider has the order")

    quell.host.kill()
    quell.start()

    assert settled(quell, "revocation")["status"] in ("completed", "unknown")


def test_what_was_answered_is_there_after_a_crash(fresh, crowdstrike):
    quell = fresh()
    client = quell.mcp()
    order = client.contain("network_contain", "hostname", ALICE_MAC).order
    made = quell.client(name="Acknowledged")

    quell.host.kill()
    quell.start()

    assert Modern(quell.mcp_url, client.token, quell.check).tool(
        "get_containment_request", request_id=order["request_id"]).order == order
    assert made.machine_token()
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))


# DU-02, PL-03: nobody outlives the host
@pytest.mark.parametrize("isolation", MODES)
def test_a_killed_host_leaves_no_child_behind(fresh, isolation):
    quell = fresh(isolation)
    children = process_tree.descendants(quell.pid)
    assert bool(children) == (isolation == "process")

    quell.host.kill()

    eventually(lambda: not [pid for pid in children if process_tree.is_alive(pid)], "all children are gone", 10)


def test_a_second_host_on_the_same_store_is_refused(fresh):
    quell = fresh()
    second = quell.configuration.path.with_name("second.toml")
    text = quell.configuration.path.read_text()
    port = str(quell.configuration.port)
    second.write_text(text.replace(port, "1" + port[1:] if port[0] != "1" else "2" + port[1:])
                      .replace("admin.sock", "second.sock"))

    done = quell_process.run("-c", second, "serve", timeout=20)

    assert done.returncode != 0
    assert quell.mcp().tools()
