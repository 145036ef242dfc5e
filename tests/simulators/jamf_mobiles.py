# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The mobile devices that the Jamf Pro simulator knows. CrowdStrike and the seed's table have none."""

import time
import uuid
from dataclasses import dataclass

from provider import utc_text
from seed import LONG_AGO

SECTIONS = {"GENERAL": "general", "HARDWARE": "hardware", "USER_AND_LOCATION": "userAndLocation"}
ALL_SECTIONS = frozenset((
    "GENERAL HARDWARE USER_AND_LOCATION PURCHASING SECURITY APPLICATIONS EBOOKS NETWORK "
    "SERVICE_SUBSCRIPTIONS CERTIFICATES PROFILES USER_PROFILES PROVISIONING_PROFILES "
    "SHARED_USERS GROUPS EXTENSION_ATTRIBUTES").split())
SELECTORS = frozenset({
    "mobileDeviceId", "displayName", "serialNumber", "udid", "managementId", "emailAddress",
    "username", "managed", "supervised", "model", "lastContactDate"})
_NAMESPACE = uuid.UUID("9d0b1c52-8a2c-4a1b-9c55-1f4b9d0c3a77")


@dataclass(frozen=True)
class _Seed:
    name: str
    serial: str
    email: str
    type: str = "iOS"
    model: str = "iPad Pro"
    managed: bool = True


_DEVICES = (
    _Seed("judy-ipad", "DNPJUDY00001", "judy@corp.example"),
    _Seed("judy-iphone", "DNPJUDY00002", "judy@corp.example", model="iPhone 16", managed=False),
    _Seed("lobby-tv", "DNPLOBBY0001", "lobby@corp.example", type="tvOS", model="Apple TV 4K"),
)


class MobileDevice:
    """Beside a Computer in the queue of commands; takes a lock without a PIN."""

    client_type = "MOBILE_DEVICE"
    capable = True

    def __init__(self, number: int, seed: _Seed):
        self.id = str(number)
        self.seed = seed
        self.management_id = str(uuid.uuid5(_NAMESPACE, seed.serial))
        self.online = True
        self.locks = 0
        self.pins: list[str] = []
        self.messages: list[str] = []

    @property
    def managed(self) -> bool:
        return self.seed.managed

    def searchable(self) -> dict:
        """The device under the names that filter and sort use."""
        return {"mobileDeviceId": self.id, "displayName": self.seed.name,
                "serialNumber": self.seed.serial, "udid": self._udid(),
                "managementId": self.management_id, "emailAddress": self.seed.email,
                "username": self.seed.email.partition("@")[0], "managed": self.managed,
                "supervised": self.managed, "model": self.seed.model,
                "lastContactDate": self._seen()}

    def record(self, sections: list[str]) -> dict:
        whole = {
            "general": {"udid": self._udid(), "displayName": self.seed.name,
                        "managed": self.managed, "supervised": self.managed,
                        "deviceOwnershipType": "Institutional", "lastContactDate": self._seen(),
                        "managementId": self.management_id},
            "hardware": {"serialNumber": self.seed.serial, "model": self.seed.model},
            "userAndLocation": {"username": self.seed.email.partition("@")[0],
                                "emailAddress": self.seed.email}}
        wanted = {SECTIONS[name] for name in sections if name in SECTIONS}
        return {"mobileDeviceId": self.id, "deviceType": self.seed.type,
                **{name: part for name, part in whole.items() if name in wanted}}

    def view(self) -> dict:
        """The device in the control server's state."""
        return {"id": self.id, "management_id": self.management_id, "name": self.seed.name,
                "serial_number": self.seed.serial, "managed": self.managed,
                "online": self.online, "locks": self.locks, "pins": list(self.pins),
                "messages": list(self.messages)}

    def _udid(self) -> str:
        return str(uuid.uuid5(_NAMESPACE, "udid " + self.seed.serial)).upper()

    def _seen(self) -> str:
        return utc_text(time.time()) if self.online else LONG_AGO


def seeded_mobile_devices() -> list[MobileDevice]:
    return [MobileDevice(number, seed) for number, seed in enumerate(_DEVICES, start=1)]
