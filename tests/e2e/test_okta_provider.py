# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Okta as PROVIDERS.md tells of it: look-ups, pages, flags, limits, the stronger actions."""

from urllib.parse import parse_qs, urlsplit

import pytest

from rig.world import ALICE, CAROL, accounts

DELETE = "DELETE /api/v1/users"


def revoke(quell, username=ALICE, **more):
    return quell.mcp().tool("revoke_sessions", username=username, **more)


def problem_of(result) -> dict:
    if result.is_error:
        return result.error
    part = result.order["integrations"][0]
    return part["error"] or part["accounts"][0]["error"]


def paths(okta) -> list[str]:
    return [urlsplit(row["path"]).path for row in okta.ledger()]


# PF-09 for people, over more than one page
def test_an_ambiguity_on_a_later_page_is_seen(quell, okta):
    okta.settings(most_users_in_page=1)

    error = revoke(quell, CAROL).error

    assert error["key"] == "user_ambiguous" and len(error["candidates"]) == 2
    assert not okta.acted()


def test_more_users_than_can_be_listed_are_refused_and_nothing_is_done(quell, okta):
    okta.settings(crowd=250)

    assert revoke(quell, "crowd@corp.example").error["key"] == "invalid_lookup_value"
    assert not okta.acted()


def test_a_user_that_the_search_does_not_see_yet_is_found_by_login(quell, okta):
    okta.settings(not_yet_searchable=[ALICE])

    assert revoke(quell).order["status"] == "completed"


def test_a_deactivated_user_is_told_as_such(quell, okta):
    error = revoke(quell, "ivan@corp.example").error

    assert error["key"] == "user_not_found" and "DEPROVISIONED" in error["message"]
    assert not okta.acted()


# The host's own rule for user names may be narrower than the plugin's, which would search for it.
def test_a_name_with_a_slash_never_becomes_a_path(quell, okta):
    assert revoke(quell, "corp/alice").error["key"] in ("user_not_found", "invalid_lookup_value")

    assert set(paths(okta)) <= {"/api/v1/users", "/oauth2/v1/token"}


def test_both_flags_are_always_written_out(quell, okta):
    revoke(quell)

    row = okta.acted("revoke")[0]
    assert parse_qs(urlsplit(row["path"]).query) == {"oauthTokens": ["false"], "forgetDevices": ["false"]}
    account = accounts(okta)[ALICE]
    assert (account["sessions"], account["oauth_tokens"], account["remembered_devices"]) == (0, 5, 2)


def test_the_result_says_what_goes_on(quell):
    ended = revoke(quell).targets[0]["result_metadata"]

    assert any("hold themselves" in text for text in ended["not_ended"])
    assert len(ended["not_ended"]) == 3


def test_nothing_stronger_is_done_unless_the_settings_ask(quell, okta):
    revoke(quell)

    assert {row["verb"] for row in okta.acted()} == {"revoke"} and len(okta.acted()) == 1
    assert accounts(okta)[ALICE]["status"] == "ACTIVE" and accounts(okta)[ALICE]["grants"] == 2


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_everything_that_the_settings_ask_for_is_done(fresh, okta, isolation):
    quell = fresh(isolation, lambda configuration: configuration.tenants["acme"].connectors["okta"].update(
        revoke_oauth_tokens=True, forget_devices=True, delete_grants=True, delete_client_tokens=True,
        suspend_user=True))

    result = revoke(quell)

    assert result.order["status"] == "completed"
    account = accounts(okta)[ALICE]
    assert (account["sessions"], account["oauth_tokens"], account["remembered_devices"], account["grants"],
            account["status"]) == (0, 0, 0, 0, "SUSPENDED")
    assert set(account["client_tokens"].values()) == {0}
    assert okta.acted()[0]["verb"] == "suspend"
    assert len(result.targets[0]["result_metadata"]["not_ended"]) == 1
    assert [login for login, other in accounts(okta).items() if other["status"] == "SUSPENDED"] == [ALICE]


