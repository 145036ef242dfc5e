# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""One HTTP request, one reply; and raw bytes for what no honest client would send."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    url: str = ""

    def header(self, name: str) -> str | None:
        values = self.all(name)
        return values[0] if values else None

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Web:
    """Sends requests; each on a connection of its own. `trust` is a CA file for https."""

    trust: str | None = None
    timeout: float = 60.0
    headers: dict[str, str] = field(default_factory=dict)

    def connect(self, url: str) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self.trust)
            return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=self.timeout,
                                               context=context)
        return http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout)

    def send(self, method: str, url: str, headers: dict[str, str] | None = None,
             body: bytes | str | None = None) -> Reply:
        connection = self.connect(url)
        try:
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            return Reply(answer.status, answer.getheaders(), answer.read(), url)
        finally:
            connection.close()

    def get(self, url: str, headers: dict[str, str] | None = None) -> Reply:
        return self.send("GET", url, headers)


def open_raw(url: str, timeout: float = 15.0) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=timeout)


@dataclass
class RawReply:
    status: int
    head: str
    body: bytes
    closed: bool  # the server ended the connection after the answer


def exchange_raw(url: str, request: bytes, timeout: float = 15.0) -> RawReply:
    """Sends bytes as they are and reads one answer. A server may answer before it has read all."""
    with open_raw(url, timeout) as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused early: the answer may have arrived all the same
        return read_raw(connection)


def read_raw(connection: socket.socket) -> RawReply:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection, received)
    head, _, body = received.partition(b"\r\n\r\n")
    length = _content_length(head)
    while len(body) < length:
        body += _some(connection, body)
    closed = b"connection: close" in head.lower() and _ends(connection)
    return RawReply(int(head.split(b" ", 2)[1]), head.decode("latin-1"), body[:length], closed)


def _some(connection: socket.socket, so_far: bytes) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise AssertionError(f"the connection ended inside an answer: {so_far[:300]!r}")
    return part


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _ends(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
