# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Vault's contract stands between the plugin and the simulator and sees no violation by either."""

import pytest

from rig import checking_proxy
from rig.deadline import eventually
from rig.vault import keep_in_vault
from rig.world import BOB_WIN


@pytest.fixture
def checked(fresh, simulators):
    """An installation whose Vault is behind the checking proxy; CrowdStrike's secret lies in it."""
    lacking = checking_proxy.missing("vault")
    if lacking:
        pytest.skip(f"missing: {lacking}")
    vault = simulators["vault"]
    proxy = checking_proxy.CheckingProxy("vault", vault.base_url)

    def through_proxy(configuration) -> None:
        keep_in_vault(configuration, vault, simulators["crowdstrike"])
        configuration.tenants["acme"].connectors["vault"]["base_url"] = proxy.url
        configuration.providers.append(proxy.url)

    yield fresh(change=through_proxy, start=False), proxy
    proxy.stop()


def test_the_contract_sees_no_violation_in_what_the_plugin_does(checked, simulators):
    quell, proxy = checked
    simulators["vault"].settings(sealed=True)
    quell.start()
    assert "sealed" in quell.mcp().contain("network_contain", "hostname", BOB_WIN, dry_run=True).error["message"]
    simulators["vault"].settings(sealed=False)
    eventually(lambda: "GET /v1/secret/data/acme/crowdstrike 200" in proxy.exchanges, "the secret is read", 60)
    eventually(lambda: not quell.mcp().contain("network_contain", "hostname", BOB_WIN, dry_run=True).is_error,
               "CrowdStrike serves with its secret", 60)
    quell.quell("doctor")

    assert {"POST /v1/auth/approle/login 200", "POST /v1/auth/approle/login 503", "GET /v1/sys/health 200",
            "GET /v1/auth/token/lookup-self 200"} <= set(proxy.exchanges)
    assert proxy.violations == []


def test_the_proxy_would_see_a_violation(checked, simulators):
    quell, proxy = checked
    simulators["vault"].fault("GET /v1/secret/data", status=418, times=None)
    quell.start()

    assert proxy.violations
