# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The HTTP server against bytes of every kind."""

import socket
import threading
from urllib.parse import urlsplit

import pytest


def exchange(falcon, data: bytes, end: bool = True) -> bytes:
    address = urlsplit(falcon.reach["base_url"])
    with socket.create_connection((address.hostname, address.port), timeout=10) as sock:
        try:
            sock.sendall(data)
            if end:
                sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65536), b""))
        except ConnectionError:
            return b""


def get(path: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"GET " + path + b" HTTP/1.1", b"Host: x", *headers, b"", b""])


def test_a_connection_serves_many_requests(falcon):
    answers = exchange(falcon, get(b"/a") + get(b"/b") + get(b"/c", b"Connection: close"))

    assert answers.count(b"HTTP/1.1 404 Not Found") == 3
    assert [row["path"] for row in falcon.ledger()] == ["/a", "/b", "/c"]


def test_a_chunked_body_is_read(falcon):
    form = f"client_id={falcon.reach['client_id']}&client_secret=x".encode()
    head = (b"POST /oauth2/token HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n")
    chunks = b"%x;ext=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(form), form)

    assert exchange(falcon, head + chunks).startswith(b"HTTP/1.1 403")
    assert falcon.ledger()[0]["credential"] == falcon.reach["client_id"]


def test_continue_is_said_before_the_body(falcon):
    head = (b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
            b"Connection: close\r\n\r\n")

    assert exchange(falcon, head + b"{}").startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404")


@pytest.mark.parametrize("data, status", [
    (b"\r\n\r\n", b"400"), (b"GET /\r\n\r\n", b"400"), (b"GET / HTTP/1.0\r\n\r\n", b"400"),
    (b"\x16\x03\x01\x00\r\n\r\n", b"400"), (get(b"x"), b"400"), (get(b"/", b"Bad"), b"400"),
    (get(b"/", b"A : b"), b"400"), (get(b"/", b"Host: y"), b"400"),
    (get(b"/", b"Content-Length: -1"), b"400"), (get(b"/", b"Content-Length: 1_0"), b"400"),
    (get(b"/", b"Content-Length: 99999999"), b"413"), (get(b"/", b"Content-Length: 9"), b"400"),
    (get(b"/", b"Content-Length: 5", b"Transfer-Encoding: chunked") + b"0\r\n\r\n", b"400"),
    (get(b"/", b"Transfer-Encoding: gzip"), b"501"),
    (get(b"/", b"Transfer-Encoding: chunked") + b"zz\r\n", b"400"),
    (get(b"/", b"Transfer-Encoding: chunked") + b"fffffff\r\n", b"413"),
    (get(b"/", b"A: " + b"x" * 70_000), b"431"),
])
def test_bytes_that_are_no_request_are_refused_and_the_connection_ends(falcon, data, status):
    assert exchange(falcon, data).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize("path", [
    b"/api/v1/users/%00", b"/%ff%fe", b"//", b"/devices/queries/devices/v1?" + b"&" * 20_000,
    b"/devices/queries/devices/v1?filter=%27&limit=%C2%B2", b"/oauth2/token?x=%zz"])
def test_odd_paths_get_a_plain_answer(falcon, path):
    answer = exchange(falcon, get(path, b"Connection: close"))

    assert answer[9:12] in (b"400", b"401", b"404", b"405")


def test_many_connections_at_once_lose_nothing(falcon):
    falcon.bearer()
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(falcon.query(""))) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [reply.status for reply in replies] == [200] * 40
    assert len(falcon.ledger("read")) == 40
