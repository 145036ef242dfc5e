# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Tools, resources and prompts that a plugin offers, as clients of both eras see them."""

import json
import shutil

import pytest

from rig import world
from rig.deadline import eventually
from rig.mcp_client import RpcFailure
from rig.oauth_client import ALL_SCOPES
from rig.quell_process import scratch_folder
from rig.wire_schema import check_message

ERAS = ("modern", "legacy")


@pytest.fixture(scope="module", params=["process", "in_process"])
def host(request):
    installation = world.build_content(scratch_folder("quell-e2e-"), request.param, check_message, clashing_name="contain_device")
    installation.configuration.write()
    installation.start()
    yield installation
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture(params=ERAS)
def client(request, host):
    return client_of(host, request.param)


def client_of(host, era: str, scope: str = ALL_SCOPES):
    return host.mcp(scope=scope) if era == "modern" else host.legacy(scope=scope)


def text_of(result: dict) -> str:
    return result["content"][0]["text"]


# PL-07
def test_a_plugins_tool_never_takes_the_place_of_the_products(client, host):
    named = [tool for tool in client.tools() if tool["name"] == "contain_device"]

    assert len(named) == 1 and named[0]["outputSchema"]
    eventually(lambda: "there is another tool of the name contain_device" in host.log, "the log tells")


def test_the_products_tools_come_first_and_definitions_are_passed_on_unchanged(client):
    reply = client.exchange("tools/list")

    names = [tool["name"] for tool in reply.json["result"]["tools"]]
    assert names[0] == "list_device_containment_capabilities"
    assert names.index("revoke_sessions") < names.index("test_simple_text")
    assert b'"minimum":1.0' in reply.body
    assert b'"$schema":"https://json-schema.org/draft/2020-12/schema", "type":"object"' in reply.body


def test_resources_prompts_and_completions_are_served(client):
    assert "test://static-text" in [r["uri"] for r in client.call("resources/list")["resources"]]
    assert client.call("resources/templates/list")["resourceTemplates"][0]["uriTemplate"] == "test://template/{id}/data"
    assert "42" in client.call("resources/read", {"uri": "test://template/42/data"})["contents"][0]["text"]
    assert "test_simple_prompt" in [p["name"] for p in client.call("prompts/list")["prompts"]]
    prompt = client.call("prompts/get", {"name": "test_prompt_with_arguments", "arguments": {"arg1": "a", "arg2": "b"}})
    assert "arg1='a'" in prompt["messages"][0]["content"]["text"]
    completion = client.call("completion/complete", {"ref": {"type": "ref/prompt", "name": "test_prompt_with_arguments"},
                                                     "argument": {"name": "arg1", "value": "x"}})["completion"]
    assert completion["values"] == ["x-one", "x-two"]


def test_what_does_not_exist_is_refused_in_the_words_of_the_era(host):
    with pytest.raises(RpcFailure) as modern:
        host.mcp().call("resources/read", {"uri": "test://nothing"})
    with pytest.raises(RpcFailure) as legacy:
        host.legacy().call("resources/read", {"uri": "test://nothing"})

    assert (modern.value.error["code"], modern.value.error["data"]) == (-32602, {"uri": "test://nothing"})
    assert legacy.value.error["code"] == -32002


# MC-07
def test_bad_arguments_are_a_result_that_the_model_can_read(client):
    result = client.call("tools/call", {"name": "json_schema_2020_12_tool", "arguments": {"phone": 7}})

    assert result["isError"] is True
    assert json.loads(text_of(result))["error"]["key"] == "invalid_arguments"


# MC-03
def test_without_the_plugins_scope_nothing_of_it_is_seen_or_used(host):
    for era in ERAS:
        client = client_of(host, era, "sessions:revoke")
        assert not [name for name in client.tool_names() if name.startswith("test_")]
        assert client.call("resources/list")["resources"] == []
        reply = client.exchange("tools/call", {"name": "test_simple_text", "arguments": {}})
        assert reply.status == 403
        assert 'scope="challenges:read"' in reply.header("WWW-Authenticate")


def test_calls_of_a_plugins_tools_are_in_the_audit_trail(host):
    host.mcp().call("tools/call", {"name": "greet", "arguments": {"name": "you"}})

    def noted() -> bool:
        return any(entry["detail"].get("tool") == "greet" for entry in host.audit(event="content_tool_called"))

    eventually(noted, "the call is audited")
