# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Answers that are event streams: progress, log, sessions and their resumption, questions, subscriptions."""

import json
import shutil

import pytest

from rig import world
from rig.deadline import eventually
from rig.event_stream import get, post
from rig.quell_process import scratch_folder
from rig.wire_schema import check_message

META = "io.modelcontextprotocol/"


@pytest.fixture(scope="module", params=["process", "in_process"])
def host(request):
    installation = world.build_content(scratch_folder("quell-e2e-"), request.param, check_message)
    installation.configuration.write()
    installation.start()
    yield installation
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


def session(host, version: str = "2025-11-25", **capabilities):
    client = host.legacy(version=version)
    client.capabilities = capabilities
    client.initialize()
    assert client.session
    return client


def call(name: str, **params) -> dict:
    return {"name": name, "arguments": {}, **params}


# ---- progress and log


def test_progress_comes_before_the_result_in_both_eras(host):
    for client in (host.mcp(), session(host)):
        stream = post(client, "tools/call", call("test_tool_with_progress", _meta={"progressToken": "p-1"}))
        messages = list(stream.messages())

        assert stream.head.headers["Content-Type"] == "text/event-stream"
        assert stream.head.headers["X-Accel-Buffering"] == "no"
        assert [m["params"] for m in messages[:-1]] == [{"progressToken": "p-1", "progress": n, "total": 100} for n in (0, 50, 100)]
        assert messages[-1]["result"]["content"]


def test_a_client_that_wants_no_progress_gets_plain_json(host):
    reply = host.mcp().exchange("tools/call", call("test_tool_with_progress"))

    assert reply.header("Content-Type") == "application/json"


def test_log_lines_are_sent_from_the_level_on_that_the_client_wants(host):
    wanted = post(host.mcp(), "tools/call", call("test_tool_with_logging", _meta={f"{META}logLevel": "info"}))
    assert [m["method"] for m in list(wanted.messages())[:-1]] == ["notifications/message"] * 3

    assert host.mcp().exchange("tools/call", call("test_tool_with_logging", _meta={f"{META}logLevel": "error"})).json["result"]
    client = session(host)
    assert client.call("tools/call", call("test_tool_with_logging"))
    client.call("logging/setLevel", {"level": "debug"})
    assert len(list(post(client, "tools/call", call("test_tool_with_logging")).messages())) == 4


# ---- sessions


# MC-04
def test_a_session_belongs_to_whoever_opened_it(host):
    mine = session(host)
    other = host.legacy()
    other.token = host.client(name="Another").machine_token()
    other.session = mine.session

    assert other.exchange("tools/list").status == 404
    assert get(other).head.status == 404
    assert mine.tools()


def test_an_unknown_session_is_404_and_an_ended_one_too(host):
    client = session(host)
    ended = client.web.send("DELETE", client.url, client.headers("", {}))
    assert ended.status == 204

    assert client.exchange("tools/list").status == 404
    client.session = "A" * 43
    assert client.exchange("tools/list").status == 404


# MC-05
def test_the_newer_era_has_no_sessions(host):
    legacy = session(host)
    reply = host.mcp().exchange("tools/list", headers={"Mcp-Session-Id": "unknown", "Last-Event-ID": "1-1"})
    assert reply.status == 200 and reply.header("Mcp-Session-Id") is None

    headers = {**legacy.headers("", {}), "MCP-Protocol-Version": "2026-07-28"}
    for method in ("GET", "DELETE"):
        assert legacy.web.send(method, legacy.url, headers).status == 405


def test_a_stream_begins_with_a_priming_event_and_is_taken_up_where_it_was(host):
    client = session(host)
    stream = post(client, "tools/call", call("test_tool_with_progress", _meta={"progressToken": 1}))
    events = iter(stream)
    next(events)  # retry
    priming = next(events)
    first = next(events)
    assert (priming.data, priming.id is not None) == ("", True)
    stream.close()  # the connection is lost; the call goes on

    rest = list(get(client, first.id).messages())

    assert [m["params"]["progress"] for m in rest[:-1]] == [50, 100]
    assert rest[-1]["result"]
    assert get(client, "99-1").head.status == 400


def test_a_client_that_is_let_go_comes_back_for_the_answer(host):
    client = session(host)
    stream = post(client, "tools/call", call("test_reconnection"))
    assert list(stream.messages()) == []
    last = [event.id for event in stream.seen if event.id][-1]

    assert "successfully" in next(get(client, last).messages())["result"]["content"][0]["text"]


def test_clients_before_2025_11_25_get_no_priming_event(host):
    client = session(host, version="2025-06-18")
    events = list(post(client, "tools/call", call("test_tool_with_progress", _meta={"progressToken": 1})))

    assert all(event.data for event in events) and events[-1].id is None


# ---- questions


def test_questions_become_requests_on_the_stream_of_an_older_client(host):
    client = session(host, elicitation={}, sampling={}, roots={})
    stream = post(client, "tools/call", call("test_input_required_result_multiple_inputs"))
    answers = {"elicitation/create": {"action": "accept", "content": {"name": "Ada"}},
               "sampling/createMessage": {"role": "assistant", "model": "m", "content": {"type": "text", "text": "Good day"}},
               "roots/list": {"roots": []}}
    for message in stream.messages():
        if "method" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": answers.pop(message["method"])}
            assert client.post(answer, client.headers("", {})).status == 202
        else:
            assert message["result"]["content"][0]["text"] == "Good day Ada"
    assert not answers


