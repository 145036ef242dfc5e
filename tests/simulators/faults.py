# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Faults that a test orders over the control server; README.md documents each field.

A `Fault` shapes one answer. `FaultPlan` holds the ordered list and hands out the first that fits.
"""

import json
import select
import socket
import struct
import time
from dataclasses import dataclass, field, fields
from email.utils import formatdate
from typing import Callable

from wire import Answer, Request

KINDS = ("answer", "reset", "hang", "truncate", "cut", "stall", "oversize", "wrong_type", "redirect",
         "drip", "drip_head")
# These change the form of the provider's own answer, so they need one where there is one.
SHAPING = ("truncate", "cut", "stall", "oversize", "wrong_type", "drip", "drip_head")
# These spend `delay_ms` in their own way.
TIMED = ("hang", "stall", "drip", "drip_head")
RETRY_FORMS = ("seconds", "date")
HANG_MS = 60_000
OVERSIZE_BYTES = 16 * 1024 * 1024
DRIP_MS = 1000
STALL_MS = 1000
HTML = b"<html><body>Sign in to continue</body></html>"
ELSEWHERE = "https://elsewhere.invalid/"


class BadFault(Exception):
    """The fault as ordered makes no sense; the text says why."""


@dataclass
class Fault:
    route: str
    kind: str = "answer"
    times: int | None = 1
    skip: int = 0
    match: str = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: object = None
    delay_ms: int = 0
    before: bool = True
    bytes: int = OVERSIZE_BYTES
    retry_after_s: int | None = None
    retry_after_form: str = "seconds"

    def fits(self, request: Request) -> bool:
        method, _, prefix = self.route.partition(" ")
        return (
            method in ("*", request.method)
            and request.target.startswith(prefix)
            and (not self.match or self.match in request.target
                 or self.match.encode() in request.body)
        )

    def passes_through(self) -> bool:
        """Only delays the real answer or adds headers to it."""
        return self.kind == "answer" and self.status is None and self.body is None

    def needs_execution(self, acts: bool) -> bool:
        """Whether the provider handles the request. `before` counts only for acting requests:
        what a read would have answered is needed to spoil its form."""
        if self.passes_through() or not self.before:
            return True
        return self.kind in SHAPING and not acts

    def sends_answer(self) -> bool:
        return self.kind not in ("reset", "hang")

    def shape(self, own: Answer | None, error: Callable[[int], Answer]) -> Answer:
        """The answer as the client gets it; `own` is the provider's, if it handled the request."""
        if self.kind == "reset":
            return Answer(0, play=_play_reset)
        if self.kind == "hang":
            return Answer(0, play=_play_hang(self.delay_ms or HANG_MS))
        answer = self._content(own, error)
        answer.headers.update(self._retry_after())
        answer.headers.update(self.headers)
        if self.kind == "truncate":
            answer.play = _play_truncated
        elif self.kind == "cut":
            answer.play = _play_cut
        elif self.kind == "stall":
            answer.play = _play_stall(self.delay_ms or STALL_MS)
        elif self.kind in ("drip", "drip_head"):
            answer.play = _play_drip(self.delay_ms or DRIP_MS, self.kind == "drip_head")
        elif self.kind == "oversize":
            # Still valid JSON: only a limit on the size refuses it.
            answer.body += b" " * max(0, self.bytes - len(answer.body))
        return answer

    def _retry_after(self) -> dict[str, str]:
        """RFC 9110 10.2.3: both forms, the date counted from the moment of the answer."""
        if self.retry_after_s is None:
            return {}
        if self.retry_after_form == "seconds":
            return {"Retry-After": str(self.retry_after_s)}
        return {"Retry-After": formatdate(time.time() + self.retry_after_s, usegmt=True)}

    def _content(self, own: Answer | None, error: Callable[[int], Answer]) -> Answer:
        if self.kind == "redirect":
            return Answer(self.status or 302, headers={"Location": ELSEWHERE})
        status = self.status or (own.status if own else 200)
        headers = dict(own.headers) if own else {"Content-Type": "application/json"}
        if self.kind == "wrong_type":
            return Answer(status, self._bytes(HTML), {**headers, "Content-Type": "text/html"})
        if self.body is not None:
            return Answer(status, self._bytes(b""), headers)
        if self.kind == "answer" and self.status is not None:
            return error(self.status)
        return Answer(status, own.body if own else b'{"simulated":"fault"}', headers)

    def _bytes(self, default: bytes) -> bytes:
        if self.body is None:
            return default
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()

    def pause_seconds(self) -> float:
        """The wait before the answer."""
        return 0 if self.kind in TIMED else self.delay_ms / 1000


