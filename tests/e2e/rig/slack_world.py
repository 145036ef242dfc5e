# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Acme with Slack: an app that asks people and one that ends sessions, and what people do in the simulated workspace."""

import hashlib
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from rig.configuration import Configuration, Tenant
from rig.deadline import eventually
from rig.installation import Installation
from rig.mcp_client import Check
from rig.simulators import Provider
from rig.web import Web

VERIFY, REPORT = "quell.challenge.verify", "quell.challenge.report"
APPROVE, DENY = "quell.approval.approve", "quell.approval.deny"


class Workspace:
    """The simulator as seen by one app of its own."""

    def __init__(self, provider: Provider):
        self.provider = provider
        made = provider.new_client()
        self.client_id, self.secret = made["client_id"], made["client_secret"]
        self.bot_token, self.user_token = f"xoxb-{self.secret}", f"xoxp-{self.secret}"
        self.signing_secret = hashlib.sha256(f"signing {self.secret}".encode()).hexdigest()[:32]

    def listen_at(self, url: str) -> None:
        self.provider.control("POST", "/apps", {"client_id": self.client_id, "request_url": url})

    def press(self, user: str, action: str, **order) -> list[dict]:
        return self.provider.control("POST", "/press", {"client_id": self.client_id, "user": user, "action": action, **order})

    def command(self, user: str, text: str, **order) -> list[dict]:
        return self.provider.control("POST", "/command", {"client_id": self.client_id, "user": user, "text": text, **order})

    def user_id(self, email: str) -> str:
        users = self.provider.state()["users"]
        return next(user["id"] for user in users if user["email"] == email and user["team"] == "T01CORP")

    def messages(self, email: str) -> list[dict]:
        """What the app wrote to that person, oldest first."""
        user = self.user_id(email)
        return [message for message in self.provider.state()["messages"]
                if message["app_id"] == self.client_id and message["user"] == user]

    def posted(self, words: str) -> list[dict]:
        """What the app wrote into rooms with these words, oldest first."""
        return [message for message in self.provider.state()["messages"]
                if message["app_id"] == self.client_id and message["channel"][0] == "C" and words in text_of(message)]

    def told(self, email: str, words: str, times: int = 1) -> dict:
        """The newest message to that person with these words, once there are so many."""
        def look():
            found = [message for message in self.messages(email) if words in text_of(message)]
            return found[-1] if len(found) >= times else None
        return eventually(look, f"{email} is told: {words}")

    def post_card(self, email: str, action: str, value: str) -> None:
        """A message with one button, as the app would post it."""
        def call(method: str, **body):
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.bot_token}"}
            return Web().send("POST", f"{self.provider.base_url}/api/{method}", headers, json.dumps(body)).json
        channel = call("conversations.open", users=self.user_id(email))["channel"]["id"]
        button = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "Go"}}
        assert call("chat.postMessage", channel=channel, text="card",
                    blocks=[{"type": "actions", "block_id": "decide", "elements": [button]}])["ok"]


def text_of(message: dict) -> str:
    words = [message["text"]]
    for block in message["blocks"]:
        words.append(block.get("text", {}).get("text", "") if isinstance(block.get("text"), dict) else "")
        words += [element.get("text", "") for element in block.get("elements", []) if isinstance(element.get("text"), str)]
    return "\n".join(words)


def has_buttons(message: dict) -> bool:
    return any(block["type"] == "actions" for block in message["blocks"])


def build(folder: Path, slack: Provider, isolation: str = "process", check: Check | None = None,
          tables: dict | None = None, more: str = "", **challenges) -> tuple[Installation, Workspace]:
    """Not started; `challenges` goes into the tenant's table of that name, `tables` and `more` beside it."""
    workspace = Workspace(slack)
    configuration = Configuration(folder, isolation, providers=[slack.base_url], plugins=["slack"])
    bot = configuration.secret("slack_bot_token", workspace.bot_token)
    asks = {"base_url": slack.base_url, "bot_token": bot,
            "signing_secret": configuration.secret("slack_signing_secret", workspace.signing_secret)}
    ends = {"base_url": slack.base_url, "bot_token": bot,
            "user_token": configuration.secret("slack_user_token", workspace.user_token)}
    configuration.tenants["acme"] = Tenant({"slack": asks, "slack_enterprise": ends}, more=more,
                                                 tables={**({"challenges": challenges} if challenges else {}), **(tables or {})})
    return Installation(configuration, {"slack": slack}, check), workspace


def change_store(installation: Installation, sql: str, *values) -> None:
    """Behind the host's back, as if time had passed."""
    with closing(sqlite3.connect(installation.configuration.store, isolation_level=None)) as connection:
        assert connection.execute(sql, values).rowcount == 1


def add_approval(installation: Installation, requester: str = "user:somebody", approvers: str = "[]") -> str:
    """A request that waits, as a use case makes one."""
    approval, now = f"appr_{time.monotonic_ns():020d}", int(time.time() * 1000)
    change_store(installation, "INSERT INTO approvals (id, tenant, kind, resource, operation, arguments_digest, requester, requester_label, "
                 "requested_by, reason, approvers, single_use, status, requested_at, expires_at) "
                 "VALUES (?, 'acme', 'secret', ?, 'read', zeroblob(32), ?, 'Somebody', '', 'INC-1', ?, 0, 'pending', ?, ?)",
                 approval, f"vsecure://secrets/{approval}", requester, approvers, now, now + 3_600_000)
    return approval


def approval_status(installation: Installation, approval: str) -> str:
    with closing(sqlite3.connect(installation.configuration.store)) as connection:
        return connection.execute("SELECT status FROM approvals WHERE id = ?", (approval,)).fetchone()[0]
