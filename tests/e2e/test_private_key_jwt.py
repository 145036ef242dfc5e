# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A machine that signs instead of sending a secret: its key stays where it is."""

import base64
import json
import secrets
import time
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rig.mcp_client import Modern
from rig.oauth_client import FORM
from rig.web import Web

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """An Ed25519 key and the client that registered it."""

    def __init__(self, door, folder):
        self.key = ed25519.Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        jwks = folder / "client.jwks.json"
        jwks.write_text(json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": encoded(public)}]}))
        self.made = door.quell("client", "create", "--tenant", "acme", "--name", "Signs", "--jwks", jwks)
        self.server = door.discovery.server

    def assertion(self, **changes) -> str:
        client_id = self.made["client_id"]
        claims = {"iss": client_id, "sub": client_id, "aud": self.server["issuer"], "exp": int(time.time()) + 60,
                  "jti": secrets.token_urlsafe(8), **changes}
        text = encoded(b'{"alg":"EdDSA"}') + "." + encoded(json.dumps(claims).encode())
        return text + "." + encoded(self.key.sign(text.encode()))

    def token(self, assertion: str, **more):
        fields = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion, **more}
        return Web().send("POST", self.server["token_endpoint"], FORM, urlencode(fields))


@pytest.fixture
def signer(door, tmp_path):
    return Signer(door, tmp_path)


def test_a_signed_assertion_gives_a_token(door, signer):
    assert signer.made["client_secret"] is None
    reply = signer.token(signer.assertion())

    assert reply.status == 200, reply.text
    assert Modern(door.mcp_url, reply.json["access_token"]).exchange("tools/list").status == 200


def test_the_metadata_says_how_to_sign(door):
    server = door.discovery.server

    assert "private_key_jwt" in server["token_endpoint_auth_methods_supported"]
    assert {"RS256", "PS256", "ES256", "EdDSA"} <= set(server["token_endpoint_auth_signing_alg_values_supported"])
    assert "none" not in server["token_endpoint_auth_signing_alg_values_supported"]


def test_an_assertion_is_good_once_even_over_a_restart(fresh, tmp_path):
    own = fresh()
    signer = Signer(own, tmp_path)
    assertion = signer.assertion()
    assert signer.token(assertion).status == 200
    assert signer.token(assertion).json["error"] == "invalid_client"

    own.stop()
    own.start()

    assert signer.token(assertion).json["error"] == "invalid_client"
    assert signer.token(signer.assertion()).status == 200


def test_an_assertion_for_somebody_else_is_refused(signer):
    for changes in ({"aud": "https://other.example"}, {"exp": int(time.time()) + 3600}, {"sub": "another"}):
        reply = signer.token(signer.assertion(**changes))
        assert (reply.status, reply.json["error"]) == (401, "invalid_client")


# OA-16
def test_two_methods_at_once_are_refused(signer):
    reply = signer.token(signer.assertion(), client_secret="x")

    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


def test_a_key_set_with_a_secret_part_is_refused(door, tmp_path):
    file = tmp_path / "bad.json"
    file.write_text('{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"AA"}]}')

    refusal = door.refusal("client", "create", "--tenant", "acme", "--name", "Bad", "--jwks", file)

    assert refusal.code == 1
    assert "secret part" in refusal.error["message"]
