# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""People sign in at their company's OpenID provider: a real one, node-oidc-provider."""

import pytest

from rig import openid
from rig.deadline import eventually
from rig.browser import Page
from rig.installation import REDIRECT
from rig.oauth_client import Pkce, answer_of, decide, is_consent
from rig.okta_key import OktaKey
from rig.openid import OpenIdProvider, Someone, link_of, tenant_table
from rig.web import Web

pytestmark = pytest.mark.skipif(not openid.IS_HERE,
                                reason="tests/referees/node_modules is missing: run script/bootstrap --test")


@pytest.fixture(scope="module")
def company(installation_with):
    """A host whose tenant acme has the provider, and the provider; its people have no account yet."""
    made = []

    def make(signing: bool = False, **more):
        installation = installation_with({})
        configuration = installation.configuration
        key = OktaKey() if signing else None
        provider = OpenIdProvider(configuration.folder, [f"{installation.base_url}/oauth/openid/callback/acme"], key)
        made.append(provider)
        if key:
            more |= {"private_key": configuration.secret("openid_key", key.pem), "key_id": key.key_id}
        configuration.tenants["acme"].openid = tenant_table(configuration, provider.issuer, **more)
        configuration.write()
        installation.quell("reload")
        return installation, provider

    yield make
    for provider in made:
        provider.stop()


@pytest.fixture(scope="module")
def acme(company):
    return company(email_domains=["corp.example"])


def member(installation, email: str) -> dict | None:
    rows = installation.quell("user", "list", "--tenant", "acme")
    return next((row for row in rows if row["email"] == email), None)


def refusals(installation) -> list[str]:
    return [entry["outcome"] for entry in installation.audit(event="openid_login_refused")]


# V89+
def test_a_person_signs_in_at_the_company_and_gives_a_client_what_the_role_allows(acme):
    installation, provider = acme
    provider.set("alice", email="alice@corp.example", email_verified=True, groups=["soc", "sales"])
    client = installation.client(public=True, redirects=[REDIRECT])
    someone, pkce = Someone(installation.base_url, provider.issuer), Pkce()
    begin = someone.here.open(client.authorize_url(client.authorize_parameters(pkce)))
    form = next(form for form in Page(begin).forms if form.action == "/oauth/openid/login")
    leaving = someone.here.send("POST", form.action, form.values())

    consent = someone.here.open(someone.at_provider(link_of(leaving), "alice"))

    assert is_consent(consent), Page(consent).text
    assert "alice@corp.example" in consent.text and "analyst" in consent.text
    answer = answer_of(decide(someone.here, consent))
    tokens = client.redeem(answer["code"], pkce.verifier).json
    assert tokens["access_token"]
    assert member(installation, "alice@corp.example")["role"] == "analyst"
    login = eventually(lambda: installation.audit(event="openid_login"), "the sign-in is in the trail")[-1]
    assert login["detail"]["subject"] == "alice"


# V89+
def test_the_role_follows_the_provider_at_each_sign_in(acme):
    installation, provider = acme
    provider.set("bob", email="bob@corp.example", email_verified=True, groups=["soc"])
    assert Someone(installation.base_url, provider.issuer).sign_in("bob").status == 200
    assert member(installation, "bob@corp.example")["role"] == "analyst"

    provider.set("bob", email="bob@corp.example", email_verified=True, groups=["quell-admins"])
    Someone(installation.base_url, provider.issuer).sign_in("bob")
    assert member(installation, "bob@corp.example")["role"] == "admin"

    provider.set("bob", email="bob@corp.example", email_verified=True, groups=[])
    someone = Someone(installation.base_url, provider.issuer)
    refused = someone.sign_in("bob")
    assert refused.status == 403 and "openid_no_role" in refused.text
    assert not someone.is_signed_in()
    assert member(installation, "bob@corp.example") is None
    eventually(lambda: refusals(installation)[-1:] == ["openid_no_role"], "the refusal is in the trail")


# V89+
@pytest.mark.parametrize("claims, key", [
    ({"email": "carol@corp.example", "email_verified": False}, "openid_email_unverified"),
    ({"email": "carol@elsewhere.example", "email_verified": True}, "openid_email_domain"),
    ({}, "openid_email_missing"),
])
def test_an_address_must_be_verified_and_of_an_allowed_domain(acme, claims, key):
    installation, provider = acme
    provider.set("carol", **claims, groups=["soc"])
    someone = Someone(installation.base_url, provider.issuer)

    refused = someone.sign_in("carol")

    assert refused.status == 403 and key in refused.text, Page(refused).text
    assert not someone.is_signed_in()
    eventually(lambda: refusals(installation)[-1:] == [key], "the refusal is in the trail")


# V89+
def test_an_answer_is_good_once_and_in_its_own_browser(acme):
    installation, provider = acme
    provider.set("dave", email="dave@corp.example", email_verified=True, groups=["soc"])
    someone, stranger = (Someone(installation.base_url, provider.issuer) for _ in range(2))
    back = someone.at_provider(link_of(someone.leave()), "dave")

    assert stranger.here.open(back).status == 400
    assert not stranger.is_signed_in()
    assert someone.here.open(back).status == 200 and someone.is_signed_in()
    again = someone.here.open(back)
    assert again.status == 400 and "openid_state_invalid" in again.text


def test_a_person_may_say_no_at_the_provider(acme):
    installation, provider = acme
    someone = Someone(installation.base_url, provider.issuer)
    page = Page(someone.there.open(link_of(someone.leave())))
    back = someone.there.open(f"{page.reply.url}/abort").header("Location")

    refused = someone.here.open(back)

    assert refused.status == 403 and "access_denied" in refused.text, Page(refused).text


# V89+
def test_the_host_may_prove_itself_by_a_signature(company):
    installation, provider = company(signing=True)
    provider.set("erin", email="erin@corp.example", email_verified=True, groups=["soc"])
    someone = Someone(installation.base_url, provider.issuer)

    assert someone.sign_in("erin").status == 200
    assert someone.is_signed_in()


def test_a_provider_that_is_down_is_told_and_passwords_still_work(company):
    installation, provider = company()
    user = installation.user("local@acme.example", "analyst")
    provider.stop()
    someone = Someone(installation.base_url, provider.issuer)

    reply = someone.leave()

    assert reply.status == 503 and "cannot be had now" in reply.text
    page = Page(reply)
    form = next(form for form in page.forms if form.action == "/oauth/login")
    someone.here.send("POST", form.action, {**form.values(), "email": user["email"], "password": user["password"]})
    assert someone.is_signed_in()


# OP-05
def test_quell_check_names_the_place_of_a_mistake(company):
    installation, provider = company()
    tenant = installation.configuration.tenants["acme"]
    tenant.openid = {**tenant.openid, "issuer": "ftp://idp.example", "role_clam": "groups"}
    installation.configuration.write()

    failure = installation.refusal("check")

    assert "acme.toml" in failure.output and '"line":' in failure.output
    assert "openid.issuer" in failure.output and "role_claim" in failure.output


def test_the_page_has_the_headers_of_a_page(acme):
    installation, provider = acme
    reply = Someone(installation.base_url, provider.issuer).leave()

    assert "form-action 'self'" in reply.header("Content-Security-Policy")
    assert reply.header("Referrer-Policy") == "no-referrer"
    assert Web().get(f"{installation.base_url}/oauth/openid/callback/acme").status == 400
