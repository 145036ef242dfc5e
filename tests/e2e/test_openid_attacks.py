# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""OpenID providers that lie: each lie ends on a page that says so, in the audit trail, and in no session."""

import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from rig.deadline import eventually
from rig.crooked_provider import CrookedProvider
from rig.oauth_client import Pkce, answer_of
from rig.openid import Someone, link_of, tenant_table


@pytest.fixture(scope="module")
def providers():
    made = [CrookedProvider(), CrookedProvider()]
    yield made
    for provider in made:
        provider.stop()


@pytest.fixture(scope="module")
def installation(installation_with, providers):
    """The tenants acme and edge, each with a provider of its own."""
    made = installation_with({})
    configuration = made.configuration
    for tenant, provider in zip(("acme", "edge"), providers):
        configuration.tenants.setdefault(tenant, type(configuration.tenants["acme"])())
        configuration.tenants[tenant].openid = tenant_table(configuration, provider.issuer)
    configuration.write()
    made.quell("reload")
    return made


@dataclass
class Case:
    """A person of acme on the way to acme's provider."""

    installation: object
    provider: CrookedProvider
    someone: Someone

    def leave(self) -> str:
        return link_of(self.someone.leave(company="acme"))

    def sign_in(self):
        return self.someone.here.open(self.provider.answer_to(self.leave()))

    def expect_refusal(self, reply, key: str, why: str, status: int = 403, tenant: str = "acme") -> None:
        assert reply.status == status and key in reply.text and why in reply.text, reply.text
        assert not self.someone.is_signed_in()
        chain = ["--tenant", tenant] if tenant else ["--host"]
        tail = ("audit", "tail", *chain, "--event", "openid_login_refused", "-n", "100")
        eventually(lambda: [entry["outcome"] for entry in self.installation.quell(*tail)][-1:] == [key],
                   "the refusal is the newest in the trail")


@pytest.fixture
def case(installation, providers):
    providers[0].reset()
    return Case(installation, providers[0], Someone(installation.base_url, providers[0].issuer))


def test_an_honest_answer_is_taken(case):
    assert case.sign_in().status == 200
    assert case.someone.is_signed_in()


# V89+
@pytest.mark.parametrize("claims, why", [
    ({"iss": "https://evil.example"}, "(iss)"),
    ({"aud": "another-client"}, "(aud"),
    ({"aud": ["quell", "another-client"]}, "(aud"),
    ({"azp": "another-client"}, "(aud"),
    ({"nonce": "of another sign-in"}, "(nonce)"),
    ({"exp": 1_000_000_000}, "(exp)"),
    ({"iat": 1_000_000_000}, "(iat)"),
    ({"iat": int(time.time()) + 86_400}, "(iat)"),
    ({"sub": ""}, "(sub)"),
])
def test_an_id_token_with_a_false_claim_is_refused(case, claims, why):
    case.provider.claims = claims

    case.expect_refusal(case.sign_in(), "openid_token_invalid", why)


# V89+
def test_an_id_token_without_a_signature_is_refused(case):
    case.provider.header = {"alg": "none"}
    case.provider.sign = lambda text: b""

    case.expect_refusal(case.sign_in(), "openid_token_invalid", "algorithm")


# V89+
def test_the_public_key_is_no_shared_secret(case):
    case.provider.header = {"alg": "HS256"}
    case.provider.sign = case.provider.sign_with_public_key_as_secret

    case.expect_refusal(case.sign_in(), "openid_token_invalid", "algorithm")


# V89+
def test_a_key_that_the_provider_does_not_publish_is_refused(case):
    stranger = ec.generate_private_key(ec.SECP256R1())
    case.provider.sign = lambda text: case.provider.sign_with(stranger, text)
    case.expect_refusal(case.sign_in(), "openid_token_invalid", "not signed by the provider")

    case.provider.header = {"kid": "k2"}
    case.expect_refusal(case.sign_in(), "openid_token_invalid", "(kid)")


# V89+: a code of somebody else's sign-in, brought to one's own
def test_a_code_of_another_sign_in_is_refused(case, installation, providers):
    victim = Someone(installation.base_url, providers[0].issuer)
    stolen = parse_qs(urlsplit(case.provider.answer_to(link_of(victim.leave(company="acme")))).query)["code"][0]
    own = urlsplit(case.provider.answer_to(case.leave()))
    query = {name: values[0] for name, values in parse_qs(own.query).items()} | {"code": stolen}

    reply = case.someone.here.open(f"{own.path}?{urlencode(query)}")

    case.expect_refusal(reply, "openid_token_invalid", "(nonce)")


# V89+: RFC 9207
@pytest.mark.parametrize("issuer", ["https://evil.example", ""])
def test_an_answer_of_another_provider_is_refused_before_its_code_is_used(case, issuer):
    case.provider.issuer_in_answer = issuer

    case.expect_refusal(case.sign_in(), "openid_mix_up", "(iss)")
    assert case.provider.tokens_given == 0


# V89+: RFC 9700 4.4.2.2
def test_an_answer_for_another_tenant_is_refused(case, providers):
    back = case.provider.answer_to(case.leave()).replace("/callback/acme", "/callback/edge")

    case.expect_refusal(case.someone.here.open(back), "openid_state_invalid", "another browser", 400, "")
    assert all(provider.tokens_given == 0 for provider in providers)


# V89+: one tenant's provider names a person of another
def test_a_provider_speaks_for_its_own_tenant_alone(case, installation, providers):
    boss = installation.user("boss@edge.example", "owner", "edge")
    foreign = installation.client("edge", public=True, redirects=["http://127.0.0.1:33418/callback"])
    case.provider.claims = {"email": boss["email"], "sub": "impostor", "groups": ["quell-admins"]}

    assert case.sign_in().status == 200

    rows = installation.quell("user", "list", "--tenant", "edge")
    assert [(row["email"], row["role"]) for row in rows if row["email"] == boss["email"]] == [(boss["email"], "owner")]
    reply = case.someone.here.open(foreign.authorize_url(foreign.authorize_parameters(Pkce())))
    assert answer_of(reply)["error"] == "access_denied"


def test_a_description_of_another_issuer_is_refused(case):
    case.provider.metadata = {"issuer": "https://evil.example"}

    reply = case.someone.leave(company="acme")

    assert reply.status == 503 and "names another issuer" in reply.text
