# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Vault simulator as PROVIDERS.md 6 and 9 tell of it; every answer is held against the contract."""



def errors(reply) -> list[str]:
    return reply.json["errors"]


def test_login_gives_a_token_that_works(vault):
    assert vault.lookup().status == 200
    assert vault.login(secret_id="wrong").status == 400
    assert vault.login(role_id=None).status == 400
    assert vault.get("/v1/secret/data/acme/crowdstrike", token="hvs.nobody").status == 403


def test_jwt_and_kubernetes_logins_take_the_tokens_of_the_setting(vault):
    vault.settings(jwts=["good"])
    for method in ("jwt", "kubernetes"):
        assert vault.post(f"/v1/auth/{method}/login", {"role": "quell", "jwt": "good"}).status == 200
        assert vault.post(f"/v1/auth/{method}/login", {"role": "quell", "jwt": "bad"}).status == 403


def test_a_token_is_renewed_up_to_its_greatest_age(vault):
    vault.settings(token_lifetime_s=100, token_max_ttl_s=150)
    assert vault.login().json["auth"]["lease_duration"] == 100
    assert vault.post("/v1/auth/token/renew-self", {}).json["auth"]["lease_duration"] == 100
    vault.settings(token_max_ttl_s=50)
    assert vault.post("/v1/auth/token/renew-self", {}).json["auth"]["lease_duration"] <= 50


def test_versions_are_read_written_deleted_and_brought_back(vault):
    path = "acme/crowdstrike"
    assert vault.read(path).json["data"]["metadata"]["version"] == 2
    assert vault.read(path, version=1).json["data"]["data"]["client_secret"] == "old"
    assert vault.write(path, {"a": "1"}, cas=2).json["data"]["version"] == 3
    stale = vault.write(path, {"a": "2"}, cas=2)
    assert stale.status == 400 and "check-and-set" in errors(stale)[0]
    vault.post(f"/v1/secret/delete/{path}", {"versions": [3]})
    gone = vault.raw("GET", f"/v1/secret/data/{path}", headers=vault.headers())
    assert gone.status == 404 and gone.json["data"]["metadata"]["deletion_time"]
    vault.post(f"/v1/secret/undelete/{path}", {"versions": [3]})
    assert vault.read(path).json["data"]["data"] == {"a": "1"}
    vault.post(f"/v1/secret/destroy/{path}", {"versions": [3]})
    assert vault.raw("GET", f"/v1/secret/data/{path}", headers=vault.headers()).json["data"]["metadata"]["destroyed"]
    missing = vault.read("acme/nothing")
    assert missing.status == 404 and errors(missing) == []


def test_a_path_without_names_is_404(vault):
    assert vault.list("acme/").json["data"]["keys"] == ["crowdstrike"]
    assert "acme/" in vault.list("").json["data"]["keys"]
    assert vault.list("nowhere/").status == 404


def test_policies_limit_the_clients_that_they_name(vault):
    vault.settings(policies=[f"{vault.reach['client_id']} secret/acme/"])
    assert vault.read("acme/crowdstrike").status == 200
    assert vault.read("beta/crowdstrike").status == 403
    assert vault.get("/v1/database/creds/readonly").status == 403


def test_leases_end_with_their_token(vault):
    made = vault.get("/v1/database/creds/readonly").json
    assert made["lease_id"] and made["renewable"]
    assert vault.post("/v1/sys/leases/renew", {"lease_id": made["lease_id"]}).json["lease_duration"] == 3600
    assert vault.post("/v1/sys/leases/revoke", {"lease_id": made["lease_id"]}).status == 204
    assert vault.post("/v1/sys/leases/renew", {"lease_id": made["lease_id"]}).status == 400
    vault.get("/v1/database/creds/readonly")
    vault.post("/v1/auth/token/revoke-self", None)
    assert [lease["live"] for lease in vault.state()["leases"]] == [False, False]


def test_a_wrapped_answer_is_had_once(vault):
    wrapped = vault.get("/v1/secret/data/acme/crowdstrike", wrap="60s").json["wrap_info"]["token"]
    assert vault.post("/v1/sys/wrapping/lookup", {"token": wrapped}).status == 200
    first = vault.post("/v1/sys/wrapping/unwrap", {"token": wrapped})
    assert first.json["data"]["data"]["client_secret"] == "crowdstrike-pw"
    assert vault.post("/v1/sys/wrapping/unwrap", {"token": wrapped}).status == 400


def test_a_node_tells_its_state_and_serves_only_when_active(vault):
    vault.login()
    vault.settings(sealed=True)
    assert vault.health().status == 503 and vault.read("acme/crowdstrike").status == 503
    assert vault.health("?sealedcode=200").json["sealed"] is True
    vault.settings(sealed=False, initialized=False)
    assert vault.health().status == 501
    vault.settings(initialized=True, standby=True, forwards=False)
    assert vault.health().status == 429 and vault.health("?standbyok=true").status == 200
    moved = vault.raw("GET", "/v1/secret/data/acme/crowdstrike", headers=vault.headers())
    assert moved.status == 307 and moved.headers["location"].startswith("http://active.")


def test_warnings_turn_204_into_200_and_quotas_answer_429(vault):
    lease = vault.get("/v1/database/creds/readonly").json["lease_id"]
    vault.settings(warnings=True)
    assert vault.raw("POST", "/v1/sys/leases/revoke", b'{"lease_id":"%s"}' % lease.encode(), vault.headers()).status == 200
    vault.settings(warnings=False, quota_reached=True)
    assert vault.read("acme/crowdstrike").status == 429


def test_the_ledger_names_who_did_what_to_which_path_and_never_a_token(vault):
    vault.get("/v1/database/creds/readonly")
    row = vault.control("GET", "/ledger")[-1]
    assert (row["verb"], row["target"], row["acted"], row["credential"]) == ("lease", "readonly", True, vault.reach["client_id"])
    assert "hvs." not in str(vault.control("GET", "/ledger"))


def test_expired_tokens_and_namespaces_are_refused(vault):
    vault.settings(token_lifetime_s=0)
    vault.login()
    assert vault.read("acme/crowdstrike").status == 403
    vault.settings(token_lifetime_s=60, namespace="team-a")
    assert vault.login().status == 404