def parse_fault(value) -> Fault:
    known = {item.name for item in fields(Fault)}
    if not isinstance(value, dict) or not isinstance(value.get("route"), str):
        raise BadFault("a fault is an object with a route")
    unknown = set(value) - known
    if unknown:
        raise BadFault(f"unknown field {sorted(unknown)[0]}")
    fault = Fault(**value)
    _check(fault)
    return fault


def _check(fault: Fault) -> None:
    method, space, prefix = fault.route.partition(" ")
    rules = (
        (method and space and prefix.startswith("/"), "route is METHOD /path-prefix"),
        (fault.kind in KINDS, "kind is one of " + ", ".join(KINDS)),
        (fault.times is None or _number(fault.times, 1), "times is at least 1, or null"),
        (_number(fault.skip, 0), "skip is a number"),
        (_number(fault.delay_ms, 0), "delay_ms is a number"),
        (_number(fault.bytes, 0, 1 << 30), "bytes is a number up to 2^30"),
        (fault.status is None or _number(fault.status, 200, 599), "status is 200 to 599"),
        (fault.retry_after_s is None or _number(fault.retry_after_s, 0),
         "retry_after_s is a number of seconds"),
        (fault.retry_after_form in RETRY_FORMS,
         "retry_after_form is one of " + ", ".join(RETRY_FORMS)),
        (isinstance(fault.before, bool), "before is true or false"),
        (isinstance(fault.match, str), "match is a text"),
        (_clean_headers(fault.headers), "headers maps names to texts without line breaks"),
    )
    for holds, text in rules:
        if not holds:
            raise BadFault(text)


def _number(value, low: int, high: int = 1 << 31) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _clean_headers(headers) -> bool:
    return isinstance(headers, dict) and all(
        isinstance(value, str) and "\n" not in name + value and "\r" not in name + value
        for name, value in headers.items())


class FaultPlan:
    """The faults still to come, in the order they were added. The owner locks."""

    def __init__(self):
        self._faults: list[Fault] = []

    def add(self, faults: list[Fault]) -> None:
        self._faults += faults

    def clear(self) -> None:
        self._faults = []

    def take(self, request: Request) -> Fault | None:
        for fault in self._faults:
            if fault.fits(request):
                return self._use(fault)
        return None

    def _use(self, fault: Fault) -> Fault | None:
        if fault.skip > 0:
            fault.skip -= 1
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
        return fault

    def view(self) -> list[dict]:
        return [dict(vars(fault)) for fault in self._faults]


def _play_reset(sock: socket.socket, _data: bytes, _head: int) -> None:
    # Linger 0 makes close() send RST in place of FIN.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def _play_cut(sock: socket.socket, data: bytes, head: int) -> None:
    _play_truncated(sock, data, head)
    _play_reset(sock, data, head)


def _play_hang(milliseconds: int):
    def play(sock: socket.socket, _data: bytes, _head: int) -> None:
        select.select([sock], [], [], milliseconds / 1000)  # ends early when the client goes
    return play


def _half(data: bytes, head: int) -> int:
    """Where to stop in the middle of the body."""
    return head + (len(data) - head) // 2


def _play_truncated(sock: socket.socket, data: bytes, head: int) -> None:
    sock.sendall(data[:_half(data, head)])


def _play_stall(milliseconds: int):
    def play(sock: socket.socket, data: bytes, head: int) -> None:
        sock.sendall(data[:_half(data, head)])
        time.sleep(milliseconds / 1000)
        sock.sendall(data[_half(data, head):])
    return play


def _play_drip(milliseconds: int, with_head: bool):
    def play(sock: socket.socket, data: bytes, head: int) -> None:
        begin = 0 if with_head else head
        sock.sendall(data[:begin])
        for position in range(begin, len(data)):
            sock.sendall(data[position:position + 1])
            time.sleep(milliseconds / 1000)
    return play
