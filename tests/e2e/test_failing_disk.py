# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The disk of the store does not keep what it is given: strace makes the host's syncs fail."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from rig.deadline import eventually
from rig.web import Web
from rig.world import ALICE_MAC


def tracers(pid: int) -> set[str]:
    """Who traces the threads of a process."""
    found = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        status = (thread / "status").read_text()
        found.add(next(line.split()[1] for line in status.splitlines() if line.startswith("TracerPid")))
    return found


@contextmanager
def failing_syncs(pid: int):
    command = ["strace", "-f", "-qq", "-p", str(pid), "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO"]
    tracer = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    eventually(lambda: tracers(pid) == {str(tracer.pid)}, "all threads are traced")
    yield
    tracer.send_signal(signal.SIGINT)
    tracer.wait(30)


# DU-04
@pytest.mark.skipif(not shutil.which("strace") or os.geteuid() != 0, reason="needs strace and the right to trace")
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_an_order_that_could_not_be_synced_is_refused_and_stays_undone(fresh, crowdstrike, isolation):
    quell = fresh(isolation)
    client = quell.mcp()
    made = client.contain("network_contain", "hostname", "bob-win.corp.example").order

    with failing_syncs(quell.pid):
        refused = client.contain("network_contain", "hostname", ALICE_MAC).error

    assert refused["key"] in ("store_unavailable", "audit_unavailable")
    assert Web().get(f"{quell.base_url}/readyz").status == 503
    assert client.contain("network_contain", "hostname", ALICE_MAC).error["key"] in ("store_unavailable", "audit_unavailable")
    quell.host.kill()
    quell.start()
    assert [row["request_id"] for row in quell.requests() if not row["dry_run"]] == [made["request_id"]]
    assert len(crowdstrike.acted()) == 1
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))
