# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An agent asks a person whether it was them: the two tools, the same over REST and on the command line."""

import sqlite3
import uuid
from contextlib import closing
from datetime import datetime

import pytest

from rig.deadline import eventually
from rig.mcp_client import RpcFailure
from rig.wire_schema import check_output

CHALLENGES = "/api/v1/challenges"
FINAL = {"verified", "failed", "expired", "incident_reported"}


@pytest.fixture
def target(door) -> str:
    """A person of acme whom nobody has asked yet."""
    return new_person(door)


def new_person(installation, tenant: str = "acme") -> str:
    return installation.user(f"{uuid.uuid4().hex[:12]}@{tenant}.example", "viewer", tenant)["email"]


def minutes(challenge: dict) -> float:
    begin, end = (datetime.fromisoformat(challenge[name].replace("Z", "+00:00")) for name in ("created_at", "expires_at"))
    return (end - begin).total_seconds() / 60


def set_expiry_to_the_past(installation, challenge_id: str) -> None:
    """As if the host had been down for long."""
    with closing(sqlite3.connect(installation.configuration.store, isolation_level=None)) as connection:
        changed = connection.execute("UPDATE challenges SET expires_at = created_at + 1 WHERE challenge_id = ?",
                                     (challenge_id,))
        assert changed.rowcount == 1


# ---- the tools


def test_without_its_scope_the_tool_is_absent_and_refused(door, target):
    reader = door.mcp(scope="challenges:read")

    assert reader.tool_names() == ["get_challenge_status"]
    with pytest.raises(RpcFailure) as refused:
        reader.tool("create_challenge", target_user_email=target)
    assert refused.value.status == 403


def test_a_status_needs_the_scope_to_read(door):
    with pytest.raises(RpcFailure) as refused:
        door.mcp(scope="challenges:create").tool("get_challenge_status", challenge_id=str(uuid.uuid4()))
    assert refused.value.status == 403


def test_the_documented_call_works_as_it_is(door, target):
    challenge = door.mcp().tool("create_challenge", target_user_email=target,
                                context="Suspicious login", expiry_minutes=30).order

    assert challenge["status"] == "initiated"
    assert challenge["requester_id"] == "mcp"
    assert minutes(challenge) == 30
    assert challenge["verification_url"].startswith(f"{door.base_url}/challenges/verify/")
    assert "get_challenge_status" in challenge["next_step"]
    found = door.mcp().tool("get_challenge_status", challenge_id=challenge["challenge_id"]).order
    assert found["context"] == "Suspicious login"
    assert "verification_url" not in found


def test_a_challenge_without_a_target_names_both_ways_to_give_one(door):
    error = door.mcp().tool("create_challenge", context="who").error

    assert error["key"] == "invalid_arguments"
    assert "target_user_id" in error["message"] and "target_user_email" in error["message"]


@pytest.mark.parametrize("arguments", [
    {"expiry_minutes": 0}, {"expiry_minutes": 10081}, {"expiry_minutes": 1.5}, {"expiry_minutes": "30"},
    {"integration_type": "sms"}, {"context": ""}, {"unknown": 1}])
def test_what_the_schema_does_not_allow_is_refused(door, target, arguments):
    assert door.mcp().tool("create_challenge", target_user_email=target, **arguments).error["key"] == "invalid_arguments"


@pytest.mark.parametrize("expiry", [1, 10080])
def test_the_bounds_of_the_expiry_are_taken(door, target, expiry):
    assert minutes(door.mcp().tool("create_challenge", target_user_email=target, expiry_minutes=expiry).order) == expiry


def test_without_an_expiry_the_tenants_counts_and_else_a_quarter_of_an_hour(door, target):
    other = new_person(door, "patient")

    assert minutes(door.mcp().tool("create_challenge", target_user_email=target).order) == 15
    assert minutes(door.mcp("patient").tool("create_challenge", target_user_email=other).order) == 60


def test_a_status_is_for_its_own_tenant_and_takes_a_uuid_alone(door, target):
    challenge = door.mcp().tool("create_challenge", target_user_email=target).order
    stranger = door.mcp("no-jamf")

    foreign = stranger.tool("get_challenge_status", challenge_id=challenge["challenge_id"]).error
    unknown = stranger.tool("get_challenge_status", challenge_id=str(uuid.uuid4())).error
    assert foreign == unknown and foreign["key"] == "challenge_not_found"
    assert stranger.tool("get_challenge_status", challenge_id="17").error["key"] == "invalid_arguments"


def test_results_fit_the_schemas_that_were_advertised(door, target):
    client = door.mcp()
    schemas = {tool["name"]: tool for tool in client.tools()}
    made = client.tool("create_challenge", target_user_email=target).content

    check_output(schemas["create_challenge"], made)
    check_output(schemas["create_challenge"], client.tool("create_challenge").content)
    check_output(schemas["get_challenge_status"],
                 client.tool("get_challenge_status", challenge_id=made["challenge_id"]).content)


