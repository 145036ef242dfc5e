# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Jamf's contract stands between the plugin and the simulator and sees no violation by either."""

import pytest

from rig import checking_proxy
from rig.world import ALICE, ALICE_MAC, ALICE_SERIAL, FRANK


@pytest.fixture(params=["process", "in_process"])
def checked(request, fresh, jamf):
    """An installation whose Jamf Pro is behind the checking proxy."""
    lacking = checking_proxy.missing("jamf")
    if lacking:
        pytest.skip(f"missing: {lacking}")
    proxy = checking_proxy.CheckingProxy("jamf", jamf.base_url)

    def through_proxy(configuration) -> None:
        configuration.tenants["acme"].connectors["jamf"]["base_url"] = proxy.url
        configuration.providers.append(proxy.url)

    yield fresh(request.param, through_proxy), proxy
    proxy.stop()


def test_the_contract_sees_no_violation_in_what_the_plugin_does(checked, jamf):
    quell, proxy = checked
    client = quell.mcp()

    for lookup_type, value in (("serial_number", ALICE_SERIAL), ("user_email", ALICE)):
        assert client.contain("lock_device", lookup_type, value, dry_run=True).order["status"] == "resolved"
    for hostname in (ALICE_MAC, "judy-ipad"):
        assert client.contain("lock_device", "hostname", hostname).order["status"] == "completed"
    jamf.settings(lock_outcome="ERROR", command_id_is_uuid=False)
    assert client.contain("lock_device", "user_email", FRANK).order["status"] == "failed"
    assert len(jamf.acted("lock")) == 4

    assert {"POST /api/v1/oauth/token 200", "GET /api/v4/computers-inventory 200",
            "GET /api/v2/mobile-devices/detail 200", "POST /api/v2/mdm/commands 201",
            "GET /api/v2/mdm/commands 200"} <= set(proxy.exchanges)
    assert proxy.violations == []


def test_the_proxy_would_see_a_violation(checked, jamf):
    quell, proxy = checked
    jamf.fault("GET /api/v4/computers-inventory", status=200, body={"totalCount": "many", "results": []})

    quell.mcp().contain("lock_device", "hostname", ALICE_MAC, dry_run=True)

    assert proxy.violations
