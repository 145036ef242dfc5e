# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A provider's certificate: only one that is valid, for that name, of a trusted authority."""

import shutil

import pytest

from rig import private_trust, world
from rig.configuration import Tenant
from rig.quell_process import scratch_folder
from rig.simulators import Simulators
from rig.world import ALICE_MAC

pytestmark = pytest.mark.skipif(bool(private_trust.missing()),
                                reason=f"missing: {private_trust.missing()}")
# The tenant `acme` has the good one.
TENANTS = {"acme": "good", "wrong-name": "wrong_name", "expired": "expired", "untrusted": "untrusted"}


@pytest.fixture(scope="module")
def secure_world():
    folder = scratch_folder("quell-e2e-tls-")
    process = Simulators(folder, "--tls-ca", folder / "ca.pem")
    yield process.providers, folder / "ca.pem"
    process.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["process", "in_process"])
def quell(request, secure_world, monkeypatch):
    """A host with a tenant for each kind of certificate at Jamf Pro."""
    providers, authority = secure_world
    providers["jamf"].reset()
    installation = world.build(scratch_folder("quell-e2e-"), providers, request.param)
    configuration = installation.configuration
    settings = configuration.tenants["acme"].connectors["jamf"]
    for tenant, kind in TENANTS.items():
        url = providers["jamf"].tls[kind]
        configuration.tenants[tenant] = Tenant({"jamf": {**settings, "base_url": url}})
        configuration.providers.append(url)
    configuration.write()
    yield private_trust.start(installation, authority, monkeypatch)
    installation.end()
    shutil.rmtree(configuration.folder, ignore_errors=True)


# PF-11: the authority is trusted, the name is right and the time too, so that what follows has one reason
def test_a_valid_certificate_is_accepted(quell):
    assert quell.mcp().contain("lock_device", "hostname", ALICE_MAC).order["status"] == "completed"


# PF-11
@pytest.mark.parametrize("tenant", ["wrong-name", "expired", "untrusted"])
def test_a_bad_certificate_is_refused_and_the_error_says_so(quell, tenant):
    error = quell.mcp(tenant).contain("lock_device", "hostname", ALICE_MAC).error

    assert error["key"] == "connector_misconfigured"
    assert "TLS certificate" in error["message"]
    assert not quell.providers["jamf"].ledger()