def test_older_clients_get_the_same_record(door, target):
    challenge = door.legacy().tool("create_challenge", target_user_email=target).order

    assert door.legacy().tool("get_challenge_status", challenge_id=challenge["challenge_id"]).order["status"] == "initiated"


# ---- refusals that say what to do


def test_a_person_who_could_never_answer_is_not_asked(door):
    error = door.mcp().tool("create_challenge", target_user_email="nobody@corp.example").error

    assert error["key"] == "no_verification" and "[openid]" in error["next_step"]


def test_slack_without_a_connector_for_it_is_refused_with_the_remedy(door, target):
    error = door.mcp().tool("create_challenge", target_user_email=target, integration_type="slack").error

    assert error["key"] == "connector_not_enabled" and "slack" in error["next_step"]


def test_a_tenant_may_switch_challenges_off(door):
    client = door.mcp("unasked")

    names = client.tool_names()
    assert "create_challenge" not in names and "get_challenge_status" in names
    error = client.tool("create_challenge", target_user_email="a@b.example").error
    assert error["key"] == "challenges_disabled" and "[challenges]" in error["next_step"]


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://10.1.2.3/",
                                 "https://localhost/", "https://2130706433/", "file:///etc/passwd", "gopher://x.example/",
                                 "ftp://x.example/", "http://hooks.example.com/"])
def test_a_callback_inside_the_network_is_refused_at_once(door, target, url):
    assert door.mcp().tool("create_challenge", target_user_email=target, callback_url=url).error["key"] == "invalid_arguments"
    reply = door.rest().post(CHALLENGES, {"target_user_email": target, "callback_url": url})
    assert reply.status == 400


def test_one_person_is_not_asked_without_end(door, target):
    client = door.mcp()
    for _ in range(3):
        assert not client.tool("create_challenge", target_user_email=target).is_error

    error = client.tool("create_challenge", target_user_email=target.upper()).error
    assert error["key"] == "rate_limited" and error["retryable"] and error["retry_after_seconds"] > 0


def test_the_same_key_makes_one_challenge(door, target):
    client = door.mcp()
    first = client.tool("create_challenge", target_user_email=target, idempotency_key="once").order

    assert client.tool("create_challenge", target_user_email=target, idempotency_key="once").order == first
    error = client.tool("create_challenge", target_user_email=target, idempotency_key="once", context="other").error
    assert error["key"] == "idempotency_conflict"


# ---- the other doors


def test_rest_gives_the_record_of_the_tool(door, target):
    made = door.rest().post(CHALLENGES, {"target_user_email": target, "expiry_minutes": 20}, {"Idempotency-Key": "k-" + target})

    assert made.status == 201 and made.json["expires_at"] and made.json["verification_url"]
    found = door.mcp().tool("get_challenge_status", challenge_id=made.json["challenge_id"]).order
    assert found == door.rest().get(f"{CHALLENGES}/{made.json['challenge_id']}").json
    listed = door.rest().get(f"{CHALLENGES}?limit=1").json
    assert [row["challenge_id"] for row in listed["data"]] == [made.json["challenge_id"]]
    again = door.rest().post(CHALLENGES, {"target_user_email": target, "expiry_minutes": 20}, {"Idempotency-Key": "k-" + target})
    assert again.json == made.json
    assert door.rest().get(f"{CHALLENGES}/{uuid.uuid4()}").status == 404


def test_an_administrator_sees_and_withdraws_challenges(door, target):
    challenge = door.mcp().tool("create_challenge", target_user_email=target).order

    assert door.quell("challenge", "list", "--tenant", "acme")["challenges"][0]["challenge_id"] == challenge["challenge_id"]
    ended = door.quell("challenge", "cancel", challenge["challenge_id"], "--tenant", "acme")
    assert ended["status"] == "expired" and ended["outcome"]["reason"] == "cancelled"
    assert door.quell("challenge", "show", challenge["challenge_id"], "--tenant", "acme") == ended
    again = door.refusal("challenge", "cancel", challenge["challenge_id"], "--tenant", "acme")
    assert again.error["key"] == "challenge_ended"
    events = [entry["event"] for entry in door.audit(request=challenge["challenge_id"])]
    assert events == ["challenge_created", "challenge_ended"]


# ---- time


def test_a_challenge_expires_also_while_the_host_is_down(fresh):
    quell = fresh()
    challenge = quell.mcp().tool("create_challenge", target_user_email=new_person(quell)).order
    assert quell.stop() == 0
    set_expiry_to_the_past(quell, challenge["challenge_id"])
    quell.start()

    def ended():
        found = quell.mcp().tool("get_challenge_status", challenge_id=challenge["challenge_id"]).order
        return found if found["ended_at"] else None

    found = eventually(ended, "the challenge is over")
    assert found["status"] == "expired" and found["outcome"]["reason"] == "no_answer"
    assert [entry["outcome"] for entry in quell.audit(event="challenge_ended")] == ["expired"]
