# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Login, consent and refusal in Debian's Chromium: what a person's own browser makes of our pages and headers."""

from urllib.parse import parse_qs, urlsplit

import pytest

from rig.chromium import Person
from rig.oauth_client import OAuthClient, Pkce
from rig.web import Web


@pytest.fixture
def client(door, chromium) -> OAuthClient:
    """A client on this computer, which really waits at its redirect URI."""
    return door.client(public=True, name="Desk client", redirects=[f"{chromium.site}/callback"])


def begin(client: OAuthClient, person: Person, pkce: Pkce | None = None, **changes):
    return person.open(client.authorize_url(client.authorize_parameters(pkce or Pkce(), **changes)))


def answer_in(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


# OA-24: form-action lets the answer reach the client; page scripts may be switched off as well, for no page needs any
@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_signs_in_allows_and_is_back_at_the_client(chromium, client, analyst, scripts):
    person, pkce = chromium.person(scripts), Pkce()
    assert begin(client, person, pkce, state="a b").title.startswith("Sign in")
    consent = person.sign_in(analyst)
    assert "Allow Desk client" in consent.text and "devices:contain" in consent.text

    back = person.press("Allow")

    assert back.text == "Back at the client" and back.url.startswith(client.redirect_uri + "?")
    answer = answer_in(back.url)
    assert answer["state"] == "a b"
    assert client.redeem(answer["code"], pkce.verifier).status == 200
    assert person.complaints() == []
    person.leave()


# OA-24: the same for a refusal
def test_a_person_denies_and_the_client_hears_it(client, person, analyst):
    begin(client, person)
    person.sign_in(analyst)

    back = person.press("Deny")

    assert back.text == "Back at the client"
    answer = answer_in(back.url)
    assert answer["error"] == "access_denied" and "code" not in answer
    assert person.complaints() == []


def test_a_wrong_password_is_told_where_the_person_looks(client, person, analyst):
    begin(client, person)

    again = person.sign_in({**analyst, "password": "wrong"})

    assert again.title.startswith("Sign in") and "password" in again.text.lower()
    assert person.sign_in(analyst).title.startswith("Allow access")


# OA-24
def test_a_page_framed_by_another_origin_shows_nothing(door, client, person, analyst):
    document = f"{door.base_url}/.well-known/oauth-protected-resource"
    assert "authorization_servers" in person.framed(document).text, "this browser shows no frame at all"
    begin(client, person)
    person.sign_in(analyst)  # so that the frame would show the consent page, not the login
    authorize = client.authorize_url(client.authorize_parameters(Pkce()))

    for url in (authorize, f"{door.base_url}/oauth/login"):
        frame = person.framed(url)
        assert frame.url.startswith("chrome-error:"), frame
        assert "Allow" not in frame.text and "Signed in" not in frame.text


# OA-24: a browser takes a __Host- cookie only under the rules that its name promises
def test_the_browser_keeps_the_cookies_of_a_secure_host(fresh, tls_files, chromium, person):
    certificate, key = tls_files

    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(certificate), "tls_key": str(key)}

    secure = fresh(change=with_tls, start=False)
    secure.web = Web(trust=str(certificate))
    secure.start()
    user = secure.user("analyst@acme.example", "analyst")
    client = secure.client(public=True, redirects=[f"{chromium.site}/callback"])
    begin(client, person)
    person.sign_in(user)

    assert person.press("Allow").text == "Back at the client"
    kept = person.cookies()
    assert kept
    for cookie in kept:
        assert cookie["name"].startswith("__Host-") and cookie["secure"] and cookie["httpOnly"], cookie


def login_page(client, person, user):
    begin(client, person)


def login_page_with_a_problem(client, person, user):
    begin(client, person)
    person.sign_in({**user, "password": "wrong"})


def consent_page(client, person, user):
    begin(client, person)
    person.sign_in(user)


def error_page(client, person, user):
    assert begin(client, person, redirect_uri="https://evil.example/").status == 400


def signed_in_page(client, person, user):
    consent_page(client, person, user)
    assert person.open(f"{client.discovery.origin}/oauth/login").title.startswith("Signed in")


@pytest.mark.parametrize("reach", [login_page, login_page_with_a_problem, consent_page, error_page, signed_in_page])
def test_a_page_suits_assistive_technology_and_its_own_policy(client, person, analyst, reach):
    reach(client, person, analyst)

    assert person.violations() == []
    assert person.complaints() == []
