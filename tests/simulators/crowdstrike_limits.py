# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Falcon's limit: so many requests in any minute, counted for each API client. The owner locks."""

import time
from collections import deque

WINDOW_S = 60


class SlidingMinute:
    def __init__(self):
        self._taken: dict[str, deque[float]] = {}

    def take(self, client_id: str, limit: int) -> float | None:
        """Counts a request; if it is one too many, when (in epoch seconds) the next is taken."""
        now = time.time()
        taken = self._recent(client_id, now)
        if len(taken) < limit:
            taken.append(now)
            return None
        return (taken[0] if taken else now) + WINDOW_S

    def remaining(self, client_id: str | None, limit: int) -> int:
        taken = self._recent(client_id, time.time()) if client_id in self._taken else ()
        return max(limit - len(taken), 0)

    def _recent(self, client_id: str, now: float) -> deque[float]:
        taken = self._taken.setdefault(client_id, deque())
        while taken and taken[0] <= now - WINDOW_S:
            taken.popleft()
        return taken


def retry_after(moment: float, in_milliseconds: bool) -> str:
    """Epoch, rounded up. The vendor's description says milliseconds, its SDKs read seconds."""
    seconds = int(moment) + 1
    return str(seconds * 1000 if in_milliseconds else seconds)
