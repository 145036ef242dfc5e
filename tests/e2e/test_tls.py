# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The TLS listener: certificate, links, cookies, and what it does not speak."""

import socket
import ssl

import pytest

from rig.installation import REDIRECT
from rig.oauth_client import Pkce, consent_of, discover, is_consent, tokens_for
from rig.web import Web
from rig.world import ALICE_MAC


@pytest.fixture
def secure(fresh, tls_files):
    """A host that listens with TLS only; its clients trust its certificate."""
    certificate, key = tls_files

    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(certificate), "tls_key": str(key)}

    installation = fresh(change=with_tls, start=False)
    installation.web = Web(trust=str(certificate))
    return installation.start()


# E23
def test_the_whole_way_works_over_tls(secure, crowdstrike):
    person = secure.user("analyst@acme.example", "analyst")
    desktop = secure.client(public=True, redirects=[REDIRECT])
    token = tokens_for(desktop, person)["access_token"]

    assert discover(secure.mcp_url, secure.web).server["issuer"] == secure.base_url
    assert secure.base_url.startswith("https://")
    assert secure.mcp(token=token).contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"


# OA-24
def test_cookies_are_bound_to_the_secure_host(secure):
    person = secure.user("analyst@acme.example", "analyst")
    desktop = secure.client(public=True, redirects=[REDIRECT])
    browser = desktop.browser()
    assert is_consent(consent_of(desktop, browser, person, desktop.authorize_parameters(Pkce())))

    assert browser.set_cookies
    for line in browser.set_cookies:
        attributes = {part.strip().lower().partition("=")[0] for part in line.split(";")[1:]}
        assert line.startswith("__Host-"), line
        assert {"secure", "httponly", "samesite"} <= attributes and "domain" not in attributes, line


# E23
def test_the_port_speaks_no_plain_http(secure):
    with socket.create_connection(("127.0.0.1", secure.configuration.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        try:
            answer = connection.recv(100)
        except ConnectionResetError:
            answer = b""

    assert not answer.startswith(b"HTTP/1.1 200")


# HT-12
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_tls_is_refused(secure, version):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, version

    with socket.create_connection(("127.0.0.1", secure.configuration.port), timeout=10) as connection:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            context.wrap_socket(connection)


def test_a_missing_certificate_ends_the_program_with_its_name(fresh):
    def with_tls(configuration):
        configuration.tls = {"tls_cert": "/nonexistent/quell.crt", "tls_key": "/nonexistent/quell.key"}

    with pytest.raises(AssertionError, match="quell.crt"):
        fresh(change=with_tls)
