# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What a client may learn of its tokens, and how it ends them (RFC 7662, RFC 7009)."""

from urllib.parse import urlencode

import pytest

from rig.mcp_client import Modern
from rig.oauth_client import ALL_SCOPES, FORM, tokens_for

DEAD = b'{"active":false}'


def ask(client, endpoint: str, token: str, secret: str | None = None, web=None):
    """One request to an endpoint that the metadata names."""
    fields = {"client_id": client.client_id, "token": token}
    if secret or client.secret:
        fields["client_secret"] = secret or client.secret
    return client.web.send("POST", client.server[endpoint], FORM, urlencode(fields))


def is_live(door, token: str) -> bool:
    return Modern(door.mcp_url, token).exchange("tools/list").status == 200


def test_a_client_learns_of_its_own_tokens(web_client, analyst):
    tokens = tokens_for(web_client, analyst)

    reply = ask(web_client, "introspection_endpoint", tokens["access_token"])

    assert (reply.status, reply.header("Cache-Control")) == (200, "no-store")
    facts = reply.json
    assert facts["active"] is True
    assert facts["scope"] == ALL_SCOPES
    assert facts["client_id"] == web_client.client_id
    assert facts["username"] == analyst["email"]
    assert facts["aud"] == web_client.discovery.resource["resource"]
    assert 0 < facts["exp"] - facts["iat"] <= 900
    assert ask(web_client, "introspection_endpoint", tokens["refresh_token"]).json["active"] is True


# OA-20
def test_introspection_needs_a_proof_and_tells_nothing_of_other_tokens(door, web_client, desktop, analyst):
    foreign = tokens_for(desktop, analyst)["access_token"]

    for reply in (ask(desktop, "introspection_endpoint", foreign),
                  ask(web_client, "introspection_endpoint", foreign, secret="wrong")):
        assert (reply.status, reply.json["error"]) == (401, "invalid_client")
    for token in (foreign, "qat_unknown", door.token()):
        reply = ask(web_client, "introspection_endpoint", token)
        assert (reply.status, reply.body) == (200, DEAD)


# OA-19
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_client_ends_its_own_token_at_once_and_no_other(door, web_client, desktop, analyst, kind):
    tokens = tokens_for(desktop, analyst)
    assert is_live(door, tokens["access_token"])

    assert ask(web_client, "revocation_endpoint", tokens[kind]).status == 200
    assert is_live(door, tokens["access_token"])
    assert ask(desktop, "revocation_endpoint", tokens[kind]).status == 200

    assert not is_live(door, tokens["access_token"])
    refreshed = desktop.refresh(tokens["refresh_token"])
    assert refreshed.status == (400 if kind == "refresh_token" else 200)
    assert door.audit(event="token_revoked")


def test_an_unknown_token_is_as_good_as_ended(desktop):
    assert ask(desktop, "revocation_endpoint", "qat_unknown").status == 200
