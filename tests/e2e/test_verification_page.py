# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The page behind a challenge's verification URL: a fresh sign-in at the company's provider, or "it was not me"."""

import sqlite3
import time
from contextlib import closing

import pytest

from rig import openid
from rig.browser import Browser, Page
from rig.crooked_provider import CrookedProvider
from rig.deadline import eventually
from rig.openid import OpenIdProvider, Someone, link_of, tenant_table

ALICE = "alice@corp.example"


@pytest.fixture(scope="module")
def crooked():
    provider = CrookedProvider()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def host(installation_with, crooked):
    """The tenant acme signs in at a provider that says what a test wants it to say."""
    made = installation_with({})
    configuration = made.configuration
    configuration.tenants["acme"].openid = tenant_table(configuration, crooked.issuer, name="Acme sign-in")
    configuration.tenants["acme"].tables["challenges"] = {"max_open_per_target": 1000, "max_hourly_per_target": 1000}
    configuration.write()
    made.quell("reload")
    return made


@pytest.fixture(autouse=True)
def honest(crooked):
    crooked.reset()


class Challenged:
    """Someone who got a verification URL."""

    def __init__(self, host, provider: CrookedProvider, **arguments):
        self.host, self.provider = host, provider
        self.made = host.mcp().tool("create_challenge", **{"target_user_email": ALICE, **arguments}).order
        self.url = self.made["verification_url"]
        self.browser = Browser(host.base_url)

    def open(self):
        return self.browser.open(self.url)

    def press(self, what: str, **fields):
        page = Page(self.open())
        form = next(form for form in page.forms if form.action.endswith(what))
        return self.browser.send("POST", form.action, {**form.values(), **fields})

    def verify(self):
        return self.browser.open(self.provider.answer_to(link_of(self.press("/confirm"))))

    def look_up(self) -> dict:
        return self.host.mcp().tool("get_challenge_status", challenge_id=self.made["challenge_id"]).order

    @property
    def status(self) -> str:
        return self.look_up()["status"]


@pytest.fixture
def challenged(host, crooked):
    return lambda **arguments: Challenged(host, crooked, **arguments)


# V89+
def test_the_target_proves_it_by_a_fresh_sign_in(challenged, crooked):
    crooked.claims = {"acr": "urn:example:mfa", "amr": ["pwd", "otp"]}
    case = challenged()
    address = link_of(case.press("/confirm"))
    assert "&prompt=login" in address and "&max_age=0" in address
    assert case.status == "in_progress"

    done = case.browser.open(crooked.answer_to(address))

    assert done.status == 200 and "You are verified" in done.text, done.text
    record = case.look_up()
    assert record["status"] == "verified"
    outcome = record["outcome"]
    assert outcome["proof"] == "openid_login" and outcome["by"] == ALICE
    assert outcome["evidence"]["issuer"] == crooked.issuer
    assert outcome["evidence"]["acr"] == "urn:example:mfa" and outcome["evidence"]["amr"] == ["pwd", "otp"]
    assert outcome["evidence"]["auth_time"]
    assert "quell-session" not in case.browser.cookies, "a proof signs nobody in"


# V89+
@pytest.mark.parametrize("auth_time", [None, 1_000_000_000, int(time.time()) - 600], ids=["none", "long ago", "ten minutes ago"])
def test_a_sign_in_from_before_is_no_proof(challenged, crooked, auth_time):
    crooked.claims = {"auth_time": auth_time}
    case = challenged()

    refused = case.verify()

    assert refused.status == 403 and "(auth_time)" in refused.text, refused.text
    assert "still open" in refused.text and case.status == "in_progress"


# V89+
@pytest.mark.parametrize("claims, key", [
    ({"email": "mallory@corp.example"}, "not_the_target"),
    ({"email_verified": False}, "openid_email_unverified"),
    ({"email": None}, "openid_email_missing"),
    ({"aud": "another"}, "openid_token_invalid"),
])
def test_nobody_but_the_target_verifies(challenged, crooked, host, claims, key):
    crooked.claims = claims
    case = challenged()

    refused = case.verify()

    assert refused.status == 403 and key in refused.text, refused.text
    assert case.status == "in_progress"
    eventually(lambda: host.audit(request=case.made["challenge_id"])[-1]["outcome"] == key, "the refusal is in the trail")


# V89+
def test_whoever_it_was_not_reports_an_incident_without_signing_in(challenged):
    case = challenged()

    done = case.press("/report")

    assert done.status == 200 and "It is reported" in done.text
    record = case.look_up()
    assert record["status"] == "incident_reported" and record["outcome"]["proof"] == "none"


# V89+: link scanners and previews open links, and press nothing
def test_looking_decides_nothing(challenged):
    case = challenged()
    for method in ("GET", "HEAD", "GET"):
        assert Browser(case.host.base_url).send(method, case.url).status == 200
    assert Browser(case.host.base_url).send("GET", f"{case.url}/confirm").status == 405
    assert Browser(case.host.base_url).send("GET", f"{case.url}/report").status == 405

    assert case.status == "initiated"


