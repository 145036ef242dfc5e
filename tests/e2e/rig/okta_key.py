# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A key pair of an Okta service app: the private half for the host, the public half for the simulator."""

import base64
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class OktaKey:
    def __init__(self):
        self.key_id = f"key-{secrets.token_hex(4)}"
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def pem(self) -> str:
        return self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                       serialization.NoEncryption()).decode()

    @property
    def jwk(self) -> dict[str, str]:
        point = self._key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "kid": self.key_id, "alg": "ES256",
                "x": _wide(point.x), "y": _wide(point.y)}


def _wide(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
