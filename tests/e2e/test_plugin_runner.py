# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The runner process of a plugin: killed in the middle of a call, it costs that call and comes back."""

import os
import signal
import threading

import pytest

from rig import process_tree
from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC, hosts


@pytest.fixture
def isolated(standing, simulators):
    return standing("process")


def runner_of(pid: int, plugin: str) -> int:
    """The runner that has this plugin's memory mapped, told by its command line or its open files."""
    for child in process_tree.runners(pid):
        if plugin in " ".join(process_tree.command_line(child)) or plugin in _mapped(child):
            return child
    raise AssertionError(f"no runner of {plugin}: "
                         f"{[process_tree.command_line(c) for c in process_tree.runners(pid)]}")


def _mapped(pid: int) -> str:
    with open(f"/proc/{pid}/maps") as file:
        return file.read()


def test_every_plugin_has_a_process_of_its_own_only_where_asked_for(standing, simulators):
    assert len(process_tree.runners(standing("process").pid)) >= 3
    assert process_tree.runners(standing("in_process").pid) == []


def test_a_runner_is_a_stranger_to_the_hosts_secrets(isolated):
    for runner in process_tree.runners(isolated.pid):
        files = [os.readlink(f"/proc/{runner}/fd/{name}") for name in os.listdir(f"/proc/{runner}/fd")]
        assert not [path for path in files if "quell.db" in path or "secrets" in path], files
        assert len(files) <= 6, files
        with open(f"/proc/{runner}/environ", "rb") as file:
            assert b"SECRET" not in file.read().upper()
        with open(f"/proc/{runner}/status") as file:
            status = dict(line.split(":\t", 1) for line in file if ":\t" in line)
        assert status["NoNewPrivs"].strip() == "1"
        assert status["Seccomp"].strip() == "2"


# PL-03
def test_a_runner_killed_during_a_look_up_costs_only_that_call(isolated, crowdstrike):
    quell, answers = isolated, []
    client = quell.mcp()
    client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)
    crowdstrike.fault("GET /devices/queries", delay_ms=5000)
    call = threading.Thread(target=lambda: answers.append(
        client.contain("network_contain", "hostname", ALICE_MAC)))
    call.start()
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the look-up is under way")
    killed = runner_of(quell.pid, "crowdstrike")

    os.kill(killed, signal.SIGKILL)
    other = quell.mcp().tool("revoke_sessions", username=ALICE)
    call.join()

    assert answers[0].error["key"] in ("plugin_error", "connector_unavailable")
    assert other.order["status"] == "completed"
    assert not crowdstrike.acted()

    def works_again():
        result = client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)
        return not result.is_error

    eventually(works_again, "the runner is back", 20)
    assert runner_of(quell.pid, "crowdstrike") != killed


# PL-03, PF-03: the order is at the provider; who died is the messenger
def test_a_runner_killed_during_an_order_does_not_lose_or_repeat_it(isolated, crowdstrike):
    quell, answers = isolated, []
    client = quell.mcp()
    crowdstrike.fault("POST /devices/entities/devices-actions", before=False, delay_ms=3000)
    call = threading.Thread(target=lambda: answers.append(
        client.contain("network_contain", "hostname", ALICE_MAC)))
    call.start()
    eventually(lambda: hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1, "the provider has the order")

    os.kill(runner_of(quell.pid, "crowdstrike"), signal.SIGKILL)
    call.join()
    identity = answers[0].order["request_id"]

    def final():
        order = client.tool("get_containment_request", request_id=identity).order
        return order if order["status"] != "pending" else None

    assert eventually(final, "the order is settled", 60)["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1


# PL-03
def test_runners_that_die_while_idle_are_replaced(isolated, crowdstrike):
    client = isolated.mcp()
    for runner in process_tree.runners(isolated.pid):
        os.kill(runner, signal.SIGKILL)

    def works():
        return not client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True).is_error

    eventually(works, "the runners are back", 30)
    assert isolated.mcp().tools()
    assert not [pid for pid in process_tree.descendants(isolated.pid) if not process_tree.is_alive(pid)], "zombies"


# PL-01
def test_a_provider_that_hangs_ends_the_call_at_its_deadline_and_blocks_nobody(fresh, crowdstrike):
    for isolation in ("process", "in_process"):
        crowdstrike.reset()
        quell = fresh(isolation, lambda configuration: configuration.limits.update(call_timeout="2s"))
        crowdstrike.fault("GET /devices/queries", kind="hang", times=None)
        answers = []
        calls = [threading.Thread(target=lambda: answers.append(
            quell.mcp().contain("network_contain", "hostname", ALICE_MAC))) for _ in range(6)]
        quell.mcp()
        for call in calls:
            call.start()
        assert quell.mcp().tool("revoke_sessions", username=ALICE, dry_run=True).order
        for call in calls:
            call.join()

        assert len(answers) == 6
        assert {answer.error["key"] for answer in answers} <= {"deadline_exceeded", "connector_unavailable",
                                                               "rate_limited"}
        assert not crowdstrike.acted()