# OA-23: a form that somebody else's page sends
def test_a_press_needs_the_pages_own_form(challenged):
    case, other = challenged(), challenged()
    foreign = next(form for form in Page(other.open()).forms if form.action.endswith("/report")).values()

    for fields in ({}, {"csrf": "guess"}, foreign):
        assert case.browser.send("POST", f"{case.url}/report", fields).status == 403
        assert case.browser.send("POST", f"{case.url}/confirm", fields).status == 403
    assert case.status == "initiated"


# V89+
def test_an_answer_is_final(challenged):
    case = challenged()
    form = next(form for form in Page(case.open()).forms if form.action.endswith("/report"))
    case.verify()

    assert case.open().status == 410 and "verified before" in case.open().text
    assert case.browser.send("POST", form.action, form.values()).status == 410
    assert case.status == "verified"


# V89+
def test_a_late_answer_changes_nothing(challenged, host, crooked):
    case = challenged()
    address = link_of(case.press("/confirm"))
    with closing(sqlite3.connect(host.configuration.store, isolation_level=None)) as connection:
        connection.execute("UPDATE challenges SET expires_at = created_at + 1 WHERE challenge_id = ?",
                           (case.made["challenge_id"],))

    late = case.browser.open(crooked.answer_to(address))

    assert late.status == 410 and "challenge_expired" in late.text, late.text
    assert case.open().status == 410 and case.status == "expired"


def test_an_unknown_url_says_nothing(host):
    reply = Browser(host.base_url).open("/challenges/verify/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    assert reply.status == 404 and "There is no such challenge" in reply.text


# UI-01
def test_what_the_agent_wrote_is_text_and_marked_as_such(challenged):
    script = "<script>alert('x')</script>{{csrf}}&\""
    page = challenged(context=script, requester_id=script, requester_email="soc@corp.example").open()

    assert "<script" not in page.text
    assert "Written by whoever asks, checked by nobody" in Page(page).text
    assert script in Page(page).text


# OA-24
def test_the_pages_have_the_headers_of_pages(challenged):
    case = challenged()
    for reply in (case.open(), case.press("/confirm"), case.press("/report"), case.open()):
        policy = reply.header("Content-Security-Policy")
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert reply.header("X-Frame-Options") == "DENY"
        assert reply.header("Referrer-Policy") == "no-referrer"
        assert reply.header("X-Content-Type-Options") == "nosniff"
        assert reply.header("Cache-Control") == "no-store"


# ---- a tenant without a provider: the password of this host


@pytest.fixture
def local(door):
    target = door.user(f"target-{time.time_ns()}@acme.example", "viewer")
    case = Challenged(door, None, target_user_email=target["email"])
    return target, case


def test_without_a_provider_the_password_of_this_host_proves_it(local):
    target, case = local

    assert case.press("/confirm", email=target["email"], password="wrong").status == 403
    assert case.status == "in_progress"
    done = case.press("/confirm", email=target["email"], password=target["password"])

    assert done.status == 200 and "You are verified" in done.text, done.text
    assert case.look_up()["outcome"]["proof"] == "local_login"


def test_without_a_provider_another_user_is_not_the_target(local, analyst):
    _, case = local

    refused = case.press("/confirm", email=analyst["email"], password=analyst["password"])

    assert refused.status == 403 and "not_the_target" in refused.text
    assert case.status == "in_progress"


# OA-31
def test_without_a_provider_passwords_are_not_to_be_guessed(local):
    target, case = local
    statuses = [case.press("/confirm", email=target["email"], password=f"wrong {n}").status for n in range(12)]

    assert statuses[:10] == [403] * 10 and statuses[10:] == [429] * 2


# ---- a real provider


@pytest.mark.skipif(not openid.IS_HERE, reason="tests/referees/node_modules is missing: run script/bootstrap --test")
def test_a_real_provider_asks_anew_although_the_person_is_signed_in(installation_with):
    installation = installation_with({})
    configuration = installation.configuration
    provider = OpenIdProvider(configuration.folder, [f"{installation.base_url}/oauth/openid/callback/acme"])
    try:
        configuration.tenants["acme"].openid = tenant_table(configuration, provider.issuer)
        configuration.write()
        installation.quell("reload")
        provider.set("alice", email=ALICE, email_verified=True, groups=["soc"])
        case = Challenged(installation, None)
        someone = Someone(installation.base_url, provider.issuer)
        assert someone.sign_in("alice").status == 200
        case.browser = someone.here

        page = someone.there.open(link_of(case.press("/confirm")))
        assert 'name="login"' in page.text, "the provider did not ask again"
        done = someone.here.open(someone.at_provider(link_of(case.press("/confirm")), "alice"))

        assert "You are verified" in done.text, done.text
        assert case.status == "verified"
    finally:
        provider.stop()
