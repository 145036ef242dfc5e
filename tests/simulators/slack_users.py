# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The people and the apps of the simulated Slack workspace."""

import hashlib
from dataclasses import dataclass

from seed import ACCOUNTS
from tokens import Client

TEAM, OTHER_TEAM, ENTERPRISE = "T01CORP", "T99ELSEWHERE", "E01CORP"
# People of `quell dev`, and of tests that sign people in at Quell.
QUELL_USERS = tuple(f"{role}@acme.example" for role in ("owner", "admin", "analyst", "viewer"))


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:9].upper()


@dataclass
class User:
    email: str
    name: str
    team: str = TEAM
    deleted: bool = False
    is_bot: bool = False
    confirmed: bool = True
    sessions: int = 3

    @property
    def user_id(self) -> str:
        return "U" + short_hash(f"{self.team} {self.email}")

    def profile(self) -> dict:
        """As users.info and users.lookupByEmail show it."""
        return {"id": self.user_id, "team_id": self.team, "name": self.name.lower(), "real_name": self.name,
                "deleted": self.deleted, "is_bot": self.is_bot, "is_app_user": False,
                "is_email_confirmed": self.confirmed, "is_stranger": self.team != TEAM, "updated": 1502138686,
                "profile": {"email": self.email, "real_name": self.name, "real_name_normalized": self.name,
                            "display_name": self.name, "display_name_normalized": self.name,
                            "avatar_hash": "ge3b51ca72de", "team": self.team}}

    def view(self) -> dict:
        return {"id": self.user_id, "email": self.email, "team": self.team, "sessions": self.sessions,
                "deleted": self.deleted}


def seeded_users() -> dict[str, User]:
    people = [User(account.email, account.first, deleted=account.status != "ACTIVE")
              for account in ACCOUNTS if account.email == account.login]
    people += [User(email, email.partition("@")[0].title()) for email in QUELL_USERS]
    # Somebody else's workspace calls its user like our owner, who has an account here too.
    people += [User("owner@acme.example", "Mallory", team=OTHER_TEAM)]
    return {user.user_id: user for user in people}


def bot_of(client: Client) -> User:
    return User(f"{client.client_id}@bots.invalid", "Quell", is_bot=True)


def bot_token(client: Client) -> str:
    return f"xoxb-{client.secret}"


def user_token(client: Client) -> str:
    return f"xoxp-{client.secret}"


def signing_secret(client: Client) -> str:
    return hashlib.sha256(f"signing {client.secret}".encode()).hexdigest()[:32]