def test_a_stronger_action_that_is_refused_is_no_success(fresh, okta):
    quell = fresh(change=lambda configuration: configuration.tenants["acme"].connectors["okta"].update(
        delete_grants=True))
    okta.fault(DELETE, match="/grants", status=403)

    result = revoke(quell)

    assert result.order["status"] == "failed"
    assert "sessions at Okta were ended" in problem_of(result)["message"]
    assert result.targets[0]["result_metadata"]["refused"] == ["grants_deleted"]
    assert accounts(okta)[ALICE]["sessions"] == 0


def test_a_refusal_keeps_oktas_error_id(quell, okta):
    okta.fault(DELETE, status=403)

    result = revoke(quell)

    assert problem_of(result)["key"] == "http_403" and "admin role" in problem_of(result)["message"]
    assert result.targets[0]["result_metadata"]["error_id"].startswith("oae")


# The limit of requests at one time, whose 429 shows zeros
def test_a_concurrency_limit_is_an_error_that_may_be_retried(quell, okta):
    okta.settings(concurrency_limit=0)

    error = problem_of(revoke(quell))

    assert error["key"] == "rate_limited" and error["retryable"] is True
    assert not okta.acted()


def test_a_token_that_dies_in_the_middle_is_renewed_once(quell, okta):
    revoke(quell, dry_run=True)
    okta.control("DELETE", "/tokens")

    assert revoke(quell).order["status"] == "completed"
    assert len(okta.acted("revoke")) == 1


# PF-04
@pytest.mark.parametrize("kind", ["truncate", "wrong_type", "oversize", "redirect"])
def test_a_look_up_answer_that_is_no_answer_is_never_a_success(quell, okta, kind):
    okta.fault("GET /api/v1/users", kind=kind, times=None)

    assert revoke(quell).is_error
    assert not okta.acted()


# PF-04
def test_a_200_in_place_of_a_204_is_never_a_success(quell, okta):
    okta.fault(DELETE, status=200, body={"errorCode": "E0000009"}, times=None)

    result = revoke(quell)

    assert result.order["status"] in ("failed", "unknown")


# PF-14
@pytest.mark.parametrize("value", ["*", 'x" or "1', 'a@b" or profile.email sw "', "me", "../../logs"])
def test_a_hostile_name_asks_for_nothing_but_itself(quell, okta, value):
    assert revoke(quell, value).error["key"] in ("user_not_found", "invalid_lookup_value")

    assert not okta.acted()
    for row in okta.ledger():
        for expression in parse_qs(urlsplit(row["path"]).query).get("search", []):
            assert value.replace("\\", "\\\\").replace('"', '\\"') in expression
            assert " sw " not in expression.replace(value.replace('"', '\\"'), "")
        assert urlsplit(row["path"]).path not in ("/api/v1/users/me", "/api/v1/logs")


def with_api_token(okta, revoked: bool = False):
    """Settings with an API token in place of the service app."""
    def change(configuration) -> None:
        made = okta.new_client()
        token = "dead" if revoked else made["client_secret"]
        configuration.tenants["acme"].connectors["okta"] = {
            "base_url": okta.base_url, "api_token": configuration.secret("okta_api_token", token)}
    return change


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_an_api_token_serves_as_well_as_the_service_app(fresh, okta, isolation):
    quell = fresh(isolation, with_api_token(okta))

    assert revoke(quell).order["status"] == "completed"
    assert accounts(okta)[ALICE]["sessions"] == 0
    assert not [row for row in okta.ledger() if row["verb"] == "token"]


def test_a_dead_api_token_is_told_as_such(fresh, okta):
    error = problem_of(revoke(fresh(change=with_api_token(okta, revoked=True))))

    assert error["key"] == "connector_misconfigured" and "api_token" in error["message"]
    assert not okta.acted()


def test_an_api_token_beside_a_service_app_is_refused(fresh, okta):
    def both(configuration) -> None:
        configuration.tenants["acme"].connectors["okta"]["api_token"] = configuration.secret("token", "x")

    assert fresh(change=both, start=False).refusal("check").code != 0
