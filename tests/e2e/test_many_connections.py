# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Clients that hold connections and send nothing, or half of something: the others do not notice."""

import resource
import selectors
import socket
import time
from pathlib import Path

import pytest

from rig.mcp_client import Modern
from rig.quell_process import free_port
from rig.web import Web, open_raw, read_raw

HALF = 1_000
IDLE = 20_000


def half_a_header(quell) -> bytes:
    return f"POST /mcp HTTP/1.1\r\nHost: {quell.base_url.partition('://')[2]}\r\nAuthor".encode()


def sockets_of(pid: int) -> int:
    return sum(1 for entry in Path(f"/proc/{pid}/fd").iterdir() if _is_socket(entry))


def _is_socket(entry: Path) -> bool:
    try:
        return str(entry.readlink()).startswith("socket:")
    except FileNotFoundError:
        return False


def until_all_are_closed(opened: dict[socket.socket, float], within: float) -> list[float]:
    """How long each connection lived after its last byte; those still open in the end are a failure."""
    selector, lived = selectors.DefaultSelector(), []
    for connection in opened:
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
    end = time.monotonic() + within
    while selector.get_map() and time.monotonic() < end:
        for key, _ in selector.select(1):
            try:
                if key.fileobj.recv(4096):
                    continue
            except ConnectionResetError:
                pass
            lived.append(time.monotonic() - opened[key.fileobj])
            selector.unregister(key.fileobj)
    left = len(selector.get_map())
    selector.close()
    assert not left, f"{left} of {len(opened)} are open after {within:g} s"
    return lived


# HT-06
@pytest.mark.slow
def test_a_thousand_half_sent_headers_are_closed_and_others_are_served(fresh):
    quell = fresh()
    client = quell.mcp()
    client.tools()
    opened, text = {}, half_a_header(quell)
    try:
        for _ in range(HALF):
            connection = open_raw(quell.base_url)
            connection.sendall(text)
            opened[connection] = time.monotonic()
        took = []
        for _ in range(100):
            began = time.monotonic()
            assert client.tools()
            took.append(time.monotonic() - began)
        lived = until_all_are_closed(opened, within=40)
    finally:
        for connection in opened:
            connection.close()

    print(f"normal calls meanwhile: median {sorted(took)[50] * 1000:.1f} ms, slowest {max(took) * 1000:.1f} ms; "
          f"half-sent headers lived {min(lived):.1f} to {max(lived):.1f} s")
    assert min(lived) > 8, "closed long before its 10 s"
    assert client.tools()


def idle_connections(quell, wanted: int) -> list[socket.socket]:
    """As many as this process may open: its own limit of files is raised as far as it goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(wanted, hard - 500)
    if count < wanted:
        print(f"this machine allows {hard} open files: {count} connections instead of {wanted}")
    return [open_raw(quell.base_url) for _ in range(count)]


# HT-11
@pytest.mark.slow
def test_twenty_thousand_idle_connections_are_capped_and_others_are_served(fresh):
    cap = 5_000
    admin = f"127.0.0.1:{free_port()}"

    def change(configuration):
        configuration.server["max_connections"] = cap
        configuration.admin_listen = admin

    quell = fresh(change=change)
    client = quell.mcp()
    client.tools()
    idle = []
    try:
        idle = idle_connections(quell, IDLE)
        assert len(idle) > 2 * cap, "too few to show anything"
        sockets = sockets_of(quell.pid)

        for base in (quell.base_url, f"http://{admin}"):
            assert Web(timeout=15).get(f"{base}/readyz").status == 200
        for _ in range(50):
            assert client.tools()
        # The newest are those that stay: they can still ask.
        idle[-1].sendall(f"GET /healthz HTTP/1.1\r\nHost: {quell.base_url.partition('://')[2]}\r\n\r\n".encode())
        assert read_raw(idle[-1]).status == 200
    finally:
        for connection in idle:
            connection.close()

    print(f"{len(idle)} idle connections: the host held {sockets} sockets")
    assert sockets < cap + 200
    assert Modern(quell.mcp_url, client.token, quell.check).tools()


# HT-11
def test_at_the_cap_the_one_that_waits_longest_makes_room(fresh):
    quell = fresh(change=lambda configuration: configuration.server.update(max_connections=16))
    waiting = [open_raw(quell.base_url) for _ in range(64)]
    try:
        for _ in range(20):
            assert Web(timeout=15).get(f"{quell.base_url}/readyz").status == 200
        assert waiting[0].recv(1) == b""
    finally:
        for connection in waiting:
            connection.close()
