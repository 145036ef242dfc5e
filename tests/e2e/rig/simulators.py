# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The provider simulators: started for a test, steered by their control servers (tests/simulators/README.md)."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from rig.deadline import eventually
from rig.quell_process import SIMULATORS
from rig.web import Web


@dataclass(frozen=True)
class Provider:
    """One simulated provider, seen from its control server."""

    base_url: str
    control_url: str
    client_id: str = ""
    client_secret: str = ""
    tls: dict[str, str] = field(default_factory=dict)  # kind of certificate -> URL

    def control(self, method: str, path: str, value=None):
        body = None if value is None else json.dumps(value)
        reply = Web().send(method, self.control_url + path, {"Content-Type": "application/json"}, body)
        assert reply.status == 200, f"{method} {path}: {reply.status} {reply.text}"
        return reply.json if reply.body else None

    def reset(self) -> None:
        self.control("POST", "/reset")

    def ledger(self, credential: str | None = None) -> list[dict]:
        rows = self.control("GET", "/ledger")
        return [row for row in rows if credential is None or row["credential"] == credential]

    def acted(self, verb: str | None = None, target: str | None = None) -> list[dict]:
        """The acting orders that the provider took."""
        return [row for row in self.ledger() if row["acted"]
                and (verb is None or row["verb"] == verb)
                and (target is None or row["target"] == target)]

    def fault(self, route: str, **plan) -> None:
        self.control("POST", "/faults", {"route": route, **plan})

    def settings(self, **values) -> dict:
        return self.control("POST", "/settings", values)

    def state(self) -> dict:
        return self.control("GET", "/state")

    def new_client(self, **values) -> dict:
        return self.control("POST", "/clients", values)


def providers(reach: dict) -> dict[str, Provider]:
    """From the `simulators` of a ready file."""
    return {name: Provider(entry["base_url"], entry["control_url"], entry.get("client_id", ""),
                           entry.get("client_secret", ""), entry.get("tls", {}))
            for name, entry in reach.items()}


class Simulators:
    """The simulators as a process of their own; `options` as its README lists them."""

    def __init__(self, folder: Path, *options: str | Path):
        ready = folder / "simulators.json"
        self._process = subprocess.Popen(
            ["/usr/bin/python3", SIMULATORS / "simulators.py", "--ready-file", ready,
             "--exit-with-stdin", *options], stdin=subprocess.PIPE, env=os.environ)
        eventually(ready.exists, "the simulators are ready")
        self.providers = providers(json.loads(ready.read_text()))

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
