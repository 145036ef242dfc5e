# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Looks at processes through /proc: who is whose child, who is still alive."""

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    state = _status(pid)
    return state is not None and state[0] != "Z"


def descendants(pid: int) -> list[int]:
    """Children, their children and so on; the process itself is not among them."""
    parents = {other: status[1] for other in _all() if (status := _status(other))}
    found: list[int] = []
    generation = {pid}
    while generation:
        generation = {child for child, parent in parents.items() if parent in generation}
        found += sorted(generation)
    return found


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def runners(pid: int) -> list[int]:
    """The plugin runners below this host."""
    return [child for child in descendants(pid)
            if command_line(child) and command_line(child)[0].endswith("quell-plugin-runner")]


def open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def _all() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _status(pid: int) -> tuple[str, int] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, parent = text[text.rindex(")") + 2:].split()[:2]
    return state, int(parent)
