# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the Vault simulator keeps: secrets in versions, leases, wrapped answers. The owner locks."""

import secrets
import time
from dataclasses import dataclass, field

from provider import utc_text


@dataclass
class Version:
    data: dict
    created: float
    deleted: float | None = None
    destroyed: bool = False

    def metadata(self, number: int) -> dict:
        return {"created_time": utc_text(self.created), "custom_metadata": None,
                "deletion_time": utc_text(self.deleted) if self.deleted else "",
                "destroyed": self.destroyed, "version": number}

    def readable(self) -> bool:
        return self.deleted is None and not self.destroyed


class Secrets:
    """KV version 2: paths with versions counted from 1."""

    def __init__(self):
        self._paths: dict[str, list[Version]] = {}

    def versions(self, path: str) -> list[Version]:
        return self._paths.get(path, [])

    def write(self, path: str, data: dict) -> int:
        self._paths.setdefault(path, []).append(Version(dict(data), time.time()))
        return len(self._paths[path])

    def forget(self, path: str) -> None:
        self._paths.pop(path, None)

    def names(self, folder: str) -> list[str]:
        """What lies directly below: names, and folders with a slash at their end."""
        below = {path[len(folder):] for path in self._paths if path.startswith(folder)}
        return sorted({name.partition("/")[0] + ("/" if "/" in name else "") for name in below})

    def view(self) -> dict:
        return {path: [{"data": version.data, "readable": version.readable()} for version in versions]
                for path, versions in self._paths.items()}


@dataclass
class Lease:
    role: str
    client_id: str
    token: str  # that it was made with, and that it ends with
    username: str
    expires: float
    renewable: bool
    revoked: bool = False

    def live(self) -> bool:
        return not self.revoked and time.monotonic() < self.expires


class Leases:
    def __init__(self):
        self._leases: dict[str, Lease] = {}

    def make(self, role: str, client_id: str, token: str, lifetime_s: float, renewable: bool) -> tuple[str, Lease]:
        lease_id = f"database/creds/{role}/{secrets.token_urlsafe(12)}"
        lease = Lease(role, client_id, token, f"v-{role}-{secrets.token_hex(4)}",
                      time.monotonic() + lifetime_s, renewable)
        self._leases[lease_id] = lease
        return lease_id, lease

    def find(self, lease_id: str) -> Lease | None:
        return self._leases.get(lease_id)

    def end_with(self, token_is_dead) -> None:
        for lease in self._leases.values():
            if token_is_dead(lease.token):
                lease.revoked = True

    def view(self) -> list[dict]:
        return [{"id": lease_id, "role": lease.role, "client": lease.client_id,
                 "username": lease.username, "live": lease.live()} for lease_id, lease in self._leases.items()]


@dataclass
class Wrapped:
    answer: dict
    expires: float
    path: str
    created: float = field(default_factory=time.time)


class Wrappings:
    """Answers behind tokens that work once."""

    def __init__(self):
        self._wrapped: dict[str, Wrapped] = {}

    def put(self, answer: dict, ttl_s: int, path: str) -> str:
        token = "hvs.wrap-" + secrets.token_urlsafe(24)
        self._wrapped[token] = Wrapped(answer, time.monotonic() + ttl_s, path)
        return token

    def look(self, token: str) -> Wrapped | None:
        found = self._wrapped.get(token)
        return found if found is not None and time.monotonic() < found.expires else None

    def take(self, token: str) -> Wrapped | None:
        found = self.look(token)
        self._wrapped.pop(token, None)
        return found

    def count(self) -> int:
        return sum(1 for token in list(self._wrapped) if self.look(token))
