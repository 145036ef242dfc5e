# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""HTTP/1.1 over loopback: one thread per connection, keep-alive, one write per answer.

The parser trusts nothing: every length is bounded and every oddity ends the connection. What an
answer means is the business of `provider.py` and `control.py`.
"""

import json
import socket
import socketserver
import ssl
import sys
import threading
import traceback
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cached_property
from typing import Callable
from urllib.parse import parse_qs, unquote

MAX_HEAD = 64 * 1024
MAX_BODY = 8 * 1024 * 1024
IDLE_SECONDS = 120

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
    302: "Found", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
    413: "Content Too Large", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}


class WireError(Exception):
    """The bytes are not a request we take; `status` is answered and the connection closed."""

    def __init__(self, status: int, reason: str):
        super().__init__(reason)
        self.status = status


class BadBody(Exception):
    """The body is not what its reader asked for (JSON object, form)."""


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    @cached_property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @cached_property
    def segments(self) -> list[str]:
        # Split before decoding: an encoded slash stays inside its segment.
        return [unquote(part) for part in self.raw_path.split("/")[1:]]

    @cached_property
    def query(self) -> dict[str, list[str]]:
        return _parse_pairs(self.target.partition("?")[2])

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> dict[str, str]:
        """The form's fields; a repeated field is an error (RFC 6749 3.2)."""
        if self.media_type() != "application/x-www-form-urlencoded":
            raise BadBody("form expected")
        pairs = _parse_pairs(self.body.decode("utf-8", "replace"))
        if any(len(values) > 1 for values in pairs.values()):
            raise BadBody("repeated field")
        return {name: values[0] for name, values in pairs.items()}

    @cached_property
    def json(self):
        if self.media_type() != "application/json":
            raise BadBody("JSON expected")
        return parse_json(self.body)

    def wants_close(self) -> bool:
        return "close" in self.headers.get("connection", "").lower()


def parse_json(text: bytes):
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadBody("malformed JSON") from error


def _parse_pairs(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=10_000)
    except ValueError as error:
        raise BadBody("too many fields") from error


@dataclass
class Answer:
    """What goes back. `play`, if set, writes the rendered bytes in its own way and the connection
    ends after it. `refused` names the targets of an accepted batch that were not acted on."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    play: Callable[[socket.socket, bytes, int], None] | None = None
    refused: frozenset[str] = frozenset()

    @staticmethod
    def of_json(status: int, value, headers: dict[str, str] | None = None) -> "Answer":
        body = json.dumps(value, separators=(",", ":")).encode()
        return Answer(status, body, {"Content-Type": "application/json", **(headers or {})})

    def render(self, close: bool) -> tuple[bytes, int]:
        """The bytes on the wire and the length of the head."""
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Date: {formatdate(usegmt=True)}")
        if self.status != 204:  # RFC 9110 8.6: no Content-Length with 204
            lines.append(f"Content-Length: {len(self.body)}")
        if close:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
        return head + (b"" if self.status == 204 else self.body), len(head)


class Reader:
    """Cuts requests out of one socket's byte stream."""

    def __init__(self, sock: socket.socket):
        self._sock = sock
        self._buffer = b""

    def next(self) -> Request | None:
        """The next request; None when the peer is gone or idle."""
        head = self._head()
        if head is None:
            return None
        request = _parse_head(head)
        if request.headers.get("expect", "").lower() == "100-continue":
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.body = self._body(request.headers)
        return request

    def _head(self) -> bytes | None:
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > MAX_HEAD:
                raise WireError(431, "head too large")
            if not self._more():
                return None
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        if len(head) > MAX_HEAD:
            raise WireError(431, "head too large")
        return head

    def _more(self) -> bool:
        try:
            data = self._sock.recv(65536)
        except OSError:  # also a timeout: the connection is idle
            return False
        self._buffer += data
        return bool(data)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            if not self._more():
                raise WireError(400, "body cut short")
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if len(self._buffer) > MAX_HEAD or not self._more():
                raise WireError(400, "bad chunk")
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _body(self, headers: dict[str, str]) -> bytes:
        length, coding = headers.get("content-length"), headers.get("transfer-encoding")
        if length is not None and coding is not None:
            raise WireError(400, "two framings")  # RFC 9112 6.1: request smuggling
        if coding is not None:
            if coding.strip().lower() != "chunked":
                raise WireError(501, "unknown transfer coding")
            return self._chunks()
        if length is None:
            return b""
        if not (length.isascii() and length.isdigit() and len(length) < 12):
            raise WireError(400, "bad Content-Length")
        if int(length) > MAX_BODY:
            raise WireError(413, "body too large")
        return self._take(int(length))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            size_text = self._line().partition(b";")[0].strip()
            try:
                size = int(size_text, 16) if len(size_text) < 9 else -1
            except ValueError:
                size = -1
            if size < 0:
                raise WireError(400, "bad chunk size")
            if len(body) + size > MAX_BODY:
                raise WireError(413, "body too large")
            if size == 0:
                while self._line():  # trailers are read and dropped
                    pass
                return body
            body += self._take(size)
            if self._take(2) != b"\r\n":
                raise WireError(400, "bad chunk end")


def _parse_head(head: bytes) -> Request:
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or parts[2] != "HTTP/1.1" or not parts[1].startswith("/"):
        raise WireError(400, "bad request line")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or name.lower() in headers:
            raise WireError(400, "bad header")
        headers[name.lower()] = value.strip()
    return Request(parts[0], parts[1], headers)


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        sock = self.request
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(IDLE_SECONDS)
        try:
            if self.server.tls is not None:
                # On this thread, so that a slow handshake holds up nobody else.
                sock = self.server.tls.wrap_socket(sock, server_side=True)
            with sock:
                self._serve_all(sock)
        except OSError:  # the peer went away, or refused our certificate: nobody is left to tell
            pass

    def _serve_all(self, sock: socket.socket) -> None:
        reader = Reader(sock)
        while True:
            try:
                request = reader.next()
            except WireError as error:
                sock.sendall(Answer.of_json(error.status, {"error": str(error)}).render(True)[0])
                return
            if request is None:
                return
            answer = self._answer(request)
            close = request.wants_close() or answer.play is not None
            data, head_length = answer.render(close)
            if answer.play is not None:
                answer.play(sock, data, head_length)
                return
            sock.sendall(data)
            if close:
                return

    def _answer(self, request: Request) -> Answer:
        try:
            return self.server.serve(request)
        except BadBody as error:
            return Answer.of_json(400, {"error": str(error)})
        except Exception:  # a defect of the simulator must not look like a dead provider
            traceback.print_exc(file=sys.stderr)
            return Answer.of_json(500, {"error": "simulator defect, see its stderr"})


class Server(socketserver.ThreadingTCPServer):
    """Listens on a free loopback port and answers with `serve(request)`, called from many
    threads at once. With `tls` it speaks https only."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, serve: Callable[[Request], Answer], tls: ssl.SSLContext | None = None):
        super().__init__(("127.0.0.1", 0), _Connection)
        self.serve = serve
        self.tls = tls
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1},
                         daemon=True).start()

    def handle_error(self, request, client_address) -> None:
        traceback.print_exc(file=sys.stderr)
