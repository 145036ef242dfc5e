# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The seeded world: devices and accounts, one table for all three simulators.

Ids are made from names, so they are the same at every start. README.md lists who is who.
"""

import hashlib
import uuid
from dataclasses import dataclass

_NAMESPACE = uuid.UUID("5a0c2f0e-3f43-4a55-9b0a-4f4f1d5d7a10")


@dataclass(frozen=True)
class Device:
    hostname: str
    serial: str
    email: str
    platform: str = "Mac"
    jamf: bool = True
    falcon: bool = True
    managed: bool = True
    online: bool = True
    serial_in_jamf: bool = True

    def device_id(self) -> str:
        """CrowdStrike's agent id: 32 hex digits."""
        return hashlib.md5(self.serial.encode(), usedforsecurity=False).hexdigest()

    def management_id(self) -> str:
        return str(uuid.uuid5(_NAMESPACE, self.serial))

    def udid(self) -> str:
        return str(uuid.uuid5(_NAMESPACE, "udid " + self.serial)).upper()


@dataclass(frozen=True)
class Account:
    login: str
    email: str
    first: str
    last: str
    status: str = "ACTIVE"

    def user_id(self) -> str:
        digest = hashlib.sha256(self.login.encode()).hexdigest()
        return "00u" + digest[:17]


DEVICES = (
    Device("alice-mac.corp.example", "C02ALICE0001", "alice@corp.example"),
    Device("bob-win.corp.example", "PF0BOB000001", "bob@corp.example", "Windows", jamf=False),
    Device("lab-imac.corp.example", "C02LABIM0001", "", jamf=False),
    Device("lab-imac.corp.example", "C02LABIM0002", "", jamf=False),
    Device("erin-mac.corp.example", "C02ERIN00001", "erin@corp.example", serial_in_jamf=False),
    Device("frank-mac-1.corp.example", "C02FRANK0001", "frank@corp.example"),
    Device("frank-mac-2.corp.example", "C02FRANK0002", "frank@corp.example"),
    Device("grace-mac.corp.example", "C02GRACE0001", "grace@corp.example", online=False),
    Device("heidi-mac.corp.example", "C02HEIDI0001", "heidi@corp.example", falcon=False,
           managed=False),
)

ACCOUNTS = (
    Account("alice@corp.example", "alice@corp.example", "Alice", "Archer"),
    Account("bob@corp.example", "bob@corp.example", "Bob", "Baker"),
    # Two accounts, one e-mail, neither login equal to it: only a search finds them.
    Account("carol.cook@corp.example", "carol@corp.example", "Carol", "Cook"),
    Account("carol-admin@corp.example", "carol@corp.example", "Carol", "Cook"),
    Account("erin@corp.example", "erin@corp.example", "Erin", "Ellis"),
    Account("frank@corp.example", "frank@corp.example", "Frank", "Fisher"),
    Account("grace@corp.example", "grace@corp.example", "Grace", "Gray"),
    Account("heidi@corp.example", "heidi@corp.example", "Heidi", "Hill"),
    Account("ivan@corp.example", "ivan@corp.example", "Ivan", "Innes", "DEPROVISIONED"),
)

# Every account starts with these, so that each flag of a revocation is visible.
SESSIONS, OAUTH_TOKENS, REMEMBERED_DEVICES = 3, 5, 2

LONG_AGO = "2026-01-01T00:00:00Z"
