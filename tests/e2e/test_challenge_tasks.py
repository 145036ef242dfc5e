# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""For clients that declare the tasks extension a challenge is a task: it ends when the challenge does."""

import pytest

from rig.deadline import eventually
from rig.mcp_client import META
from test_challenges import new_person, set_expiry_to_the_past

DECLARED = {"extensions": {f"{META}tasks": {}}}


@pytest.fixture
def client(door):
    made = door.mcp()
    made.capabilities = DECLARED
    return made


def begin(client, person: str) -> dict:
    return client.call("tools/call", {"name": "create_challenge", "arguments": {"target_user_email": person}})


def challenge_of(task: dict) -> str:
    return task["taskId"].partition(".")[2]


def test_the_call_is_a_task_that_says_what_to_pass_on(door, client):
    person = new_person(door)
    task = begin(client, person)

    assert task["resultType"] == "task" and task["status"] == "working"
    assert task["ttlMs"] == 15 * 60 * 1000
    assert person in task["statusMessage"] and f"{door.base_url}/challenges/verify/" in task["statusMessage"]
    again = client.call("tasks/get", {"taskId": task["taskId"]})
    assert {name: again[name] for name in ("taskId", "status", "createdAt", "statusMessage")} == \
        {name: task[name] for name in ("taskId", "status", "createdAt", "statusMessage")}


def test_a_client_that_does_not_declare_it_gets_the_record(door):
    result = door.mcp().call("tools/call", {"name": "create_challenge", "arguments": {"target_user_email": new_person(door)}})

    assert result["resultType"] == "complete" and result["structuredContent"]["status"] == "initiated"


def test_a_refusal_is_no_task(client):
    result = client.call("tools/call", {"name": "create_challenge", "arguments": {}})

    assert result["resultType"] == "complete" and result["isError"]


def test_the_task_is_its_callers_alone(door, client):
    task = begin(client, new_person(door))
    stranger = door.mcp(token=door.client(name="Stranger").machine_token())
    stranger.capabilities = DECLARED

    for method, more in (("tasks/get", {}), ("tasks/cancel", {}), ("tasks/update", {"inputResponses": {}})):
        assert stranger.exchange(method, {"taskId": task["taskId"], **more}).json["error"]["code"] == -32602
    assert client.call("tasks/get", {"taskId": task["taskId"]})["status"] == "working"
    unknown = client.exchange("tasks/get", {"taskId": "challenge.00000000-0000-4000-8000-000000000000"})
    assert unknown.json["error"]["code"] == -32602


def test_cancelling_the_task_withdraws_the_challenge(door, client):
    task = begin(client, new_person(door))
    client.call("tasks/cancel", {"taskId": task["taskId"]})

    assert client.call("tasks/get", {"taskId": task["taskId"]})["status"] == "cancelled"
    found = client.tool("get_challenge_status", challenge_id=challenge_of(task)).order
    assert found["status"] == "expired" and found["outcome"]["reason"] == "cancelled"
    client.call("tasks/cancel", {"taskId": task["taskId"]})  # once more: nothing to withdraw, no failure


def test_the_task_outlives_the_host_and_ends_with_the_challenge(fresh):
    quell = fresh()
    client = quell.mcp()
    client.capabilities = DECLARED
    task = begin(client, new_person(quell))
    assert quell.stop() == 0
    quell.start()
    assert client.call("tasks/get", {"taskId": task["taskId"]})["status"] == "working"
    assert quell.stop() == 0
    set_expiry_to_the_past(quell, challenge_of(task))
    quell.start()

    def ended():
        found = client.call("tasks/get", {"taskId": task["taskId"]})
        return found if found["status"] == "completed" and found["result"]["structuredContent"]["ended_at"] else None

    result = eventually(ended, "the task is over")["result"]
    assert result["isError"] and result["structuredContent"]["status"] == "expired"
