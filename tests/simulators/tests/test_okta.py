# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Okta simulator over the wire."""

import time

import pytest

from service_app import ServiceApp

ALICE = "alice@corp.example"
PRIVATE_CLAIMS = [
    {"aud": "https://elsewhere.example/oauth2/v1/token"}, {"sub": "another"}, {"iss": "another"},
    {"exp": int(time.time()) - 10}, {"exp": int(time.time()) + 9000}, {"exp": None},
    {"jti": None}, {"jti": ""}, {"iat": int(time.time()) + 9000},
]


def test_a_good_assertion_gives_a_token(okta):
    reply = okta.token("okta.users.read")

    assert reply.status == 200
    assert reply.json["token_type"] == "Bearer" and reply.json["expires_in"] == 3600
    assert reply.json["scope"] == "okta.users.read"
    assert okta.ledger("token")[0]["credential"] == okta.reach["client_id"]


def test_an_elliptic_key_is_taken_too(okta):
    app = ServiceApp("ES256", "ec-key")
    app.client_id = okta.control("POST", "/clients", {"jwk": app.jwk})["client_id"]

    assert okta.token(assertion=app.assertion(okta.token_url)).status == 200


@pytest.mark.parametrize("changes", PRIVATE_CLAIMS)
def test_an_assertion_with_a_wrong_claim_is_refused(okta, app, changes):
    reply = okta.token(assertion=app.assertion(okta.token_url, **changes))

    assert reply.status == 401 and reply.json["error"] == "invalid_client"


def test_an_assertion_counts_once(okta, app):
    assertion = app.assertion(okta.token_url)

    assert okta.token(assertion=assertion).status == 200
    assert okta.token(assertion=assertion).status == 401


def test_a_forged_assertion_is_refused(okta, app):
    stranger = ServiceApp("RS256", app.jwk["kid"])
    stranger.client_id = app.client_id
    good = app.assertion(okta.token_url)
    forged = [stranger.assertion(okta.token_url), good[:-4] + "AAAA", "a.b.c", "x", good + ".y",
              app.assertion(okta.token_url, header={"alg": "none"}),
              app.assertion(okta.token_url, header={"alg": "HS256"}),
              app.assertion(okta.token_url, header={"kid": "another"}),
              app.assertion(okta.token_url, header={"crit": ["b64"]})]

    assert {okta.token(assertion=item).status for item in forged} == {401}


def test_scopes_that_are_not_granted_are_refused(okta):
    for scope in ("", "okta.apps.manage", "okta.users.read okta.apps.manage"):
        reply = okta.token(scope)
        assert reply.status == 400 and reply.json["error"] == "invalid_scope"


def test_a_token_without_the_scope_is_forbidden(okta):
    token = okta.token("okta.users.read").json["access_token"]
    user = okta.account(ALICE)["id"]
    reply = okta.call("DELETE", f"/api/v1/users/{user}/sessions",
                      headers={"Authorization": f"Bearer {token}"})

    assert reply.status == 403 and reply.json["errorCode"] == "E0000006"
    assert okta.account(ALICE)["sessions"] == 3


def test_an_app_without_an_admin_role_is_forbidden(okta):
    okta.settings(has_admin_role=False)

    assert okta.user(ALICE).status == 403


def test_a_wrong_or_expired_token_is_unauthorised(okta):
    wrong = okta.call("GET", "/api/v1/users", headers={"Authorization": "Bearer x"})
    okta.settings(token_lifetime_s=0)
    expired = okta.user(ALICE)

    assert {wrong.status, expired.status} == {401}
    assert expired.json["errorCode"] == "E0000011"


def test_a_user_is_found_by_id_login_and_short_name(okta):
    user = okta.account(ALICE)["id"]

    for text in (user, ALICE, "ALICE@corp.example", "alice"):
        assert okta.user(text).json["id"] == user
    assert okta.user("dave@corp.example").json["errorCode"] == "E0000007"
    # Nobody's login is Carol's e-mail.
    assert okta.user("carol@corp.example").status == 404


def test_carol_is_found_twice_by_email(okta):
    expected = ["carol.cook@corp.example", "carol-admin@corp.example"]

    assert okta.logins(search='profile.email eq "CAROL@corp.example"') == expected
    assert okta.logins(filter='profile.email eq "carol@corp.example"') == expected
    assert okta.logins(filter='profile.email eq "CAROL@corp.example"') == []


