# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A change on a device that takes time, and waits while the device is offline.

Nothing runs in the background: whoever looks asks whether the moment has come.
"""

import time


class Transition:
    def __init__(self, delay_s: float, online: bool):
        self._delay_s = delay_s
        self._due = time.monotonic() + delay_s if online else None

    def done(self) -> bool:
        return self._due is not None and time.monotonic() >= self._due

    def set_online(self, online: bool) -> None:
        """Going offline holds a change that is not done; coming back starts its delay anew."""
        if self.done():
            return
        if not online:
            self._due = None
        elif self._due is None:
            self._due = time.monotonic() + self._delay_s
