# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Company sign-in and the verification page in Debian's Chromium: the way to the provider and back under our policy."""

import pytest

from rig.chromium import Person
from rig.crooked_provider import CrookedProvider
from rig.deadline import eventually
from rig.openid import tenant_table

ALICE = "alice@corp.example"


@pytest.fixture(scope="module")
def provider():
    made = CrookedProvider()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def host(installation_with, provider):
    made = installation_with({})
    tenant = made.configuration.tenants["acme"]
    tenant.openid = tenant_table(made.configuration, provider.issuer, name="Acme sign-in")
    tenant.tables["challenges"] = {"max_open_per_target": 100}
    made.configuration.write()
    made.quell("reload")
    return made


@pytest.fixture
def url(host) -> str:
    """A verification URL."""
    return host.mcp().tool("create_challenge", target_user_email=ALICE, context="<b>Are you in Lagos?</b>",
                           requester_id="SOC").order["verification_url"]


def press_and_arrive(person: Person, button: str, title: str) -> str:
    """The text of the page with that title, wherever the browser goes by itself meanwhile."""
    person.press(button)

    def look():
        try:
            sight = person.see()
        except AssertionError:
            return None  # between two pages
        return sight.text if sight.title.startswith(title) else None

    return eventually(look, f"no page {title}")


# OA-24: the policy for forms must not stop the way to the provider; scripts may be off
@pytest.mark.parametrize("scripts", [True, False])
def test_a_person_signs_in_at_the_company(chromium, host, scripts):
    person = chromium.person(scripts)
    person.open(f"{host.base_url}/oauth/login")

    assert ALICE in press_and_arrive(person, "Sign in with Acme sign-in", "Signed in")
    assert person.complaints() == []
    person.leave()


# V89+
@pytest.mark.parametrize("scripts", [True, False])
def test_the_target_of_a_challenge_verifies(chromium, url, scripts):
    person = chromium.person(scripts)
    page = person.open(url)
    assert "<b>Are you in Lagos?</b>" in page.text and "checked by nobody" in page.text

    assert "Thank you" in press_and_arrive(person, "Verify that it is me", "You are verified")
    assert person.complaints() == []
    person.leave()


def login_page(host, person, url):
    person.open(f"{host.base_url}/oauth/login")


def verification_page(host, person, url):
    person.open(url)


def reported_page(host, person, url):
    person.open(url)
    person.press("It was not me")


def answered_page(host, person, url):
    reported_page(host, person, url)
    assert person.open(url).status == 410


def unknown_page(host, person, url):
    assert person.open(f"{url}x").status == 404


# UI-01
@pytest.mark.parametrize("reach", [login_page, verification_page, reported_page, answered_page, unknown_page])
def test_a_page_suits_assistive_technology_and_its_own_policy(host, person, url, reach):
    reach(host, person, url)

    assert person.violations() == []
    assert person.complaints() == []


# OA-24
def test_the_page_shows_in_no_frame(person, url):
    frame = person.framed(url)

    assert frame.url.startswith("chrome-error:") and "Is it you" not in frame.text
