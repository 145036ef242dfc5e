# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The end of a host: it finishes what runs, and takes everything along."""

import signal
import threading
from pathlib import Path

import pytest

from rig import process_tree
from rig.deadline import eventually
from rig.quell_process import free_port
from rig.web import Web
from rig.world import ALICE_MAC, hosts

MODES = ("process", "in_process")


# OP-04
@pytest.mark.parametrize("isolation", MODES)
def test_a_stopped_host_ends_with_zero_and_takes_its_children_along(fresh, isolation):
    quell = fresh(isolation)
    quell.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True)
    children = process_tree.descendants(quell.pid)

    assert quell.stop() == 0

    assert not [pid for pid in children if process_tree.is_alive(pid)]
    assert not quell.configuration.socket.exists()


# OP-04
def test_a_call_that_runs_is_answered_before_the_end(fresh, crowdstrike):
    quell = fresh()
    client, answers = quell.mcp(), []
    crowdstrike.fault("GET /devices/queries", delay_ms=1500)
    call = threading.Thread(target=lambda: answers.append(
        client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)))
    call.start()
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the call is under way")

    assert quell.stop() == 0
    call.join()

    assert answers and answers[0].order["status"] == "resolved"


# OP-04
def test_while_the_last_call_is_finished_readiness_is_refused(fresh, crowdstrike):
    admin = f"127.0.0.1:{free_port()}"
    quell = fresh(change=lambda configuration: setattr(configuration, "admin_listen", admin))
    client, answers = quell.mcp(), []
    assert Web().get(f"http://{admin}/readyz").status == 200
    crowdstrike.fault("GET /devices/queries", delay_ms=3000)
    call = threading.Thread(target=lambda: answers.append(
        client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)))
    call.start()
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the call is under way")

    quell.host.process.send_signal(signal.SIGTERM)

    eventually(lambda: Web().get(f"http://{admin}/readyz").status == 503, "it is not ready")
    assert not answers, "refused before the call was finished"
    assert quell.host.process.wait(30) == 0
    call.join()
    assert answers[0].order["status"] == "resolved"


# OP-04
def test_an_order_that_is_pending_at_the_end_is_settled_by_the_next_start(fresh, crowdstrike):
    quell = fresh(change=lambda c: c.tenants["acme"].containment.update(wait_seconds=1))
    crowdstrike.settings(contain_delay_s=5)
    order = quell.mcp().contain("network_contain", "hostname", ALICE_MAC).order
    assert order["status"] == "pending"

    assert quell.stop() == 0
    quell.start()

    def final():
        found = quell.mcp().tool("get_containment_request", request_id=order["request_id"]).order
        return found["status"] == "completed"

    eventually(final, "the order is completed", 60)
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


def test_interrupt_from_the_keyboard_ends_it_as_well(fresh):
    quell = fresh()
    quell.host.process.send_signal(signal.SIGINT)

    assert quell.host.process.wait(30) == 0


def test_a_crash_would_leave_no_core_file_with_secrets(door):
    limits = Path(f"/proc/{door.pid}/limits").read_text().splitlines()
    core = next(line for line in limits if line.startswith("Max core file size"))

    assert core.split()[4:6] == ["0", "0"]
