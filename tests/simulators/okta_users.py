# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The accounts that the Okta simulator knows, what they hold, and the system log."""

import time
import uuid

from provider import utc_text
from seed import (ACCOUNTS, LONG_AGO, OAUTH_TOKENS, REMEMBERED_DEVICES, SESSIONS, Account)

# What each account starts with, besides what seed.py says.
GRANTS = 2
CLIENT_TOKENS = {"0oaclientapp00000001": 2, "0oaclientapp00000002": 1}

_STAMP = LONG_AGO.replace("Z", ".000Z")


class User:
    def __init__(self, account: Account):
        self.account = account
        self.id = account.user_id()
        self.sessions = SESSIONS
        self.oauth_tokens = OAUTH_TOKENS
        self.remembered_devices = REMEMBERED_DEVICES
        self.revocations = 0
        self.grants = GRANTS
        self.client_tokens = dict(CLIENT_TOKENS)
        self.status = account.status
        self.in_crowd = False

    def suspend(self) -> bool:
        """Only an active user can be suspended, and only a suspended one unsuspended."""
        was = self.status
        self.status = "SUSPENDED" if was == "ACTIVE" else was
        return was == "ACTIVE"

    def unsuspend(self) -> bool:
        was = self.status
        self.status = "ACTIVE" if was == "SUSPENDED" else was
        return was == "SUSPENDED"

    def revoke(self, oauth_tokens: bool, forget_devices: bool) -> None:
        self.revocations += 1
        self.sessions = 0
        if oauth_tokens:
            self.oauth_tokens = 0
        if forget_devices:
            self.remembered_devices = 0

    def record(self, base_url: str) -> dict:
        account = self.account
        return {
            "id": self.id, "status": self.status, "created": _STAMP, "activated": _STAMP,
            "statusChanged": _STAMP, "lastLogin": _STAMP, "lastUpdated": _STAMP,
            "passwordChanged": _STAMP, "type": {"id": "oty0000000000000user"},
            "profile": {"login": account.login, "email": account.email,
                        "firstName": account.first, "lastName": account.last},
            "credentials": {"provider": {"type": "OKTA", "name": "OKTA"}},
            "_links": {"self": {"href": f"{base_url}/api/v1/users/{self.id}"}},
        }

    def view(self) -> dict:
        """The user in the control server's state."""
        return {"id": self.id, "login": self.account.login, "email": self.account.email,
                "status": self.status, "sessions": self.sessions,
                "oauth_tokens": self.oauth_tokens,
                "remembered_devices": self.remembered_devices, "revocations": self.revocations,
                "grants": self.grants, "client_tokens": dict(self.client_tokens)}


def seeded_users() -> dict[str, User]:
    users = [User(account) for account in ACCOUNTS]
    return {user.id: user for user in users}


def crowd(count: int) -> dict[str, User]:
    """So many users with one e-mail address, for lists that do not fit one page."""
    users = [User(Account(f"crowd{number}@corp.example", "crowd@corp.example", "Crowd",
                          f"Number {number}")) for number in range(count)]
    for user in users:
        user.in_crowd = True
    return {user.id: user for user in users}


def session_clear_event(user: User, client_id: str) -> dict:
    account = user.account
    return {
        "uuid": str(uuid.uuid4()), "published": utc_text(time.time()),
        "eventType": "user.session.clear", "severity": "INFO",
        "displayMessage": "Clear user session", "outcome": {"result": "SUCCESS"},
        "actor": {"id": client_id, "type": "PublicClientApp", "alternateId": client_id,
                  "displayName": "Containment client"},
        "target": [{"id": user.id, "type": "User", "alternateId": account.login,
                    "displayName": f"{account.first} {account.last}"}],
    }
