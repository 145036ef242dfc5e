# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Somebody edits the store behind the host's back: the trail says where."""

import sqlite3
from contextlib import closing

import pytest

from rig import world
from rig.quell_process import scratch_folder
from rig.world import ALICE_MAC

CHANGES = {
    "a detail": "UPDATE audit SET detail = replace(detail, '{{', '{{ ') WHERE chain='acme' AND seq={seq}",
    "an actor": "UPDATE audit SET actor = 'somebody' WHERE chain='acme' AND seq={seq}",
    "a time": "UPDATE audit SET at = at + 1 WHERE chain='acme' AND seq={seq}",
    "an outcome": "UPDATE audit SET outcome = 'x' WHERE chain='acme' AND seq={seq}",
    "a deleted record": "DELETE FROM audit WHERE chain='acme' AND seq={seq}",
    "a flipped hash byte": "UPDATE audit SET hash = zeroblob(32) WHERE chain='acme' AND seq={seq}",
}


@pytest.fixture(scope="module")
def written(simulators):
    """A stopped installation with some history, and a copy of its store to start every case from."""
    made = world.build(scratch_folder("quell-e2e-"), simulators)
    made.configuration.write()
    made.start()
    for action in ("network_contain", "release_containment"):
        made.mcp().contain(action, "hostname", ALICE_MAC)
    assert made.stop() == 0
    with closing(sqlite3.connect(made.configuration.store)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    yield made, made.configuration.store.read_bytes()
    made.end()


def tampered(written, *statements: str):
    installation, original = written
    store = installation.configuration.store
    for leftover in store.parent.glob("quell.db-*"):
        leftover.unlink()
    store.write_bytes(original)
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount >= 1, statement
    return installation


def count(written) -> int:
    installation, _ = written
    with closing(sqlite3.connect(installation.configuration.store)) as connection:
        return connection.execute("SELECT max(seq) FROM audit WHERE chain='acme'").fetchone()[0]


def test_an_untouched_trail_verifies(written):
    installation = tampered(written)

    assert all(row["verifies"] for row in installation.quell("audit", "verify"))


# DU-08
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_record_is_named_by_chain_and_number(written, what):
    tampered(written)
    sequence = count(written) // 2
    failure = tampered(written, CHANGES[what].format(seq=sequence)).refusal("audit", "verify")

    assert failure.code == 3
    flaw = failure.error["candidates"][0]
    assert flaw["chain"] == "acme"
    assert int(flaw["seq"]) in (sequence, sequence + 1)
    assert flaw["why"]


# DU-08: cutting the end off leaves a perfect, shorter chain; the anchored head knows better
def test_a_trail_cut_short_is_noticed(written):
    tampered(written)
    last = count(written)
    failure = tampered(written, f"DELETE FROM audit WHERE chain='acme' AND seq={last}").refusal("audit", "verify")

    assert failure.error["candidates"][0]["chain"] == "acme"


# DU-08: the head too, as somebody with the file and without the key would
def test_a_trail_cut_short_together_with_its_head_is_noticed(written):
    tampered(written)
    last = count(written)
    failure = tampered(
        written, f"DELETE FROM audit WHERE chain='acme' AND seq={last}",
        f"UPDATE audit_heads SET seq={last - 1}, hash=(SELECT hash FROM audit WHERE chain='acme' AND seq={last - 1})"
        " WHERE chain='acme'").refusal("audit", "verify")

    assert failure.error["candidates"][0]["chain"] == "acme"


# DU-08: a whole chain gone
def test_a_deleted_chain_is_noticed(written):
    installation = tampered(written, "DELETE FROM audit WHERE chain='acme'")

    assert "acme" in str(installation.refusal("audit", "verify").document)
