# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Static clients as an admin keeps them: made, listed, given a new secret, deleted."""


import pytest

from rig.deadline import eventually
from rig.installation import REDIRECT
from rig.mcp_client import Modern
from rig.oauth_client import Pkce, code_for, tokens_for

GOOD = ["https://client.example/callback", "http://localhost:8080/cb", "http://127.0.0.1/cb", "http://[::1]:9/cb",
        "cursor://anysphere.cursor-mcp/oauth/callback"]
BAD = ["http://example.com/cb", "javascript:alert(1)", "file:///etc/passwd", "https://client.example/cb#part",
       "data:text/html,x", "cursor://anysphere.cursor-mcp/other", "https://u:p@client.example/cb", "https://",
       "http://127.0.0.1.example.com/cb", "ftp://client.example/cb"]


def status_of(door, token: str) -> int:
    return Modern(door.mcp_url, token).exchange("tools/list").status


# V18
@pytest.mark.parametrize("uri", GOOD)
def test_a_redirect_uri_of_an_allowed_kind_is_taken(door, uri):
    assert door.client(public=True, redirects=[uri]).client_id


# V18
@pytest.mark.parametrize("uri", BAD)
def test_a_redirect_uri_of_another_kind_is_refused(door, uri):
    refusal = door.refusal("client", "create", "--tenant", "acme", "--name", "Bad", "--redirect-uri", uri)

    assert refusal.code == 1
    assert refusal.error["message"]


# V19
def test_the_secret_is_shown_once_and_kept_only_as_a_hash(door):
    made = door.quell("client", "create", "--tenant", "acme", "--name", "Shown once")
    listed = door.quell("client", "list", "--tenant", "acme")

    assert len(made["client_secret"]) >= 40
    assert made["client_id"] in [row["client_id"] for row in listed]
    assert made["client_secret"] not in str(listed)
    folder = door.configuration.folder
    stored = b"".join(path.read_bytes() for path in folder.glob("quell.db*"))
    assert made["client_id"].encode() in stored
    assert made["client_secret"].encode() not in stored
    assert made["client_secret"] not in door.log


# V24, OA-22
def test_a_new_secret_ends_the_old_one_but_no_token(door):
    client = door.client(name="Regenerated")
    token, old = client.machine_token(), client.secret

    client.secret = door.quell("client", "regenerate-secret", client.client_id, "--tenant", "acme")["client_secret"]

    assert client.token({"grant_type": "client_credentials"}, secret=old).status == 401
    assert status_of(door, token) == 200
    assert status_of(door, client.machine_token()) == 200


# V25, OA-21
def test_deleting_a_client_ends_everything_it_holds_at_once(door, analyst):
    client = door.client(name="Deleted", redirects=[REDIRECT])
    pkce = Pkce()
    tokens, code = tokens_for(client, analyst), code_for(client, analyst, pkce)
    assert status_of(door, tokens["access_token"]) == 200

    door.quell("client", "delete", client.client_id, "--tenant", "acme")

    reply = Modern(door.mcp_url, tokens["access_token"]).exchange("tools/list")
    assert reply.status == 401
    assert 'error="invalid_token"' in reply.header("WWW-Authenticate")
    for refused in (client.redeem(code, pkce.verifier), client.refresh(tokens["refresh_token"])):
        assert (refused.status, refused.json["error"]) in ((401, "invalid_client"), (400, "invalid_grant"))
    assert client.client_id not in str(door.quell("client", "list", "--tenant", "acme"))


# OA-21
def test_a_token_in_constant_use_dies_with_its_client(door):
    client = door.client(name="Busy")
    token = client.machine_token()
    for _ in range(20):
        assert status_of(door, token) == 200

    door.quell("client", "delete", client.client_id, "--tenant", "acme")

    assert status_of(door, token) == 401


# TN-01
def test_a_client_of_another_tenant_is_not_found(door):
    client = door.client("edr-only", name="Neighbour")

    foreign = door.refusal("client", "delete", client.client_id, "--tenant", "acme")
    absent = door.refusal("client", "delete", "nobody", "--tenant", "acme")

    assert foreign.error["message"].replace(client.client_id, "") == absent.error["message"].replace("nobody", "")
    assert client.machine_token()


def test_each_error_of_the_command_line_has_an_exit_code_and_a_remedy(door):
    refusal = door.refusal("client", "create", "--tenant", "nowhere", "--name", "X")

    assert refusal.code == 1
    assert "acme" in refusal.error["allowed"]


# V28
def test_the_list_tells_when_a_client_was_last_used(door):
    client = door.client(name="Seldom")

    def row():
        return next(r for r in door.quell("client", "list", "--tenant", "acme") if r["client_id"] == client.client_id)

    assert row()["last_used_at"] is None and row()["tokens"] == 0
    client.machine_token()

    assert row()["last_used_at"] >= row()["created_at"] and row()["tokens"] == 1


def test_making_and_deleting_clients_is_audited(door):
    client = door.client(name="Audited")
    door.quell("client", "delete", client.client_id, "--tenant", "acme")

    def records():
        return [row for row in door.audit() if client.client_id in str(row)]

    eventually(lambda: len(records()) >= 2, "both changes are in the trail")
    assert client.secret not in str(records())
    assert all(row["actor"].startswith("uid:") for row in records() if row["event"].startswith("client"))
