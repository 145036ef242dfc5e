# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Okta's contract stands between the plugin and the simulator and sees no violation by either."""

import pytest

from rig import checking_proxy
from rig.world import ALICE, BOB, CAROL, DAVE, accounts


@pytest.fixture
def checked(fresh, okta):
    """An installation whose Okta is behind the checking proxy, with every stronger action on."""
    lacking = checking_proxy.missing("okta")
    if lacking:
        pytest.skip(f"missing: {lacking}")
    proxy = checking_proxy.CheckingProxy("okta", okta.base_url)
    okta.settings(public_url=proxy.url)

    def through_proxy(configuration) -> None:
        configuration.tenants["acme"].connectors["okta"].update(
            base_url=proxy.url, revoke_oauth_tokens=True, forget_devices=True, delete_grants=True,
            delete_client_tokens=True, suspend_user=True)
        configuration.providers.append(proxy.url)

    yield fresh(change=through_proxy), proxy
    proxy.stop()


def test_the_contract_sees_no_violation_in_what_the_plugin_does(checked, okta):
    quell, proxy = checked
    client = quell.mcp()

    assert client.tool("revoke_sessions", username=ALICE).order["status"] == "completed"
    assert client.tool("revoke_sessions", username=BOB, dry_run=True).order["status"] == "resolved"
    assert client.tool("revoke_sessions", username=CAROL).error["key"] == "user_ambiguous"
    assert client.tool("revoke_sessions", username=DAVE).error["key"] == "user_not_found"
    okta.settings(crowd=3, most_users_in_page=2)
    assert client.tool("revoke_sessions", username="crowd@corp.example").error["key"] == "user_ambiguous"
    assert accounts(okta)[ALICE]["status"] == "SUSPENDED"

    path = f"/api/v1/users/{accounts(okta)[ALICE]['id']}"
    assert {"POST /oauth2/v1/token 200", "GET /api/v1/users 200", f"POST {path}/lifecycle/suspend 200",
            f"DELETE {path}/sessions 204", f"DELETE {path}/grants 204",
            f"GET {path}/clients 200"} <= set(proxy.exchanges)
    assert proxy.violations == []


def test_the_proxy_would_see_a_violation(checked, okta):
    quell, proxy = checked
    okta.fault("GET /api/v1/users", status=418)

    quell.mcp().tool("revoke_sessions", username=ALICE, dry_run=True)

    assert proxy.violations
