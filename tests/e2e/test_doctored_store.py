# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A store that somebody edited or damaged while the host was down."""

import sqlite3
import time
from contextlib import closing

import pytest

from rig.installation import REDIRECT
from rig.mcp_client import Modern
from rig.oauth_client import Pkce, code_for


# OA-06: a code row without a challenge, as an older or attacked store could hold
def test_a_code_without_a_challenge_is_worthless(fresh):
    quell = fresh()
    person = quell.user("analyst@acme.example", "analyst")
    desktop = quell.client(public=True, redirects=[REDIRECT])
    codes = []
    for _ in range(2):
        codes.append((code_for(desktop, person, pkce := Pkce()), pkce.verifier))
    assert quell.stop() == 0
    with closing(sqlite3.connect(quell.configuration.store, isolation_level=None)) as connection:
        assert connection.execute("UPDATE authorization_codes SET code_challenge=''").rowcount == 2
    quell.start()

    for (code, _), verifier in zip(codes, (codes[0][1], None)):
        reply = desktop.redeem(code, verifier)
        assert reply.status == 400 and reply.json["error"] in ("invalid_grant", "invalid_request"), reply.text


# MC-03, OA-12: expired, and made for another audience
@pytest.mark.parametrize("change", [f"expires_at = {int(time.time() * 1000) - 1000}",
                                    "audience = 'https://other.example/mcp'"], ids=["expired", "for another"])
def test_a_token_that_is_expired_or_meant_for_another_is_refused(fresh, change):
    quell = fresh()
    token = quell.token()
    assert quell.stop() == 0
    with closing(sqlite3.connect(quell.configuration.store, isolation_level=None)) as connection:
        assert connection.execute(f"UPDATE access_tokens SET {change}").rowcount == 1
    quell.start()

    reply = Modern(quell.mcp_url, token).exchange("tools/list")
    assert reply.status == 401
    assert 'error="invalid_token"' in reply.header("WWW-Authenticate")


# DU-05
@pytest.mark.parametrize("damage", [lambda data: data[:len(data) // 2], lambda data: b"\x00" * 4096 + data[4096:],
                                    lambda data: b"not a database at all" * 500])
def test_a_damaged_store_is_refused_and_not_replaced(fresh, damage):
    quell = fresh()
    quell.token()
    assert quell.stop() == 0
    store = quell.configuration.store
    damaged = damage(store.read_bytes())
    store.write_bytes(damaged)

    with pytest.raises(AssertionError, match="quell ended with 3"):
        quell.start()
    assert store.read_bytes() == damaged
