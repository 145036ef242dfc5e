# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""tools/list and tools/call in both eras, beside the echo and the official TypeScript SDK (P3, P4)."""

from figures import line, runners
from saturation import ask_newer, ask_older, call_params, compare, cpu_per_request
from sdk_peer import MODES, Peer

# What the SDK's best configuration may cost at least, in ours: P3 for the stateless v1, P3 and P4 for the best.
GOALS = {"call": {"v1-stateless": 60}, "list": {}}
BEST_GOALS = {"call": 25, "list": 40}


def ours(echo, install):
    """CPU of a call and of a list, of the era in which each is cheaper."""
    token = install.token(scope="devices:contain")
    pids = [install.pid] + runners(install.pid)
    url = install.mcp_url
    calls = [compare(echo, "tools/call dry run, 2025-11-25", pids, ask_older(url, token, "tools/call", call_params(), '"resolved"'),
                     "goal 1.15 (P1)"),
             compare(echo, "tools/call dry run, 2026-07-28", pids, ask_newer(url, token, "tools/call", call_params(), '"resolved"'),
                     "goal 1.15 (P1)")]
    lists = [compare(echo, "tools/list, 2025-11-25", pids, ask_older(url, token, "tools/list", {}, "contain_device"), "goal 1.4 (P4)"),
             compare(echo, "tools/list, 2026-07-28", pids, ask_newer(url, token, "tools/list", {}, "contain_device"), "goal 1.4 (P4)")]
    return {"call": min(calls), "list": min(lists)}


def peers(own):
    best = {}
    for mode in MODES:
        with Peer(mode) as peer:
            for what, ask in (("call", peer.call()), ("list", peer.list())):
                cost = cpu_per_request([peer.process.pid], ask, 3)
                best[what] = min(best.get(what, cost), cost)
                goal = GOALS[what].get(mode)
                line(f"TypeScript SDK {mode}, tools/{what}", cost, "us CPU",
                     note=f"{cost / own[what]:.0f} x ours" + (f"; goal {goal} (P3)" if goal else ""))
    for what, goal in BEST_GOALS.items():
        line(f"TypeScript SDK at its best, tools/{what}", best[what], "us CPU", note=f"{best[what] / own[what]:.0f} x ours; goal {goal}")


def measure(echo, install):
    peers(ours(echo, install))
