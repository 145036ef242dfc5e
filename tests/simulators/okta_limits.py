# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Okta's limits: a bucket for each family of endpoints, whose window starts with its first request.
The owner locks."""

import time

_FAMILIES = ("/oauth2/v1", "/api/v1/users/", "/api/v1/users", "/api/v1/logs", "/api/v1/org")


def family_of(path: str) -> str:
    return next((family for family in _FAMILIES if path.startswith(family)), "other")


class Buckets:
    def __init__(self):
        self._windows: dict[str, tuple[float, int]] = {}  # family -> (end of the window, taken)

    def take(self, path: str, limit: int, window_s: float) -> bool:
        """Counts a request. False if it is one too many."""
        ends, taken = self._window(path, window_s)
        if taken >= limit:
            return False
        self._windows[family_of(path)] = (ends, taken + 1)
        return True

    def state(self, path: str, limit: int, window_s: float) -> tuple[int, int]:
        """What is left, and the epoch second at which the bucket is full again."""
        ends, taken = self._window(path, window_s)
        return max(limit - taken, 0), int(ends) + 1

    def _window(self, path: str, window_s: float) -> tuple[float, int]:
        now = time.time()
        ends, taken = self._windows.get(family_of(path), (0.0, 0))
        return (ends, taken) if ends > now else (now + window_s, 0)
