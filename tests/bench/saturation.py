# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""CPU per answered request at 64 kept-alive connections, beside a stock Beast echo measured right before and after."""

import json
import os
import re
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from figures import cpu_seconds, line, wait_for_port
from rig.configuration import free_port
from rig.mcp_client import META, MODERN

HERE = Path(__file__).resolve().parent
FEWEST = 500  # answers that a figure rests on
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@dataclass(frozen=True)
class Ask:
    """One POST; `expect` is in every good answer."""

    url: str
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON_HEADERS))
    expect: str = ""


def call_params(dry_run=True):
    return {"name": "contain_device", "arguments": {
        "action": "network_contain", "dry_run": dry_run,
        "lookup": {"lookup_type": "hostname", "value": "alice-mac.corp.example"},
        "reason": "benchmark of the host's own path"}}


def ask_older(url, token, method, params, expect="", session=None):
    """As a client of 2025-11-25 and before."""
    headers = {**JSON_HEADERS, "Authorization": f"Bearer {token}"}
    if session:
        headers |= {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25"}
    return Ask(url, json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}), headers, expect)


def ask_newer(url, token, method, params, expect=""):
    """As a client of 2026-07-28: the same in headers, and who asks in _meta."""
    headers = {**JSON_HEADERS, "Authorization": f"Bearer {token}", "MCP-Protocol-Version": MODERN, "Mcp-Method": method}
    if "name" in params:
        headers["Mcp-Name"] = params["name"]
    meta = {f"{META}protocolVersion": MODERN, f"{META}clientCapabilities": {},
            f"{META}clientInfo": {"name": "bench", "version": "1"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**params, "_meta": meta}}
    return Ask(url, json.dumps(body), headers, expect)


def run_wrk(url, seconds, script, environment):
    """Requests that were answered."""
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", str(HERE / script), url]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: wrk failed: {done.stderr.strip()}")
    return int(re.search(r"(\d+) requests in", done.stdout)[1])


def load(ask, seconds):
    headers = "\n".join(f"{name}: {value}" for name, value in ask.headers.items())
    return run_wrk(ask.url, seconds, "call.lua",
                   {"BENCH_HEADERS": headers, "BENCH_BODY": ask.body, "BENCH_EXPECT": ask.expect})


def cpu_per_request(pids, ask, seconds=5):
    """Microseconds, after a warm-up; longer where a slow server has answered few."""
    load(ask, 1)
    before = sum(map(cpu_seconds, pids))
    answered = load(ask, seconds)
    for _ in range(10):
        if answered >= FEWEST:
            return (sum(map(cpu_seconds, pids)) - before) / answered * 1e6
        answered += load(ask, seconds)
    sys.exit(f"bench: {ask.url} answered only {answered} requests")


class Echo:
    """The reference, running."""

    def __init__(self, program):
        self.program = program
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        self.process = subprocess.Popen([str(program), str(self.port)])
        wait_for_port(self.port)

    def measure(self):
        return cpu_per_request([self.process.pid], Ask(self.url))

    def stop(self):
        self.process.kill()
        self.process.wait()


def compare(echo, title, pids, ask, note="", seconds=5):
    """Prints the figure with its ratio; gives it back."""
    first = echo.measure()
    figure = cpu_per_request(pids, ask, seconds)
    reference = statistics.mean([first, echo.measure()])
    line("Beast echo, around the next line", reference, "us CPU")
    line(title, figure, "us CPU", figure / reference, note)
    return figure
