# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What event streams cost that nothing happens on: memory of their own, and CPU to open and to keep them (P7)."""

import json
import resource
import socket
import time
from urllib.parse import urlsplit

from figures import cpu_seconds, line, private_kib
from rig.mcp_client import MODERN
from saturation import ask_newer
from sdk_peer import INITIALIZE, Peer

STREAMS = 10_000
OF_ONE_CLIENT = 1_000  # what one owner may hold
PEER_STREAMS = 1_000
IDLE_SECONDS = 20  # longer than the keep-alive's interval


def allow_many_files():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def message(method, url, headers, body=""):
    parts = urlsplit(url)
    lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def exchange(url, request, until):
    """An open socket on which `until` has been read, and what was read."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=60)
    connection.sendall(request)
    read = b""
    while until not in read:
        part = connection.recv(65536)
        assert part, read
        read += part
    return connection, read


def open_subscription(url, token):
    ask = ask_newer(url, token, "subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    return exchange(url, message("POST", url, ask.headers, ask.body), b"acknowledged")[0]


def open_session_stream(url, token):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json",
               "Accept": "application/json, text/event-stream"}
    connection, head = exchange(url, message("POST", url, headers, json.dumps(INITIALIZE)), b'"protocolVersion"')
    connection.close()
    session = next(row.split(b":")[1].strip().decode() for row in head.split(b"\r\n") if row.lower().startswith(b"mcp-session-id:"))
    headers |= {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25", "Accept": "text/event-stream"}
    return exchange(url, message("GET", url, headers), b"text/event-stream")[0]


def cost_of(pid, open_one, count, title, goal):
    memory, cpu = private_kib(pid), cpu_seconds(pid)
    held = [open_one(number) for number in range(count)]
    opening = (cpu_seconds(pid) - cpu) / count * 1e6
    each = (private_kib(pid) - memory) / count
    line(f"{title}, {count} idle, private memory each", each, "KiB", note=goal)
    line(f"{title}, CPU to open one", opening, "us CPU")
    cpu = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    line(f"{title}, {count} idle, CPU a second", (cpu_seconds(pid) - cpu) / IDLE_SECONDS * 1000, "ms")
    for connection in held:
        connection.close()
    return each


def measure_ours(install):
    tokens = [install.client(name=f"Streams {number}").machine_token() for number in range(STREAMS // OF_ONE_CLIENT)]
    install.mcp().tools()  # what is made once is there
    return [cost_of(install.pid, lambda number: open_one(install.mcp_url, tokens[number // OF_ONE_CLIENT]), STREAMS, title, "goal 2.5 (P7)")
            for title, open_one in ((f"subscriptions/listen, {MODERN}", open_subscription), ("session with GET, 2025-11-25", open_session_stream))]


def measure(install):
    own = max(measure_ours(install))
    for mode in ("v1-stateful", "v2-stateful"):
        with Peer(mode) as peer:
            cost = cost_of(peer.process.pid, lambda number: open_session_stream(peer.url, "none"), PEER_STREAMS,
                           f"TypeScript SDK {mode}", "")
        line(f"TypeScript SDK {mode}, over ours", cost / own, "x", note="goal 30 of v2 (P7)")
