# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Login and consent as a person meets them in a browser."""

from urllib.parse import urlencode

import pytest

from rig.browser import Page
from rig.installation import REDIRECT
from rig.oauth_client import (ALL_SCOPES, Pkce, answer_of, code_for, consent_of, decide, is_consent, is_login,
                              sign_in)


def consent_page(client, user, scope: str = ALL_SCOPES):
    browser = client.browser()
    reply = consent_of(client, browser, user, client.authorize_parameters(Pkce(), scope))
    assert is_consent(reply), reply.text
    return browser, reply


# V13, OA-25
def test_the_consent_page_names_client_host_and_each_scope(web_client, analyst):
    _, reply = consent_page(web_client, analyst, "sessions:revoke devices:contain")
    page = Page(reply)

    assert "Web client" in page.text
    assert "client.example" in page.text
    assert "sessions:revoke" in page.text and "devices:contain" in page.text
    assert "challenges:" not in page.text
    assert ("decision", "allow") in page.form.buttons and "Allow" in page.text
    assert "own computer" not in page.text


# OA-25: wherever the code goes to a program here, also if the client has a remote redirect as well
@pytest.mark.parametrize("redirect", [REDIRECT, "https://localhost/callback", "cursor://anysphere.cursor-mcp/oauth/callback"])
def test_a_client_on_this_very_computer_comes_with_a_warning(door, analyst, redirect):
    client = door.client(public=True, redirects=[redirect, "https://client.example/callback"])
    _, reply = consent_page(client, analyst)

    assert "own computer" in Page(reply).text


# V14
def test_allow_leads_back_to_the_client_with_code_and_state(desktop, analyst):
    browser = desktop.browser()
    parameters = desktop.authorize_parameters(Pkce(), state="a b&c=d%")
    reply = decide(browser, consent_of(desktop, browser, analyst, parameters))

    assert reply.header("Location").startswith(desktop.redirect_uri + "?")
    answer = answer_of(reply)
    assert answer["state"] == "a b&c=d%"
    assert answer["iss"] == desktop.server["issuer"]
    assert answer["code"]


# V13, OA-07
def test_deny_leads_back_with_access_denied(desktop, analyst):
    browser, page = consent_page(desktop, analyst)
    answer = answer_of(decide(browser, page, "deny"))

    assert answer["error"] == "access_denied"
    assert answer["iss"] == desktop.server["issuer"]
    assert "code" not in answer


# E10
def test_a_person_who_is_signed_in_is_not_asked_to_sign_in_again(desktop, analyst):
    browser = desktop.browser()
    code_for(desktop, analyst, Pkce(), browser=browser)

    reply = browser.open(desktop.authorize_url(desktop.authorize_parameters(Pkce())))

    assert not is_login(reply)
    assert is_consent(reply), reply.text


# RFC 8252 8.6
def test_a_local_client_needs_a_person_each_time(desktop, analyst):
    browser = desktop.browser()
    code_for(desktop, analyst, Pkce(), browser=browser)
    code_for(desktop, analyst, Pkce(), browser=browser)

    assert is_consent(browser.open(desktop.authorize_url(desktop.authorize_parameters(Pkce()))))


# OA-23
@pytest.mark.parametrize("csrf", ["", "x", None])
def test_a_consent_without_its_proof_gives_no_code(desktop, analyst, csrf):
    browser, reply = consent_page(desktop, analyst)
    fields = {**Page(reply).form.values(), "decision": "allow"}
    fields["csrf"] = csrf
    if csrf is None:
        del fields["csrf"]

    reply = browser.send("POST", "/oauth/consent", fields)

    assert reply.status == 403
    assert reply.header("Location") is None


# OA-23
def test_a_consent_proof_serves_only_the_request_it_was_made_for(desktop, analyst):
    browser, narrow = consent_page(desktop, analyst, "challenges:read")
    _, wide = consent_page(desktop, analyst)
    fields = {**Page(narrow).form.values(), "decision": "allow", "request": Page(wide).form.values()["request"]}

    assert browser.send("POST", "/oauth/consent", fields).status == 403


