# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""`quell doctor`: what is wrong with a connector or this machine, and what to do about it."""

import json
import socket

import pytest

from rig import quell_process
from rig.certificates import self_signed
from rig.quell_process import scratch_folder
from rig.simulators import Provider
from rig.web import Web

MODES = ("process", "in_process")


def doctor(quell, *options: str) -> tuple[int, dict]:
    done = quell_process.run("--json", "-c", quell.configuration.path, "doctor", *options)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def connector(document: dict, key: str, tenant: str = "acme") -> dict:
    found = [row for row in document["connectors"] if (row["connector"], row["tenant"]) == (key, tenant)]
    assert len(found) == 1, document
    return found[0]


def finding(document: dict, name: str) -> dict:
    return next(row for row in document["host"] if row["name"] == name)


# issue 3, point 7
@pytest.mark.parametrize("isolation", MODES)
@pytest.mark.parametrize("runs", [True, False], ids=["host runs", "no host"])
def test_all_is_well_and_nothing_was_done(fresh, simulators, isolation, runs):
    quell = fresh(isolation, start=runs)
    code, document = doctor(quell)

    assert (code, document["ok"]) == (0, True), document
    assert {row["connector"] for row in document["connectors"]} == {"crowdstrike", "jamf", "okta"}
    for row in document["connectors"]:
        assert row["verdict"] == "ok" and row["next_step"] is None and row["checks"], row
        assert row["plugin_state"] == "ready"
    assert not [row for provider in simulators.values() for row in provider.acted()]


def without_rights(key: str, provider: Provider) -> str:
    """Takes one permission away from tokens issued from now on; a word that the doctor must say."""
    if key == "jamf":
        kept = [name for name in provider.control("GET", "/settings")["privileges"] if "Lock" not in name]
        provider.settings(privileges=kept)
        return "Lock"
    if key == "crowdstrike":
        provider.settings(scopes=["devices:write"])
        return "Hosts: Read"
    provider.settings(has_admin_role=False)
    return "okta.users.read"


# issue 3, point 7
@pytest.mark.parametrize("isolation", MODES)
@pytest.mark.parametrize("key", ["crowdstrike", "jamf", "okta"])
def test_a_missing_permission_is_named(fresh, simulators, isolation, key):
    quell = fresh(isolation)
    word = without_rights(key, simulators[key])

    code, document = doctor(quell)

    row = connector(document, key)
    assert (code, row["verdict"], row["ok"]) == (2, "permission_missing", False), row
    assert word in str([check for check in row["checks"] if not check["ok"]]), row
    assert "Grant" in row["next_step"]
    assert all(other["ok"] for other in document["connectors"] if other is not row)


# issue 3, point 7
@pytest.mark.parametrize("isolation", MODES)
def test_a_wrong_secret_is_told_with_its_place(fresh, isolation):
    def spoil(configuration):
        for key in ("crowdstrike", "jamf"):
            settings = configuration.tenants["acme"].connectors[key]
            settings["client_secret"] = configuration.secret(f"{key}_wrong", "not-the-secret")

    quell = fresh(isolation, spoil)
    code, document = doctor(quell)

    assert code == 2
    for key in ("crowdstrike", "jamf"):
        row = connector(document, key)
        assert row["verdict"] == "credential_refused", row
        assert "tenants/acme.toml" in row["next_step"] and f"connectors.{key}" in row["next_step"]
    assert connector(document, "okta")["ok"]
    assert "not-the-secret" not in str(document)


# issue 3, point 7
@pytest.mark.parametrize("isolation", MODES)
def test_a_provider_that_is_down_is_unreachable(fresh, isolation):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused

        def spoil(configuration):
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            configuration.tenants["acme"].connectors["crowdstrike"]["base_url"] = address
            configuration.providers.append(address)

        quell = fresh(isolation, spoil)
        code, document = doctor(quell)

    row = connector(document, "crowdstrike")
    assert (code, row["verdict"]) == (2, "unreachable"), row
    assert "egress" in row["next_step"]


def test_a_provider_that_fails_is_told_apart(quell, okta):
    okta.fault("GET /", status=503, times=None)
    row = connector(doctor(quell, "--tenant", "acme")[1], "okta")

    assert row["verdict"] == "provider_failing", row


def test_a_plugin_that_is_not_loaded_is_told_with_the_next_step(fresh):
    quell = fresh(change=lambda configuration: configuration.pins.update(jamf="0" * 64))
    code, document = doctor(quell)

    row = connector(document, "jamf")
    assert (code, row["verdict"], row["plugin_state"]) == (2, "not_loaded", "failed")
    assert row["message"] and "plugins.jamf" in row["next_step"]


def test_one_tenant_alone_is_examined_when_asked(door):
    code, document = doctor(door, "--tenant", "edr-only")

    assert code == 0 and {row["tenant"] for row in document["connectors"]} == {"edr-only"}
    assert quell_process.run("-c", door.configuration.path, "doctor", "--tenant", "nobody").returncode == 1


def test_a_person_reads_what_to_do(fresh, jamf):
    quell = fresh()
    without_rights("jamf", jamf)
    done = quell_process.run("-c", quell.configuration.path, "doctor")

    assert done.returncode == 2
    bad = [line for line in done.stdout.splitlines() if "BAD" in line]
    assert any("acme/jamf" in line for line in bad) and any("Lock" in line for line in bad)
    assert "-> Grant" in done.stdout


# ---- this machine


def test_files_that_others_may_write_are_found(fresh):
    quell = fresh()
    quell.configuration.path.chmod(0o666)

    code, document = doctor(quell)

    assert code == 2
    assert str(quell.configuration.path) in finding(document, "settings_files")["message"]


@pytest.mark.parametrize("days, well", [(5, False), (300, True)])
def test_the_end_of_the_certificate_is_told_in_time(fresh, days, well):
    folder = scratch_folder()
    certificate, key = self_signed(folder, days=days)

    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(certificate), "tls_key": str(key)}

    quell = fresh(change=with_tls, start=False)
    quell.web = Web(trust=str(certificate))
    quell.start()
    code, document = doctor(quell)

    assert (code == 0) == well
    found = finding(document, "tls_certificate")
    assert found["ok"] == well and "ends at" in found["message"]


def test_a_port_in_use_is_told_before_the_start(fresh, door):
    def same_port(configuration):
        configuration.port = door.configuration.port

    quell = fresh(change=same_port, start=False)
    code, document = doctor(quell)

    assert code == 2 and not finding(document, "port")["ok"]


def test_the_disk_of_the_store_is_looked_at(door):
    assert "MiB" in finding(doctor(door, "--tenant", "edr-only")[1], "store_disk")["message"]
