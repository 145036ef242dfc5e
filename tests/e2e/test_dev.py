# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""`quell dev`: a host to try things with, that needs nothing and leaves nothing."""

import json
import shutil
from pathlib import Path

import pytest

from rig import process_tree
from rig.deadline import eventually
from rig.quell_process import Host, run, scratch_folder, start_dev
from rig.web import Web

MODES = ("process", "in_process")


@pytest.fixture(params=MODES)
def dev(request, monkeypatch):
    folder = scratch_folder("quell-dev-test-")
    monkeypatch.setenv("TMPDIR", str(folder))  # a killed host leaves its own folder there
    host, ready = start_dev(folder, "--isolation", request.param)
    yield host, ready, folder, request.param
    host.kill()
    shutil.rmtree(folder)


# INTERFACES.md 4
def test_dev_writes_all_that_a_client_needs_into_the_ready_file(dev):
    host, ready, folder, isolation = dev

    assert ready["mcp_url"] == ready["issuer"] + "/mcp"
    assert ready["tenant"] and ready["admin_url"]
    assert {"owner", "analyst", "viewer"} <= {user["role"] for user in ready["users"]}
    assert all(user["email"] and user["password"] for user in ready["users"])
    machines = [c for c in ready["clients"] if c["client_secret"] and "client_credentials" in c["grant_types"]]
    assert machines and "devices:contain" in str(machines[0]["scopes"])
    public = [c for c in ready["clients"] if c["client_secret"] is None]
    assert public and public[0]["redirect_uris"][0].startswith("http://127.0.0.1")
    assert {"jamf", "crowdstrike", "okta", "slack", "vault"} <= set(ready["simulators"])
    for simulator in ready["simulators"].values():
        assert Web().get(simulator["control_url"] + "/ledger").status == 200
    assert (folder / "ready.json").stat().st_mode & 0o077 == 0, "it holds passwords"
    assert bool(process_tree.runners(host.pid)) == (isolation == "process")


def test_slack_of_dev_reaches_the_host(dev):
    _, ready, _, _ = dev
    order = {"user": "analyst@acme.example", "text": "nobody"}

    reply = Web().send("POST", ready["simulators"]["slack"]["control_url"] + "/command", {}, json.dumps(order))

    assert reply.json[0]["status"] == 200 and "/challenge @name" in reply.json[0]["body"]


# issue 2, point 2
def test_dev_ends_cleanly_and_leaves_no_process_and_no_folder(dev):
    host, ready, _, _ = dev
    children = process_tree.descendants(host.pid)
    assert children

    assert host.stop() == 0

    eventually(lambda: not [pid for pid in children if process_tree.is_alive(pid)], "all children are gone", 10)
    assert not Path(ready["config"]).parent.exists()


def test_a_killed_dev_leaves_no_process(dev):
    host, _, _, _ = dev
    children = process_tree.descendants(host.pid)

    host.kill()

    eventually(lambda: not [pid for pid in children if process_tree.is_alive(pid)], "all children are gone", 10)


# INTERFACES.md 4: whoever waits for the file must not read of a host that has ended
def test_dev_leaves_no_ready_file_of_a_host_that_is_not_there(dev):
    host, _, folder, _ = dev
    stale = folder / "stale.json"
    stale.write_text("{}")

    failed = run("dev", "--port", "1", "--ready-file", stale, "--simulators", folder)
    host.stop()

    assert failed.returncode == 1 and not stale.exists()
    assert not (folder / "ready.json").exists()


@pytest.mark.parametrize("options, environment, named", [
    (["--ready-file", "/absent/ready.json"], {}, "/absent/ready.json"), (["--ready-file", "/"], {}, "--ready-file"),
    ([], {"TMPDIR": "/absent"}, "TMPDIR"), (["--simulators", "/absent"], {}, "--simulators"),
    (["--port", "70000"], {}, "--port"),
])
def test_dev_refuses_what_it_cannot_use_by_name(options, environment, named):
    done = run("dev", *options, environment=environment)

    assert done.returncode == 1
    assert named in done.stderr and "filesystem error" not in done.stderr


def test_dev_works_in_a_folder_of_any_name():
    outer = scratch_folder('quell "a\\b\' ')
    host = Host(["dev", "--ready-file", outer / "ready.json"], outer, {"TMPDIR": str(outer)})
    try:
        eventually(lambda: host.check_alive() or (outer / "ready.json").exists(), "it is ready", 60)
        assert host.stop() == 0
    finally:
        host.kill()
        shutil.rmtree(outer)


def test_dev_tells_a_person_what_to_try(dev):
    host, ready, _, _ = dev

    eventually(lambda: ready["mcp_url"] in host.output(), "the URL is printed")
    assert ready["users"][0]["email"].partition("@")[2] in host.output()
    command = next(line for line in host.output().splitlines() if ready["config"] in line and " -c " in line)
    words = command.partition(" -c ")[2].partition("   ")[0].split()
    assert run("-c", *words).returncode == 0, command
