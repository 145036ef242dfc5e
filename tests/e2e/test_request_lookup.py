# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Looking a request up afterwards: by tool and by command line, also after a restart."""

import pytest

from rig.deadline import eventually
from rig.world import ALICE, ALICE_MAC


# V58
def test_a_containment_request_is_found_again(quell, crowdstrike):
    client = quell.mcp()
    made = client.contain("network_contain", "hostname", ALICE_MAC, reason="r").order

    assert client.tool("get_containment_request", request_id=made["request_id"]).order == made
    assert quell.quell("request", "get", made["request_id"], "--tenant", "acme") == made


# V58
def test_a_revocation_request_is_found_again(quell, okta):
    client = quell.mcp()
    made = client.tool("revoke_sessions", username=ALICE).order

    assert client.tool("get_revocation_request", request_id=made["request_id"]).order == made
    assert quell.quell("request", "get", made["request_id"], "--tenant", "acme") == made


# PF-08: stored and marked as what it was
def test_a_dry_run_is_found_again_as_a_dry_run(quell, crowdstrike):
    client = quell.mcp()
    made = client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order

    def found():  # stored soon after the answer, not before it
        result = client.tool("get_containment_request", request_id=made["request_id"])
        return None if result.is_error else result.order

    assert eventually(found, "the dry run is stored") == made
    assert found()["dry_run"] is True


@pytest.mark.parametrize("tool", ["get_containment_request", "get_revocation_request"])
@pytest.mark.parametrize("identity", ["x", "00000000-0000-4000-8000-000000000000", "' or 1=1 --"])
def test_a_request_that_does_not_exist_is_not_found(door, tool, identity):
    assert door.mcp().tool(tool, request_id=identity).error["key"] == "request_not_found"


def test_a_request_of_the_other_kind_is_not_found(door, crowdstrike):
    made = door.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order

    error = door.mcp().tool("get_revocation_request", request_id=made["request_id"]).error
    assert error["key"] == "request_not_found"


def test_the_command_line_lists_the_newest_requests_first(door, crowdstrike):
    first = door.mcp().contain("network_contain", "hostname", ALICE_MAC).order["request_id"]
    second = door.mcp().contain("release_containment", "hostname", ALICE_MAC).order["request_id"]

    listed = [row["request_id"] for row in door.requests()]
    assert listed.index(second) < listed.index(first)


# V58
def test_requests_survive_a_restart(fresh, crowdstrike, okta):
    quell = fresh()
    contained = quell.mcp().contain("network_contain", "hostname", ALICE_MAC).order
    revoked = quell.mcp().tool("revoke_sessions", username=ALICE).order
    assert quell.stop() == 0
    quell.start()

    assert quell.mcp().tool("get_containment_request", request_id=contained["request_id"]).order == contained
    assert quell.mcp().tool("get_revocation_request", request_id=revoked["request_id"]).order == revoked
    assert len(crowdstrike.acted()) == len(okta.acted()) == 1


# V58: the same without a running host
def test_requests_are_read_from_a_stopped_installation(fresh, crowdstrike):
    quell = fresh()
    made = quell.mcp().contain("network_contain", "hostname", ALICE_MAC).order
    assert quell.stop() == 0

    assert quell.quell("request", "get", made["request_id"]) == made