# OA-23
def test_a_consent_proof_of_another_login_is_stale(desktop, analyst):
    _, reply = consent_page(desktop, analyst)
    other, _ = consent_page(desktop, analyst)

    assert other.send("POST", "/oauth/consent", {**Page(reply).form.values(), "decision": "allow"}).status == 403


# OA-24
def test_pages_cannot_be_framed_cached_or_scripted(web_client, analyst):
    browser = web_client.browser()
    login = browser.open(web_client.authorize_url(web_client.authorize_parameters(Pkce())))
    consent = sign_in(browser, login, analyst)

    for reply in (login, consent):
        policy = reply.header("Content-Security-Policy")
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and "script-src" not in policy
        assert reply.header("X-Frame-Options") == "DENY"
        assert reply.header("Referrer-Policy") == "no-referrer"
        assert reply.header("X-Content-Type-Options") == "nosniff"
        assert reply.header("Cache-Control") == "no-store"
        assert "script" not in Page(reply).tags
    sources = [part for part in consent.header("Content-Security-Policy").split(";") if "form-action" in part][0]
    assert "'self'" in sources and "https://client.example" in sources


# OA-24
def test_cookies_of_a_loopback_host_are_locked_down(desktop, analyst):
    browser, _ = consent_page(desktop, analyst)

    assert browser.set_cookies
    for line in browser.set_cookies:
        attributes = {part.strip().lower().partition("=")[0] for part in line.split(";")[1:]}
        assert {"httponly", "samesite", "path"} <= attributes, line
        assert "domain" not in attributes and "secure" not in attributes, line
        assert not line.startswith("__Host-"), line


# UI-02
@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
                                    "/%0d%0aLocation:%20https://evil.example", "javascript:alert(1)"])
def test_a_login_never_leads_to_another_host(door, desktop, analyst, target):
    browser = desktop.browser()
    page = Page(browser.open("/oauth/login?" + urlencode({"next": target})))

    reply = browser.send("POST", "/oauth/login", {**page.form.values(), "email": analyst["email"],
                                                  "password": analyst["password"], "next": target})

    assert reply.status == 303, reply.text
    location = reply.header("Location")
    assert location.startswith("/") and not location.startswith(("//", "/\\")), location


# UI-02
def test_a_login_makes_a_new_session_of_its_own(desktop, analyst):
    browser, planted = desktop.browser(), desktop.browser()
    consent_of(desktop, planted, analyst, desktop.authorize_parameters(Pkce()))
    session = {name: value for name, value in planted.cookies.items()}
    browser.cookies.update({name: "A" * len(value) for name, value in session.items()})

    consent_of(desktop, browser, analyst, desktop.authorize_parameters(Pkce()))

    assert not set(browser.cookies.values()) & {"A" * len(value) for value in session.values()}
    assert not set(browser.cookies.values()) & set(session.values())


# UI-02
def test_signing_out_ends_the_session_on_the_server(desktop, analyst):
    browser, _ = consent_page(desktop, analyst)
    kept = dict(browser.cookies)

    reply = browser.submit(Page(browser.open("/oauth/login")))
    assert reply.status == 200 and is_login(reply)

    browser.cookies = kept
    assert is_login(browser.open(desktop.authorize_url(desktop.authorize_parameters(Pkce()))))


# OA-31
def test_wrong_password_and_unknown_user_read_the_same(desktop, analyst):
    seen = []
    for email in (analyst["email"], "nobody@acme.example"):
        browser = desktop.browser()
        page = Page(browser.open("/oauth/login"))
        reply = browser.submit(page, {"email": email, "password": "wrong"})
        seen.append((reply.status, Page(reply).text))

    assert seen[0] == seen[1]


# OA-11
def test_a_viewer_is_shown_and_given_only_what_a_viewer_may(desktop, people):
    browser, reply = consent_page(desktop, people["viewer"])
    text = Page(reply).text

    assert "challenges:read" in text
    assert "devices:contain" not in text and "sessions:revoke" not in text
    assert "code" in answer_of(decide(browser, reply))


# OA-11, TN-03
def test_a_viewer_cannot_grant_containment(desktop, people):
    browser = desktop.browser()
    reply = consent_of(desktop, browser, people["viewer"], desktop.authorize_parameters(Pkce(), "devices:contain"))

    assert answer_of(reply)["error"] == "invalid_scope"
