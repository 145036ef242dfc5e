# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Plugin files that must not be loaded: the reason is told, and the rest of the host works."""

import json
import os

import pytest

from rig.broken_plugins import compiled, copy_all, manifest_of
from rig.quell_process import REPOSITORY, plugin_directory
from rig.world import ALICE, ALICE_MAC

SDK = REPOSITORY / "sdk"
TARGET = "crowdstrike.so"


def truncated(folder):
    data = (folder / TARGET).read_bytes()
    (folder / TARGET).write_bytes(data[:len(data) // 2])


def tiny(folder):
    (folder / TARGET).write_bytes((folder / TARGET).read_bytes()[:20])


def text(folder):
    (folder / TARGET).write_text("#!/bin/sh\necho hello\n")


def empty(folder):
    (folder / TARGET).write_bytes(b"")


def absent(folder):
    (folder / TARGET).unlink()


def other_major(folder):
    compiled(folder / TARGET, manifest_of(folder / TARGET), SDK, major=2)


def other_major_in_manifest(folder):
    manifest = json.loads(manifest_of(folder / TARGET)) | {"abi": 2}
    compiled(folder / TARGET, json.dumps(manifest).encode(), SDK)


def missing_symbol(folder):
    compiled(folder / TARGET, manifest_of(folder / TARGET), SDK, entry="some_other_entry")


def other_identity(folder):
    manifest = json.loads(manifest_of(folder / TARGET)) | {"id": "somebody-else"}
    compiled(folder / TARGET, json.dumps(manifest).encode(), SDK)


def broken_manifest(folder):
    compiled(folder / TARGET, b'{"id": "crowdstrike", ', SDK)


def unknown_schema_keyword(folder):
    manifest = json.loads(manifest_of(folder / TARGET))
    manifest["settings"]["properties"]["base_url"]["x-unheard-of"] = 1
    manifest["settings"]["contentWhatever"] = True
    compiled(folder / TARGET, json.dumps(manifest).encode(), SDK)


def without_capability_table(folder):
    compiled(folder / TARGET, manifest_of(folder / TARGET), SDK)


def a_link(folder):
    (folder / TARGET).rename(folder / "real.so")
    (folder / TARGET).symlink_to("real.so")


def a_pipe(folder):
    (folder / TARGET).unlink()
    os.mkfifo(folder / TARGET)


def group_writable(folder):
    (folder / TARGET).chmod(0o664)


def world_writable(folder):
    (folder / TARGET).chmod(0o646)


@pytest.fixture
def with_plugin_folder(fresh, tmp_path):
    """Starts a host on a copy of the plugins, changed by `spoil` before (or after) the pins are written."""

    def make(spoil, isolation="process", after_pinning=False, change=None):
        folder = tmp_path / "plugins"
        copy_all(plugin_directory(), folder)
        if not after_pinning:
            spoil(folder)

        def use(configuration):
            configuration.plugin_folder = folder
            if change:
                change(configuration)
            if (folder / TARGET).is_fifo():
                configuration.pins["crowdstrike"] = "0" * 64

        quell = fresh(isolation, use, start=False)
        if after_pinning:
            spoil(folder)
        return quell.start()

    return make


def status_of(quell, plugin: str) -> dict:
    return next(row for row in quell.quell("plugin", "list") if row["id"] == plugin)


def assert_refused(quell, okta) -> str:
    """crowdstrike is not there and everybody is told why; okta works. The reason."""
    row = status_of(quell, "crowdstrike")
    reason = row["reason"]
    assert row["state"] == "failed" and reason, row
    assert reason[:30] in quell.log
    result = quell.mcp().contain("network_contain", "hostname", ALICE_MAC)
    assert result.error["key"] in ("connector_unavailable", "connector_not_enabled", "action_not_supported")
    assert quell.mcp().tool("revoke_sessions", username=ALICE).order["status"] == "completed"
    return reason


def test_the_plugins_of_the_installation_are_used_where_the_settings_name_no_directory(fresh, crowdstrike):
    quell = fresh(change=lambda configuration: setattr(configuration, "plugin_folder", None))

    assert quell.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order["status"] == "resolved"
    assert quell.quell("check")["ok"]


# OP-06: the host says at its start what it lacks
def test_the_log_tells_at_the_start_which_plugin_is_not_served(with_plugin_folder):
    quell = with_plugin_folder(absent)
    started = next(line for line in map(json.loads, quell.log.splitlines()) if line["event"] == "host_started")

    assert {row["plugin"]: row["state"] == "failed" for row in started["plugins"]} == {
        "crowdstrike": True, "jamf": False, "okta-sessions": False}


# PL-06
@pytest.mark.parametrize("isolation", ["process", "in_process"])
@pytest.mark.parametrize("spoil", [truncated, tiny, text, empty, absent, other_major, other_major_in_manifest,
                                   missing_symbol, other_identity, broken_manifest, unknown_schema_keyword])
def test_a_file_that_is_no_plugin_of_ours_is_not_loaded(with_plugin_folder, okta, crowdstrike, spoil, isolation):
    quell = with_plugin_folder(spoil, isolation)

    assert_refused(quell, okta)
    assert crowdstrike.ledger() == []


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_plugin_that_lacks_what_its_manifest_promises_costs_only_its_own_calls(with_plugin_folder, okta, isolation):
    quell = with_plugin_folder(without_capability_table, isolation)

    error = quell.mcp().contain("network_contain", "hostname", ALICE_MAC).error
    assert error["key"] in ("connector_unavailable", "plugin_error", "action_not_supported")
    assert quell.mcp().tool("revoke_sessions", username=ALICE).order["status"] == "completed"


# PL-09
@pytest.mark.parametrize("spoil", [group_writable, world_writable, a_link, a_pipe])
def test_a_file_that_others_could_have_written_is_not_loaded(with_plugin_folder, okta, spoil):
    assert_refused(with_plugin_folder(spoil), okta)


# PL-09
def test_a_folder_that_others_may_write_holds_no_plugin(with_plugin_folder):
    quell = with_plugin_folder(lambda folder: folder.chmod(0o777))

    assert {row["state"] for row in quell.quell("plugin", "list")} == {"failed"}


# PL-09
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_a_file_that_changed_after_it_was_pinned_is_not_loaded(with_plugin_folder, okta, isolation):
    def append(folder):
        with open(folder / TARGET, "ab") as file:
            file.write(b"\0")

    reason = assert_refused(with_plugin_folder(append, isolation, after_pinning=True), okta)

    assert "pin" in reason or "digest" in reason or "sha256" in reason


# PL-09
def test_a_plugin_without_a_pin_is_not_loaded(with_plugin_folder, okta):
    def without_pin(configuration):
        configuration.unpinned = {"crowdstrike"}

    reason = assert_refused(with_plugin_folder(lambda folder: None, change=without_pin), okta)

    assert "pin" in reason


def test_pinning_writes_the_digest_that_hash_prints(with_plugin_folder, okta):
    def without_pin(configuration):
        configuration.unpinned = {"crowdstrike"}

    quell = with_plugin_folder(lambda folder: None, change=without_pin)
    assert quell.stop() == 0

    quell.quell("plugin", "pin", "crowdstrike")

    digest = quell.quell("plugin", "hash", plugin_directory() / TARGET)["sha256"]
    assert f'sha256 = "{digest}"' in quell.configuration.path.read_text()
    quell.start()
    assert quell.mcp().contain("network_contain", "hostname", ALICE_MAC, dry_run=True).order


def test_a_plugin_is_inspected_without_running_it(door):
    shown = door.quell("plugin", "inspect", plugin_directory() / TARGET)

    assert shown["id"] == "crowdstrike" and "device_containment/1" in shown["capabilities"]


@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_the_list_says_how_each_plugin_runs(fresh, isolation):
    quell = fresh(isolation)  # of its own: other tests kill the shared one's runners
    rows = {row["id"]: row for row in quell.quell("plugin", "list")}

    assert set(rows) == {"crowdstrike", "jamf", "okta-sessions"}
    for row in rows.values():
        assert row["isolation"] == quell.configuration.isolation
        assert row["state"] in ("ready", "loaded", "running"), row
