# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The world that most tests share: Acme with all three connectors, and its neighbours, each with one thing different.

Every installation has API clients of its own at the simulators, so that their ledgers tell installations apart.
"""

from pathlib import Path

from rig.configuration import Configuration, Tenant
from rig.installation import Installation
from rig.mcp_client import Check
from rig.okta_key import OktaKey
from rig.quell_process import test_plugin_directory
from rig.simulators import Provider

# Device and account ids of the simulators' seed are found by name, in seed.py's words.
ALICE, BOB, CAROL, DAVE = (f"{name}@corp.example" for name in ("alice", "bob", "carol", "dave"))
ERIN, FRANK, GRACE, HEIDI = (f"{name}@corp.example" for name in ("erin", "frank", "grace", "heidi"))
ALICE_MAC, BOB_WIN, LAB_IMAC = "alice-mac.corp.example", "bob-win.corp.example", "lab-imac.corp.example"
ALICE_SERIAL = "C02ALICE0001"


def connector_settings(configuration: Configuration, providers: dict[str, Provider]) -> dict[str, dict]:
    """Settings of the three connectors, with new credentials at each provider."""
    found = {}
    for key in ("crowdstrike", "jamf"):
        made = providers[key].new_client()
        found[key] = {"base_url": providers[key].base_url, "client_id": made["client_id"],
                      "client_secret": configuration.secret(f"{key}_{made['client_id']}", made["client_secret"])}
    key = OktaKey()
    made = providers["okta"].new_client(jwk=key.jwk)
    found["okta"] = {"base_url": providers["okta"].base_url, "client_id": made["client_id"],
                     "key_id": key.key_id,
                     "private_key": configuration.secret(f"okta_{made['client_id']}", key.pem)}
    return found


def build(folder: Path, providers: dict[str, Provider], isolation: str = "process",
          check: Check | None = None) -> Installation:
    """A small installation: the tenant acme with every connector. Not started, settings not yet written."""
    configuration = Configuration(folder, isolation, providers=[p.base_url for p in providers.values()])
    configuration.tenants["acme"] = Tenant(connector_settings(configuration, providers))
    return Installation(configuration, providers, check)


def build_content(folder: Path, isolation: str = "process", check: Check | None = None, **settings) -> Installation:
    """A host whose only plugin is the one of tests/plugins that offers MCP content; connector `fixtures` of acme."""
    configuration = Configuration(folder, isolation, plugins=["mcp-fixtures"], plugin_folder=test_plugin_directory())
    configuration.tenants["acme"] = Tenant({"fixtures": settings})
    return Installation(configuration, {}, check)


def add_neighbours(installation: Installation) -> None:
    """Tenants beside acme, for what the settings alone decide."""
    tenants = installation.configuration.tenants
    connectors = tenants["acme"].connectors
    falcon = {"crowdstrike": connectors["crowdstrike"]}
    # V57: an EDR and no MDM.
    tenants["edr-only"] = Tenant(falcon)
    # Configured, but Jamf is switched off (V62).
    tenants["no-jamf"] = Tenant(connectors, enabled={"jamf": False})
    tenants["pins-shown"] = Tenant(connectors, containment={"pin_in_result": True})
    tenants["hasty"] = Tenant(connectors, containment={"wait_seconds": 1}, revocation={"wait_seconds": 1})
    tenants["release-only"] = Tenant(falcon, actions={"crowdstrike": ["release_containment"]})
    tenants["unasked"] = Tenant(falcon, tables={"challenges": {"enabled": False}})
    tenants["patient"] = Tenant(falcon, tables={"challenges": {"expiry_minutes": 60}})
    for enabled in (True, False):
        for via_mcp in (True, False):
            pair = {"enabled": enabled, "allow_via_mcp": via_mcp}
            tenants[switches_tenant(enabled, via_mcp)] = Tenant(connectors, containment=pair, revocation=pair)


def switches_tenant(enabled: bool, via_mcp: bool) -> str:
    return f"switch-{'on' if enabled else 'off'}-{'on' if via_mcp else 'off'}"


def serials(provider: Provider) -> dict[str, str]:
    """CrowdStrike's device ids by serial number."""
    return {host["serial_number"]: host["device_id"] for host in _rows(provider, "hosts")}


def hosts(provider: Provider) -> dict[str, dict]:
    """CrowdStrike's hosts by serial number."""
    return {host["serial_number"]: host for host in _rows(provider, "hosts")}


def computers(provider: Provider) -> dict[str, dict]:
    """Jamf's computers by host name."""
    return {computer["hostname"]: computer for computer in _rows(provider, "computers")}


def accounts(provider: Provider) -> dict[str, dict]:
    """Okta's users by login."""
    return {user["login"]: user for user in _rows(provider, "users")}


def _rows(provider: Provider, member: str) -> list[dict]:
    found = provider.state()[member]
    return list(found.values()) if isinstance(found, dict) else found
