# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The disk of the store is full, and then it is not."""

import os
import subprocess

import pytest

from rig.quell_process import run, scratch_folder
from rig.web import Web
from rig.world import ALICE_MAC, hosts


@pytest.fixture
def small_disk():
    """A file system of 4 MiB."""
    folder = scratch_folder("quell-disk-")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", folder], capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(folder) -> None:
    """Not a byte is left."""
    with open(folder / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass
        try:
            while True:
                filler.write(b"x")
        except OSError:
            pass


# DU-03
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_full_disk_refuses_orders_with_its_cause_and_heals_without_a_restart(fresh, small_disk, crowdstrike, isolation):
    quell = fresh(isolation, lambda configuration: setattr(configuration, "store_folder", small_disk))
    client = quell.mcp()
    before = client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order
    made = client.contain("network_contain", "hostname", "bob-win.corp.example").order
    fill(small_disk)

    refused = None
    for _ in range(200):  # what the log's file still holds is used up first
        result = client.contain("network_contain", "hostname", ALICE_MAC)
        if result.is_error:
            refused = result.error
            break
        client.contain("release_containment", "hostname", ALICE_MAC)
    acted = hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"]

    assert refused and refused["key"] in ("store_unavailable", "audit_unavailable"), refused
    assert refused["retryable"] is True and "full" in refused["message"]
    assert client.tool("get_containment_request", request_id=made["request_id"]).order["status"] == "completed"
    assert client.tools() and Web().get(f"{quell.base_url}/healthz").status == 200
    doctor = run("--json", "-c", quell.configuration.path, "doctor")
    assert doctor.returncode == 2 and "store_disk" in doctor.stdout

    os.unlink(small_disk / "filler")
    assert before and client.contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] <= acted + 1
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))
