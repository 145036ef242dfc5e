# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""MCP 2025-11-25 and before: initialize first. Most clients in the field speak it."""

import pytest

from rig.mcp_client import RpcFailure
from rig.web import Web


# PROTOCOL.md 1.3
@pytest.mark.parametrize("version", ["2025-11-25", "2025-06-18", "2025-03-26"])
def test_initialize_takes_every_version_that_is_spoken(door, version):
    client = door.legacy(version=version)
    result = client.initialize()

    assert result["protocolVersion"] == version
    assert result["serverInfo"]["name"] == "quell"
    assert "tools" in result["capabilities"]
    assert result["instructions"]
    assert client.tools()


@pytest.mark.parametrize("version", ["2024-11-05", "2099-01-01", "", "x"])
def test_another_version_is_answered_with_our_newest(door, version):
    client = door.legacy()
    result = client.call("initialize", {"protocolVersion": version, "capabilities": {},
                                        "clientInfo": {"name": "x", "version": "1"}})

    assert result["protocolVersion"] == "2025-11-25"


def test_a_list_and_a_call_work_without_any_session(door):
    client = door.legacy()
    reply = client.exchange("tools/list")

    assert reply.status == 200
    assert reply.header("Mcp-Session-Id") is None
    assert "resultType" not in reply.json["result"]
    assert client.tool("list_device_containment_capabilities").content["enabled"]


def test_a_ping_is_answered(door):
    assert door.legacy().call("ping") == {}


# MC-05: no standalone stream, no session to end
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_and_no_session(door, method):
    reply = Web().send(method, door.mcp_url, {"Authorization": f"Bearer {door.token()}",
                                              "Accept": "text/event-stream"})

    assert reply.status == 405
    assert "POST" in reply.header("Allow")


# MC-11
def test_an_unknown_method_is_an_error_that_no_newer_client_would_mistake(door):
    reply = door.legacy().exchange("tools/delete")

    assert reply.status == 200
    assert reply.json["error"]["code"] == -32601


def test_a_version_header_that_is_not_spoken_is_a_bad_request(door):
    reply = door.legacy().exchange("tools/list", headers={"MCP-Protocol-Version": "2024-01-01"})

    assert reply.status == 400
    assert reply.json["error"]["code"] not in (-32020, -32021, -32022)


def test_a_missing_version_header_means_an_old_client(door):
    assert door.legacy().exchange("tools/list", drop=("MCP-Protocol-Version",)).status == 200


# MC-07
def test_an_unknown_tool_is_a_protocol_error(door):
    with pytest.raises(RpcFailure) as refused:
        door.legacy().tool("format_disk")

    assert refused.value.error["code"] == -32602


# MC-07
def test_bad_arguments_are_a_tool_error(door, crowdstrike):
    result = door.legacy().tool("contain_device", action="network_contain")

    assert result.error["key"] == "invalid_arguments"
    assert crowdstrike.ledger() == []


# MC-03
def test_a_tool_without_its_scope_is_forbidden(door):
    client = door.legacy(scope="sessions:revoke")
    reply = client.exchange("tools/call", {"name": "contain_device", "arguments": {}})

    assert reply.status == 403
    assert 'error="insufficient_scope"' in reply.header("WWW-Authenticate")


# MC-09
def test_a_batch_is_refused(door):
    client = door.legacy()
    reply = Web().send("POST", door.mcp_url, client.headers("tools/list", {}),
                       '[{"jsonrpc":"2.0","id":1,"method":"ping"}]')

    assert (reply.status, reply.json["error"]["code"]) == (400, -32600)


def test_a_response_that_nobody_asked_for_is_accepted(door):
    client = door.legacy()
    reply = client.post({"jsonrpc": "2.0", "id": 1, "result": {}}, client.headers("x", {}))

    assert (reply.status, reply.body) == (202, b"")
