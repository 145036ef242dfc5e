# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The official TypeScript SDK client, with nothing but the URL and a registered client id."""

import json
import os
import subprocess

import pytest

from rig.installation import REDIRECT
from rig.quell_process import REPOSITORY
from rig.world import ALICE_MAC, hosts

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"

pytestmark = pytest.mark.skipif(not NODE.exists(),
                                reason="tests/referees/node_modules is missing: run script/bootstrap --test")


# issue 2, point 10
def test_the_sdk_client_discovers_logs_in_lists_and_calls(quell, crowdstrike):
    person = quell.user(f"referee-{os.urandom(3).hex()}@acme.example", "analyst")
    client = quell.client(public=True, name="Referee", redirects=[REDIRECT])
    done = subprocess.run(
        [NODE, REFEREES / "official_client.mjs"], input=json.dumps({
            "url": quell.mcp_url, "client_id": client.client_id, "redirect_uri": client.redirect_uri,
            "email": person["email"], "password": person["password"], "hostname": ALICE_MAC}),
        capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert "contain_device" in account["tools"]
    assert account["dry_run"]["status"] == "resolved"
    assert account["contained"]["status"] == "completed"
    assert account["refreshed"] is True
    assert hosts(crowdstrike)["C02ALICE0001"]["status"] == "contained"
    assert len(crowdstrike.acted("contain")) == 1
