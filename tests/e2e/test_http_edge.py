# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Methods, media types and ciphers at the edge; each refusal leaves the host as it was."""

import socket
import ssl

import pytest

from rig.web import Web


# HT-10
@pytest.mark.parametrize("method, path", [("PUT", "/mcp"), ("PATCH", "/mcp"), ("DELETE", "/healthz"), ("POST", "/readyz"),
                                          ("GET", "/oauth/token"), ("POST", "/.well-known/oauth-authorization-server")])
def test_a_wrong_method_is_told_the_right_ones(door, method, path):
    reply = Web().send(method, door.base_url + path, {"Authorization": f"Bearer {door.token()}"})

    assert reply.status == 405, reply.text
    assert reply.header("Allow") and method not in reply.header("Allow")


# HT-10
@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/xml;q=1", "application/json;q=0, text/event-stream;q=0"])
def test_an_accept_that_nothing_can_meet_is_refused(door, crowdstrike, accept):
    reply = door.mcp().exchange("tools/list", headers={"Accept": accept})

    assert reply.status == 406, reply.text
    assert crowdstrike.ledger() == []


# HT-12
@pytest.mark.parametrize("ciphers", ["NULL", "aNULL", "RC4", "3DES", "DES", "EXPORT", "MD5", "ADH", "kRSA"])
def test_weak_ciphers_are_refused(fresh, tls_files, ciphers):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    except ssl.SSLError:
        pytest.skip(f"this OpenSSL has no {ciphers} left to offer")

    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(tls_files[0]), "tls_key": str(tls_files[1])}

    quell = fresh(change=with_tls, start=False)
    quell.web = Web(trust=str(tls_files[0]))
    quell.start()
    with socket.create_connection(("127.0.0.1", quell.configuration.port), timeout=10) as connection:
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            context.wrap_socket(connection)


# HT-12
def test_a_good_client_gets_tls_1_3_or_forward_secrecy(fresh, tls_files):
    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(tls_files[0]), "tls_key": str(tls_files[1])}

    quell = fresh(change=with_tls, start=False)
    quell.web = Web(trust=str(tls_files[0]))
    quell.start()
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=str(tls_files[0]))
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(("127.0.0.1", quell.configuration.port), timeout=10) as connection:
            with context.wrap_socket(connection, server_hostname="127.0.0.1") as secure:
                name = secure.cipher()[0]
                assert name.startswith("TLS_") or "ECDHE" in name, name
