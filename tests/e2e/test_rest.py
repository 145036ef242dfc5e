# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Containment and revocation over REST: the use cases, records, switches and audit of the MCP tools."""

import uuid

import pytest

from rig.deadline import eventually
from rig.rest_client import RestClient
from rig.world import ALICE, ALICE_MAC, BOB_WIN, LAB_IMAC, switches_tenant

CONTAINMENTS, REVOCATIONS = "/api/v1/containment-requests", "/api/v1/revocation-requests"


def acting(provider) -> list[str]:
    return [row["verb"] for row in provider.ledger() if row["verb"] not in ("read", "token")]


# V63
def test_containment_over_rest_is_the_record_of_the_tool(quell, crowdstrike):
    reply = quell.rest().contain("network_contain", "hostname", ALICE_MAC, reason="rest", integration_targets=["crowdstrike"])

    assert (reply.status, reply.json["status"]) == (200, "completed")
    assert acting(crowdstrike) == ["contain"]
    found = quell.mcp().tool("get_containment_request", request_id=reply.json["request_id"]).order
    assert found == reply.json == quell.rest().get(f"{CONTAINMENTS}/{reply.json['request_id']}").json
    assert [entry["detail"]["entry"] for entry in quell.audit(event="containment_intent", request=reply.json["request_id"])] == ["rest"]


# V63, V76+
def test_revocation_over_rest_is_the_record_of_the_tool(quell, okta):
    reply = quell.rest().revoke(ALICE, reason="rest")

    assert (reply.status, reply.json["status"]) == (200, "completed")
    found = quell.mcp().tool("get_revocation_request", request_id=reply.json["request_id"]).order
    assert found == reply.json == quell.rest().get(f"{REVOCATIONS}/{reply.json['request_id']}").json


def test_a_dry_run_does_nothing(door, crowdstrike):
    reply = door.rest().contain("network_contain", "hostname", ALICE_MAC, dry_run=True)

    assert reply.json["status"] == "resolved"
    assert acting(crowdstrike) == []


# V60, V61, V75+
@pytest.mark.parametrize("via_mcp", [True, False])
def test_the_switch_for_mcp_is_no_switch_for_rest_and_the_master_switch_is(door, crowdstrike, okta, via_mcp):
    on, off = door.rest(switches_tenant(True, via_mcp)), door.rest(switches_tenant(False, via_mcp))

    assert on.contain("network_contain", "hostname", ALICE_MAC).json["status"] == "completed"
    assert on.revoke(ALICE).json["status"] == "completed"
    before = (acting(crowdstrike), acting(okta))
    for reply, key in ((off.contain("network_contain", "hostname", ALICE_MAC), "device_containment_disabled"),
                       (off.revoke(ALICE), "session_revocation_disabled")):
        assert (reply.status, reply.json["error"]["key"]) == (403, key)
        assert "enabled = true" in reply.json["error"]["next_step"]
    assert (acting(crowdstrike), acting(okta)) == before
    listed = off.get("/api/v1/containment-capabilities")
    assert listed.status == 200 and listed.json["switches"]["enabled"] is False


# V55, V45
def test_capabilities_say_what_the_tools_say(door):
    for kind, tool in (("containment", "list_device_containment_capabilities"), ("revocation", "list_session_revocation_capabilities")):
        over_rest = door.rest().get(f"/api/v1/{kind}-capabilities").json
        over_mcp = door.mcp().tool(tool).content
        assert over_rest["supported"] == over_mcp["supported"] and over_rest["enabled"] == over_mcp["enabled"]
        assert over_rest["integrations"] == over_mcp["integrations"]


# L42+
def test_an_idempotency_key_acts_once(door, crowdstrike):
    client, key = door.rest(), {"Idempotency-Key": f"case-{uuid.uuid4()}"}

    first = client.contain("network_contain", "hostname", ALICE_MAC, key)
    again = client.contain("network_contain", "hostname", ALICE_MAC, key)
    other = client.contain("network_contain", "hostname", BOB_WIN, key)
    assert first.json["request_id"] == again.json["request_id"]
    assert acting(crowdstrike) == ["contain"]
    assert (other.status, other.json["error"]["key"], other.json["error"]["code"]) == (409, "idempotency_conflict", "CONFLICT")


# L41+, N15
def test_an_ambiguous_device_is_refused_with_the_candidates(door, crowdstrike):
    reply = door.rest().contain("network_contain", "hostname", LAB_IMAC)

    error = reply.json["error"]
    assert (reply.status, error["key"]) == (409, "device_ambiguous")
    assert len(error["candidates"]) == 2
    assert acting(crowdstrike) == []


# TN-01
def test_another_tenants_request_is_not_found_like_any_other(door):
    made = door.rest().contain("network_contain", "hostname", ALICE_MAC, dry_run=True).json["request_id"]
    stranger = door.rest("edr-only")

    theirs, nobodys = stranger.get(f"{CONTAINMENTS}/{made}"), stranger.get(f"{CONTAINMENTS}/{uuid.uuid4()}")
    assert (theirs.status, theirs.json["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert theirs.body == nobodys.body


# TN-04
def test_a_token_for_one_thing_does_not_do_the_other(door, okta):
    reply = door.rest(scope="devices:contain").revoke(ALICE)

    assert (reply.status, reply.json["error"]["key"]) == (403, "insufficient_scope")
    assert 'scope="sessions:revoke"' in reply.header("WWW-Authenticate")
    assert acting(okta) == []
    eventually(lambda: [entry["outcome"] for entry in door.audit(event="rest_call_refused")][-1:] == ["insufficient_scope"],
               "the refusal is in the trail")


# E15, E16
def test_a_key_opens_the_door_in_each_of_its_headers(door, analyst):
    key = door.quell("key", "create", "--tenant", "acme", "--user", analyst["email"], "--name", "rest")["api_key"]

    for credential in ({"X-API-Key": key}, {"Authorization": f"Key {key}"}):
        assert RestClient(door.base_url, credential).get("/api/v1/containment-capabilities").status == 200


# L42+
def test_lists_go_on_by_cursor(fresh):
    own = fresh()
    client = own.rest()
    made = [client.contain("network_contain", "hostname", ALICE_MAC, headers={"Idempotency-Key": f"k{n}"}, dry_run=True).json["request_id"]
            for n in range(3)]

    first = client.get(f"{CONTAINMENTS}?limit=2").json
    second = client.get(f"{CONTAINMENTS}?limit=2&cursor={first['pagination']['cursor']}").json
    assert [order["request_id"] for order in first["data"] + second["data"]] == made[::-1]
    assert (first["pagination"]["hasMore"], second["pagination"]) == (True, {"cursor": None, "hasMore": False})
    assert client.get(f"{CONTAINMENTS}?cursor=!!").status == 400


# L42+
def test_the_limit_of_the_settings_holds_and_changes_with_a_reload(fresh):
    def change(configuration):
        configuration.tables = {"api": {"calls_per_minute": 2}}

    own = fresh(change=change)
    client = own.rest()
    replies = [client.get("/api/v1/containment-capabilities") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert [reply.header("X-RateLimit-Remaining") for reply in replies] == ["1", "0", "0"]
    assert replies[2].json["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert 0 < int(replies[2].header("Retry-After")) <= 60
    own.configuration.tables = {"api": {"calls_per_minute": 50}}
    own.configuration.write()
    own.quell("reload")
    assert client.get("/api/v1/containment-capabilities").status == 200
