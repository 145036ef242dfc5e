# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""kill -9 of the host in the middle of an order; the same store afterwards."""

import sqlite3
import threading
import time

import pytest

from rig import process_tree, quell_process
from rig.deadline import eventually
from rig.installation import REDIRECT
from rig.mcp_client import Modern
from rig.oauth_client import Pkce, code_for
from rig.world import ALICE, ALICE_MAC, accounts, computers, hosts

MODES = ("process", "in_process")


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


def store_holds_an_intent(quell) -> bool:
    try:
        with sqlite3.connect(f"file:{quell.configuration.store}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM targets").fetchone()[0] > 0
    except sqlite3.OperationalError:
        return False


# DU-02: between the intent and the provider call
@pytest.mark.parametrize("isolation", MODES)
def test_an_order_that_was_not_sent_yet_is_done_exactly_once(fresh, crowdstrike, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    # Every token is too old at once, so that the acting request needs a new one, and that one hangs.
    crowdstrike.settings(token_lifetime_s=1)
    crowdstrike.fault("POST /oauth2/token", skip=1, delay_ms=30_000)
    crowdstrike.fault("POST /devices/entities/devices-actions", delay_ms=30_000, before=True)
    order_and_lose_the_answer(quell, lambda: client.contain("network_contain", "hostname", ALICE_MAC))
    eventually(lambda: store_holds_an_intent(quell), "the intent is durable")
    assert not crowdstrike.acted()

    quell.host.kill()
    crowdstrike.control("DELETE", "/faults")
    crowdstrike.settings(token_lifetime_s=1799)
    quell.start()

    assert settled(quell)["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# DU-02: between the provider call and the outcome
@pytest.mark.parametrize("isolation", MODES)
def test_an_order_that_the_provider_has_is_read_back_and_not_repeated(fresh, crowdstrike, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    crowdstrike.fault("POST /devices/entities/devices-actions", before=False, delay_ms=30_000)
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


# OA-06: a code row without a challenge, as an older or attacked store could hold
def test_a_code_without_a_challenge_is_worthless(fresh):
    quell = fresh()
    person = quell.user("analyst@acme.example", "analyst")
    desktop = quell.client(public=True, redirects=[REDIRECT])
    codes = []
    for _ in range(2):
        codes.append((code_for(desktop, person, pkce := Pkce()), pkce.verifier))
    assert quell.stop() == 0
    with sqlite3.connect(quell.configuration.store) as connection:
        assert connection.execute("UPDATE authorization_codes SET code_challenge=''").rowcount == 2
    connection.close()
    quell.start()

    for (code, _), verifier in zip(codes, (codes[0][1], None)):
        reply = desktop.redeem(code, verifier)
        assert reply.status == 400 and reply.json["error"] in ("invalid_grant", "invalid_request"), reply.text


# MC-03, OA-12: expired, and made for another audience
@pytest.mark.parametrize("change", [f"expires_at = {int(time.time() * 1000) - 1000}",
                                    "audience = 'https://other.example/mcp'"])
def test_a_token_that_is_expired_or_meant_for_another_is_refused(fresh, change):
    quell = fresh()
    token = quell.token()
    assert quell.stop() == 0
    with sqlite3.connect(quell.configuration.store) as connection:
        assert connection.execute(f"UPDATE access_tokens SET {change}").rowcount == 1
    connection.close()
    quell.start()

    reply = Modern(quell.mcp_url, token).exchange("tools/list")
    assert reply.status == 401
    assert 'error="invalid_token"' in reply.header("WWW-Authenticate")


# DU-05
@pytest.mark.parametrize("damage", [lambda data: data[:len(data) // 2], lambda data: b"\x00" * 4096 + data[4096:],
                                    lambda data: b"not a database at all" * 500])
def test_a_damaged_store_is_refused_and_not_replaced(fresh, damage):
    quell = fresh()
    quell.token()
    assert quell.stop() == 0
    store = quell.configuration.store
    damaged = damage(store.read_bytes())
    store.write_bytes(damaged)

    with pytest.raises(AssertionError, match="quell ended with 3"):
        quell.start()
    assert store.read_bytes() == damaged


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
