# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""API clients and the access tokens they hold. The owner locks."""

import hmac
import secrets
import time
from dataclasses import dataclass, field


@dataclass
class Client:
    """An API client at a provider: with a secret (Jamf, CrowdStrike, Vault) or a public JWK (Okta)."""

    client_id: str
    secret: str | None = None
    jwk: dict | None = None

    def knows(self, secret: str) -> bool:
        return self.secret is not None and hmac.compare_digest(
            self.secret.encode(), secret.encode())


@dataclass
class Token:
    client_id: str
    scopes: frozenset[str]
    expires: float
    thumbprint: str | None = None  # of the DPoP key that the token is bound to
    used_proofs: set[str] = field(default_factory=set)

    def expired(self) -> bool:
        return time.monotonic() >= self.expires


class TokenStore:
    def __init__(self):
        self._tokens: dict[str, Token] = {}

    def issue(self, client_id: str, scopes, lifetime_s: float,
              thumbprint: str | None = None, prefix: str = "") -> str:
        text = prefix + secrets.token_urlsafe(32)
        self._tokens[text] = Token(client_id, frozenset(scopes), time.monotonic() + lifetime_s,
                                   thumbprint)
        return text

    def put(self, text: str, client_id: str, scopes, lifetime_s: float) -> None:
        """A token that the provider's pages show, in place of one that is asked for."""
        self._tokens[text] = Token(client_id, frozenset(scopes), time.monotonic() + lifetime_s)

    def find(self, text: str) -> Token | None:
        """The token, expired or not: what an expired one is answered is the provider's matter."""
        return self._tokens.get(text)

    def revoke(self, text: str) -> None:
        self._tokens.pop(text, None)

    def drop_all(self) -> None:
        self._tokens.clear()

    def live_by_client(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for token in self._tokens.values():
            if not token.expired():
                counts[token.client_id] = counts.get(token.client_id, 0) + 1
        return counts
