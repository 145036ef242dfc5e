# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Clients that register themselves (RFC 7591), from the URL of /mcp alone."""

import json

import pytest

from rig.mcp_client import Modern
from rig.oauth_client import OAuthClient, Pkce, consent_of, decide, is_consent, tokens_for
from rig.web import Reply, Web

CURSOR = ["cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
          "http://localhost:8787/callback"]
EDITOR = {"client_name": "Night editor", "redirect_uris": ["http://127.0.0.1/callback"],
          "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
          "token_endpoint_auth_method": "none", "application_type": "native"}


def register(door, token: str | None = None, **changes) -> Reply:
    """A good registration, changed; None leaves a member out."""
    body = {name: value for name, value in {**EDITOR, **changes}.items() if value is not None}
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    return Web().send("POST", door.discovery.server["registration_endpoint"], headers, json.dumps(body))


def registered(door, **changes) -> OAuthClient:
    reply = register(door, **changes)
    assert reply.status == 201, reply.text
    return OAuthClient(door.discovery, reply.json["client_id"], reply.json.get("client_secret"),
                       reply.json["redirect_uris"][0])


# V15, E12
def test_a_client_with_nothing_but_the_url_gets_in(door, analyst):
    client = registered(door)
    client.redirect_uri = "http://127.0.0.1:50123/callback"  # the port of the day

    tokens = tokens_for(client, analyst)

    assert Modern(door.mcp_url, tokens["access_token"]).exchange("tools/list").status == 200
    assert client.refresh(tokens["refresh_token"]).status == 200


# RFC 7591 3.2.1
def test_the_answer_has_all_that_was_registered(door):
    reply = register(door, token_endpoint_auth_method=None, scope="devices:contain openid", contacts=["x@y.example"])

    assert reply.status == 201
    assert reply.header("Cache-Control") == "no-store"
    answer = reply.json
    assert answer["client_secret_expires_at"] == 0 and len(answer["client_secret"]) >= 40
    assert answer["client_id_issued_at"] > 1_700_000_000
    assert answer["token_endpoint_auth_method"] == "client_secret_basic"
    assert answer["scope"] == "devices:contain"
    assert {name: answer[name] for name in ("client_name", "redirect_uris", "grant_types", "application_type")} == {
        name: EDITOR[name] for name in ("client_name", "redirect_uris", "grant_types", "application_type")}


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_a_client_may_have_a_secret(door, analyst, method):
    client = registered(door, token_endpoint_auth_method=method)

    assert tokens_for(client, analyst)["access_token"]
    assert client.token({"grant_type": "refresh_token", "refresh_token": "x"}, secret=None).status == 401


