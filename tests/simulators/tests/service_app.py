# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An Okta service app with a key of its own: signs client assertions and DPoP proofs."""

import hashlib
import json
import secrets
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from jose import encode


class ServiceApp:
    def __init__(self, algorithm: str, kid: str):
        self.algorithm = algorithm
        self.client_id = ""
        if algorithm == "RS256":
            self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            public = self._key.public_key().public_numbers()
            numbers = {"kty": "RSA", "n": _wide(public.n), "e": _wide(public.e)}
        else:
            self._key = ec.generate_private_key(ec.SECP256R1())
            public = self._key.public_key().public_numbers()
            numbers = {"kty": "EC", "crv": "P-256", "x": _wide(public.x, 32),
                       "y": _wide(public.y, 32)}
        self.jwk = {"kid": kid, **numbers}

    def assertion(self, audience: str, header=None, **changes) -> str:
        now = int(time.time())
        claims = {"iss": self.client_id, "sub": self.client_id, "aud": audience, "iat": now,
                  "exp": now + 300, "jti": secrets.token_hex(8), **changes}
        return self.sign({"alg": self.algorithm, "kid": self.jwk["kid"], **(header or {})}, claims)

    def proof(self, method: str, url: str, access_token: str = "", **changes) -> str:
        key = {name: value for name, value in self.jwk.items() if name != "kid"}
        claims = {"htm": method, "htu": url, "iat": int(time.time()),
                  "jti": secrets.token_hex(8), **changes}
        if access_token:
            claims["ath"] = encode(hashlib.sha256(access_token.encode()).digest())
        return self.sign({"typ": "dpop+jwt", "alg": self.algorithm, "jwk": key}, claims)

    def sign(self, header: dict, claims: dict) -> str:
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{encode(self._signature(signed.encode()))}"

    def _signature(self, data: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _wide(number: int, length: int = 0) -> str:
    return encode(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))
