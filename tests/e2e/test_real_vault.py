# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Vault plugin against a real `bao` or `vault` in development mode, if one is on PATH."""

import json
import os
import shutil
import subprocess

import pytest

from rig.configuration import free_port
from rig.deadline import eventually
from rig.vault import reference
from rig.web import Web
from rig.world import BOB_WIN

ROOT = "root-of-the-test"


def found() -> str | None:
    return shutil.which("bao") or shutil.which("vault")


@pytest.fixture
def real(tmp_path):
    """A development server: unsealed, KV version 2 at secret/, in memory."""
    program = found()
    if program is None:
        pytest.skip("missing: neither `bao` nor `vault` is on PATH")
    url = f"http://127.0.0.1:{free_port()}"
    server = subprocess.Popen([program, "server", "-dev", f"-dev-root-token-id={ROOT}",
                               f"-dev-listen-address={url.partition('://')[2]}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "HOME": str(tmp_path)})

    def ask(method: str, path: str, value=None) -> dict:
        reply = Web().send(method, url + path, {"X-Vault-Token": ROOT, "Content-Type": "application/json"},
                           None if value is None else json.dumps(value))
        assert reply.status < 300, f"{method} {path}: {reply.status} {reply.text}"
        return reply.json if reply.body else {}

    def answers() -> bool:
        try:
            return Web().get(url + "/v1/sys/health").status == 200
        except OSError:
            return False

    eventually(answers, "the server is unsealed")
    yield url, ask
    server.terminate()
    server.wait(10)


@pytest.mark.parametrize("mode", ("process", "in_process"))
def test_a_connector_starts_with_the_secret_that_a_real_vault_keeps(fresh, crowdstrike, real, mode):
    url, ask = real
    client = crowdstrike.new_client()
    ask("POST", "/v1/secret/data/acme/crowdstrike", {"data": {"client_secret": client["client_secret"]}})
    ask("POST", "/v1/sys/policies/acl/quell", {"policy": 'path "secret/data/acme/*" { capabilities = ["read"] }'})
    ask("POST", "/v1/sys/auth/approle", {"type": "approle"})
    ask("POST", "/v1/auth/approle/role/quell", {"token_policies": ["quell"], "token_period": "1h"})
    role_id = ask("GET", "/v1/auth/approle/role/quell/role-id")["data"]["role_id"]
    secret_id = ask("POST", "/v1/auth/approle/role/quell/secret-id", {})["data"]["secret_id"]

    def change(configuration) -> None:
        configuration.plugins.append("vault-secrets")
        configuration.providers.append(url)
        connectors = configuration.tenants["acme"].connectors
        connectors["crowdstrike"] = {"base_url": crowdstrike.base_url, "client_id": client["client_id"],
                                     "client_secret": reference("secret/acme/crowdstrike", "client_secret")}
        connectors["vault"] = {"base_url": url, "role_id": role_id, "secret_id": configuration.secret("real", secret_id)}

    quell = fresh(mode, change=change)
    answer = quell.mcp().contain("network_contain", "hostname", BOB_WIN, integration_targets=["crowdstrike"])
    assert answer.order["status"] == "completed"
