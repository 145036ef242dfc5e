# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What a service manager hears: sd_notify's datagrams on a real socket."""

import os
import signal
import socket

import pytest


class Manager:
    """The receiving end of NOTIFY_SOCKET."""

    def __init__(self, address: str):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address.replace("@", "\0", 1))
        self.socket.settimeout(60)

    def hear(self) -> list[str]:
        return self.socket.recv(4096).decode().split("\n")

    def hear_until(self, word: str) -> list[str]:
        heard = self.hear()
        while word not in heard:
            heard += self.hear()
        return heard


@pytest.fixture(params=["path", "abstract"])
def address(request, tmp_path):
    return str(tmp_path / "notify") if request.param == "path" else f"@quell-{tmp_path.name}-{id(tmp_path)}"


def start(fresh, **environment):
    quell = fresh(start=False)
    quell.environment.update(environment)
    return quell.start()


# OP-04
def test_the_manager_hears_of_the_start_and_of_the_stop(fresh, address):
    manager = Manager(address)
    quell = start(fresh, NOTIFY_SOCKET=address)

    assert "READY=1" in manager.hear()
    assert quell.stop() == 0
    assert "STOPPING=1" in manager.hear()


def test_the_manager_hears_of_a_reload_and_of_its_end(fresh, address):
    manager = Manager(address)
    quell = start(fresh, NOTIFY_SOCKET=address)
    manager.hear_until("READY=1")

    os.kill(quell.pid, signal.SIGHUP)

    assert "RELOADING=1" in manager.hear()
    assert "READY=1" in manager.hear()


def test_signs_of_life_come_if_they_are_asked_for(fresh, tmp_path):
    manager = Manager(str(tmp_path / "notify"))
    quell = start(fresh, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="100000")

    assert "READY=1" in manager.hear_until("WATCHDOG=1")
    assert manager.hear_until("WATCHDOG=1")
    assert quell.stop() == 0
    assert "STOPPING=1" in manager.hear_until("STOPPING=1")


def test_a_watchdog_of_another_process_is_not_ours(fresh, tmp_path):
    manager = Manager(str(tmp_path / "notify"))
    quell = start(fresh, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="1000", WATCHDOG_PID="1")

    assert quell.stop() == 0
    assert "WATCHDOG=1" not in manager.hear_until("STOPPING=1")


def test_a_manager_that_does_not_listen_changes_nothing(fresh, tmp_path):
    quell = start(fresh, NOTIFY_SOCKET=str(tmp_path / "nobody"))

    assert quell.mcp().tools()
    assert quell.stop() == 0
    assert "supervisor_not_told" in quell.log
