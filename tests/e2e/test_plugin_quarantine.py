# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A plugin that crashes again and again is left alone until somebody has looked at it."""

import os
import signal

from rig import process_tree
from rig.deadline import eventually
from rig.quell_process import run
from rig.world import ALICE, ALICE_MAC


def runner_of(quell, plugin: str) -> int | None:
    row = status_of(quell, plugin)
    return row["pid"] if row["state"] == "ready" and process_tree.is_alive(row["pid"]) else None


def status_of(quell, plugin: str) -> dict:
    return next(row for row in quell.quell("plugin", "status") if row["id"] == plugin)


def look_up(quell):
    return quell.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True)


def host_records(quell, event: str) -> list[dict]:
    return [row for row in quell.quell("audit", "tail", "--host", "-n", "1000") if row["event"] == event]


# PL-03
def test_five_crashes_in_a_minute_end_in_quarantine_until_an_admin_lifts_it(fresh, crowdstrike):
    quell = fresh(change=lambda configuration: configuration.with_admin())
    for crash in range(1, 6):
        eventually(lambda: not look_up(quell).is_error, f"serving before crash {crash}", 30)
        os.kill(runner_of(quell, "crowdstrike"), signal.SIGKILL)
        eventually(lambda: status_of(quell, "crowdstrike")["crashes"] == crash, "the crash is seen")

    refused = look_up(quell)
    status = status_of(quell, "crowdstrike")

    assert refused.error["key"] == "connector_unavailable"
    assert (status["state"], status["last_crash"], status["restarts"]) == ("quarantined", "it was killed from outside, or closed its connection", 4)
    assert status["quarantined_since"] and "--reset" in status["quarantine_ends"]
    assert not quell.mcp().tool("revoke_sessions", username=ALICE, dry_run=True).is_error
    human = run("-c", quell.configuration.path, "plugin", "status").stdout
    assert "quarantined" in human and "killed from outside" in human
    crashes = eventually(lambda: len(rows := host_records(quell, "plugin_crashed")) == 5 and rows, "records")
    assert [row["outcome"] for row in crashes] == ["restarts"] * 4 + ["quarantined"]

    lifted = quell.quell("plugin", "status", "--reset", "crowdstrike")

    assert "quarantined" not in {row["state"] for row in lifted}
    eventually(lambda: not look_up(quell).is_error, "serving again")
    (record,) = host_records(quell, "plugin_quarantine_lifted")
    assert record["actor"] == f"uid:{os.getuid()}"


def test_only_a_quarantine_can_be_lifted(door):
    assert door.refusal("plugin", "status", "--reset", "crowdstrike").code == 1
    unknown = door.refusal("plugin", "status", "--reset", "nobody")
    assert "crowdstrike" in unknown.error["allowed"]
    assert host_records(door, "plugin_quarantine_lifted") == []
