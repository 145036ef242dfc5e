# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The caller's trace, from its header to the log lines of the plugins that worked for it."""

import json
import re

import pytest

from rig.deadline import eventually
from rig.world import ALICE_MAC

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLERS = f"00-{TRACE}-{SPAN}-01"


def contain(client, headers: dict | None = None, meta: dict | None = None, **arguments):
    arguments = {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}, **arguments}
    params = {"name": "contain_device", "arguments": arguments} | ({"_meta": meta} if meta else {})
    answer = client.exchange("tools/call", params, headers=headers)
    assert answer.status == 200 and not answer.json["result"]["isError"], answer.text


def traces(quell) -> list[str | None]:
    """The trace of each exchange with a provider that was logged, token calls included."""
    entries = [json.loads(line) for line in quell.log.splitlines()]
    return [entry.get("trace_id") for entry in entries if entry["event"] == "plugin_http"]


@pytest.fixture
def traced(fresh, crowdstrike):
    return fresh()


def test_a_call_and_its_order_stand_in_the_log_under_the_callers_trace(fresh, crowdstrike):
    for isolation in ("process", "in_process"):
        crowdstrike.reset()
        quell = fresh(isolation)
        contain(quell.mcp(), {"traceparent": CALLERS, "tracestate": "vendor=secret-of-the-caller"})
        eventually(lambda: len(traces(quell)) >= 3, "look-up, order and read-back are logged")

        assert set(traces(quell)) == {TRACE}
        assert "secret-of-the-caller" not in quell.log


def test_the_messages_own_trace_counts_where_no_header_is_sent(traced):
    contain(traced.legacy(), meta={"traceparent": CALLERS}, dry_run=True)

    assert set(traces(traced)) == {TRACE}


@pytest.mark.parametrize("given", ["00-xyz", f"ff-{TRACE}-{SPAN}-01", f"00-{'0' * 32}-{SPAN}-01",
                                   f"00-{TRACE}-{SPAN}-01-more", f"00-{TRACE.upper()}-{SPAN}-01"])
def test_a_malformed_trace_is_replaced(traced, given):
    contain(traced.mcp(), {"traceparent": given}, dry_run=True)

    (trace,) = set(traces(traced))
    assert re.fullmatch("[0-9a-f]{32}", trace) and trace not in (TRACE, "0" * 32)


def test_without_a_trace_there_is_none(traced):
    contain(traced.mcp(), dry_run=True)

    assert set(traces(traced)) == {None}
