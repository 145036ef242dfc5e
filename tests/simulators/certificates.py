# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A certificate authority for one run: its certificate is for tests to trust, its keys are thrown away.

Each kind of certificate is what one wrongly kept server shows. Nothing here is ever committed.
"""

import datetime
import ipaddress
import os
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KINDS = ("good", "wrong_name", "expired", "untrusted")
_DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


class Authority:
    """Signs server certificates. `pem` is its own, for clients that shall trust it."""

    def __init__(self, name: str):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        now = datetime.datetime.now(datetime.timezone.utc)
        own = (x509.CertificateBuilder().subject_name(self._name).issuer_name(self._name)
               .public_key(self._key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - 400 * _DAY).not_valid_after(now + 2 * _DAY)
               .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
               .sign(self._key, hashes.SHA256()))
        self.pem = own.public_bytes(serialization.Encoding.PEM)

    def context(self, subject: x509.GeneralName, age_days: int = 1, left_days: int = 2):
        """A server's TLS with a new certificate for that name."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = (x509.CertificateBuilder().subject_name(_name("simulator")).issuer_name(self._name)
                .public_key(key.public_key()).serial_number(x509.random_serial_number())
                .not_valid_before(now - age_days * _DAY).not_valid_after(now + left_days * _DAY)
                .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                .add_extension(usage, critical=False)
                .sign(self._key, hashes.SHA256()))
        return _server_context(leaf.public_bytes(serialization.Encoding.PEM) + _pem(key))


def _server_context(chain_and_key: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # The module reads files only: this one is private and gone a moment later.
    with tempfile.NamedTemporaryFile() as file:
        file.write(chain_and_key)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def make_contexts(ca_path: str) -> dict[str, ssl.SSLContext]:
    """A TLS context for each of KINDS; the certificate of the authority goes to `ca_path`."""
    authority = Authority("Quell simulators, one run")
    with open(os.open(ca_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
        file.write(authority.pem)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    return {
        "good": authority.context(here),
        "wrong_name": authority.context(x509.DNSName("elsewhere.invalid")),
        "expired": authority.context(here, age_days=30, left_days=-1),
        "untrusted": Authority("Somebody else").context(here),
    }
