# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""One endpoint and one authorization server for people's editors, for playbooks, for made and for unknown clients."""

import hashlib
import os
from urllib.parse import urlencode, urlsplit

from rig.event_stream import EventStream
from rig.installation import REDIRECT
from rig.mcp_client import Legacy, Modern
from rig.oauth_client import (ALL_SCOPES, FORM, OAuthClient, Pkce, answer_of, consent_of, decide, is_consent, sign_in,
                              tokens_for)
from rig.web import Web
from rig.world import ALICE_MAC, BOB_WIN

CURSOR = "cursor://anysphere.cursor-mcp/oauth/callback"
DRY_RUN = {"action": "network_contain", "dry_run": True, "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}


def test_one_endpoint_takes_every_tool_and_no_other_address_does(door):
    names = door.mcp().tool_names()
    assert {"contain_device", "revoke_sessions", "get_containment_request"} <= set(names)
    assert door.mcp().tool("contain_device", **DRY_RUN).order["status"] == "resolved"

    for path in ("/", "/mcp/", "/MCP", "/mcp/tools", "/sse", "/mcp/sse", "/message", "/messages", "/rpc", "/api/mcp", "/v1/mcp",
                 "/tools/call", "/oauth/mcp", "/oauth/token", "/healthz"):
        client = Modern(door.base_url + path, door.token())
        reply = client.exchange("tools/list")
        assert reply.status in (400, 404, 405), f"{path}: {reply.status}"
        assert "contain_device" not in reply.text


# V02
def test_people_and_playbooks_work_on_one_tenant_side_by_side(door, people, crowdstrike):
    editors = [door.client(public=True, name=name, redirects=[redirect])
               for name, redirect in (("Cursor", CURSOR), ("Claude", REDIRECT))]
    playbooks = [door.client(name=name) for name in ("Tines", "Torq")]
    tokens = [tokens_for(editor, people[role])["access_token"] for editor, role in zip(editors, ("analyst", "admin"))]
    tokens += [playbook.machine_token() for playbook in playbooks]

    orders = [Modern(door.mcp_url, token).contain("network_contain", "hostname", host, reason=f"order {number}").order
              for number, (token, host) in enumerate(zip(tokens, (ALICE_MAC, BOB_WIN, ALICE_MAC, BOB_WIN)))]

    assert [order["status"] for order in orders] == ["completed"] * 4
    assert len(crowdstrike.acted("contain")) == 2  # what is contained already is not contained again
    ids = [order["request_id"] for order in orders]
    placed = {request["request_id"]: request for request in door.requests() if request["request_id"] in ids}
    assert len(placed) == 4
    actors = {record["actor"] for record in door.audit() if record["request_id"] in ids}
    assert len(actors) == 4, actors


# Whoever the client is, it asks the same addresses and opens the same door.
def test_a_made_client_and_an_unknown_one_walk_the_same_way(door, people):
    made = door.client(public=True, name="Made", redirects=[REDIRECT])
    unknown = OAuthClient(door.discovery, "dynamic", None, "https://localhost:5000/oauth/callback")
    tools = []
    for client in (made, unknown):
        pkce, browser = Pkce(), client.browser()
        page = consent_of(client, browser, people["admin"], client.authorize_parameters(pkce))
        answer = answer_of(decide(browser, page))
        known_as = answer.get("client_id", client.client_id)
        reply = client.web.send("POST", client.server["token_endpoint"], FORM, urlencode(
            {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": client.redirect_uri,
             "code_verifier": pkce.verifier, "client_id": known_as}))
        assert reply.status == 200, reply.text
        tools.append(Modern(door.mcp_url, reply.json["access_token"]).tool_names())

    assert made.server == unknown.server
    assert {urlsplit(made.server[name]).netloc for name in ("authorization_endpoint", "token_endpoint")} == \
        {urlsplit(door.mcp_url).netloc}
    assert tools[0] == tools[1] and "contain_device" in tools[0]


# V17: by the command line
def test_a_client_is_made_with_a_display_name_and_several_redirect_uris(door, analyst):
    redirects = [REDIRECT, "https://soar.example/oauth/callback", CURSOR]
    client = door.client(name="SOAR MCP Client", redirects=redirects)

    row = next(row for row in door.quell("client", "list", "--tenant", "acme") if row["client_id"] == client.client_id)
    assert row["name"] == "SOAR MCP Client"
    assert row["redirect_uris"] == redirects
    for redirect in redirects:
        browser = client.browser()
        reply = consent_of(client, browser, analyst, client.authorize_parameters(Pkce(), redirect_uri=redirect))
        if is_consent(reply):  # an earlier consent may do
            reply = decide(browser, reply)
        assert reply.header("Location").startswith(redirect), redirect
    refused = client.browser().open(client.authorize_url(client.authorize_parameters(Pkce(), redirect_uri="https://other.example/cb")))
    assert refused.status == 400 and refused.header("Location") is None


# E07, E08: the second spelling of both endpoints
def test_the_way_over_oauth_mcp_wants_s256_too_and_gives_tokens(door, desktop, analyst):
    authorize, token = f"{door.base_url}/oauth/mcp/authorize", f"{door.base_url}/oauth/mcp/token"
    for changes in ({"code_challenge_method": "plain"}, {"code_challenge_method": None}, {"code_challenge": None}):
        reply = desktop.browser().open(f"{authorize}?{urlencode(desktop.authorize_parameters(Pkce(), **changes))}")
        assert answer_of(reply)["error"] == "invalid_request", changes
    pkce, browser = Pkce(), desktop.browser()
    page = browser.open(f"{authorize}?{urlencode(desktop.authorize_parameters(pkce))}")
    page = sign_in(browser, page, analyst)
    assert is_consent(page)
    code = answer_of(decide(browser, page))["code"]

    reply = desktop.web.send("POST", token, FORM, urlencode(
        {"grant_type": "authorization_code", "code": code, "redirect_uri": desktop.redirect_uri,
         "code_verifier": pkce.verifier, "client_id": desktop.client_id}))

    assert reply.status == 200, reply.text
    assert Modern(door.mcp_url, reply.json["access_token"]).tool_names()
    assert desktop.server["code_challenge_methods_supported"] == ["S256"]


# E19: after the rotation a person has one key, whatever there was before
def test_rotation_leaves_a_person_one_key(door):
    person = door.user(f"keys-{os.urandom(3).hex()}@acme.example", "analyst")

    def make() -> dict:
        return door.quell("key", "create", "--tenant", "acme", "--user", person["email"], "--name", "desk")

    def keys() -> list[dict]:
        return [row for row in door.quell("key", "list", "--tenant", "acme") if row["email"] == person["email"]]

    first, second = make(), make()
    assert {row["key_id"] for row in keys()} == {first["key_id"], second["key_id"]}

    rotated = door.quell("key", "rotate", second["key_id"], "--tenant", "acme")

    assert [row["key_id"] for row in keys()] == [second["key_id"]]
    assert rotated["api_key"] not in (first["api_key"], second["api_key"])
    assert Modern(door.mcp_url, None).exchange("tools/list", headers={"X-API-Key": rotated["api_key"]}).status == 200


def test_signing_in_never_shows_or_makes_use_of_an_api_key(door, desktop, analyst):
    key = door.quell("key", "create", "--tenant", "acme", "--user", analyst["email"], "--name", "secret")["api_key"]
    marks = {key, key.removeprefix("qak_"), hashlib.sha256(key.encode()).hexdigest()}
    browser, pkce = desktop.browser(), Pkce()
    page = consent_of(desktop, browser, analyst, desktop.authorize_parameters(pkce))
    answer = decide(browser, page)
    tokens = desktop.redeem(answer_of(answer)["code"], pkce.verifier)
    token = tokens.json["access_token"]

    seen = page.text + str(answer.headers) + tokens.text + str(browser.cookies)
    assert not [mark for mark in marks if mark in seen]
    assert token not in key and key not in token
    for headers in ({"X-API-Key": token}, {"Authorization": f"Key {token}"}, {"Authorization": f"Bearer {key}"}):
        assert Modern(door.mcp_url, None).exchange("tools/list", headers=headers).status == 401, headers


# E24
def test_requests_come_by_post_and_the_hosts_own_words_by_get(door):
    client = Legacy(door.mcp_url, door.token())
    client.initialize()
    assert client.session
    headers = {**client.headers("", {}), "Accept": "text/event-stream"}

    stream = EventStream(Web(), "GET", door.mcp_url, headers, None)

    assert stream.head.status == 200
    assert stream.head.getheader("Content-Type") == "text/event-stream"
    assert client.exchange("tools/list").json["result"]["tools"], "and calls go on beside it"
    stream.close()


# E27
def test_an_editor_finds_every_tool_by_itself_and_may_call_what_it_finds(door):
    found = door.mcp().tools()

    assert found
    for tool in found:
        assert tool["description"] and tool["title"] and tool["inputSchema"]["type"] == "object", tool["name"]
        assert set(tool["annotations"]) >= {"readOnlyHint", "destructiveHint"}, tool["name"]
        reply = door.mcp().exchange("tools/call", {"name": tool["name"], "arguments": {"unheard_of": 1}})
        assert reply.status == 200 and reply.json["result"]["isError"] is True, f"{tool['name']} is listed and cannot be called"
