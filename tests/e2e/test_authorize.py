# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The authorize endpoint: what it refuses, where it says so, and what it never redirects."""

import pytest

from rig.oauth_client import Pkce, answer_of, consent_of, is_login

LOCAL = 400


def refused_at_client(client, user, **changes) -> dict[str, str]:
    """The error that the client's redirect receives, for a request that differs from a good one by `changes`."""
    parameters = client.authorize_parameters(Pkce(), **changes)
    reply = consent_of(client, client.browser(), user, parameters)
    assert (reply.header("Location") or "").startswith(client.redirect_uri), reply.text
    answer = answer_of(reply)
    assert answer["state"] == parameters["state"]
    assert answer["iss"] == client.server["issuer"]
    assert "code" not in answer
    return answer


def refused_here(client, **changes):
    reply = client.browser().open(client.authorize_url(client.authorize_parameters(Pkce(), **changes)))
    assert reply.status == LOCAL, reply.text
    assert reply.header("Location") is None
    assert "text/html" in reply.header("Content-Type")
    return reply


# OA-02
@pytest.mark.parametrize("uri", ["https://evil.example/callback", "http://127.0.0.1:33418/other",
                                 "http://127.0.0.1.evil.example:33418/callback", "http://127.0.0.1:33418/callback/",
                                 "http://localhost:33418/callback", "javascript:alert(1)",
                                 "http://127.0.0.1:33418/callback#x", "http://u@127.0.0.1:33418/callback"])
def test_an_unregistered_redirect_is_never_followed(desktop, uri):
    refused_here(desktop, redirect_uri=uri)


# V20
def test_without_a_redirect_the_error_stays_on_a_local_page(desktop):
    refused_here(desktop, redirect_uri=None)


def test_an_unknown_client_is_told_so_on_a_local_page(desktop):
    refused_here(desktop, client_id="nobody")


# RFC 8252 7.3
@pytest.mark.parametrize("port", ["1", "65535", "50123"])
def test_a_loopback_redirect_may_use_any_port(desktop, port):
    reply = desktop.browser().open(desktop.authorize_url(
        desktop.authorize_parameters(Pkce(), redirect_uri=f"http://127.0.0.1:{port}/callback")))

    assert is_login(reply), reply.text


# V20
def test_a_missing_response_type_is_an_error_of_its_own(desktop, analyst):
    assert refused_at_client(desktop, analyst, response_type=None)["error"] == "invalid_request"


# OA-14
@pytest.mark.parametrize("kind", ["token", "code token", "id_token"])
def test_only_the_code_flow_exists(desktop, analyst, kind):
    assert refused_at_client(desktop, analyst, response_type=kind)["error"] == "unsupported_response_type"


# OA-03, V20
def test_a_request_without_challenge_is_refused(desktop, analyst):
    answer = refused_at_client(desktop, analyst, code_challenge=None)

    assert answer["error"] == "invalid_request"


# OA-03: a secret is no replacement
def test_pkce_is_demanded_of_confidential_clients_too(web_client, analyst):
    answer = refused_at_client(web_client, analyst, code_challenge=None, code_challenge_method=None)

    assert answer["error"] == "invalid_request"


# OA-04
@pytest.mark.parametrize("method", ["plain", None, "s256", ""])
def test_only_s256_is_taken(desktop, analyst, method):
    assert refused_at_client(desktop, analyst, code_challenge_method=method)["error"] == "invalid_request"


@pytest.mark.parametrize("challenge", ["short", "a" * 44, "a" * 42 + "=", "!" * 43])
def test_a_challenge_that_no_sha256_gives_is_refused(desktop, analyst, challenge):
    assert refused_at_client(desktop, analyst, code_challenge=challenge)["error"] == "invalid_request"


# OA-12
@pytest.mark.parametrize("resource", ["https://other.example/mcp", "/mcp"])
def test_another_resource_is_an_invalid_target(desktop, analyst, resource):
    assert refused_at_client(desktop, analyst, resource=resource)["error"] == "invalid_target"


def test_the_resource_may_be_left_out_by_older_clients(desktop, analyst):
    parameters = desktop.authorize_parameters(Pkce(), resource=None)

    assert is_login(desktop.browser().open(desktop.authorize_url(parameters)))


# OA-11, V06
def test_a_scope_that_is_not_known_leaves_nothing(desktop, analyst):
    assert refused_at_client(desktop, analyst, scope="everything")["error"] == "invalid_scope"


# OA-17
def test_a_repeated_parameter_is_refused(desktop, analyst):
    parameters = desktop.authorize_parameters(Pkce())
    browser = desktop.browser()

    reply = browser.open(desktop.authorize_url(parameters) + "&state=other")
    assert "invalid_request" in (reply.header("Location") or "") or reply.status == LOCAL
    reply = browser.open(desktop.authorize_url(parameters) + f"&client_id={desktop.client_id}")
    assert reply.status == LOCAL and reply.header("Location") is None


# OA-28
def test_authorize_answers_no_cross_origin_probe(desktop):
    url = desktop.authorize_url(desktop.authorize_parameters(Pkce()))
    reply = desktop.web.send("GET", url, {"Origin": "https://evil.example"})

    assert not [name for name, _ in reply.headers if name.lower().startswith("access-control-")]
