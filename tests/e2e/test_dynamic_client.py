# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A client that nobody knows: an administrator's one consent makes it (client_id=dynamic, or none)."""

from urllib.parse import urlencode

import pytest

from rig.browser import Page
from rig.mcp_client import Modern
from rig.oauth_client import OAuthClient, Pkce, answer_of, consent_of, decide, is_consent, is_login

EXAMPLE = "https://localhost:5000/oauth/callback"


def nobody(door, redirect: str = EXAMPLE, client_id: str = "dynamic") -> OAuthClient:
    return OAuthClient(door.discovery, client_id, None, redirect)


def made(door) -> list[dict]:
    return [row for row in door.quell("client", "list", "--tenant", "acme") if row["kind"] == "dynamic"]


def ask(client: OAuthClient, user: dict | None, **changes):
    """What a person sees for a request that differs from a good one by `changes`."""
    parameters = client.authorize_parameters(Pkce(), **changes)
    browser = client.browser()
    if user is None:
        return browser, browser.open(client.authorize_url(parameters))
    return browser, consent_of(client, browser, user, parameters)


def connect(door, user: dict, client_id: str | None, redirect: str = EXAMPLE) -> tuple[OAuthClient, dict, dict]:
    """The whole walk: the client, the answer of the redirect, the tokens."""
    client, pkce = nobody(door, redirect), Pkce()
    parameters = client.authorize_parameters(pkce, client_id=client_id)
    browser = client.browser()
    answer = answer_of(decide(browser, consent_of(client, browser, user, parameters)))
    assert answer["state"] == parameters["state"]
    fields = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": redirect,
              "code_verifier": pkce.verifier, **({"client_id": client_id} if client_id else {})}
    reply = client.web.send("POST", client.server["token_endpoint"],
                            {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields))
    assert reply.status == 200, reply.text
    return client, answer, reply.json


# V08, V09, V14
@pytest.mark.parametrize("client_id", ["dynamic", None])
@pytest.mark.parametrize("role", ["admin", "owner"])
def test_one_consent_of_an_administrator_makes_the_client_and_gives_a_code(door, people, role, client_id):
    before = len(made(door))

    _, answer, tokens = connect(door, people[role], client_id)

    assert len(made(door)) == before + 1
    assert answer["client_id"] in [row["client_id"] for row in made(door)]
    assert answer["iss"] == door.base_url
    assert Modern(door.mcp_url, tokens["access_token"]).exchange("tools/list").status == 200


# V16
def test_the_list_says_how_the_client_came_and_its_name(door, people):
    _, answer, _ = connect(door, people["admin"], "dynamic")

    row = next(row for row in made(door) if row["client_id"] == answer["client_id"])
    assert row["label"] == "dynamically registered (MCP client at localhost)"
    assert row["tenant"] == "acme" and row["tokens"] == 1
    assert row["created_at"] <= row["last_used_at"]
    assert row["created_by"].startswith("user:")


# V10
def test_who_is_not_signed_in_is_sent_to_the_login(door):
    _, reply = ask(nobody(door), None)

    assert is_login(reply)


# V10, OA-26
@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_an_analyst_or_viewer_makes_no_client(door, people, role):
    before = made(door)

    _, reply = ask(nobody(door), people[role], scope="challenges:read")

    assert reply.status == 403 and reply.header("Location") is None
    assert "administrator" in Page(reply).text
    assert made(door) == before


# V11, OA-27
@pytest.mark.parametrize("uri", ["http://evil.example/callback", "javascript:alert(1)", "https://evil.example/cb#part",
                                 "https://*.evil.example/cb", "cursor://evil/callback", "vscode://evil/callback", None])
def test_a_redirect_that_is_not_allowed_is_never_followed(door, people, uri):
    client = nobody(door)
    signed_in, _ = ask(client, people["admin"])
    for browser in (client.browser(), signed_in):
        reply = browser.open(client.authorize_url(client.authorize_parameters(Pkce(), redirect_uri=uri)))
        assert reply.status == 400 and reply.header("Location") is None


