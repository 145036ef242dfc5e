# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The same APIs behind TLS: one good certificate and three that a careful client refuses."""

import http.client
import ssl
from urllib.parse import urlsplit

import pytest

from conftest import FOLDER, Process

KINDS = {"good", "wrong_name", "expired", "untrusted"}


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    ca = folder / "ca.pem"
    process = Process(FOLDER / "simulators.py", folder, "--tls-ca", str(ca))
    yield process.reach, ca
    process.stop()


def status_of(url: str, ca) -> int:
    context = ssl.create_default_context(cafile=ca)
    connection = http.client.HTTPSConnection(urlsplit(url).netloc, timeout=10, context=context)
    try:
        connection.request("GET", "/nowhere")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("provider", ["jamf", "crowdstrike", "okta"])
def test_every_provider_answers_over_tls(secure, provider):
    reach, ca = secure

    assert set(reach[provider]["tls"]) == KINDS
    assert status_of(reach[provider]["tls"]["good"], ca) == 404


@pytest.mark.parametrize("kind, reason", [
    ("wrong_name", "IP address mismatch"), ("expired", "certificate has expired"),
    ("untrusted", "unable to get local issuer|self-signed")])
def test_a_bad_certificate_is_bad_in_one_way_only(secure, kind, reason):
    reach, ca = secure

    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        status_of(reach["jamf"]["tls"][kind], ca)
    assert status_of(reach["jamf"]["tls"]["good"], ca) == 404


def test_a_tls_port_speaks_no_plain_http(secure):
    reach, _ca = secure
    connection = http.client.HTTPConnection(urlsplit(reach["jamf"]["tls"]["good"]).netloc, timeout=10)

    with pytest.raises((OSError, http.client.HTTPException)):
        connection.request("GET", "/nowhere")
        connection.getresponse()


def test_no_key_is_left_behind(secure):
    _reach, ca = secure

    assert {path.name for path in ca.parent.iterdir()} == {"ca.pem", "ready.json"}
    assert b"PRIVATE" not in ca.read_bytes()
