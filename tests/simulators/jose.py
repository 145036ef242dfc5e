# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Compact JWS with a public JWK: what Okta needs to verify client assertions and DPoP proofs."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

MAX_LENGTH = 16 * 1024
_HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}
# RFC 7518 3.4: each ES algorithm has its curve; the bytes of one signature half.
_CURVES = {"P-256": (ec.SECP256R1, "ES256", 32), "P-384": (ec.SECP384R1, "ES384", 48),
           "P-521": (ec.SECP521R1, "ES512", 66)}
_RSA_ALGORITHMS = ("RS256", "RS384", "RS512")


class BadJose(Exception):
    """The token, key or signature is no good; the text says why."""


@dataclass
class Jws:
    header: dict
    claims: dict
    signed: bytes
    signature: bytes


def decode(text: str) -> bytes:
    """base64url without padding; nothing else is taken."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        data = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadJose("not base64url") from error
    if encode(data) != text:
        raise BadJose("not canonical base64url")
    return data


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def parse(text: str) -> Jws:
    parts = text.split(".")
    if len(text) > MAX_LENGTH or len(parts) != 3:
        raise BadJose("not a compact JWS")
    header, claims = _json_object(parts[0]), _json_object(parts[1])
    return Jws(header, claims, f"{parts[0]}.{parts[1]}".encode(), decode(parts[2]))


def _json_object(part: str) -> dict:
    try:
        value = json.loads(decode(part))
    except (ValueError, RecursionError) as error:
        raise BadJose("not JSON") from error
    if not isinstance(value, dict):
        raise BadJose("not a JSON object")
    return value


def verify(jws: Jws, jwk: dict) -> None:
    """Raises BadJose unless the key made the signature with an algorithm of its own kind."""
    algorithm = jws.header.get("alg")
    if "crit" in jws.header:
        raise BadJose("unknown critical header")  # RFC 7515 4.1.11
    try:
        if jwk.get("kty") == "RSA" and algorithm in _RSA_ALGORITHMS:
            _rsa_key(jwk).verify(jws.signature, jws.signed, padding.PKCS1v15(),
                                 _HASHES[algorithm[2:]]())
        elif jwk.get("kty") == "EC" and algorithm == _curve(jwk)[1]:
            _ec_key(jwk).verify(_der(jws.signature, _curve(jwk)[2]), jws.signed,
                                ec.ECDSA(_HASHES[algorithm[2:]]()))
        else:
            raise BadJose("algorithm does not fit the key")
    except InvalidSignature as error:
        raise BadJose("bad signature") from error


def check_key(jwk) -> None:
    """Raises BadJose unless the JWK is a public RSA or EC key that can be used."""
    if not isinstance(jwk, dict):
        raise BadJose("the JWK is no object")
    if jwk.get("kty") == "RSA":
        _rsa_key(jwk)
    else:
        _ec_key(jwk)


def thumbprint(jwk: dict) -> str:
    """RFC 7638, SHA-256."""
    names = ("e", "kty", "n") if jwk.get("kty") == "RSA" else ("crv", "kty", "x", "y")
    canonical = json.dumps({name: jwk[name] for name in names}, separators=(",", ":"))
    return encode(hashlib.sha256(canonical.encode()).digest())


def _number(jwk: dict, name: str) -> int:
    value = jwk.get(name)
    if not isinstance(value, str):
        raise BadJose(f"the JWK has no {name}")
    return int.from_bytes(decode(value), "big")


def _rsa_key(jwk: dict):
    try:
        return rsa.RSAPublicNumbers(_number(jwk, "e"), _number(jwk, "n")).public_key()
    except ValueError as error:
        raise BadJose("bad RSA key") from error


def _curve(jwk: dict):
    curve = _CURVES.get(str(jwk.get("crv")))
    if jwk.get("kty") != "EC" or curve is None:
        raise BadJose("neither an RSA key nor an EC key of a known curve")
    return curve


def _ec_key(jwk: dict):
    try:
        return ec.EllipticCurvePublicNumbers(
            _number(jwk, "x"), _number(jwk, "y"), _curve(jwk)[0]()).public_key()
    except ValueError as error:
        raise BadJose("bad EC key") from error


def _der(signature: bytes, half: int) -> bytes:
    if len(signature) != 2 * half:
        raise BadJose("bad signature length")
    return encode_dss_signature(int.from_bytes(signature[:half], "big"),
                                int.from_bytes(signature[half:], "big"))
