# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Clients whose id is the address of a document in which they describe themselves."""

import pytest

from rig.browser import Page
from rig.document_server import DocumentServer
from rig.mcp_client import Modern
from rig.oauth_client import OAuthClient, Pkce, consent_of, decide, is_consent, is_login, tokens_for

LOOPBACK = {"oauth.metadata_documents": {"allow_insecure_loopback": True}}


@pytest.fixture(scope="module")
def open_door(installation_with):
    """An installation that takes documents from this machine."""
    return installation_with(LOOPBACK)


@pytest.fixture(scope="module")
def user(open_door):
    return open_door.user("analyst@acme.example", "analyst")


@pytest.fixture
def editor():
    server = DocumentServer()
    server.serve()
    yield server
    server.stop()


def client_of(door, client_id: str) -> OAuthClient:
    return OAuthClient(door.discovery, client_id, None, "http://127.0.0.1:50123/callback")


def ask(door, client_id: str, user: dict, **changes):
    client = client_of(door, client_id)
    browser = client.browser()
    return browser, consent_of(client, browser, user, client.authorize_parameters(Pkce(), **changes))


def refused(reply) -> bool:
    return reply.status == 400 and reply.header("Location") is None and "invalid_client" in reply.text


def test_the_metadata_say_that_documents_are_taken(open_door):
    assert open_door.discovery.server["client_id_metadata_document_supported"] is True
    assert "none" in open_door.discovery.server["token_endpoint_auth_methods_supported"]


def test_a_client_that_describes_itself_gets_in(open_door, user, editor):
    client = client_of(open_door, editor.client_id)

    tokens = tokens_for(client, user)

    assert Modern(open_door.mcp_url, tokens["access_token"]).exchange("tools/list").status == 200
    assert client.refresh(tokens["refresh_token"]).status == 200
    row = next(r for r in open_door.quell("client", "list", "--tenant", "acme") if r["client_id"] == editor.client_id)
    assert (row["kind"], row["name"]) == ("metadata", "Described editor")
    open_door.quell("client", "delete", editor.client_id, "--tenant", "acme")
    assert Modern(open_door.mcp_url, tokens["access_token"]).exchange("tools/list").status == 401


# OA-25
def test_the_page_shows_redirect_and_document_host_and_warns_of_this_machine(open_door, user, editor):
    _, reply = ask(open_door, editor.client_id, user)
    page = Page(reply)

    assert "127.0.0.1" in page.text and editor.authority in page.text
    assert "Described editor" in page.text and "own computer" in page.text


# DC-04
@pytest.mark.parametrize("changes", [{"client_id": "https://other.example/client.json"}, {"client_id": None},
                                     {"client_secret": "x"}, {"redirect_uris": None}, {"redirect_uris": []},
                                     {"redirect_uris": ["http://evil.example/cb"]}, {"client_name": "a\u202eb"},
                                     {"token_endpoint_auth_method": "client_secret_post"},
                                     {"jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "d": "x",
                                                         "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}},
                                     {"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}, {"client_uri": "x" * 5 * 1024}])
def test_a_document_that_breaks_the_rules_is_refused_and_not_remembered(open_door, user, editor, changes):
    editor.headers["Cache-Control"] = "max-age=600"
    editor.serve(**changes)
    _, reply = ask(open_door, editor.client_id, user)
    assert refused(reply), reply.text

    editor.serve()
    _, reply = ask(open_door, editor.client_id, user)
    assert is_consent(reply)


# DC-04
@pytest.mark.parametrize("status,headers", [(302, {"Location": "/elsewhere"}), (404, {}), (500, {}), (201, {}),
                                            (200, {"Content-Type": "text/html"})])
def test_a_good_document_in_a_bad_answer_is_refused(open_door, user, editor, status, headers):
    editor.status = status
    editor.headers.update(headers)

    _, reply = ask(open_door, editor.client_id, user)

    assert refused(reply)
    assert editor.asked == ["/oauth/client.json"]  # and nowhere else


# DC-05, SS-01
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f000001", "127.1"])
def test_without_that_setting_this_machine_is_never_asked(door, analyst, editor, host):
    port = editor.authority.rpartition(":")[2]

    for scheme in ("https", "http"):
        _, reply = ask(door, f"{scheme}://{host}:{port}/oauth/client.json", analyst)
        assert refused(reply), reply.text
    assert editor.connects == 0


# SS-04, DC-04
@pytest.mark.parametrize("client_id,why", [("http://client.example/client.json", "https address"),
                                           ("https://client.example/", "with a path"),
                                           ("https://client.example", "with a path"),
                                           ("https://u:p@client.example/x", "credentials"),
                                           ("https://client.example/a/../b", "dot segment"),
                                           ("https://client.example/x#y", "fragment")])
def test_an_address_of_the_wrong_form_is_not_asked(door, analyst, client_id, why):
    _, reply = ask(door, client_id, analyst)

    assert refused(reply) and why in Page(reply).text


def test_strangers_make_the_host_ask_nobody(open_door, editor):
    client = client_of(open_door, editor.client_id)

    assert is_login(client.browser().open(client.authorize_url(client.authorize_parameters(Pkce()))))
    assert editor.asked == []


def test_a_document_is_remembered_as_long_as_its_server_allows(open_door, user, editor):
    editor.headers["Cache-Control"] = "max-age=600"
    browser, reply = ask(open_door, editor.client_id, user)
    decide(browser, reply)
    assert len(editor.asked) == 1

    ask(open_door, editor.client_id, user)

    assert len(editor.asked) == 1


def test_a_document_that_must_not_be_stored_is_asked_for_each_time(open_door, user, editor):
    browser, reply = ask(open_door, editor.client_id, user)
    decide(browser, reply)

    assert len(editor.asked) == 2


# OA-02
def test_only_the_redirects_of_the_document_are_followed(open_door, user, editor):
    _, reply = ask(open_door, editor.client_id, user, redirect_uri="http://127.0.0.1:50123/other")

    assert reply.status == 400 and reply.header("Location") is None


def test_only_trusted_hosts_are_asked_if_the_settings_name_some(fresh, editor):
    trusting = fresh(change=lambda configuration: configuration.oauth.update(
        {"oauth.metadata_documents": {"allow_insecure_loopback": True, "trusted_hosts": ["claude.ai"]}}))
    person = trusting.user("analyst@acme.example", "analyst")

    _, reply = ask(trusting, editor.client_id, person)

    assert refused(reply) and editor.asked == []
