# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the command line shows to a person, without --json."""

import pytest

from rig import quell_process
from rig.world import ALICE_MAC


@pytest.mark.parametrize("words", [["request", "get"], ["request", "list", "-n", "1"]])
def test_a_request_is_shown_in_tables_not_in_json(door, crowdstrike, words):
    order = door.mcp().contain("network_contain", "hostname", ALICE_MAC).order
    named = [order["request_id"]] if words[1] == "get" else []
    done = quell_process.run("-c", door.configuration.path, *words, *named, "--tenant", "acme")
    lines = [line.split() for line in done.stdout.splitlines()]
    device = next(line for line in lines if ALICE_MAC in line)

    assert done.returncode == 0
    assert any("state" in line and "hostname" in line for line in lines)
    assert "confirmed" in device
    assert "devices" not in done.stdout.replace("devices:", "")
