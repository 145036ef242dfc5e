# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Ending a user's sessions at the identity provider."""

import pytest

from rig.world import ALICE, BOB, DAVE, accounts


# V44
def test_sessions_are_revoked_and_the_provider_says_so(quell, okta):
    result = quell.mcp().tool("revoke_sessions", username=ALICE, reason="INC-1")
    order, account = result.order, result.targets[0]

    assert order["status"] == "completed" and order["username"] == ALICE and order["reason"] == "INC-1"
    assert account["state"] == "confirmed" and account["outcome"] == "revoked"
    assert account["provider_user_id"] == accounts(okta)[ALICE]["id"]
    assert accounts(okta)[ALICE]["sessions"] == 0
    assert len(okta.acted("revoke")) == 1


def test_nobody_elses_sessions_are_touched(quell, okta):
    quell.mcp().tool("revoke_sessions", username=ALICE)

    assert [login for login, account in accounts(okta).items() if account["revocations"]] == [ALICE]


# PF-08, V52
def test_a_dry_run_finds_the_account_and_revokes_nothing(quell, okta):
    result = quell.mcp().tool("revoke_sessions", username=ALICE, dry_run=True)

    assert result.order["status"] == "resolved" and result.order["dry_run"] is True
    assert result.targets[0]["state"] == "resolved" and result.targets[0]["outcome"] is None
    assert {row["verb"] for row in okta.ledger()} <= {"read", "token"}
    assert accounts(okta)[ALICE]["sessions"] == 3


# V44
def test_a_subset_of_connectors_may_be_named(quell, okta):
    result = quell.mcp().tool("revoke_sessions", username=BOB, integration_targets=["okta"])

    assert result.order["status"] == "completed"
    assert [row["target"] for row in okta.acted()] == [accounts(okta)[BOB]["id"]]


# V44
@pytest.mark.parametrize("target, key", [("entra", "unknown_connector"), ("crowdstrike", "action_not_supported")])
def test_a_connector_that_cannot_revoke_is_refused(quell, okta, target, key):
    error = quell.mcp().tool("revoke_sessions", username=ALICE, integration_targets=["okta", target]).error

    assert error["key"] in (key, "unknown_connector")
    assert okta.ledger() == []


def test_a_user_that_nobody_has_is_not_found(quell, okta):
    assert quell.mcp().tool("revoke_sessions", username=DAVE).error["key"] == "user_not_found"
    assert not okta.acted()


# V45
def test_capabilities_name_the_connectors_that_can_revoke(quell):
    content = quell.mcp().tool("list_session_revocation_capabilities").content

    assert content["enabled"] == ["okta"] and "okta" in content["supported"]
    assert content["default_targets"] == ["okta"]
    assert content["switches"]["enabled"] is True and content["switches"]["allow_via_mcp"] is True


# V45
def test_a_tenant_without_such_a_connector_has_none_enabled(quell, okta):
    client = quell.mcp("edr-only")

    assert client.tool("list_session_revocation_capabilities").content["enabled"] == []
    assert client.tool("revoke_sessions", username=ALICE).error["key"] == "connector_not_enabled"
    assert okta.ledger() == []


# PF-03
def test_a_revocation_whose_answer_is_lost_ends_in_a_final_state(quell, okta):
    okta.fault("DELETE /api/v1/users", kind="reset", before=False)

    order = quell.mcp().tool("revoke_sessions", username=ALICE).order

    assert order["status"] in ("completed", "unknown")
    assert accounts(okta)[ALICE]["sessions"] == 0


# PF-02
def test_a_provider_that_fails_twice_and_then_works_is_called_until_it_does(quell, okta):
    okta.fault("DELETE /api/v1/users", status=500)
    okta.fault("DELETE /api/v1/users", status=502)

    order = quell.mcp().tool("revoke_sessions", username=ALICE).order

    assert order["status"] == "completed"
    assert len(okta.acted("revoke")) == 1


# PROVIDERS.md: an app without the admin role is told so
def test_a_forbidden_app_is_a_clear_error_and_not_a_success(quell, okta):
    okta.settings(has_admin_role=False)

    result = quell.mcp().tool("revoke_sessions", username=ALICE)

    problem = result.content["error"] if result.is_error else result.order["integrations"][0]["error"]
    assert problem["key"] in ("http_403", "connector_misconfigured")
    assert not okta.acted()


def test_an_app_that_demands_dpop_is_refused_by_name(fresh, okta):
    okta.settings(demands_dpop=True)
    quell = fresh()

    result = quell.mcp().tool("revoke_sessions", username=ALICE)

    problem = result.content["error"] if result.is_error else result.order["integrations"][0]["error"]
    assert "DPoP" in f"{problem['message']} {problem['next_step']}"
    assert not okta.acted()
