# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Writes a host's settings as an admin would: quell.toml, tenants/*.toml, secret files, pinned plugins."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rig.quell_process import free_port, plugin_directory

# Connector key of a tenant -> the plugin that serves it.
PLUGINS = {"crowdstrike": "crowdstrike", "jamf": "jamf", "okta": "okta-sessions",
           "fixtures": "mcp-fixtures", "vault": "vault-secrets", "slack": "slack", "slack_enterprise": "slack"}
# What an administrator agrees that a plugin may see itself.
RAW_SECRETS = {"slack": ["signing_secret"]}


@dataclass
class Tenant:
    """One tenants/NAME.toml. `connectors` maps a key to its settings."""

    connectors: dict[str, dict] = field(default_factory=dict)
    containment: dict = field(default_factory=dict)
    revocation: dict = field(default_factory=dict)
    enabled: dict[str, bool] = field(default_factory=dict)
    actions: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, dict] = field(default_factory=dict)  # more tables of the tenant
    more: str = ""  # further tables, as TOML
    openid: dict = field(default_factory=dict)

    def toml(self, name: str) -> str:
        on = {"enabled": True, "allow_via_mcp": True, "wait_seconds": 20}
        parts = [table("tenant", {"name": name}), table("session_revocation", {**on, **self.revocation}),
                 table("device_containment", {**on, **self.containment})]
        parts += [table(key, values) for key, values in self.tables.items()]
        if self.openid:
            parts.append(table("openid", self.openid))
        for key, settings in self.connectors.items():
            head = {"plugin": PLUGINS.get(key, "vault-secrets"), "enabled": self.enabled.get(key, True)}
            if key in self.actions:
                head["actions"] = self.actions[key]
            parts += [table(f"connectors.{key}", head), table(f"connectors.{key}.settings", settings)]
        return "\n".join([*parts, self.more])


@dataclass
class Configuration:
    """A folder with everything that `quell -c` needs. Change members, then write()."""

    folder: Path
    isolation: str = "process"
    tenants: dict[str, Tenant] = field(default_factory=dict)
    providers: list[str] = field(default_factory=list)  # base URLs that plugins may reach
    plugins: list[str] = field(default_factory=lambda: ["crowdstrike", "jamf", "okta-sessions"])
    plugin_folder: Path | None = field(default_factory=plugin_directory)  # none: not written
    limits: dict = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    tls: dict[str, str] = field(default_factory=dict)  # tls_cert, tls_key
    server: dict = field(default_factory=dict)  # more of [server]
    api_keys: dict = field(default_factory=dict)
    oauth: dict[str, dict] = field(default_factory=dict)  # table, such as "oauth.registration" -> its values
    tables: dict[str, dict] = field(default_factory=dict)  # more tables of quell.toml
    unpinned: set[str] = field(default_factory=set)
    pins: dict[str, str] = field(default_factory=dict)  # instead of the files' true digests
    admin_listen: str = ""  # host:port of the admin listener, none if empty
    store_folder: Path | None = None  # instead of `folder`

    @property
    def path(self) -> Path:
        return self.folder / "quell.toml"

    @property
    def store(self) -> Path:
        return (self.store_folder or self.folder) / "quell.db"

    @property
    def socket(self) -> Path:
        return self.folder / "admin.sock"

    @property
    def base_url(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{name}:{self.port}"

    @property
    def admin_url(self) -> str:
        return f"http://{self.admin_listen}"

    def with_admin(self) -> None:
        """A listener for health and metrics."""
        self.admin_listen = f"127.0.0.1:{free_port()}"

    def secret(self, name: str, value: str) -> dict[str, str]:
        """A secret file of mode 0600 and the reference to it."""
        path = self.folder / "secrets" / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value)
        return {"file": str(path)}

    def write(self) -> None:
        key = self.folder / "secrets" / "store_key"
        if not key.exists():
            self.secret("store_key", secrets.token_urlsafe(48))
        listen = self.base_url.partition("://")[2]
        admin = {"listen": self.admin_listen} if self.admin_listen else {}
        parts = [table("server", {"listen": listen, "public_url": self.base_url, **self.tls, **self.server}),
                 table("admin", {"socket": str(self.socket), **admin}),
                 table("store", {"url": f"sqlite:{self.store}", "key": {"file": str(key)}}),
                 table("plugin_trust", {**({"directory": str(self.plugin_folder)} if self.plugin_folder else {}),
                                        "require": "sha256"})]
        if self.api_keys:
            parts.append(table("api_keys", self.api_keys))
        parts += [table(name, values) for name, values in {**self.oauth, **self.tables}.items()]
        parts += [self._plugin(name) for name in self.plugins]
        self.path.write_text("\n".join(parts))
        (self.folder / "tenants").mkdir(exist_ok=True)
        for name, tenant in self.tenants.items():
            (self.folder / "tenants" / f"{name}.toml").write_text(tenant.toml(name))

    def _plugin(self, name: str) -> str:
        library = f"{name}.so"
        file = (self.plugin_folder or plugin_directory()) / library
        values = {"library": library, "isolation": self.isolation,
                  "egress": [urlsplit(url).netloc for url in self.providers],
                  "allow_insecure_loopback": True}
        if name in RAW_SECRETS:
            values["raw_secrets"] = RAW_SECRETS[name]
        if name not in self.unpinned:
            values["sha256"] = self.pins.get(name) or digest_of(file)
        if self.limits:
            values["limits"] = self.limits
        return table(f"plugins.{name}", values)


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "0" * 64


def table(name: str, values: dict) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {inline(value)}" for key, value in values.items())]) + "\n"


def inline(value) -> str:
    """A TOML value; JSON's spelling of strings, numbers, booleans and lists is TOML's too."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)
