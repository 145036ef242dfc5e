# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The protocol's own conformance suite against a host with the plugin mcp-fixtures. There is no file of expected failures."""

import json
import re
import shutil
import subprocess

import pytest

from rig import world
from rig.oauth_client import decide, sign_in
from rig.quell_process import REPOSITORY, free_port, scratch_folder
from rig.web import Web

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"
SUITE = REFEREES / "node_modules/@modelcontextprotocol/conformance/dist/index.js"

pytestmark = pytest.mark.skipif(not SUITE.exists(),
                                reason="tests/referees/node_modules is missing: run script/bootstrap --test")


@pytest.fixture(scope="module", params=["process", "in_process"])
def host(request):
    installation = world.build_content(scratch_folder("quell-e2e-"), request.param)
    installation.configuration.write()
    installation.start()
    yield installation
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def url(host):
    """Of the proxy that adds a token."""
    token = host.client(name="Conformance").machine_token()
    proxy = subprocess.Popen([NODE, REFEREES / "token_proxy.mjs", host.base_url], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    proxy.stdin.write(token)
    proxy.stdin.close()
    yield f"http://localhost:{int(proxy.stdout.readline())}/mcp"
    proxy.kill()
    proxy.wait()


def suite(*arguments: str, timeout: float = 300) -> subprocess.CompletedProcess:
    folder = scratch_folder("quell-conformance-")
    try:
        return subprocess.run([NODE, SUITE, *arguments], cwd=folder, capture_output=True, text=True, timeout=timeout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# MC-01: the frozen set, and what the suite runs beside it without scoring: tasks, schemas, reconnection, headers of arguments
@pytest.mark.slow
@pytest.mark.parametrize("version, scored, unscored", [("2026-07-28", 37, 13), ("2025-11-25", 30, 3)])
def test_every_scenario_passes(url, version, scored, unscored):
    done = suite("server", "--url", url, "--requirements", version)

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    summary = done.stdout.partition("=== SUMMARY ===")[2]
    assert len(re.findall(r"^✓ [\w-]+: \d+ passed, 0 failed", summary, re.M)) == scored + unscored, summary
    assert f"{unscored} scenario(s) run, 0 failing" in summary, summary


# E02: the revision that the requirement names, by the suite's scenarios for it
@pytest.mark.slow
def test_every_scenario_of_2025_06_18_passes(url):
    done = suite("server", "--url", url, "--suite", "active", "--spec-version", "2025-06-18")

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    summary = done.stdout.partition("=== SUMMARY ===")[2]
    assert len(re.findall(r"^✓ [\w-]+: \d+ passed, 0 failed", summary, re.M)) >= 20, summary
    assert "✗" not in summary, summary


def test_the_authorization_server_passes_with_a_person_who_logs_in(host):
    port = free_port()
    person = host.user(f"person-{port}@acme.example", "analyst")
    client = host.client(public=True, name="Conformance", redirects=[f"http://127.0.0.1:{port}/callback"])
    folder = scratch_folder("quell-conformance-")
    judge = subprocess.Popen(
        [NODE, SUITE, "authorization", "--url", host.base_url, "--client-id", client.client_id, "--resource", host.mcp_url, "-p", str(port)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen = ""
    for line in judge.stdout:  # until it ends; it waits for the person on the way
        seen += line
        if found := re.search(r"http\S+/oauth/authorize\?\S+", line):
            browser = client.browser()
            allowed = decide(browser, sign_in(browser, browser.open(found[0]), person))
            Web().get(allowed.header("Location"))
    shutil.rmtree(folder, ignore_errors=True)

    assert judge.wait() == 0, seen[-5000:]
    assert not re.search(r"FAILURE|WARNING", seen), seen[-5000:]


# issue 4: the official clients of both lines
@pytest.mark.parametrize("client, modern", [("v1", False), ("v2-legacy", False), ("v2-auto", True), ("v2-pinned", True)])
def test_the_official_sdk_clients_use_everything_that_a_plugin_offers(host, client, modern):
    done = subprocess.run([NODE, REFEREES / "content_client.mjs"], capture_output=True, text=True, timeout=120, input=json.dumps(
        {"url": host.mcp_url, "token": host.client(name=f"SDK {client}").machine_token(), "client": client}))

    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert seen["modern"] is modern
    assert "contain_device" in seen["tools"] and "test_simple_text" in seen["tools"]
    assert seen["progress"] == [0, 50, 100]
    assert seen["elicited"] == "Hello, Ada!"
    assert seen["resource"].startswith("This is the content") and seen["prompt"] == 1
    assert seen["changed"] >= 1
