# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An agent has nothing but the URL of /mcp: what it finds out without a token."""

import pytest

from rig.oauth_client import discover
from rig.web import Web

SCOPES = ["challenges:create", "challenges:read", "sessions:revoke", "devices:contain", "mcp:read", "mcp:access", "mcp:approve",
          "secrets:read", "secrets:write", "secrets:delete", "audit:read", "audit:export", "admin:*"]
RESOURCE_PATHS = ("/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp")
SERVER_PATHS = ("/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/mcp",
                "/.well-known/openid-configuration", "/.well-known/openid-configuration/mcp")


# DC-01, E03
def test_a_call_without_token_is_told_where_to_log_in(door):
    reply = Web().send("POST", door.mcp_url, {"Content-Type": "application/json"}, "{}")

    assert reply.status == 401
    assert reply.all("WWW-Authenticate") == [
        f'Bearer realm="mcp", resource_metadata="{door.base_url}/.well-known/oauth-protected-resource"'
        ', scope="challenges:create challenges:read sessions:revoke devices:contain"']


# DC-01, E04
@pytest.mark.parametrize("path", RESOURCE_PATHS)
def test_both_addresses_describe_the_same_resource(door, path):
    reply = Web().get(door.base_url + path)

    assert (reply.status, reply.header("Content-Type")) == (200, "application/json")
    assert reply.json["resource"] == door.mcp_url
    assert reply.json["authorization_servers"] == [door.base_url]
    assert reply.json["scopes_supported"] == SCOPES
    assert reply.body == Web().get(door.base_url + RESOURCE_PATHS[0]).body


# DC-02, E05
@pytest.mark.parametrize("path", SERVER_PATHS)
def test_every_known_form_describes_the_same_authorization_server(door, path):
    reply = Web().get(door.base_url + path)

    assert (reply.status, reply.header("Content-Type")) == (200, "application/json")
    assert reply.json["issuer"] == door.base_url
    assert reply.json["code_challenge_methods_supported"] == ["S256"]
    assert reply.body == Web().get(door.base_url + SERVER_PATHS[0]).body


# V23
def test_the_endpoints_are_absolute_and_where_clients_expect_them(door):
    server = discover(door.mcp_url).server

    assert server["authorization_endpoint"] == f"{door.base_url}/oauth/authorize"
    assert server["token_endpoint"] == f"{door.base_url}/oauth/token"


# OA-07, OA-14
def test_the_metadata_offers_what_is_safe_and_nothing_else(door):
    server = discover(door.mcp_url).server

    assert server["authorization_response_iss_parameter_supported"] is True
    assert server["response_types_supported"] == ["code"]
    assert set(server["grant_types_supported"]) == {"authorization_code", "refresh_token", "client_credentials"}
    assert "none" in server["token_endpoint_auth_methods_supported"]
    assert server["scopes_supported"] == SCOPES + ["offline_access"]


# DC-06
@pytest.mark.parametrize("path", RESOURCE_PATHS[:1] + SERVER_PATHS[:1])
def test_a_forged_host_changes_no_link(door, path):
    honest = Web().get(door.base_url + path)

    for headers in ({"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
                    {"Forwarded": "host=evil.example;proto=https"}):
        reply = Web().get(door.base_url + path, headers)
        assert b"evil.example" not in reply.body
        assert reply.status in (403, 421) or reply.body == honest.body, reply.text


# DC-06
def test_a_forged_host_does_not_reach_the_challenge(door):
    reply = Web().send("POST", door.mcp_url, {"Host": "evil.example", "Content-Type": "application/json"}, "{}")

    assert reply.status in (401, 403, 421)
    assert "evil.example" not in (reply.header("WWW-Authenticate") or "")
