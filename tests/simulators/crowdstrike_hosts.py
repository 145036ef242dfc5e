# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The hosts that the Falcon simulator knows, and the containment state of each.

    normal -> containment_pending -> contained -> lift_containment_pending -> normal

The opposite order overtakes a pending one (the last write wins); the same order changes nothing.
"""

import time

from provider import utc_text
from seed import DEVICES, LONG_AGO, Device
from transition import Transition

CID = "c0ffee00c0ffee00c0ffee00c0ffee00"

# order -> (state while it is pending, state when it took effect)
ORDERS = {
    "contain": ("containment_pending", "contained"),
    "lift_containment": ("lift_containment_pending", "normal"),
}


class Host:
    def __init__(self, device: Device):
        self.device = device
        self.device_id = device.device_id()
        self.online = device.online
        self.hidden = False
        self.in_crowd = False
        self.orders = {"contain": 0, "lift_containment": 0}
        self._settled = "normal"
        self._pending: tuple[str, str] | None = None
        self._transition: Transition | None = None

    def status(self) -> str:
        if self._transition is not None and self._transition.done():
            self._settled = self._pending[1]
            self._pending = self._transition = None
        return self._pending[0] if self._pending else self._settled

    def repeats(self, order: str) -> bool:
        """The host is in the ordered state already, or on its way to it."""
        return self.status() in ORDERS[order]

    def take(self, order: str, delay_s: float) -> None:
        self.orders[order] += 1
        if not self.repeats(order):
            self._pending = ORDERS[order]
            self._transition = Transition(delay_s, self.online)

    def set_online(self, online: bool) -> None:
        self.online = online
        if self._transition is not None:
            self._transition.set_online(online)

    def record(self) -> dict:
        seen = utc_text(time.time(), "seconds") if self.online else LONG_AGO
        windows = self.device.platform == "Windows"
        return {
            "device_id": self.device_id, "cid": CID, "hostname": self.device.hostname,
            "serial_number": self.device.serial, "platform_name": self.device.platform,
            "os_version": "Windows 11" if windows else "Sequoia (15)",
            "system_manufacturer": "LENOVO" if windows else "Apple Inc.",
            "status": self.status(), "first_seen": LONG_AGO, "last_seen": seen,
            "last_login_user": self.device.email.partition("@")[0], "agent_version": "7.20.0",
            "product_type_desc": "Workstation", "groups": [], "tags": [], "notes": [],
            "policies": [], "ou": [],
        }

    def view(self) -> dict:
        """The host in the control server's state."""
        return {"device_id": self.device_id, "hostname": self.device.hostname,
                "serial_number": self.device.serial, "status": self.status(),
                "online": self.online, "hidden": self.hidden, "orders": dict(self.orders)}


def seeded_hosts() -> dict[str, Host]:
    hosts = [Host(device) for device in DEVICES if device.falcon]
    return {host.device_id: host for host in hosts}


def crowd(count: int) -> dict[str, Host]:
    """So many hosts of one name, for lists that do not fit one page."""
    hosts = [Host(Device("crowd.corp.example", f"CROWD{number:07d}", "", jamf=False))
             for number in range(count)]
    for host in hosts:
        host.in_crowd = True
    return {host.device_id: host for host in hosts}
