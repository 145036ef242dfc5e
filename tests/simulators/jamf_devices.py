# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The computers that the Jamf Pro simulator knows, and the queue of MDM commands."""

import time
import uuid

from provider import utc_text
from seed import DEVICES, LONG_AGO, Device
from transition import Transition

# A section that is asked for but not simulated is left out of the record.
SECTIONS = {"GENERAL": "general", "HARDWARE": "hardware", "USER_AND_LOCATION": "userAndLocation"}

FINAL_ERROR = {"errorCode": 12021, "errorDomain": "MCMDMErrorDomain",
               "errorEnglishDescription": "The MDM request is invalid.",
               "errorLocalizedDescription": "The MDM request is invalid."}


class Computer:
    client_type = "COMPUTER"

    def __init__(self, number: int, device: Device):
        self.id = str(number)
        self.device = device
        self.management_id = device.management_id()
        self.online = device.online
        self.capable = device.managed
        self.locks = 0
        self.pins: list[str] = []
        self.messages: list[str] = []

    @property
    def managed(self) -> bool:
        return self.device.managed

    def record(self, version: int) -> dict:
        return {"id": self.id, "udid": self.device.udid(), "general": self._general(version),
                "hardware": self._hardware(), "userAndLocation": self._owner()}

    def _general(self, version: int) -> dict:
        managed = self.device.managed
        seen = utc_text(time.time()) if self.online else LONG_AGO
        general = {
            "name": self.device.hostname, "platform": "Mac", "managementId": self.management_id,
            "lastIpAddress": "10.0.0.5", "remoteManagement": {"managed": managed},
            "supervised": managed, "mdmCapable": {"capable": self.capable, "capableUsers": []},
        }
        # v4 renamed the time of the last contact.
        names = ("lastContact", "lastCheckIn") if version >= 4 else ("lastContactTime",)
        return {**general, **{name: seen for name in names}}

    def _hardware(self) -> dict:
        serial = self.device.serial if self.device.serial_in_jamf else ""
        return {"make": "Apple", "model": "MacBook Pro", "modelIdentifier": "Mac15,6",
                "serialNumber": serial, "appleSilicon": True}

    def _owner(self) -> dict:
        name = self.device.email.partition("@")[0]
        return {"username": name, "realname": name.title(), "email": self.device.email}

    def view(self) -> dict:
        """The computer in the control server's state."""
        return {"id": self.id, "management_id": self.management_id,
                "hostname": self.device.hostname, "serial_number": self._hardware()["serialNumber"],
                "managed": self.managed, "online": self.online, "locks": self.locks,
                "messages": list(self.messages), "pins": list(self.pins), "lock_pin": self.pins[-1] if self.pins else None}


class Command:
    """A queued MDM command to a Computer or MobileDevice: PENDING until the device took it, then
    the outcome it was given."""

    def __init__(self, kind: str, device, delay_s: float, outcome: str):
        self.uuid = str(uuid.uuid4())
        self.kind = kind
        self.device = device
        self._outcome = outcome
        self._sent = time.time()
        self._completed: float | None = None
        self._transition = Transition(delay_s, device.online)

    def state(self) -> str:
        if not self._transition.done():
            return "PENDING"
        if self._completed is None:
            self._completed = time.time()
        return self._outcome

    def set_online(self, online: bool) -> None:
        self._transition.set_online(online)

    def record(self) -> dict:
        state = self.state()
        record = {
            "uuid": self.uuid, "dateSent": utc_text(self._sent),
            "client": {"managementId": self.device.management_id,
                       "clientType": self.device.client_type},
            "commandType": self.kind, "commandState": state,
        }
        if state in ("ACKNOWLEDGED", "ERROR", "COMMAND_FORMAT_ERROR"):
            record["dateCompleted"] = utc_text(self._completed)
        if state == "ERROR":
            record["commandError"] = FINAL_ERROR
        return record

    def searchable(self) -> dict:
        """The command under the names that the commands filter uses."""
        record = self.record()
        state = record["commandState"]
        return {
            "uuid": self.uuid, "clientManagementId": self.device.management_id,
            "command": self.kind, "status": state, "clientType": self.device.client_type,
            "dateSent": record["dateSent"], "dateCompleted": record.get("dateCompleted"),
            "active": state in ("PENDING", "NOT_NOW"),
        }


def seeded_computers() -> list[Computer]:
    known = [device for device in DEVICES if device.jamf]
    return [Computer(number, device) for number, device in enumerate(known, start=1)]
