# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""oauth4webapi as a strict outside judge of everything that the authorization server says."""

import base64
import json
import os
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from rig.oauth_client import ALL_SCOPES
from rig.quell_process import REPOSITORY

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"
REDIRECT = "https://client.example/callback"

pytestmark = pytest.mark.skipif(not (REFEREES / "node_modules/oauth4webapi").exists(),
                                reason="tests/referees/node_modules is incomplete: run script/bootstrap --test")


def number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=").decode()


def new_key() -> dict:
    """A private P-256 key as a JWK."""
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    public = numbers.public_numbers
    return {"kty": "EC", "crv": "P-256", "kid": "k1", "x": number(public.x), "y": number(public.y),
            "d": number(numbers.private_value)}


# issue 4: discovery, code, iss, refresh, client_credentials, private_key_jwt, introspection, revocation
def test_a_strict_client_finds_nothing_wrong(door, tmp_path):
    person = door.user(f"strict-{os.urandom(3).hex()}@acme.example", "analyst")
    client = door.client(name="Strict", redirects=[REDIRECT])
    key = new_key()
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [{name: value for name, value in key.items() if name != "d"}]}))
    machine = door.quell("client", "create", "--tenant", "acme", "--name", "Strict machine", "--jwks", jwks)

    done = subprocess.run([NODE, REFEREES / "strict_oauth.mjs"], input=json.dumps({
        "resource": door.mcp_url, "client_id": client.client_id, "client_secret": client.secret, "redirect_uri": REDIRECT,
        "scope": ALL_SCOPES, "email": person["email"], "password": person["password"],
        "machine": {"client_id": machine["client_id"], "key": key}}), capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert account["issuer"] == door.base_url
    assert account["scope"] == ALL_SCOPES
    assert account["refreshed"] is True
    assert account["active"]["active"] is True
    assert account["ended"] == {"active": False}
    assert account["afterwards"] == "invalid_grant"
    assert account["machine"]["client_id"] == machine["client_id"]
    assert account["wrong_secret"] == "invalid_client"
    assert account["challenge"]["error"] == "invalid_token"