def test_a_client_that_signs_gives_its_public_keys(door):
    keys = {"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                      "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
    reply = register(door, token_endpoint_auth_method="private_key_jwt", jwks=keys)

    assert reply.status == 201
    assert reply.json["jwks"] == keys and "client_secret" not in reply.json
    private = {"keys": [{**keys["keys"][0], "d": "secret"}]}
    assert register(door, token_endpoint_auth_method="private_key_jwt", jwks=private).status == 400


# Cursor registers three at once.
def test_cursor_registers_its_three_addresses(door):
    assert register(door, client_name="Cursor", redirect_uris=CURSOR).json["redirect_uris"] == CURSOR


# DC-03
@pytest.mark.parametrize("uri", ["http://evil", "javascript:alert(1)", "data:text/html,x", "https://x.example/cb#part",
                                 "https://x.example/*", "vscode://x/cb", "http://127.0.0.1.evil.example/cb"])
def test_the_refused_redirect_is_named_with_the_reason(door, uri):
    reply = register(door, redirect_uris=[*CURSOR, uri])

    assert reply.status == 400
    assert reply.json["error"] == "invalid_redirect_uri"
    assert f"redirect_uris[3] ({uri})" in reply.json["error_description"]


# DC-03
def test_a_body_of_65_kilobytes_is_too_large(door):
    assert register(door, client_uri="x" * 65 * 1024).status == 413


@pytest.mark.parametrize("changes", [{"redirect_uris": None}, {"client_name": "a\u202eb"}, {"grant_types": ["password"]},
                                     {"token_endpoint_auth_method": "magic"}, {"scope": "everything"}])
def test_metadata_that_make_no_sense_are_refused(door, changes):
    reply = register(door, **changes)

    assert reply.status == 400
    assert reply.json["error"] in ("invalid_client_metadata", "invalid_redirect_uri")


def test_a_body_that_is_no_json_is_refused(door):
    reply = Web().send("POST", f"{door.base_url}/oauth/register", {"Content-Type": "application/json"}, "{'a': 1}")

    assert (reply.status, reply.json["error"]) == (400, "invalid_client_metadata")


# V16
def test_it_is_listed_where_somebody_consented(door, analyst):
    client = registered(door, client_name="Listed by consent")

    def rows(tenant: str = "acme") -> list[dict]:
        return [row for row in door.quell("client", "list", "--tenant", tenant) if row["client_id"] == client.client_id]

    assert rows() == []
    tokens_for(client, analyst)

    assert [row["label"] for row in rows()] == ["dynamically registered (Listed by consent)"]
    assert rows()[0]["tokens"] == 1 and rows()[0]["last_used_at"]
    assert rows("edr-only") == []


# V26, V27, OA-21
def test_deleting_it_ends_what_it_holds_in_the_tenant(door, analyst):
    client = registered(door)
    tokens = tokens_for(client, analyst)
    mcp = Modern(door.mcp_url, tokens["access_token"])
    assert mcp.exchange("tools/list").status == 200

    door.quell("client", "delete", client.client_id, "--tenant", "acme")

    assert mcp.exchange("tools/list").status == 401
    assert client.refresh(tokens["refresh_token"]).status in (400, 401)


# OA-30
def test_each_client_needs_a_consent_of_its_own(door, analyst):
    first, second = (registered(door, redirect_uris=["https://editor.example/cb"]) for _ in range(2))
    browser = first.browser()
    decide(browser, consent_of(first, browser, analyst, first.authorize_parameters(Pkce())))

    again = browser.open(first.authorize_url(first.authorize_parameters(Pkce())))
    other = browser.open(second.authorize_url(second.authorize_parameters(Pkce())))

    assert "code=" in (again.header("Location") or "")
    assert is_consent(other)


def test_it_gets_no_token_without_a_person(door):
    client = registered(door, token_endpoint_auth_method="client_secret_post",
                        grant_types=["authorization_code", "client_credentials"])

    assert client.client_credentials().json["error"] == "unauthorized_client"


# DC-03
def test_who_registers_too_often_has_to_wait(fresh):
    installation = fresh()
    statuses = []
    for _ in range(100):
        reply = register(installation)
        statuses.append(reply.status)
        if reply.status == 429:
            break

    assert statuses[-1] == 429 and set(statuses[:-1]) <= {201}
    assert int(reply.header("Retry-After")) > 0


@pytest.fixture(scope="module")
def closed(installation_with):
    """An installation whose operator hands out initial access tokens."""
    return installation_with({"oauth.registration": {"require_initial_token": True}})


def test_with_initial_tokens_only_their_holders_register(closed):
    made = closed.quell("client", "initial-token", "create", "--name", "CI", "--days", "7")

    refused = register(closed)
    assert refused.status == 401 and refused.header("WWW-Authenticate").startswith("Bearer")
    assert register(closed, token="qit_wrong").status == 401
    assert register(closed, token=made["token"]).status == 201
    listed = closed.quell("client", "initial-token", "list")
    assert [row["name"] for row in listed] == ["CI"] and made["token"] not in str(listed)

    closed.quell("client", "initial-token", "delete", made["id"])
    assert register(closed, token=made["token"]).status == 401


def test_where_it_is_off_it_is_neither_offered_nor_served(fresh):
    off = fresh(change=lambda configuration: configuration.oauth.update({"oauth.registration": {"enabled": False}}))

    assert "registration_endpoint" not in off.discovery.server
    assert Web().send("POST", f"{off.base_url}/oauth/register", {"Content-Type": "application/json"}, "{}").status == 404


# E06
def test_a_shared_public_client_is_there_if_the_operator_says_so(fresh):
    shared = fresh(change=lambda configuration: configuration.oauth.update({"oauth": {"shared_client": "quell-public"}}))
    analyst = shared.user("analyst@acme.example", "analyst")

    client = registered(shared)
    assert client.client_id == "quell-public"
    assert tokens_for(client, analyst)["access_token"]
    browser = client.browser()
    for _ in range(2):
        assert is_consent(consent_of(client, browser, analyst, client.authorize_parameters(Pkce())))
    parameters = client.authorize_parameters(Pkce(), redirect_uri="https://evil.example/cb")
    reply = client.browser().open(client.authorize_url(parameters))
    assert reply.status == 400 and reply.header("Location") is None
