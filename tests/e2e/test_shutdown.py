# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The end of a host: it finishes what runs, and takes everything along."""

import signal
import threading
from pathlib import Path

import pytest

from rig import process_tree
from rig.deadline import eventually
from rig.quell_process import free_port, scratch_folder, start_dev
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


# ---- quell dev


@pytest.fixture(params=MODES)
def dev(request):
    folder = scratch_folder("quell-dev-test-")
    host, ready = start_dev(folder, "--isolation", request.param)
    yield host, ready, folder, request.param
    host.kill()


# INTERFACES.md 4
def test_dev_writes_all_that_a_client_needs_into_the_ready_file(dev):
    host, ready, folder, isolation = dev

    assert ready["mcp_url"] == ready["issuer"] + "/mcp"
    assert ready["tenant"] and ready["admin_url"]
    assert {"owner", "analyst", "viewer"} <= {user["role"] for user in ready["users"]}
    assert all(user["email"] and user["password"] for user in ready["users"])
    machines = [c for c in ready["clients"] if c["client_secret"] and "client_credentials" in c["grant_types"]]
    assert machines and "devices:contain" in str(machines[0]["scopes"])
    public = [c for c in ready["clients"] if c["client_secret"] is None]
    assert public and public[0]["redirect_uris"][0].startswith("http://127.0.0.1")
    assert set(ready["simulators"]) == {"jamf", "crowdstrike", "okta"}
    for simulator in ready["simulators"].values():
        assert Web().get(simulator["control_url"] + "/ledger").status == 200
    assert (folder / "ready.json").stat().st_mode & 0o077 == 0, "it holds passwords"
    assert bool(process_tree.runners(host.pid)) == (isolation == "process")


# issue 2, point 2
def test_dev_ends_cleanly_and_leaves_no_process_and_no_folder(dev):
    host, ready, _, _ = dev
    children = process_tree.descendants(host.pid)
    assert children

    assert host.stop() == 0

    eventually(lambda: not [pid for pid in children if process_tree.is_alive(pid)], "all children are gone", 10)
    assert not Path(ready["config"]).parent.exists()


def test_a_killed_dev_leaves_no_process(dev):
    host, _, _, _ = dev
    children = process_tree.descendants(host.pid)

    host.kill()

    eventually(lambda: not [pid for pid in children if process_tree.is_alive(pid)], "all children are gone", 10)


def test_dev_tells_a_person_what_to_try(dev):
    host, ready, _, _ = dev

    eventually(lambda: ready["mcp_url"] in host.output(), "the URL is printed")
    assert ready["users"][0]["email"].partition("@")[2] in host.output()
