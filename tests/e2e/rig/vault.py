# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A Vault behind a connector: its settings, and connectors whose secrets lie in it."""

from rig.configuration import Configuration
from rig.simulators import Provider

CANARY = "canary-5f1c-of-vault"


def vault_settings(configuration: Configuration, vault: Provider, **more) -> dict:
    """Settings of a vault connector with an AppRole of its own."""
    made = vault.new_client()
    return {"base_url": vault.base_url, "role_id": made["client_id"],
            "secret_id": configuration.secret(f"vault_{made['client_id']}", made["client_secret"]), **more}


def put(vault: Provider, path: str, **fields: str) -> None:
    """A new version of a secret, as somebody else writes it."""
    vault.control("POST", "/secrets", {"path": path, "data": fields})


def reference(path: str, field: str, connector: str = "vault") -> dict:
    return {"secret": f"{connector}:{path}#{field}"}


def keep_in_vault(configuration: Configuration, vault: Provider, crowdstrike: Provider, tenant: str = "acme") -> str:
    """Adds a vault to the tenant and moves CrowdStrike's secret into it; the API client's id. The settings name the
    dependent connector first."""
    if "vault-secrets" not in configuration.plugins:
        configuration.plugins.append("vault-secrets")
    connectors = configuration.tenants[tenant].connectors
    client = crowdstrike.new_client()
    put(vault, f"{tenant}/crowdstrike", client_secret=client["client_secret"], note=CANARY)
    connectors["crowdstrike"] = {"base_url": crowdstrike.base_url, "client_id": client["client_id"],
                                 "client_secret": reference(f"secret/{tenant}/crowdstrike", "client_secret")}
    connectors["vault"] = vault_settings(configuration, vault)
    return client["client_id"]
