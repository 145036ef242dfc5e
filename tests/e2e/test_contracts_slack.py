# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Slack's contract stands between the plugin and the simulator and sees no violation by either."""

import shutil

import pytest

from rig import checking_proxy, slack_world
from rig.deadline import eventually
from rig.quell_process import scratch_folder
from rig.slack_world import REPORT
from rig.wire_schema import check_message
from test_slack import ALICE, ANALYST, BOB, INBOUND, challenge, ended


@pytest.fixture
def checked(simulators):
    """An installation whose Slack is behind the checking proxy."""
    lacking = checking_proxy.missing("slack")
    if lacking:
        pytest.skip(f"missing: {lacking}")
    simulators["slack"].reset()
    proxy = checking_proxy.CheckingProxy("slack", simulators["slack"].base_url)
    host, people = slack_world.build(scratch_folder("quell-e2e-"), simulators["slack"], "process", check_message)
    for connector in host.configuration.tenants["acme"].connectors.values():
        connector["base_url"] = proxy.url
    host.configuration.providers = [proxy.url]
    host.configuration.write()
    host.start()
    people.listen_at(host.base_url + INBOUND)
    host.user(ANALYST, "analyst")
    yield host, people, proxy
    host.end()
    shutil.rmtree(host.configuration.folder, ignore_errors=True)
    proxy.stop()


def test_the_contract_sees_no_violation_in_what_the_plugin_does(checked):
    host, people, proxy = checked

    made = challenge(host, context="why")
    people.press(ALICE, REPORT)
    assert ended(host, made)["status"] == "incident_reported"
    people.command(ANALYST, f"{BOB} why")
    people.told(BOB, "Is this really you?")
    assert host.mcp().tool("revoke_sessions", username=ALICE).targets[0]["outcome"] == "revoked"
    assert host.mcp().tool("revoke_sessions", username="dave@corp.example").error["key"] == "user_not_found"

    eventually(lambda: "POST /api/chat.update 200" in proxy.exchanges, "the card shows the end")
    assert {"GET /api/users.lookupByEmail 200", "GET /api/users.info 200", "POST /api/auth.test 200",
            "POST /api/conversations.open 200", "POST /api/chat.postMessage 200", "POST /api/chat.update 200",
            "POST /api/admin.users.session.reset 200"} <= set(proxy.exchanges)
    assert proxy.violations == []


def test_the_proxy_would_see_a_violation(checked, simulators):
    host, _, proxy = checked
    simulators["slack"].fault("GET /api/users.lookupByEmail", status=418)

    host.mcp().tool("create_challenge", target_user_email=ALICE, integration_type="slack")

    assert proxy.violations
