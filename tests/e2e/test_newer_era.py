# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""MCP 2026-07-28: no session, every request says what it is."""

import json
import threading

import pytest

from rig.mcp_client import META, MODERN, Legacy, RpcFailure
from rig.web import Web

CALL = {"name": "contain_device", "arguments": {
    "action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "alice-mac.corp.example"}}}


def error(reply) -> tuple[int, int]:
    return reply.status, reply.json["error"]["code"]


def without_meta(client, method: str, params: dict, headers: dict | None = None):
    message = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    return client.post(message, {**client.headers(method, params), **(headers or {})})


def test_discover_names_versions_capabilities_and_how_long_they_hold(door):
    result = door.mcp().call("server/discover")

    assert result["supportedVersions"][0] == MODERN
    assert "2025-11-25" in result["supportedVersions"]
    assert "tools" in result["capabilities"]
    assert result["resultType"] == "complete"
    assert result["ttlMs"] >= 0 and result["cacheScope"] == "private"
    assert result["_meta"][f"{META}serverInfo"]["name"] == "quell"


# MC-08
def test_the_tool_list_has_one_order_and_reads_come_first(door):
    first, second = door.mcp().call("tools/list"), door.mcp().call("tools/list")

    assert first["tools"] == second["tools"]
    names = [tool["name"] for tool in first["tools"]]
    reads = [name.startswith(("list_", "get_")) for name in names]
    assert reads == sorted(reads, reverse=True), names
    assert first["cacheScope"] == "private" and first["resultType"] == "complete"


def test_a_cursor_that_nobody_gave_out_is_refused(door):
    with pytest.raises(RpcFailure) as refused:
        door.mcp().call("tools/list", {"cursor": "made-up"})

    assert refused.value.error["code"] == -32602


# MC-06
@pytest.mark.parametrize("headers, drop", [
    ({"Mcp-Method": "tools/list"}, ()), ({}, ("Mcp-Method",)), ({"Mcp-Method": "TOOLS/CALL"}, ()),
    ({"Mcp-Name": "revoke_sessions"}, ()), ({}, ("Mcp-Name",)), ({"Mcp-Name": "=?base64?Y29u?="}, ()),
    ({"Mcp-Name": "=?base64?%%%?="}, ()), ({"MCP-Protocol-Version": "2025-11-25"}, ()), ({}, ("MCP-Protocol-Version",)),
])
def test_a_header_that_differs_from_the_body_stops_the_call(door, crowdstrike, headers, drop):
    reply = door.mcp().exchange("tools/call", CALL, headers, drop)

    assert error(reply) == (400, -32020)
    assert crowdstrike.ledger() == []


# MC-06
def test_a_name_in_the_encoded_form_is_the_same_name(door):
    reply = door.mcp().exchange("tools/call", {"name": "list_device_containment_capabilities", "arguments": {}},
                                {"Mcp-Name": "=?base64?bGlzdF9kZXZpY2VfY29udGFpbm1lbnRfY2FwYWJpbGl0aWVz?="})

    assert reply.status == 200 and "result" in reply.json


# MC-12
@pytest.mark.parametrize("meta", [None, {}, {f"{META}protocolVersion": MODERN}, {f"{META}clientCapabilities": {}},
                                  {f"{META}protocolVersion": 1, f"{META}clientCapabilities": {}},
                                  {f"{META}protocolVersion": MODERN, f"{META}clientCapabilities": []}])
@pytest.mark.parametrize("method", ["tools/list", "server/discover"])
def test_a_request_without_its_meta_is_refused(door, method, meta):
    params = {} if meta is None else {"_meta": meta}

    assert error(without_meta(door.mcp(), method, params)) == (400, -32602)


# MC-11
def test_an_unknown_version_is_answered_with_the_known_ones(door):
    client = door.mcp()
    client.version = "2027-01-01"
    client.check = None
    reply = client.exchange("tools/list")

    assert error(reply) == (400, -32022)
    assert MODERN in reply.json["error"]["data"]["supported"]
    assert reply.json["error"]["data"]["requested"] == "2027-01-01"


# MC-11
@pytest.mark.parametrize("method", ["tools/delete", "initialize", "ping", "logging/setLevel", "resources/subscribe",
                                    "resources/unsubscribe", "Tools/List"])
def test_an_unknown_method_is_not_found(door, method):
    assert error(door.mcp().exchange(method)) == (404, -32601)


# MC-07
def test_an_unknown_tool_is_a_protocol_error(door):
    with pytest.raises(RpcFailure) as refused:
        door.mcp().tool("format_disk")

    assert refused.value.error["code"] == -32602


# MC-07, V46, V48
@pytest.mark.parametrize("arguments", [
    {}, {"action": "network_contain"}, {"lookup": {"lookup_type": "hostname", "value": "x"}},
    {"action": "network_contain", "lookup": {"lookup_type": "hostname"}},
    {"action": "network_contain", "lookup": {"value": "x"}}, {"action": "network_contain", "lookup": "x"},
    {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": ""}},
    {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "x"}, "dry_run": "yes"},
    {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "x"}, "force": True},
    {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "x"}, "integration_targets": []},
])
def test_bad_arguments_are_a_tool_error_with_a_remedy(door, crowdstrike, jamf, arguments):
    error = door.mcp().tool("contain_device", **arguments).error

    assert error["key"] == "invalid_arguments"
    assert error["message"]
    assert crowdstrike.ledger() == [] and jamf.ledger() == []


