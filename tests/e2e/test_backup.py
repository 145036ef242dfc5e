# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Copies of the store, taken while the host works, and the way back to them."""

import os
import sqlite3
import time
from contextlib import closing

import pytest

from rig import quell_process
from rig.deadline import eventually
from rig.load import Load
from rig.mcp_client import Modern
from rig.quell_process import scratch_folder
from rig.world import ALICE_MAC, BOB_WIN


@pytest.fixture
def backup(tmp_path):
    return tmp_path / "quell-backup.db"


def counts(store) -> dict[str, int]:
    with closing(sqlite3.connect(store)) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("requests", "dry_runs", "targets", "audit", "clients", "access_tokens", "login_sessions")}


def requests(store) -> int:
    return counts(store)["requests"] + counts(store)["dry_runs"]


def busy(quell) -> Load:
    """Orders in both directions for one device, and dry runs for another. The answers are the orders' ids."""
    there_and_back, looking = quell.mcp(), quell.mcp()

    def order(number: int) -> str:
        action = "network_contain" if number % 2 else "release_containment"
        return there_and_back.contain(action, "hostname", BOB_WIN).order["request_id"]

    def look(_: int) -> None:
        looking.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)

    return Load(order, look)


# DU-07
def test_a_backup_under_load_is_consistent_and_holds_all_that_was_answered_before(fresh, crowdstrike, backup):
    crowdstrike.settings(contain_delay_s=0, lift_delay_s=0)
    quell = fresh()
    with busy(quell) as load:
        eventually(lambda: len([a for a in load.answers if a.value]) >= 3, "orders were answered")
        began = time.monotonic()
        made = quell.quell("backup", backup)
        ended = len(load.answers)
        eventually(lambda: len(load.answers) >= ended + 5, "the host is still busy")
    assert backup.stat().st_mode & 0o777 == 0o600 and backup.stat().st_size == made["bytes"]
    assert quell.stop() == 0

    answer = quell.quell("restore", backup)
    quell.start()

    assert requests(answer["kept_aside"]) > requests(backup) > 0
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))
    before = [answered.value for answered in load.answers if answered.value and answered.at < began]
    assert len(before) >= 3
    assert all(quell.quell("request", "get", request_id)["status"] == "completed" for request_id in before)


# DU-07: what was ended since must not come back
def test_a_restore_ends_tokens_and_says_what_it_did_in_the_audit_trail(fresh, backup):
    quell = fresh()
    token = quell.token()
    quell.quell("backup", backup)
    assert quell.stop() == 0
    quell.quell("restore", backup)
    quell.start()

    assert Modern(quell.mcp_url, token).exchange("tools/list").status == 401
    assert quell.machine().machine_token(), "the client itself is in the backup"
    events = [row["event"] for row in quell.quell("audit", "tail", "--host", "-n", "100")]
    assert events.count("store_backed_up") == 1 and events.count("store_restored") == 1
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))


# DU-05: the message names the way back, and the way leads there
@pytest.mark.parametrize("damage", [lambda data: data[:len(data) // 2], lambda data: b"no database" * 400])
def test_a_damaged_store_is_refused_with_the_command_that_restores_it(fresh, backup, damage):
    quell = fresh()
    quell.token()
    quell.quell("backup", backup)
    assert quell.stop() == 0
    store = quell.configuration.store
    damaged = damage(store.read_bytes())
    store.write_bytes(damaged)

    refused = quell_process.run("-c", quell.configuration.path, "serve")
    assert refused.returncode == 3 and "quell restore" in refused.stderr
    answer = quell.quell("restore", backup)
    quell.start()

    assert quell.machine().machine_token()
    with open(answer["kept_aside"], "rb") as kept:
        assert kept.read() == damaged


def test_a_backup_never_replaces_a_file(fresh, backup):
    quell = fresh()
    backup.write_text("mine")

    failure = quell.refusal("backup", backup)

    assert failure.code == 1 and str(backup) in failure.error["message"]
    assert backup.read_text() == "mine"


def test_a_backup_works_without_a_host(fresh, backup):
    quell = fresh(start=False)
    quell.quell("client", "create", "--name", "In the backup", "--scope", "devices:contain")
    quell.quell("backup", backup)

    assert counts(backup)["clients"] == 1


def test_a_running_host_is_not_restored_under_its_feet(fresh, backup):
    quell = fresh()
    quell.quell("backup", backup)

    failure = quell.refusal("restore", backup)

    assert failure.code == 3 and "stop" in failure.error["next_step"]
    assert quell.mcp().tools()


@pytest.mark.parametrize("spoil", ["cut", "other key", "audit", "text", "newer"])
def test_a_backup_that_cannot_be_trusted_changes_nothing(fresh, backup, spoil):
    quell = fresh()
    quell.token()
    quell.quell("backup", backup)
    assert quell.stop() == 0
    if spoil == "cut":
        backup.write_bytes(backup.read_bytes()[:-4096])
    elif spoil == "text":
        backup.write_text("not a database")
    elif spoil == "other key":
        quell.configuration.secret("store_key", "another key of the right length, 0123456789")
    else:
        change = "UPDATE audit SET actor='x' WHERE seq=1" if spoil == "audit" else "PRAGMA user_version=1000"
        with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
            connection.execute(change)
    before = quell.configuration.store.read_bytes()

    failure = quell.refusal("restore", backup)

    assert failure.code == 3, failure
    assert quell.configuration.store.read_bytes() == before
    assert not list(quell.configuration.folder.glob("quell.db.restoring*"))


@pytest.mark.parametrize("spoil", ["text", "pipe", "absent"])
def test_a_restore_that_is_refused_on_a_new_machine_leaves_nothing(fresh, backup, spoil):
    quell = fresh(start=False)
    if spoil == "text":
        backup.write_text("not a database")
    elif spoil == "pipe":
        os.mkfifo(backup)

    quell.refusal("restore", backup)

    assert not list(quell.configuration.folder.glob("quell.db.restoring*"))
    assert quell.quell("client", "list", "--tenant", "acme") == []


def test_a_backup_serves_on_another_machine(fresh, backup):
    quell, other = fresh(), fresh(start=False)
    made = quell.client(name="Everywhere")
    quell.quell("backup", backup)
    key = quell.configuration.folder / "secrets" / "store_key"
    other.configuration.secret("store_key", key.read_text())

    assert other.quell("restore", backup)["kept_aside"] is None
    other.start()

    names = [row["client_id"] for row in other.quell("client", "list")]
    assert made.client_id in names


def test_the_folder_of_a_backup_must_exist(fresh):
    folder = scratch_folder()
    failure = fresh().refusal("backup", folder / "absent" / "backup.db")
    folder.rmdir()

    assert failure.code == 1 and failure.error["next_step"]
