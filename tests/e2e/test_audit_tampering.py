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


# DU-08: asked over the socket of a running host as well
def test_a_running_host_tells_of_a_changed_record_with_the_same_exit_code(written):
    installation = tampered(written).start()
    with closing(sqlite3.connect(installation.configuration.store, isolation_level=None)) as connection:
        assert connection.execute("UPDATE audit SET actor = 'x' WHERE chain='acme' AND seq=1").rowcount == 1
    failure = installation.refusal("audit", "verify")
    assert installation.stop() == 0

    assert (failure.code, failure.error["candidates"][0]["chain"]) == (3, "acme")


# DU-08: nothing left at all; neither look nor go on as if the store were new
def test_a_trail_that_is_gone_altogether_is_noticed_and_not_begun_anew(written):
    installation = tampered(written, "DELETE FROM audit", "DELETE FROM audit_heads")

    assert installation.refusal("audit", "verify").code == 3
    refused = installation.refusal("user", "add", "a@b.example", "--role", "viewer", "--password-stdin",
                                   given="a long password\n")
    assert (refused.code, refused.error["key"]) == (3, "audit_unavailable")
    assert installation.refusal("audit", "verify").code == 3


# DU-08: a tenant's chain is never begun a second time
def test_a_chain_that_is_gone_is_not_begun_anew(written):
    installation = tampered(written, "DELETE FROM audit WHERE chain='acme'", "DELETE FROM audit_heads WHERE chain='acme'")

    refused = installation.refusal("user", "add", "a@b.example", "--role", "viewer", "--password-stdin",
                                   given="a long password\n")

    assert refused.error["key"] == "audit_unavailable"
    assert "acme" in str(installation.refusal("audit", "verify").document)


def test_a_record_that_is_no_text_is_shown_all_the_same(written):
    installation = tampered(written, "UPDATE audit SET actor = CAST(x'ff1b' AS TEXT) WHERE chain='acme' AND seq=1")

    assert "base64:" in str(installation.audit()[0])


# DU-08: a whole chain gone
def test_a_deleted_chain_is_noticed(written):
    installation = tampered(written, "DELETE FROM audit WHERE chain='acme'")

    assert "acme" in str(installation.refusal("audit", "verify").document)
