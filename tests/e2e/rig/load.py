# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Calls from several threads until told to stop; remembers what was answered, and when."""

import http.client
import threading
import time
from dataclasses import dataclass
from typing import Callable

# What a call ends in when the host dies under it.
CUT = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answered:
    at: float  # time.monotonic() when the answer was there
    value: object


class Load:
    """Each call of `calls` on a thread of its own, again and again with a running number; as a context manager.

    A connection that ends is part of the game if `may_be_cut`; any other exception is raised by stop().
    """

    def __init__(self, *calls: Callable[[int], object], may_be_cut: bool = False):
        self.answers: list[Answered] = []
        self._failures: list[Exception] = []
        self._may_be_cut = may_be_cut
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=(call,), daemon=True) for call in calls]

    def _repeat(self, call: Callable[[int], object]) -> None:
        number = 0
        while not self._enough.is_set():
            number += 1
            try:
                value = call(number)
            except CUT as cut:
                if not self._may_be_cut:
                    self._failures.append(cut)
                return
            except Exception as failure:  # raised where the test can see it
                self._failures.append(failure)
                return
            self.answers.append(Answered(time.monotonic(), value))

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise self._failures[0]
