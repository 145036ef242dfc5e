# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""How a service app proves who it is to Okta: client assertions (RFC 7523) and DPoP (RFC 9449)."""

import hashlib
import hmac
import secrets
import time

import jose
from tokens import Client
from wire import Request

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_ASSERTION_S = 3600
CLOCK_SKEW_S = 60
PROOF_AGE_S = 300


class BadClient(Exception):
    """The client did not prove who it is; the text is the error description."""


class BadProof(Exception):
    """The DPoP proof is missing or wrong; `error` is OAuth's code for it."""

    def __init__(self, text: str, error: str = "invalid_dpop_proof"):
        super().__init__(text)
        self.error = error


def claimed_issuer(assertion: str) -> str | None:
    """Who an assertion says it is from, unverified: good for the ledger only."""
    try:
        issuer = jose.parse(assertion).claims.get("iss")
    except jose.BadJose:
        return None
    return issuer if isinstance(issuer, str) else None


class Assertions:
    """Verifies client assertions and remembers their jti, so that none counts twice."""

    def __init__(self):
        self._seen: dict[tuple[str, str], float] = {}

    def client_of(self, form: dict, clients: dict[str, Client], audience: str) -> Client:
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            raise BadClient("No client credentials found")
        try:
            jws = jose.parse(form["client_assertion"])
            client = self._client(jws, clients)
            jose.verify(jws, client.jwk)
        except jose.BadJose as error:
            raise BadClient(f"The client_assertion is invalid: {error}") from error
        self._check_claims(jws.claims, client, audience)
        return client

    def _client(self, jws: jose.Jws, clients: dict[str, Client]) -> Client:
        client = clients.get(str(jws.claims.get("iss")))
        if client is None or client.jwk is None:
            raise BadClient("The iss of the client_assertion is no known client")
        if not jws.header.get("kid") or jws.header["kid"] != client.jwk.get("kid"):
            raise BadClient("The kid of the client_assertion is not a key of the client")
        return client

    def _check_claims(self, claims: dict, client: Client, audience: str) -> None:
        now = time.time()
        audiences = claims.get("aud")
        expires, jti = claims.get("exp"), claims.get("jti")
        rules = (
            (claims.get("sub") == client.client_id, "sub is not the client id"),
            (audience in (audiences if isinstance(audiences, list) else [audiences]),
             "aud is not the token endpoint"),
            (_is_time(expires) and expires > now, "exp is missing or past"),
            (_is_time(expires) and expires <= now + MAX_ASSERTION_S + CLOCK_SKEW_S,
             "exp is too far in the future"),
            (not _is_time(claims.get("iat")) or claims["iat"] <= now + CLOCK_SKEW_S,
             "iat is in the future"),
            (isinstance(jti, str) and jti != "", "jti is missing"),
        )
        for holds, text in rules:
            if not holds:
                raise BadClient(f"The client_assertion is invalid: {text}")
        self._use(client.client_id, jti, expires, now)

    def _use(self, client_id: str, jti: str, expires: float, now: float) -> None:
        self._seen = {key: until for key, until in self._seen.items() if until > now}
        if (client_id, jti) in self._seen:
            raise BadClient("The client_assertion was used before")
        self._seen[(client_id, jti)] = expires


class Proofs:
    """Checks DPoP proofs: at the token endpoint with a nonce, at the API with the token's hash."""

    def __init__(self):
        self.nonce = secrets.token_urlsafe(16)

    def at_token_endpoint(self, request: Request, url: str) -> str:
        """The thumbprint of the key that the token gets bound to."""
        jws = self._checked(request, url)
        if jws.claims.get("nonce") != self.nonce:
            raise BadProof("Authorization server requires nonce in DPoP proof.", "use_dpop_nonce")
        return jose.thumbprint(jws.header["jwk"])

    def at_api(self, request: Request, url: str, token_text: str, token) -> None:
        jws = self._checked(request, url)
        digest = jose.encode(hashlib.sha256(token_text.encode()).digest())
        jti = jws.claims["jti"]
        if jws.claims.get("ath") != digest:
            raise BadProof("ath is not the hash of the token")
        if not hmac.compare_digest(jose.thumbprint(jws.header["jwk"]), token.thumbprint):
            raise BadProof("the token is bound to another key")
        if jti in token.used_proofs:
            raise BadProof("the proof was used before")
        token.used_proofs.add(jti)

    def _checked(self, request: Request, url: str) -> jose.Jws:
        if "dpop" not in request.headers:
            raise BadProof("The DPoP proof JWT header is missing.")
        try:
            jws = jose.parse(request.headers["dpop"])
            key = jws.header.get("jwk")
            jose.check_key(key)
            jose.verify(jws, key)
        except jose.BadJose as error:
            raise BadProof(str(error)) from error
        claims = jws.claims
        issued = claims.get("iat")
        rules = (
            (jws.header.get("typ") == "dpop+jwt", "typ is not dpop+jwt"),
            ("d" not in key, "the jwk holds a private key"),
            (claims.get("htm") == request.method, "htm is not the method"),
            (claims.get("htu") == url, "htu is not the URL"),
            (_is_time(issued) and abs(time.time() - issued) <= PROOF_AGE_S, "iat is not now"),
            (isinstance(claims.get("jti"), str), "jti is missing"),
        )
        for holds, text in rules:
            if not holds:
                raise BadProof(text)
        return jws


def _is_time(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
