# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Settings whose secrets lie in a tenant's Vault: fetched before the connector starts, fetched again when they change."""

import json

import pytest

from rig import quell_process
from rig.configuration import Tenant
from rig.deadline import eventually
from rig.vault import CANARY, keep_in_vault, put, reference, vault_settings
from rig.world import ALICE, BOB_WIN

MODES = ("process", "in_process")


@pytest.fixture
def vault(simulators):
    return simulators["vault"]


def contain(quell, **more):
    return quell.mcp().contain("network_contain", "hostname", BOB_WIN, integration_targets=["crowdstrike"], **more)


def reason(result) -> str:
    """Why nothing could be done, wherever the answer says it."""
    if result.is_error:
        return result.error["message"]
    return result.order["integrations"][0]["error"]["message"]


def uses(quell, tenant: str = "acme") -> list[dict]:
    return [entry for entry in quell.audit(tenant) if entry["event"].startswith("setting_secret_")]


@pytest.mark.parametrize("mode", MODES)
def test_a_connector_starts_with_the_secret_that_vault_keeps(fresh, vault, crowdstrike, mode):
    clients = []
    quell = fresh(mode, change=lambda c: clients.append(keep_in_vault(c, vault, crowdstrike)))

    assert contain(quell).order["status"] == "completed"

    assert [row["credential"] for row in crowdstrike.acted("contain")] == clients
    [use] = uses(quell)
    assert use["event"] == "setting_secret_fetched" and use["outcome"] == "ok"
    assert use["detail"]["reference"] == "vault:secret/acme/crowdstrike#client_secret"
    assert use["detail"]["version"] == 3


# LG-02: neither the value that is used nor one beside it is written anywhere.
@pytest.mark.parametrize("mode", MODES)
def test_no_value_of_vault_reaches_log_trail_store_or_answer(fresh, vault, crowdstrike, mode):
    quell = fresh(mode, change=lambda c: keep_in_vault(c, vault, crowdstrike))
    secret = vault.state()["secrets"]["acme/crowdstrike"][-1]["data"]["client_secret"]

    answer = contain(quell)
    vault.settings(sealed=True)
    quell.stop()

    written = [path.read_bytes() for path in quell.configuration.folder.rglob("*") if path.is_file()]
    for word in (secret, CANARY, "hvs."):
        assert word not in json.dumps(answer.raw), word
        assert not [data for data in written if word.encode() in data], word


@pytest.mark.parametrize("mode", MODES)
def test_a_sealed_vault_stops_its_dependents_alone_until_it_is_unsealed(fresh, vault, crowdstrike, mode):
    vault.settings(sealed=True)
    quell = fresh(mode, change=lambda c: keep_in_vault(c, vault, crowdstrike))

    assert "Vault is sealed" in reason(contain(quell))
    assert quell.mcp().tool("revoke_sessions", username=ALICE).order["status"] == "completed"
    assert not crowdstrike.ledger()

    vault.settings(sealed=False)
    eventually(lambda: not contain(quell, dry_run=True).is_error, "the connector starts once Vault is unsealed", 60)
    assert [use["event"] for use in uses(quell)] == ["setting_secret_refused", "setting_secret_fetched"]


def test_a_rotated_secret_is_fetched_when_the_provider_refuses_the_old_one(fresh, vault, crowdstrike):
    clients = []
    quell = fresh(change=lambda c: clients.append(keep_in_vault(c, vault, crowdstrike)))
    assert contain(quell, dry_run=True).order["status"] == "resolved"

    rotated = crowdstrike.new_client(client_id=clients[0])
    crowdstrike.control("DELETE", "/tokens")
    put(vault, "acme/crowdstrike", client_secret=rotated["client_secret"])

    eventually(lambda: not contain(quell, dry_run=True).is_error, "the new secret is used", 60)
    assert [use["detail"].get("version") for use in uses(quell)] == [3, 4]


# PL-10
def test_another_tenants_secret_is_refused_and_recorded(fresh, vault, crowdstrike):
    def change(configuration) -> None:
        client = keep_in_vault(configuration, vault, crowdstrike)
        own = vault_settings(configuration, vault)
        vault.settings(policies=[f"{own['role_id']} secret/beta/"])
        settings = {"base_url": crowdstrike.base_url, "client_id": client}
        # Beta's own Vault role does not reach acme's path.
        configuration.tenants["beta"] = Tenant({
            "crowdstrike": {**settings, "client_secret": reference("secret/acme/crowdstrike", "client_secret")}, "vault": own})
        # Gamma has no Vault: acme's is none of its connectors.
        configuration.tenants["gamma"] = Tenant({
            "crowdstrike": {**settings, "client_secret": reference("secret/acme/crowdstrike", "client_secret")}})
        # Delta's connector keeps to its own paths, whatever its role may read.
        configuration.tenants["delta"] = Tenant({
            "crowdstrike": {**settings, "client_secret": reference("secret/acme/crowdstrike", "client_secret")},
            "vault": vault_settings(configuration, vault, path_prefixes=["secret/delta/"])})

    quell = fresh(change=change)

    for tenant, key in (("beta", "connector_misconfigured"), ("gamma", "connector_misconfigured"),
                        ("delta", "connector_misconfigured")):
        result = quell.mcp(tenant).contain("network_contain", "hostname", BOB_WIN)
        assert "secret" in reason(result) or "no such connector" in reason(result), reason(result)
        [use] = uses(quell, tenant)
        assert use["event"] == "setting_secret_refused"
        assert use["detail"]["reference"] == "vault:secret/acme/crowdstrike#client_secret"
    assert contain(quell).order["status"] == "completed"
    assert len(crowdstrike.acted("contain")) == 1


def check(installation) -> tuple[int, str]:
    done = quell_process.run("-c", installation.configuration.path, "check")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("where, complaint", [
    ("valt:secret/acme/crowdstrike#client_secret", "no such connector; the nearest one is `vault`"),
    ("okta:secret/acme/crowdstrike#client_secret", "keeps no secrets"),
    ("crowdstrike:secret/acme/crowdstrike#client_secret", "is the same one"),
    ("vault:no-field", "CONNECTOR:path#field"),
])
def test_check_finds_a_reference_that_leads_nowhere_with_its_place(fresh, vault, crowdstrike, where, complaint):
    def change(configuration) -> None:
        keep_in_vault(configuration, vault, crowdstrike)
        configuration.tenants["acme"].connectors["crowdstrike"]["client_secret"] = {"secret": where}

    written = fresh(change=change, start=False)
    text = (written.configuration.folder / "tenants/acme.toml").read_text()
    line = text[:text.index(where)].count("\n") + 1
    code, told = check(written)

    assert code != 0 and f"acme.toml:{line}:" in told and complaint in told, told


def test_check_finds_a_circle_and_needs_no_vault_for_what_is_sound(fresh, vault, crowdstrike):
    def change(configuration) -> None:
        keep_in_vault(configuration, vault, crowdstrike)

    written = fresh(change=change, start=False)
    assert check(written)[0] == 0
    assert not vault.ledger()

    connectors = written.configuration.tenants["acme"].connectors
    connectors["other"] = {**connectors["vault"], "secret_id": reference("secret/a", "b", "vault")}
    connectors["vault"]["secret_id"] = reference("secret/a", "b", "other")
    written.configuration.write()
    code, told = check(written)

    assert code != 0 and "itself needs a secret of `vault`" in told, told
