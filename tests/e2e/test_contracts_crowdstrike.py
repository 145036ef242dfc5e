# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""CrowdStrike's contract stands between the plugin and the simulator and sees no violation by either."""

import pytest

from rig import checking_proxy
from rig.world import ALICE_MAC, ALICE_SERIAL, FRANK, LAB_IMAC, hosts, serials


@pytest.fixture
def checked(fresh, crowdstrike):
    """An installation whose CrowdStrike is behind the checking proxy."""
    lacking = checking_proxy.missing("crowdstrike")
    if lacking:
        pytest.skip(f"missing: {lacking}")
    proxy = checking_proxy.CheckingProxy("crowdstrike", crowdstrike.base_url)

    def through_proxy(configuration) -> None:
        configuration.tenants["acme"].connectors["crowdstrike"]["base_url"] = proxy.url
        configuration.tenants["acme"].containment["wait_seconds"] = 8
        configuration.providers.append(proxy.url)

    yield fresh(change=through_proxy), proxy
    proxy.stop()


def test_the_contract_sees_no_violation_in_what_the_plugin_does(checked, crowdstrike):
    quell, proxy = checked
    client = quell.mcp()

    assert client.contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"
    assert client.contain("network_contain", "serial_number", ALICE_SERIAL).targets[0]["changed"] is False
    assert client.contain("release_containment", "hostname", ALICE_MAC).order["status"] == "completed"
    assert client.contain("network_contain", "hostname", LAB_IMAC).error["key"] == "device_ambiguous"
    crowdstrike.settings(refused_hosts=[serials(crowdstrike)["C02FRANK0002"]])
    both = client.contain("network_contain", "user_email", FRANK, integration_targets=["crowdstrike"])
    assert both.order["status"] == "partial"
    crowdstrike.settings(offline=[serials(crowdstrike)["PF0BOB000001"]])
    waiting = client.contain("network_contain", "hostname", "bob-win.corp.example")
    assert waiting.targets[0]["result_metadata"]["waits_for_host"] is True
    crowdstrike.settings(offline=[], crowd=150)
    assert client.contain("network_contain", "hostname", "crowd.corp.example", dry_run=True).is_error
    assert hosts(crowdstrike)[ALICE_SERIAL]["orders"]["contain"] == 1

    assert {"POST /oauth2/token 201", "GET /devices/queries/devices/v1 200",
            "POST /devices/entities/devices/v2 200",
            "POST /devices/entities/devices-actions/v2 202",
            "GET /devices/entities/online-state/v1 200"} <= set(proxy.exchanges)
    assert proxy.violations == []


def test_the_proxy_would_see_a_violation(checked, crowdstrike):
    quell, proxy = checked
    crowdstrike.fault("GET /devices/queries", status=200, body={"resources": "none"})

    quell.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True)

    assert proxy.violations
