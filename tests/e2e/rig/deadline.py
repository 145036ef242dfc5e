# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Waiting for a fact, with a deadline in place of a sleep."""

import time
from typing import Callable, TypeVar

T = TypeVar("T")


def eventually(look: Callable[[], T], what: str, within: float = 30.0) -> T:
    """The first true answer of `look`; AssertionError with `what` if there is none in time."""
    end = time.monotonic() + within
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {within:g} s: {what} (last: {answer!r})")
        time.sleep(0.02)
