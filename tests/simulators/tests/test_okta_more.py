# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Okta simulator over the wire: API tokens, limits, late search, pages, the stronger actions."""

import pytest

from client import send

ALICE = "alice@corp.example"


def _with_ssws(okta, method: str, target: str, secret: str | None = None):
    secret = secret or okta.control("POST", "/clients", {})["client_secret"]
    return okta.call(method, target, headers={"Authorization": f"SSWS {secret}"})


def test_an_api_token_acts_with_the_rights_of_its_owner(okta):
    user_id = okta.account(ALICE)["id"]
    target = f"/api/v1/users/{user_id}/sessions?oauthTokens=false&forgetDevices=false"

    assert _with_ssws(okta, "DELETE", target).status == 204
    okta.settings(has_admin_role=False)
    assert _with_ssws(okta, "DELETE", target).status == 403
    assert okta.account(ALICE)["revocations"] == 1
    assert okta.ledger("revoke")[0]["credential"].startswith("client-")


def test_an_api_token_that_is_wrong_unused_or_not_wanted_is_invalid(okta):
    made = okta.control("POST", "/clients", {})["client_secret"]
    replies = [_with_ssws(okta, "GET", "/api/v1/users", "wrong")]
    okta.settings(ssws_expired=True)
    replies.append(_with_ssws(okta, "GET", "/api/v1/users", made))
    okta.settings(ssws_expired=False, schemes=["Bearer"])
    replies.append(_with_ssws(okta, "GET", "/api/v1/users", made))

    assert [(r.status, r.json["errorCode"]) for r in replies] == [(401, "E0000011")] * 3


def test_an_org_can_refuse_bearer_tokens(okta):
    header = okta.bearer()
    okta.settings(schemes=["SSWS"])

    assert okta.call("GET", "/api/v1/users", headers=header).status == 401


def test_each_bucket_is_counted_alone(okta):
    okta.bearer()
    okta.settings(enforce_rate_limit=True, rate_limit=1)

    assert okta.users().status == 200
    full = okta.users()
    assert full.status == 429 and full.json["errorCode"] == "E0000047"
    assert full.headers["x-rate-limit-remaining"] == "0"
    assert int(full.headers["x-rate-limit-reset"]) > 1_700_000_000
    assert "retry-after" not in full.headers
    assert okta.user(ALICE).status == 200


def test_too_many_at_one_time_shows_zeros(okta):
    okta.bearer()
    okta.settings(concurrency_limit=0)

    reply = okta.users()

    assert reply.status == 429
    assert reply.headers["x-rate-limit-limit"] == reply.headers["x-rate-limit-remaining"] == "0"


def test_a_search_sees_a_user_late_and_a_fetch_at_once(okta):
    okta.settings(not_yet_searchable=[ALICE])

    assert okta.logins(search=f'profile.email eq "{ALICE}"') == []
    assert okta.logins(filter=f'profile.email eq "{ALICE}"') == [ALICE]
    assert okta.user(ALICE).status == 200


def test_a_list_is_cut_into_pages_that_a_link_goes_on_with(okta):
    okta.bearer()
    okta.settings(crowd=3, most_users_in_page=2, public_url="https://okta.example")
    first = okta.users(search='profile.email eq "crowd@corp.example"', limit="200")

    assert len(first.json) == 2
    following = first.headers["link"].split("<")[2].partition(">")[0]
    assert following.startswith("https://okta.example/api/v1/users?")
    rest = okta.get(following.removeprefix("https://okta.example"))
    assert len(rest.json) == 1 and 'rel="next"' not in rest.headers["link"]


@pytest.mark.parametrize("method, rest, member, left", [
    ("DELETE", "/grants", "grants", 0),
    ("DELETE", "/clients/0oaclientapp00000002/tokens", "client_tokens",
     {"0oaclientapp00000001": 2, "0oaclientapp00000002": 0}),
    ("POST", "/lifecycle/suspend", "status", "SUSPENDED"),
])
def test_a_stronger_action_has_its_own_effect_alone(okta, method, rest, member, left):
    before = okta.account(ALICE)

    reply = okta.call(method, f"/api/v1/users/{before['id']}{rest}", headers=okta.bearer())

    assert reply.status in (200, 204)
    assert okta.account(ALICE) == {**before, member: left}
    assert okta.ledger()[-1]["acted"] and okta.ledger()[-1]["target"] == before["id"]


def test_the_clients_of_a_user_are_those_that_hold_tokens(okta):
    path = f"/api/v1/users/{okta.account(ALICE)['id']}/clients"
    okta.call("DELETE", f"{path}/0oaclientapp00000002/tokens", headers=okta.bearer())

    assert [client["client_id"] for client in okta.get(path).json] == ["0oaclientapp00000001"]
    unknown = okta.call("DELETE", f"{path}/nobody/tokens", headers=okta.bearer())
    assert unknown.status == 404


def test_only_an_active_user_is_suspended_and_only_a_suspended_one_unsuspended(okta):
    path = f"/api/v1/users/{okta.account(ALICE)['id']}/lifecycle"
    order = lambda verb: okta.call("POST", f"{path}/{verb}", headers=okta.bearer()).status  # noqa: E731

    assert [order(verb) for verb in ("suspend", "suspend", "unsuspend", "unsuspend")] == [
        200, 400, 200, 400]


def test_the_wide_revocation_needs_its_own_scope(okta):
    body = b'{"sub_id":{"format":"opaque","id":"%s"}}' % okta.account(ALICE)["id"].encode()
    path, kind = "/oauth2/v1/global-token-revocation", {"Content-Type": "application/json"}
    refused = okta.raw("POST", path, body, {**okta.bearer(), **kind})
    made = okta.control("POST", "/clients", {})["client_secret"]
    done = send(okta.reach["base_url"], "POST", path, body,
                {"Authorization": f"SSWS {made}", **kind})

    assert (refused.status, done.status) == (403, 204)
    assert okta.account(ALICE)["sessions"] == okta.account(ALICE)["oauth_tokens"] == 0
