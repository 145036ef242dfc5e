# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A host with guarded secrets and no plugin, its people and an agent."""

import json
from pathlib import Path
from urllib.parse import quote

from rig.configuration import Configuration, Tenant
from rig.installation import Installation
from rig.mcp_client import Check, Legacy, Modern
from rig.web import Reply

SCOPES = "mcp:read mcp:access secrets:read secrets:write secrets:delete audit:read"
BASE = "/v1/security/mcp"
DATABASE = "vsecure://secrets/production/DATABASE_URL"

RULES = """
[approvals.roles]
oncall-engineer = ["oncall@acme.example"]
[secrets]
default_environment = "production"
[[secrets.rules]]
uri = "vsecure://secrets/production/*"
name = "Production secrets"
description = "Databases and tokens"
permissions = ["read"]
approvers = ["admin@acme.example", "oncall-engineer"]
[[secrets.rules]]
uri = "vsecure://secrets/staging/*"
permissions = ["read", "write"]
min_reason_length = 20
[[secrets.rules]]
uri = "vsecure://secrets/development/*"
permissions = ["read", "write"]
requires_approval = false
[[secrets.rules]]
uri = "vsecure://secrets/shown/*"
permissions = ["read", "write"]
requires_approval = false
value_in_result = true
"""


def build(folder: Path, check: Check | None = None, more: str = "") -> Installation:
    configuration = Configuration(folder, plugins=[])
    configuration.tenants["acme"] = Tenant(more=RULES + more)
    configuration.tenants["globex"] = Tenant(more=RULES)
    configuration.with_admin()
    configuration.write()
    return Installation(configuration, {}, check)


class Guarded:
    """A started installation with who takes part in its stories."""

    def __init__(self, installation: Installation):
        self.host = installation
        self.admin = installation.user("admin@acme.example", "admin")
        self.oncall = installation.user("oncall@acme.example", "analyst")
        self.analyst = installation.user("analyst@acme.example", "analyst")
        self.agent_token = installation.client(name="Agent", scope=SCOPES).machine_token(SCOPES)
        self._keys: dict[str, str] = {}

    # ---- an agent

    def agent(self) -> Modern:
        return Modern(self.host.mcp_url, self.agent_token, self.host.check, self.host.web)

    def legacy(self) -> Legacy:
        return Legacy(self.host.mcp_url, self.agent_token, self.host.check, self.host.web, "2025-11-25")

    def other_agent(self, tenant: str = "acme") -> str:
        return self.host.client(tenant, name="Other agent", scope=SCOPES).machine_token(SCOPES)

    # ---- REST

    def key(self, person: dict) -> str:
        email = person["email"]
        if email not in self._keys:
            made = self.host.quell("key", "create", "--tenant", "acme", "--user", email, "--name", email.partition("@")[0])
            self._keys[email] = made["api_key"]
        return self._keys[email]

    def call(self, method: str, path: str, who: dict | str, body: dict | None = None, **headers: str) -> Reply:
        """`who` is a person, whose key is sent, or a bearer token."""
        proof = {"X-API-Key": self.key(who)} if isinstance(who, dict) else {"Authorization": f"Bearer {who}"}
        sent = {**proof, "Accept": "application/json", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        return self.host.web.send(method, f"{self.host.base_url}{BASE}{path}", sent, None if body is None else json.dumps(body))

    def read(self, uri: str, who: dict | str | None = None) -> Reply:
        return self.call("GET", f"/resources/{quote(uri, safe='')}", who or self.agent_token)

    def respond(self, approval: str, who: dict, action: str = "approve", **more) -> Reply:
        return self.call("POST", f"/approvals/{approval}/respond", who, {"action": action, "reason": "Seen in INC-4711", **more})

    def ask(self, uri: str, who: dict | str | None = None, **more) -> dict:
        reply = self.call("POST", "/approve", who or self.agent_token,
                          {"resource": uri, "operation": "read", "reason": "INC-4711: the database is down", **more})
        assert reply.status == 201, reply.text
        return reply.json

    # ---- the operator

    def put(self, uri: str, value: str) -> dict:
        return self.host.quell("secret", "set", "--tenant", "acme", uri, "--reason", "first value", given=value + "\n")

    def pending(self) -> list[dict]:
        return self.host.quell("approvals", "list", "--tenant", "acme", "--status", "pending")
