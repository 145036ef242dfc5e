# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A Jamf cloud cluster of two nodes: a cookie leads back to the node that a client met first, and
the other node learns of a command only after a while."""

import time

from wire import Answer, Request

COOKIE = "jpro-ingress"
_NODES = ("node-a", "node-b")


class Cluster:
    """The caller locks."""

    def __init__(self):
        self.requests_without_cookie = 0
        self._turn = 0
        self._taken: dict[str, tuple[str, float]] = {}  # by command: node, when

    def node_of(self, request: Request) -> tuple[str, bool]:
        """The node that serves the request, and whether its cookie said so."""
        for part in request.headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == COOKIE and value in _NODES:
                return value, True
        self.requests_without_cookie += 1
        self._turn += 1
        return _NODES[self._turn % len(_NODES)], False

    def mark(self, answer: Answer, node: str) -> None:
        answer.headers["Set-Cookie"] = f"{COOKIE}={node}; Path=/; HttpOnly"

    def took(self, command: str, node: str) -> None:
        self._taken[command] = (node, time.monotonic())

    def knows(self, node: str, command: str, lag_s: float) -> bool:
        taken_by, when = self._taken.get(command, (node, 0.0))
        return taken_by == node or time.monotonic() >= when + lag_s
