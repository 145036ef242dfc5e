# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Starts the simulators once as a process, the way the host does, and resets them for each test."""

import json
import select
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "tests")]
sys.dont_write_bytecode = True

from client import Falcon, JamfPro, OktaOrg, SlackWorkspace, VaultNode  # noqa: E402
from service_app import ServiceApp  # noqa: E402


class Process:
    """The running simulators; the ready file's content is `reach`."""

    def __init__(self, script: Path, folder: Path, *options: str):
        ready = folder / "ready.json"
        self.popen = subprocess.Popen(
            ["/usr/bin/python3", str(script), "--ready-file", str(ready), "--exit-with-stdin",
             *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        while not ready.exists():
            if self.popen.poll() is not None:
                raise RuntimeError(self.popen.stdout.read().decode())
            select.select([self.popen.stdout], [], [], 0.01)
        self.reach = json.loads(ready.read_text())

    def stop(self) -> int:
        if self.popen.stdin:
            self.popen.stdin.close()
        return self.popen.wait(timeout=10)


@pytest.fixture(scope="session")
def app():
    return ServiceApp("RS256", "app-key-1")


@pytest.fixture(scope="session")
def simulators(tmp_path_factory, app):
    folder = tmp_path_factory.mktemp("simulators")
    jwk = folder / "app.jwk"
    jwk.write_text(json.dumps(app.jwk))
    process = Process(FOLDER / "simulators.py", folder, "--okta-jwk", str(jwk))
    yield process.reach
    process.stop()


def _fresh(provider):
    provider.control("DELETE", "/tokens")
    provider.control("POST", "/reset")
    return provider


@pytest.fixture
def jamf(simulators):
    return _fresh(JamfPro(simulators["jamf"]))


@pytest.fixture
def falcon(simulators):
    return _fresh(Falcon(simulators["crowdstrike"]))


@pytest.fixture
def okta(simulators, app):
    app.client_id = simulators["okta"]["client_id"]
    return _fresh(OktaOrg(simulators["okta"], app))


@pytest.fixture
def slack(simulators):
    return _fresh(SlackWorkspace(simulators["slack"]))


@pytest.fixture
def vault(simulators):
    return _fresh(VaultNode(simulators["vault"]))
