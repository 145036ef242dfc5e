# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What a person's role opens, and what a tenant's token reaches."""

import os
import stat
import subprocess

import pytest

from rig.mcp_client import Modern, RpcFailure
from rig.oauth_client import Pkce, answer_of, consent_of, decide, is_consent, is_login, sign_in, tokens_for
from rig.web import Web

LIST_CLIENTS = '{"command":"client.list","arguments":{"tenant":"acme"}}'


@pytest.mark.parametrize("role", ["owner", "admin", "analyst"])
def test_those_who_act_may_grant_every_scope(desktop, people, role):
    assert len(tokens_for(desktop, people[role])["scope"].split()) == 4


# OA-11
def test_a_viewer_gets_a_token_that_only_reads(door, desktop, people):
    tokens = tokens_for(desktop, people["viewer"])
    client = Modern(door.mcp_url, tokens["access_token"])

    assert tokens["scope"] == "challenges:read"
    assert client.tool_names() == ["get_challenge_status"]


# TN-03
@pytest.mark.parametrize("path", ["/command", "/admin", "/admin/command", "/metrics", "/api/v1/clients"])
def test_the_admin_door_is_not_on_the_public_listener(door, desktop, people, path):
    for role in ("analyst", "viewer", "owner"):
        token = tokens_for(desktop, people[role])["access_token"]
        reply = Web().send("POST", door.base_url + path,
                           {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, LIST_CLIENTS)
        assert reply.status in (403, 404), reply.text
        assert "client_id" not in reply.text


# TN-03
def test_the_admin_socket_is_for_its_owner_alone(door):
    mode = door.configuration.socket.stat().st_mode

    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


# TN-03
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_another_user_of_the_machine_is_refused_at_the_admin_socket(door):
    folder, socket = door.configuration.folder, door.configuration.socket
    request = ("POST /command HTTP/1.1\r\nHost: quell\r\nContent-Type: application/json\r\n"
               f"Content-Length: {len(LIST_CLIENTS)}\r\n\r\n{LIST_CLIENTS}")
    program = ("import socket,sys; s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1]);"
               "s.sendall(sys.argv[2].encode()); print(s.recv(4096))")
    os.chmod(folder, 0o711)
    os.chmod(socket, 0o666)  # even if somebody opened it: the peer's uid counts
    try:
        done = subprocess.run(["/usr/bin/python3", "-c", program, socket, request], user=65534,
                              capture_output=True, text=True, timeout=20)
    finally:
        os.chmod(socket, 0o600)
        os.chmod(folder, 0o700)

    assert "client_id" not in done.stdout
    assert " 200 " not in done.stdout


# V04, V06, TN-04
@pytest.mark.parametrize("scope, tool, arguments", [
    ("devices:contain", "revoke_sessions", {"username": "alice@corp.example"}),
    ("devices:contain", "list_session_revocation_capabilities", {}),
    ("devices:contain", "get_revocation_request", {"request_id": "x"}),
    ("sessions:revoke", "contain_device", {"action": "network_contain",
                                           "lookup": {"lookup_type": "hostname", "value": "alice-mac.corp.example"}}),
    ("sessions:revoke", "list_device_containment_capabilities", {}),
    ("challenges:read", "get_containment_request", {"request_id": "x"}),
])
def test_a_tool_without_its_scope_answers_insufficient_scope(door, scope, tool, arguments):
    needed = "sessions:revoke" if "session" in tool or "revocation" in tool else "devices:contain"
    client = door.mcp(scope=scope)
    reply = client.exchange("tools/call", {"name": tool, "arguments": arguments})

    assert reply.status == 403
    challenge = reply.header("WWW-Authenticate")
    assert 'error="insufficient_scope"' in challenge
    assert f'scope="{needed}"' in challenge
    assert f'resource_metadata="{door.base_url}/.well-known/oauth-protected-resource"' in challenge
    assert tool not in client.tool_names()


# V04
def test_each_scope_alone_lists_only_its_own_tools(door):
    containment = {"list_device_containment_capabilities", "get_containment_request", "contain_device"}
    revocation = {"list_session_revocation_capabilities", "get_revocation_request", "revoke_sessions"}

    assert set(door.mcp(scope="devices:contain").tool_names()) == containment
    assert set(door.mcp(scope="sessions:revoke").tool_names()) == revocation
    assert door.mcp(scope="challenges:read challenges:create").tool_names() == ["get_challenge_status", "create_challenge"]


# TN-01
def test_a_request_of_another_tenant_does_not_exist(door, crowdstrike):
    made = door.mcp().contain("network_contain", "hostname", "alice-mac.corp.example", dry_run=True,
                              integration_targets=["crowdstrike"]).order
    foreign = door.mcp("edr-only").tool("get_containment_request", request_id=made["request_id"])
    absent = door.mcp("edr-only").tool("get_containment_request", request_id="0" * 36)

    assert foreign.error["key"] == absent.error["key"] == "request_not_found"
    assert foreign.error["message"].replace(made["request_id"], "") == absent.error["message"].replace("0" * 36, "")


def test_a_person_in_two_tenants_chooses_one_at_consent(door, analyst):
    both = door.client(public=True, name="Both", redirects=["http://127.0.0.1/cb"])
    person = door.user("both@acme.example", "analyst")
    door.quell("user", "add", person["email"], "--role", "analyst", "--tenant", "edr-only")
    browser = both.browser()
    reply = consent_of(both, browser, person, both.authorize_parameters(Pkce()))

    assert is_consent(reply)
    assert "code" in answer_of(decide(browser, reply, tenant="acme"))


def test_a_new_password_ends_the_old_one_and_the_sign_ins(door, desktop):
    person = door.user("forgetful@acme.example", "analyst")
    browser = desktop.browser()
    sign_in(browser, browser.open("/oauth/login"), person)

    door.quell("user", "set-password", person["email"], "--password-stdin", given="another correct horse\n")

    assert is_login(browser.open("/oauth/login"))
    assert sign_in(browser, browser.open("/oauth/login"), person).status == 403
    assert "Signed in" in sign_in(browser, browser.open("/oauth/login"), {**person, "password": "another correct horse"}).text
    assert [row for row in door.quell("audit", "tail", "--host", "--event", "password_changed") if person["email"] in str(row)]


@pytest.mark.parametrize("email, password, key", [("nobody@acme.example", "another correct horse", "user_not_found"),
                                                  ("analyst@acme.example", "short", "invalid_arguments"),
                                                  ("analyst@acme.example", "", "invalid_arguments")])
def test_a_password_that_cannot_be_set_changes_nothing(door, desktop, people, email, password, key):
    refusal = door.refusal("user", "set-password", email, "--password-stdin", given=f"{password}\n")
    browser = desktop.browser()

    assert refusal.error["key"] == key
    assert "Signed in" in sign_in(browser, browser.open("/oauth/login"), people["analyst"]).text


# V70
def test_a_removed_person_loses_their_tokens_at_once(door, desktop):
    person = door.user("leaver@acme.example", "analyst")
    token = tokens_for(desktop, person)["access_token"]
    assert Modern(door.mcp_url, token).tools()

    door.quell("user", "remove", person["email"], "--tenant", "acme")

    with pytest.raises((RpcFailure, ValueError)):
        Modern(door.mcp_url, token).tools()
    assert Modern(door.mcp_url, token).exchange("tools/list").status == 401