def test_deprovisioned_accounts_are_in_searches_and_not_in_lists(okta):
    assert okta.logins(search='profile.login eq "ivan@corp.example"') == ["ivan@corp.example"]
    assert "ivan@corp.example" not in okta.logins()
    assert okta.logins(q="ivan") == []
    assert okta.logins(q="ali") == [ALICE]


def test_a_bad_search_is_a_bad_request(okta):
    reply = okta.users(search='profile.email eq "a')

    assert reply.status == 400 and reply.json["errorCode"] == "E0000031"


def test_the_list_pages_by_link(okta):
    target, seen = "/api/v1/users?limit=3", []
    while target:
        reply = okta.get(target)
        seen += reply.json
        following = [link for link in reply.headers["link"].split(", ") if 'rel="next"' in link]
        target = following and following[0].partition(okta.reach["base_url"])[2].partition(">")[0]

    assert len({user["id"] for user in seen}) == len(seen) == 8


@pytest.mark.parametrize("query, left", [
    ("oauthTokens=true&forgetDevices=true", (0, 0, 0)),
    ("oauthTokens=true&forgetDevices=false", (0, 0, 2)),
    ("oauthTokens=false&forgetDevices=true", (0, 5, 0)),
    ("", (0, 5, 0)),
])
def test_each_flag_of_a_revocation_shows(okta, query, left):
    user = okta.account(ALICE)["id"]

    assert okta.revoke(user, query).status == 204

    account = okta.account(ALICE)
    assert (account["sessions"], account["oauth_tokens"], account["remembered_devices"]) == left
    assert account["revocations"] == 1
    assert okta.account("bob@corp.example")["sessions"] == 3


def test_a_revocation_takes_an_id_only(okta):
    assert okta.revoke(ALICE).status == 404
    assert okta.revoke("00unobody").json["errorCode"] == "E0000007"
    assert okta.revoke(okta.account(ALICE)["id"], "oauthTokens=maybe").status == 400
    assert okta.account(ALICE)["revocations"] == 0


def test_the_system_log_proves_a_revocation(okta):
    user = okta.account(ALICE)["id"]
    okta.revoke(user)

    events = okta.get('/api/v1/logs?filter=eventType+eq+"user.session.clear"').json
    assert [event["target"][0]["id"] for event in events] == [user]


def test_every_answer_carries_rate_headers(okta):
    for reply in (okta.token(), okta.user(ALICE), okta.user("nobody"),
                  okta.revoke(okta.account(ALICE)["id"])):
        assert {"x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"} <= set(
            reply.headers)


def test_demanding_dpop_asks_for_a_proof_then_for_the_nonce(okta, app):
    okta.settings(demands_dpop=True)
    missing = okta.token()
    without = okta.token(headers={"DPoP": app.proof("POST", okta.token_url)})
    nonce = without.headers["dpop-nonce"]
    good = okta.token(headers={"DPoP": app.proof("POST", okta.token_url, nonce=nonce)})

    assert (missing.status, missing.json["error"]) == (400, "invalid_dpop_proof")
    assert (without.status, without.json["error"]) == (400, "use_dpop_nonce")
    assert (good.status, good.json["token_type"]) == (200, "DPoP")


def test_a_bound_token_needs_a_fresh_proof_of_its_key(okta, app):
    nonce = okta.token(headers={"DPoP": app.proof("POST", okta.token_url)}).headers["dpop-nonce"]
    proof = app.proof("POST", okta.token_url, nonce=nonce)
    token = okta.token(headers={"DPoP": proof}).json["access_token"]
    url = okta.reach["base_url"] + "/api/v1/users"
    thief = ServiceApp("ES256", "thief")
    good = app.proof("GET", url, token)

    def status(scheme, proof):
        headers = {"Authorization": f"{scheme} {token}", **({"DPoP": proof} if proof else {})}
        return okta.call("GET", "/api/v1/users?limit=1", headers=headers).status

    assert status("DPoP", good) == 200
    assert status("DPoP", good) == 401  # used before
    assert status("DPoP", None) == 401
    assert status("Bearer", app.proof("GET", url, token)) == 401
    assert status("DPoP", app.proof("DELETE", url, token)) == 401
    assert status("DPoP", app.proof("GET", url, "another token")) == 401
    assert status("DPoP", thief.proof("GET", url, token)) == 401
