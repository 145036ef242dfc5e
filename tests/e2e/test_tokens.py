# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Codes, access tokens and refresh tokens: what they open, once or often, and what ends them."""

import json
import threading

import pytest

from rig.mcp_client import Modern
from rig.oauth_client import ALL_SCOPES, FORM, Pkce, code_for, tokens_for
from rig.web import Web


def is_live(door, token: str) -> bool:
    reply = Modern(door.mcp_url, token).exchange("tools/list")
    assert reply.status in (200, 401), reply.text
    return reply.status == 200


def error_of(reply) -> tuple[int, str]:
    assert reply.header("Cache-Control") == "no-store"
    return reply.status, reply.json["error"]


# V03
def test_a_public_client_gets_short_lived_tokens_without_a_secret(door, desktop, analyst):
    tokens = tokens_for(desktop, analyst)

    assert desktop.secret is None
    assert tokens["token_type"] == "Bearer"
    assert 0 < tokens["expires_in"] <= 900
    assert tokens["refresh_token"]
    assert is_live(door, tokens["access_token"])


# V05
def test_the_granted_scope_is_echoed_as_it_was_asked(desktop, web_client, analyst):
    assert tokens_for(desktop, analyst)["scope"] == ALL_SCOPES
    assert tokens_for(web_client, analyst)["scope"] == ALL_SCOPES


# OA-11: what is not known or not allowed is narrowed away
def test_unknown_scopes_are_narrowed_away(desktop, analyst):
    assert tokens_for(desktop, analyst, "devices:contain offline_access mcp:everything")["scope"] == "devices:contain"


# E22
def test_mcp_is_an_alias_of_all_scopes(desktop, analyst):
    tokens = tokens_for(desktop, analyst, "mcp")

    assert tokens["scope"] == ALL_SCOPES
    assert desktop.refresh(tokens["refresh_token"], scope="mcp").json["scope"] == ALL_SCOPES


def test_offline_access_may_be_asked_for_and_is_never_needed(door, desktop, analyst):
    tokens = tokens_for(desktop, analyst, "devices:contain offline_access")

    assert tokens["refresh_token"] and tokens["scope"] == "devices:contain"
    refreshed = desktop.refresh(tokens["refresh_token"], scope="devices:contain offline_access")
    assert refreshed.json["scope"] == "devices:contain"
    assert "offline_access" not in str(door.discovery.resource) + door.discovery.challenge


# OA-11
def test_a_client_never_gets_more_than_it_was_made_for(door, people):
    narrow = door.client(public=True, name="Narrow", redirects=["http://127.0.0.1/cb"], scope="sessions:revoke")

    assert tokens_for(narrow, people["analyst"])["scope"] == "sessions:revoke"


# V22
def test_a_confidential_client_needs_secret_and_verifier(web_client, analyst):
    pkce = Pkce()
    code = code_for(web_client, analyst, pkce)

    assert error_of(web_client.redeem(code, pkce.verifier, secret="wrong")) == (401, "invalid_client")
    assert error_of(web_client.redeem(code, pkce.verifier, secret=None)) == (401, "invalid_client")
    assert web_client.redeem(code, pkce.verifier).status == 200


# V22, OA-05
def test_the_right_secret_does_not_replace_the_verifier(web_client, analyst):
    code = code_for(web_client, analyst, Pkce())

    assert error_of(web_client.redeem(code, Pkce().verifier)) == (400, "invalid_grant")


# OA-05
@pytest.mark.parametrize("verifier", [None, "", "wrong", "x" * 43])
def test_a_code_without_its_verifier_is_worthless(desktop, analyst, verifier):
    code = code_for(desktop, analyst, Pkce())
    status, error = error_of(desktop.redeem(code, verifier))

    assert status == 400 and error in ("invalid_grant", "invalid_request")


# OA-05
def test_the_challenge_itself_is_not_a_verifier(desktop, analyst):
    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)

    assert error_of(desktop.redeem(code, pkce.challenge)) == (400, "invalid_grant")


# OA-01, V14
def test_a_code_used_twice_kills_what_it_gave(door, desktop, analyst):
    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)
    tokens = desktop.redeem(code, pkce.verifier).json
    assert is_live(door, tokens["access_token"])

    assert error_of(desktop.redeem(code, pkce.verifier)) == (400, "invalid_grant")

    assert not is_live(door, tokens["access_token"])
    assert error_of(desktop.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert door.audit(event="code_replay")


# OA-01
def test_of_redemptions_at_once_one_succeeds(desktop, analyst):
    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(desktop.redeem(code, pkce.verifier).status))
               for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [200] + [400] * 7