# V12, OA-27
@pytest.mark.parametrize("changes", [{"code_challenge": None}, {"code_challenge_method": "plain"},
                                     {"code_challenge_method": None}, {"response_type": "token"},
                                     {"scope": "everything"}, {"resource": "https://evil.example/mcp"}])
def test_no_mistake_is_reported_to_a_redirect_that_nobody_vouches_for(door, people, changes):
    client = nobody(door)
    browser, _ = ask(client, people["admin"])

    parameters = client.authorize_parameters(Pkce(), **{"redirect_uri": "https://evil.example/cb", **changes})
    reply = browser.open(client.authorize_url(parameters))

    assert reply.status == 400 and reply.header("Location") is None


# OA-27
def test_a_no_makes_nothing_and_redirects_nowhere(door, people):
    before = made(door)
    browser, reply = ask(nobody(door, "https://evil.example/cb"), people["admin"])

    denied = decide(browser, reply, "deny")

    assert denied.status == 403 and denied.header("Location") is None
    assert made(door) == before


# V11
def test_cursors_own_address_is_taken(door, people):
    cursor = "cursor://anysphere.cursor-mcp/oauth/callback"
    browser, reply = ask(nobody(door, cursor), people["admin"])

    assert decide(browser, reply).header("Location").startswith(cursor + "?code=")


# OA-30
def test_a_second_new_client_needs_a_consent_of_its_own(door, people):
    client = nobody(door)
    browser, reply = ask(client, people["admin"])
    decide(browser, reply)

    again = browser.open(client.authorize_url(client.authorize_parameters(Pkce())))

    assert is_consent(again)


# V13
def test_the_page_says_that_the_client_is_new_and_where_the_answer_goes(door, people):
    _, reply = ask(nobody(door), people["admin"], scope="sessions:revoke", client_name="Night watch")
    page = Page(reply)

    assert "new here" in page.text and "Night watch" in page.text and "localhost" in page.text
    assert "sessions:revoke" in page.text and "devices:contain" not in page.text


# E13
@pytest.mark.parametrize("uri,allowed", [("https://claude.ai/cb", True), ("https://evilclaude.ai/cb", False),
                                         ("https://claude.ai.evil.com/cb", False), ("http://localhost:9/cb", True)])
def test_the_settings_narrow_where_a_new_client_may_lead(narrow, uri, allowed):
    _, reply = ask(nobody(narrow), None, redirect_uri=uri)

    assert is_login(reply) if allowed else reply.status == 400


def test_no_client_is_made_where_the_settings_forbid_it(narrow):
    narrow.configuration.oauth["oauth"]["dynamic_clients"] = False
    narrow.configuration.write()
    narrow.quell("reload")
    try:
        for client_id in ("dynamic", None):
            _, reply = ask(nobody(narrow), None, client_id=client_id, redirect_uri="https://claude.ai/cb")
            assert reply.status == 400 and reply.header("Location") is None
    finally:
        narrow.configuration.oauth["oauth"]["dynamic_clients"] = True
        narrow.configuration.write()
        narrow.quell("reload")


@pytest.fixture(scope="module")
def narrow(installation_with):
    """An installation that lets clients lead people to known vendors only."""
    return installation_with({"oauth": {"redirect_hosts": "known_clients", "dynamic_clients": True}})


# V26, V27, OA-21
def test_deleting_it_ends_what_it_holds_at_once(door, people):
    client, answer, tokens = connect(door, people["admin"], "dynamic")
    mcp = Modern(door.mcp_url, tokens["access_token"])
    assert mcp.exchange("tools/list").status == 200

    door.quell("client", "delete", answer["client_id"], "--tenant", "acme")

    reply = mcp.exchange("tools/list")
    assert reply.status == 401
    assert 'error="invalid_token", error_description="Invalid or expired token"' in reply.header("WWW-Authenticate")
    assert client.refresh(tokens["refresh_token"]).status == 401
