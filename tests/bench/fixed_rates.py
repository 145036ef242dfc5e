# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Latency at rates that the client sets, each request counted from when it was due (P6)."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

from figures import line
from saturation import Ask, ask_newer, call_params
from sdk_peer import MODES, Peer

SECONDS = 10
RATES = ((500, 16, 2.5), (20_000, 64, 2.0))  # a second, connections, goal over the echo


def latency(program, folder, ask, rate, connections):
    """(p50, p99) in microseconds."""
    headers, bodies = folder / "headers", folder / "bodies"
    headers.write_text("\n".join(f"{name}: {value}" for name, value in ask.headers.items()) + "\n")
    bodies.write_text(ask.body + "\n")
    parts = urlsplit(ask.url)

    def run(seconds):
        done = subprocess.run([str(program), str(parts.port), parts.path, str(connections), str(headers), str(bodies), str(rate), str(seconds)],
                              capture_output=True, text=True)
        if done.returncode != 0 or json.loads(done.stdout)["refused"]:
            sys.exit(f"bench: http-load: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    run(1)  # warms up
    found = run(SECONDS)
    return found["p50_us"], found["p99_us"]


def show(title, rate, figures, note=""):
    line(f"{title}, p50 at {rate}/s", figures[0], "us")
    line(f"{title}, p99 at {rate}/s", figures[1], "us", note=note)


def measure(echo, install, folder, program):
    ask = ask_newer(install.mcp_url, install.token(scope="devices:contain"), "tools/call", call_params(), '"resolved"')
    for rate, connections, goal in RATES:
        reference = latency(program, folder, Ask(echo.url), rate, connections)
        own = latency(program, folder, ask, rate, connections)
        show("Beast echo", rate, reference)
        show("tools/call dry run, in-process", rate, own, f"{own[1] / reference[1]:.2f} x echo; goal {goal} (P6)")
        if rate == RATES[0][0]:
            at_low_rate = own
    for mode in MODES:
        with Peer(mode) as peer:
            found = latency(program, folder, peer.call(), *RATES[0][:2])
        show(f"TypeScript SDK {mode}", RATES[0][0], found, f"{found[1] / at_low_rate[1]:.0f} x ours; goal 15 (P6)")
