# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""From exec to the first answer that needs a token, with every plugin that the product ships (P8)."""

import http.client
import statistics
import subprocess
import time

from figures import line
from rig.configuration import free_port
from saturation import ask_newer
from sdk_peer import Peer

RUNS = 7


def until_answer(command, port, ask):
    """Milliseconds; the program is ended afterwards."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("POST", "/mcp", ask.body, ask.headers)
                if connection.getresponse().status == 200:
                    return (time.monotonic() - begin) * 1000
            except OSError:
                time.sleep(0.0002)
    finally:
        process.terminate()
        process.wait()


def measure(echo, install, program, plugins):
    """`install` has run before, so that its store holds the token, and does not run now."""
    setup = install.configuration
    ask = ask_newer(install.mcp_url, install.token(scope="devices:contain"), "tools/list", {})
    install.end()
    port = free_port()
    echo_ms = statistics.median(until_answer([echo.program, port], port, ask) for _ in range(RUNS))
    own_ms = statistics.median(until_answer([program, "-c", setup.path, "serve"], setup.port, ask) for _ in range(RUNS))
    line("Beast echo, exec to first answer", echo_ms, "ms")
    line("serve, exec to first authenticated answer", own_ms, "ms", own_ms / echo_ms, f"{plugins} plugins; goal 30 ms and 6 x (P8)")
    for mode in ("v1-stateless", "v2-modern"):
        times = []
        for _ in range(3):
            with Peer(mode) as peer:
                times.append(peer.started_ms)
        line(f"TypeScript SDK {mode}, exec to first answer", statistics.median(times), "ms",
             note=f"{statistics.median(times) / own_ms:.1f} x ours" + ("; goal 9 (P8)" if mode == "v2-modern" else ""))