def test_a_code_belongs_to_its_client_and_redirect(door, desktop, web_client, analyst):
    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)
    assert error_of(web_client.redeem(code, pkce.verifier, redirect_uri=desktop.redirect_uri)) == (400, "invalid_grant")

    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)
    assert error_of(desktop.redeem(code, pkce.verifier, redirect_uri="http://127.0.0.1:1/callback")) == (
        400, "invalid_grant")


# OA-14
@pytest.mark.parametrize("grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code"])
def test_no_other_grant_exists(desktop, grant):
    reply = desktop.token({"grant_type": grant, "username": "a", "password": "b"})

    assert error_of(reply) == (400, "unsupported_grant_type")


def test_a_token_request_is_a_form(desktop):
    url = desktop.server["token_endpoint"]

    assert Web().get(url).status == 405
    reply = Web().send("POST", url, {"Content-Type": "application/json"}, json.dumps({"grant_type": "x"}))
    assert error_of(reply) == (400, "invalid_request")


# OA-13
def test_a_token_counts_only_in_the_header(door):
    token = door.token()
    message = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}'

    in_query = Web().send("POST", f"{door.mcp_url}?access_token={token}", {"Content-Type": "application/json"},
                          message)
    in_form = Web().send("POST", door.mcp_url, FORM, f"access_token={token}")

    assert in_query.status == 401
    assert in_form.status == 401
    assert "access_token" not in door.log.replace('"access_tokens"', "")


# V03
def test_a_refresh_token_is_exchanged_for_new_tokens(door, desktop, analyst):
    first = tokens_for(desktop, analyst)
    second = desktop.refresh(first["refresh_token"])

    assert second.status == 200, second.text
    assert second.json["refresh_token"] != first["refresh_token"]
    assert second.json["access_token"] != first["access_token"]
    assert is_live(door, second.json["access_token"])


def test_two_processes_that_refresh_at_once_both_go_on(door, desktop, analyst):
    first = tokens_for(desktop, analyst)
    answers = [desktop.refresh(first["refresh_token"]) for _ in range(2)]

    assert [reply.status for reply in answers] == [200, 200]
    assert all(is_live(door, reply.json["access_token"]) for reply in answers)


def test_a_refresh_may_narrow_the_scope_but_not_widen_it(desktop, analyst):
    first = tokens_for(desktop, analyst, "devices:contain sessions:revoke")
    narrow = desktop.refresh(first["refresh_token"], scope="devices:contain").json

    assert narrow["scope"] == "devices:contain"
    assert error_of(desktop.refresh(narrow["refresh_token"], scope=ALL_SCOPES)) == (400, "invalid_scope")
    assert desktop.refresh(narrow["refresh_token"]).json["scope"] == "sessions:revoke devices:contain"


def test_a_refresh_token_of_another_client_is_refused(desktop, web_client, analyst):
    tokens = tokens_for(desktop, analyst)

    assert error_of(web_client.refresh(tokens["refresh_token"])) == (400, "invalid_grant")
    assert desktop.refresh(tokens["refresh_token"]).status == 200


# V21
def test_a_machine_gets_a_token_with_its_own_credentials(door):
    reply = door.machine().client_credentials("devices:contain")

    assert reply.status == 200
    assert reply.json["scope"] == "devices:contain"
    assert "refresh_token" not in reply.json
    assert is_live(door, reply.json["access_token"])


# OA-11
def test_a_machine_without_any_known_scope_gets_nothing(door):
    assert error_of(door.machine().client_credentials("everything")) == (400, "invalid_scope")


# OA-12
def test_a_token_for_another_resource_is_not_issued(door, desktop, analyst):
    pkce = Pkce()
    code = code_for(desktop, analyst, pkce)

    elsewhere = "https://other.example/mcp"
    assert error_of(desktop.redeem(code, pkce.verifier, resource=elsewhere)) == (400, "invalid_target")
    assert error_of(door.machine().client_credentials(resource=elsewhere)) == (400, "invalid_target")


def test_a_public_client_cannot_use_client_credentials(desktop):
    status, error = error_of(desktop.client_credentials())

    assert (status, error) in ((400, "unauthorized_client"), (401, "invalid_client"))


# MC-03, E09
@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "bearer  x", "Bearer " + "a" * 43])
def test_a_token_that_is_none_is_refused_as_invalid(door, value):
    client = Modern(door.mcp_url, None)
    reply = client.exchange("tools/list", headers={"Authorization": value})

    assert reply.status == 401
    challenge = reply.header("WWW-Authenticate")
    assert challenge.startswith(f'Bearer realm="mcp", resource_metadata="{door.base_url}/.well-known/oauth-protected-')
    if value.startswith("Bearer ") and value.strip() != "Bearer":
        assert 'error="invalid_token", error_description="Invalid or expired token"' in challenge
