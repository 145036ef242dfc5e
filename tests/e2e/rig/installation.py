# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A whole installation under test: settings, a served host, its command line, people and clients."""

import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rig import quell_process
from rig.configuration import Configuration
from rig.mcp_client import Check, Legacy, McpClient, Modern
from rig.oauth_client import ALL_SCOPES, Discovery, OAuthClient, discover
from rig.quell_process import Host
from rig.rest_client import RestClient
from rig.simulators import Provider
from rig.web import Web

REDIRECT = "http://127.0.0.1:33418/callback"


class CommandFailed(AssertionError):
    def __init__(self, code: int, output: str, complaint: str):
        super().__init__(f"exit {code}: {output} {complaint}")
        self.code = code
        self.output = output
        self.complaint = complaint

    @property
    def document(self) -> dict:
        return json.loads(self.output)

    @property
    def error(self) -> dict:
        return self.document["error"]


@dataclass
class Installation:
    """Owns the host process, if started. Its command line works with and without it."""

    configuration: Configuration
    providers: dict[str, Provider]
    check: Check | None = None
    host: Host | None = None
    web: Web = field(default_factory=Web)
    environment: dict[str, str] = field(default_factory=dict)
    _machines: dict[str, OAuthClient] = field(default_factory=dict)
    _tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        return self.configuration.base_url

    @property
    def mcp_url(self) -> str:
        return f"{self.base_url}/mcp"

    @property
    def log(self) -> str:
        return (self.configuration.folder / "quell.log").read_text(errors="replace")

    @property
    def pid(self) -> int:
        assert self.host
        return self.host.pid

    def start(self) -> "Installation":
        """Starts the host; the same store and settings as before."""
        self.host = Host(["-c", self.configuration.path, "serve"], self.configuration.folder, self.environment)
        self.host.wait_ready(self.base_url, trust=self.web.trust)
        return self

    def stop(self) -> int:
        assert self.host
        return self.host.stop()

    def end(self) -> None:
        """For tear-down: whatever its state, it is gone afterwards."""
        if self.host and self.host.process.poll() is None:
            self.host.stop()

    # ---- command line

    def quell(self, *arguments: str | Path, given: str | None = None):
        """A command's JSON answer; CommandFailed otherwise."""
        done = quell_process.run("--json", "-c", self.configuration.path, *arguments, given=given)
        if done.returncode != 0:
            raise CommandFailed(done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refusal(self, *arguments: str | Path, given: str | None = None) -> CommandFailed:
        """The failure of a command that must not succeed."""
        try:
            answer = self.quell(*arguments, given=given)
        except CommandFailed as failure:
            return failure
        raise AssertionError(f"succeeded: {answer}")

    def user(self, email: str, role: str, tenant: str = "acme") -> dict:
        password = f"correct horse {os.urandom(8).hex()}"
        self.quell("user", "add", email, "--role", role, "--tenant", tenant, "--password-stdin",
                   given=password + "\n")
        return {"email": email, "password": password, "role": role}

    def client(self, tenant: str = "acme", public: bool = False, name: str = "Test client",
               redirects: list[str] | None = None, scope: str = ALL_SCOPES) -> OAuthClient:
        """A static client; with redirect URIs for people, without for machines."""
        options: list[str] = ["--public"] if public else []
        for uri in redirects or []:
            options += ["--redirect-uri", uri]
        for word in scope.split():
            options += ["--scope", word]
        made = self.quell("client", "create", "--tenant", tenant, "--name", name, *options)
        return OAuthClient(self.discovery, made["client_id"], made["client_secret"],
                           redirects[0] if redirects else "", self.web)

    # ---- clients of the wire

    @cached_property
    def discovery(self) -> Discovery:
        return discover(self.mcp_url, self.web)

    def machine(self, tenant: str = "acme") -> OAuthClient:
        """The tenant's client for client_credentials; one for each tenant, made when first needed."""
        if tenant not in self._machines:
            self._machines[tenant] = self.client(tenant, name=f"Machine of {tenant}")
        return self._machines[tenant]

    def token(self, tenant: str = "acme", scope: str = ALL_SCOPES) -> str:
        if (tenant, scope) not in self._tokens:
            self._tokens[tenant, scope] = self.machine(tenant).machine_token(scope)
        return self._tokens[tenant, scope]

    def mcp(self, tenant: str = "acme", scope: str = ALL_SCOPES, token: str | None = None) -> McpClient:
        """A client of the newer era with a machine's token."""
        return Modern(self.mcp_url, token or self.token(tenant, scope), self.check, self.web)

    def legacy(self, tenant: str = "acme", scope: str = ALL_SCOPES, version: str = "2025-11-25") -> Legacy:
        return Legacy(self.mcp_url, self.token(tenant, scope), self.check, self.web, version)

    def rest(self, tenant: str = "acme", scope: str = ALL_SCOPES, token: str | None = None) -> RestClient:
        """A client of the REST door with a machine's token."""
        return RestClient(self.base_url, {"Authorization": f"Bearer {token or self.token(tenant, scope)}"}, self.web)

    # ---- what happened

    def audit(self, tenant: str = "acme", **filters: str) -> list[dict]:
        options = [word for name, value in filters.items() for word in (f"--{name}", value)]
        return self.quell("audit", "tail", "--tenant", tenant, "-n", "10000", *options)

    def usage(self, tenant: str = "acme") -> int:
        """Units of all kinds and months."""
        return self.quell("usage", "--tenant", tenant)["units"]

    def requests(self, kind: str = "containment", tenant: str = "acme") -> list[dict]:
        """The newest first."""
        return self.quell("request", "list", "--kind", kind, "--tenant", tenant, "-n", "1000")["requests"]