# V47
def test_an_action_that_does_not_exist_names_those_that_do(door, crowdstrike):
    error = door.mcp().contain("wipe", "hostname", "alice-mac.corp.example").error

    assert error["key"] == "invalid_arguments"
    assert set(error["allowed"]) == {"lock_device", "network_contain", "release_containment"}


# V49
def test_a_look_up_type_that_does_not_exist_names_those_that_do(door):
    error = door.mcp().contain("network_contain", "ip_address", "10.0.0.1").error

    assert error["key"] == "invalid_arguments"
    assert set(error["allowed"]) == {"user_email", "hostname", "serial_number", "provider_device_id"}


def test_arguments_may_be_left_out(door):
    result = door.mcp().call("tools/call", {"name": "list_session_revocation_capabilities"})

    assert result["isError"] is False and result["resultType"] == "complete"


def test_an_error_result_says_its_type_too(door):
    assert door.mcp().tool("contain_device").raw["resultType"] == "complete"


# MC-09
@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_batch_is_refused(door, count):
    client = door.mcp()
    batch = [client.message("tools/list", {}) for _ in range(count)]
    reply = Web().send("POST", door.mcp_url, client.headers("tools/list", {}), json.dumps(batch))

    assert error(reply) == (400, -32600)


@pytest.mark.parametrize("body", ["null", "1", '"x"', '{"id":1,"method":"tools/list"}', '{"jsonrpc":"2.0","id":1}',
                                  '{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
                                  '{"jsonrpc":"2.0","id":null,"method":"tools/list"}',
                                  '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
                                  '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}'])
def test_what_is_no_request_is_refused(door, body):
    reply = Web().send("POST", door.mcp_url, door.mcp().headers("tools/list", {}), body)

    assert reply.status == 400
    assert "error" in reply.json


# MC-10
def test_two_clients_may_use_the_same_id_at_once(door):
    answers: dict[str, set] = {}

    def ask(scope: str) -> None:
        client = door.mcp(scope=scope)
        for _ in range(20):
            reply = without_meta(client, "tools/list", client.message("tools/list", {})["params"])
            assert reply.json["id"] == 7
            answers.setdefault(scope, set()).add(json.dumps([tool["name"] for tool in reply.json["result"]["tools"]]))

    scopes = ["devices:contain", "sessions:revoke"]
    threads = [threading.Thread(target=ask, args=(scope,)) for scope in scopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(len(answers[scope]) == 1 for scope in scopes)
    assert answers[scopes[0]] != answers[scopes[1]]


@pytest.mark.parametrize("identity", ["text-id", 0, -1, 2**53 - 1, ""])
def test_an_id_comes_back_as_it_was_sent(door, identity):
    client = door.mcp()
    message = {**client.message("tools/list", {}), "id": identity}

    assert client.post(message, client.headers("tools/list", {})).json["id"] == identity


def test_a_notification_is_accepted_without_an_answer(door):
    client = door.mcp()
    message = client.message("notifications/cancelled", {"requestId": 1})
    del message["id"]
    reply = client.post(message, client.headers("notifications/cancelled", {}))

    assert (reply.status, reply.body) == (202, b"")


# MC-05
def test_leftovers_of_the_older_era_are_ignored(door):
    reply = door.mcp().exchange("tools/list", headers={"Mcp-Session-Id": "x", "Last-Event-ID": "1"})

    assert reply.status == 200
    assert reply.header("Mcp-Session-Id") is None


# MC-05
@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_only_post_is_served(door, method):
    reply = Web().send(method, door.mcp_url, {"Authorization": f"Bearer {door.token()}",
                                              "MCP-Protocol-Version": MODERN, "Accept": "text/event-stream"})

    assert reply.status == 405
    assert "POST" in reply.header("Allow")


# MC-02
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_foreign_origin_is_refused(door, origin):
    reply = door.mcp().exchange("tools/list", headers={"Origin": origin})

    assert reply.status == 403
    assert "tools" not in reply.text


# MC-02
def test_our_own_origin_is_taken(door):
    assert door.mcp().exchange("tools/list", headers={"Origin": door.base_url}).status == 200


def test_the_eras_list_the_same_tools(door):
    older = Legacy(door.mcp_url, door.token(), door.check)
    older.initialize()

    assert older.tools() == door.mcp().tools()


# HT-10
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_a_body_of_another_type_is_refused(door, kind):
    assert door.mcp().exchange("tools/list", headers={"Content-Type": kind}).status == 415
