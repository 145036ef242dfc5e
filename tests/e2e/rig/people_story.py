# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The part of the demo in which people answer in Slack: a challenge, and the approval of a guarded secret."""

import json

from rig.deadline import eventually
from rig.mcp_client import Modern
from rig.oauth_client import OAuthClient, discover
from rig.simulators import Provider
from rig.slack_world import APPROVE, REPORT, has_buttons
from rig.web import Web

SCOPES = "mcp:read mcp:access secrets:read"
SECRET = "vsecure://secrets/production/DATABASE_URL"


class People:
    """What an agent asks of people, and what they do in the simulated workspace of `quell dev`."""

    def __init__(self, ready: dict, slack: Provider, vault: Provider):
        self.ready, self.slack, self.vault = ready, slack, vault

    def report(self, mcp: Modern, target: str, context: str) -> dict:
        """The challenge as it ended, once `target` has pressed "It was not me"."""
        made = mcp.tool("create_challenge", target_user_email=target, integration_type="slack", context=context).order
        self._press(target, REPORT)

        def ended():
            now = mcp.tool("get_challenge_status", challenge_id=made["challenge_id"]).order
            return now if now["status"] not in ("initiated", "in_progress") else None

        return eventually(ended, "the challenge ends")

    def agent(self, make_client) -> Modern:
        """An agent of its own that may read guarded secrets; `make_client` runs `quell client create`."""
        made = make_client("client", "create", "--name", "Repair agent",
                           *[word for scope in SCOPES.split() for word in ("--scope", scope)])
        client = OAuthClient(discover(self.ready["mcp_url"]), made["client_id"], made["client_secret"], "")
        return Modern(self.ready["mcp_url"], client.machine_token(SCOPES))

    def approve(self, approval: str, approver: str) -> dict:
        """The card in the room about `approval`, after `approver` has pressed its button."""
        card = eventually(lambda: self._card(approval), "the room hears of the request")
        self._press(approver, APPROVE, channel=card["channel"], ts=card["ts"])
        return eventually(lambda: next((m for m in self._messages() if m["ts"] == card["ts"] and not has_buttons(m)), None),
                          "the card shows the decision")

    def open(self, agent: Modern, reference: str) -> str:
        """What the program that needs the value does with the reference; it opens once."""
        headers = {"Authorization": f"Bearer {agent.token}", "Content-Type": "application/json"}
        address = f"{self.ready['issuer']}/v1/security/mcp/unwrap"
        first, again = (Web().send("POST", address, headers, json.dumps({"reference": reference})) for _ in range(2))
        assert (first.status, again.status) == (200, 404), f"{first.text} {again.text}"
        return first.json["value"]

    def _press(self, email: str, action: str, **where) -> None:
        answers = self.slack.control("POST", "/press", {"user": email, "action": action, **where})
        assert answers and all(answer["status"] == 200 for answer in answers), answers

    def _messages(self) -> list[dict]:
        return self.slack.state()["messages"]

    def _card(self, approval: str) -> dict | None:
        return next((m for m in self._messages() if approval in json.dumps(m["posted_blocks"])), None)
