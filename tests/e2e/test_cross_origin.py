# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Web pages as callers, and proxies in between: who is believed, and about what."""

import pytest

from rig.mcp_client import Modern
from rig.oauth_client import FORM, discover
from rig.web import Web

APP = "https://app.example"
OPEN = ("/mcp", "/oauth/token", "/oauth/revoke", "/oauth/introspect", "/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration")
CLOSED = ("/oauth/authorize", "/oauth/mcp/authorize", "/oauth/login", "/oauth/consent", "/oauth/logout")


def allow(configuration):
    configuration.server = {"allowed_origins": [APP], "trusted_proxies": ["127.0.0.1"]}


def preflight(host, path: str, origin: str = APP):
    return Web().send("OPTIONS", host.base_url + path, {
        "Origin": origin, "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, mcp-protocol-version"})


# OA-28
def test_an_allowed_page_may_call_but_never_sign_people_in(fresh):
    own = fresh(change=allow)

    for path in OPEN:
        reply = preflight(own, path)
        assert reply.status == 204, path
        assert reply.header("Access-Control-Allow-Origin") == APP
        names = reply.header("Access-Control-Allow-Headers").lower().split(", ")
        assert {"authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id",
                "last-event-id", "x-api-key"} <= set(names)
        assert reply.header("Access-Control-Allow-Credentials") is None
        foreign = preflight(own, path, "https://evil.example")
        assert foreign.header("Access-Control-Allow-Origin") is None
    for path in CLOSED:
        for reply in (preflight(own, path), Web().get(own.base_url + path, {"Origin": APP})):
            assert not [name for name, _ in reply.headers if name.lower().startswith("access-control")], path


def test_a_page_reads_the_challenge_and_the_answer(fresh):
    own = fresh(change=allow)
    client = Modern(own.mcp_url, None)

    refused = client.exchange("tools/list", headers={"Origin": APP})
    assert (refused.status, refused.header("Access-Control-Allow-Origin")) == (401, APP)
    assert "WWW-Authenticate" in refused.header("Access-Control-Expose-Headers")
    answered = Modern(own.mcp_url, own.token()).exchange("tools/list", headers={"Origin": APP})
    assert (answered.status, answered.header("Access-Control-Allow-Origin")) == (200, APP)
    assert client.exchange("tools/list", headers={"Origin": "https://evil.example"}).status == 403


def test_without_settings_no_foreign_page_is_let_in(door):
    assert preflight(door, "/mcp").header("Access-Control-Allow-Origin") is None
    assert Modern(door.mcp_url, door.token()).exchange("tools/list", headers={"Origin": APP}).status == 403


# OA-15: behind a named proxy each client has attempts of its own
def test_a_named_proxy_tells_the_clients_apart(fresh):
    own = fresh(change=allow)
    client = own.client(name="Guessed")

    def status(address: str) -> int:
        fields = f"grant_type=client_credentials&client_id={client.client_id}&client_secret=wrong"
        return Web().send("POST", client.server["token_endpoint"], {**FORM, "X-Forwarded-For": address}, fields).status

    assert [status("192.0.2.1") for _ in range(11)] == [401] * 10 + [429]
    assert status("192.0.2.2") == 401
    assert status("198.51.100.7, 192.0.2.1") == 429  # only what the proxy itself added counts


def test_without_settings_nobody_is_believed_about_addresses(door):
    client = door.client(name="Guessed")

    def status(address: str) -> int:
        fields = f"grant_type=client_credentials&client_id={client.client_id}&client_secret=wrong"
        return Web().send("POST", client.server["token_endpoint"], {**FORM, "X-Forwarded-For": address}, fields).status

    assert [status(f"192.0.2.{number}") for number in range(11)] == [401] * 10 + [429]


def test_a_key_is_bound_to_the_address_behind_the_proxy(fresh):
    own = fresh(change=allow)
    person = own.user("ada@acme.example", "analyst")
    key = own.quell("key", "create", "--tenant", "acme", "--user", person["email"], "--name", "office", "--from",
                    "192.0.2.0/24")["api_key"]
    client = Modern(own.mcp_url, None)

    assert client.exchange("tools/list", headers={"X-API-Key": key, "X-Forwarded-For": "192.0.2.9"}).status == 200
    assert client.exchange("tools/list", headers={"X-API-Key": key, "X-Forwarded-For": "198.51.100.9"}).status == 401
    assert client.exchange("tools/list", headers={"X-API-Key": key}).status == 401


# Not even a proxy that is believed about addresses makes a URL.
def test_a_named_proxy_changes_no_link(fresh):
    own = fresh(change=allow)
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1",
              "X-Forwarded-Prefix": "/evil"}

    class Through(Web):
        def send(self, method, url, headers=None, body=None):
            return super().send(method, url, {**(headers or {}), **forged}, body)

    assert discover(own.mcp_url, Through()) == discover(own.mcp_url, Web())


@pytest.mark.parametrize("server, key", [
    ({"allowed_origins": ["*"]}, "allowed_origins"), ({"allowed_origins": ["https://app.example/"]}, "allowed_origins"),
    ({"allowed_origins": ["http://app.example"]}, "allowed_origins"), ({"trusted_proxies": ["proxy.example"]}, "trusted_proxies"),
    ({"trusted_proxies": ["10.0.0.1/8"]}, "trusted_proxies")])
def test_a_careless_setting_is_refused(fresh, server, key):
    def change(configuration):
        configuration.server = server

    own = fresh(change=change, start=False)
    document = own.refusal("check").document

    assert any(f"server.{key}" in error["message"] for error in document["errors"])