def test_an_older_client_that_cannot_be_asked_is_told_so(host):
    result = session(host).call("tools/call", call("test_input_required_result_elicitation"))

    assert result["isError"] is True
    assert "elicitation" in result["content"][0]["text"]


def test_an_answer_of_another_session_is_nobodys(host):
    client, other = session(host, elicitation={}), session(host, elicitation={})
    stream = post(client, "tools/call", call("test_input_required_result_elicitation"))
    question = stream.next_message()
    forged = {"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {"name": "Mallory"}}}
    other.post(forged, other.headers("", {}))
    client.post({**forged, "result": {"action": "accept", "content": {"name": "Ada"}}}, client.headers("", {}))

    assert "Ada" in stream.next_message()["result"]["content"][0]["text"]


# MC-13
def test_an_altered_state_is_refused(host):
    client = host.mcp()
    client.capabilities = {"elicitation": {}}
    asked = client.call("tools/call", call("test_input_required_result_request_state"))
    answers = {"confirm": {"action": "accept", "content": {"ok": True}}}

    altered = client.exchange("tools/call", call("test_input_required_result_request_state", inputResponses=answers,
                                                 requestState=asked["requestState"] + "x"))
    assert altered.json["error"]["code"] == -32602
    done = call("test_input_required_result_request_state", inputResponses=answers, requestState=asked["requestState"])
    assert "state-ok" in client.call("tools/call", done)["content"][0]["text"]
    assert client.exchange("tools/call", done).json["error"]["code"] == -32602  # once only


# ---- cancellation


# MC-14
def test_leaving_cancels_in_the_newer_era_alone(host):
    def calls(outcome: str) -> int:
        return sum(entry["outcome"] == outcome for entry in host.audit(event="content_tool_called"))

    before = calls("deadline_exceeded")
    modern = post(host.mcp(), "tools/call", call("test_tool_with_progress", _meta={"progressToken": 1}))
    modern.next_message()
    modern.close()
    eventually(lambda: calls("deadline_exceeded") == before + 1, "the call of the newer era was cancelled")

    finished = calls("ok")
    legacy = post(session(host), "tools/call", call("test_tool_with_progress", _meta={"progressToken": 1}))
    legacy.next_message()
    legacy.close()
    eventually(lambda: calls("ok") == finished + 1, "the call of the older era went on")


def test_an_older_client_cancels_with_a_notification(host):
    client = session(host, elicitation={})
    stream = post(client, "tools/call", call("test_input_required_result_elicitation"))
    stream.next_message()
    told = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": json.loads(stream.body)["id"]}}
    assert client.post(told, client.headers("", {})).status == 202

    assert stream.next_message()["result"]["isError"] is True


# ---- changes


def test_changes_reach_those_that_listen_and_nobody_else(host):
    client = host.mcp()
    tools = post(client, "subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    watched = post(client, "subscriptions/listen", {"notifications": {"resourceSubscriptions": ["test://watched-resource"]}})
    legacy = session(host)
    standing = get(legacy)
    assert tools.next_message()["params"]["notifications"] == {"toolsListChanged": True}
    assert watched.next_message()["method"] == "notifications/subscriptions/acknowledged"
    before = len(client.tools())

    client.call("tools/call", call("test_trigger_tool_change"))
    client.call("tools/call", call("test_trigger_resource_change"))

    changed = tools.next_message()
    assert changed["method"] == "notifications/tools/list_changed"
    assert changed["params"]["_meta"][f"{META}subscriptionId"] == json.loads(tools.body)["id"]
    assert watched.next_message()["params"]["uri"] == "test://watched-resource"
    assert standing.next_message()["method"] == "notifications/tools/list_changed"
    assert len(client.tools()) != before


# OA-21
def test_streams_end_when_their_client_is_deleted(host):
    made = host.client(name="To be deleted")
    client = host.mcp(token=made.machine_token())
    stream = post(client, "subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    stream.next_message()

    host.quell("client", "delete", made.client_id, "--tenant", "acme")

    assert list(stream) == []  # it ends, without another event


def test_a_reload_tells_that_lists_may_differ(host):
    stream = post(host.mcp(), "subscriptions/listen", {"notifications": {"promptsListChanged": True}})
    stream.next_message()
    host.quell("reload")

    assert stream.next_message()["method"] == "notifications/prompts/list_changed"


# ---- tasks


def test_a_task_is_its_callers_alone(host):
    client = host.mcp()
    client.capabilities = {"extensions": {f"{META}tasks": {}}}
    begun = client.call("tools/call", call("multi_input"))
    assert begun["resultType"] == "task"
    stranger = host.mcp(token=host.client(name="Stranger").machine_token())
    stranger.capabilities = client.capabilities

    for method, more in (("tasks/get", {}), ("tasks/cancel", {}), ("tasks/update", {"inputResponses": {}})):
        reply = stranger.exchange(method, {"taskId": begun["taskId"], **more})
        assert reply.json["error"]["code"] == -32602
    assert client.call("tasks/get", {"taskId": begun["taskId"]})["taskId"] == begun["taskId"]
