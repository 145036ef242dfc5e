# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The wall clock jumps a day under a running host: what lives by it ends or goes on, what waits does not notice.

libfaketime shifts the wall clock of the host alone; the monotonic clock stays true, as it does when a clock is set.
"""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from rig import quell_process
from rig.deadline import eventually
from rig.installation import REDIRECT, Installation
from rig.mcp_client import Modern
from rig.oauth_client import tokens_for
from rig.web import Web, open_raw
from rig.world import ALICE_MAC, BOB_WIN, hosts

MODES = ("process", "in_process")
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
DAY = 24 * 60 * 60

pytestmark = pytest.mark.skipif(LIBRARY is None, reason="needs Debian's faketime: script/bootstrap --test")


class Clock:
    """The host's wall clock: set(seconds) moves it away from the true time, from the next look on."""

    def __init__(self, folder: Path):
        self._file = folder / "faketime"
        self.set(0)

    def set(self, seconds: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n")
        os.replace(new, self._file)

    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(LIBRARY), "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}


@pytest.fixture
def jumpy(fresh):
    """An installation and its clock."""
    def make(isolation: str = "process") -> tuple[Installation, Clock]:
        quell = fresh(isolation, start=False)
        clock = Clock(quell.configuration.folder)
        quell.environment = clock.environment()
        return quell.start(), clock

    return make


def said_by(quell) -> float:
    """The host's own time, from its Date header."""
    date = Web().get(f"{quell.base_url}/healthz").header("Date")
    return time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) - time.timezone


def jump(quell, clock: Clock, seconds: int) -> None:
    clock.set(seconds)
    eventually(lambda: abs(said_by(quell) - time.time() - seconds) < 60, "the host sees the new time")


def is_accepted(quell, token: str) -> bool:
    return Modern(quell.mcp_url, token).exchange("tools/list").status == 200


# DU-06
def test_a_day_later_tokens_have_ended_and_new_ones_are_given(jumpy):
    quell, clock = jumpy()
    person = quell.user("analyst@acme.example", "analyst")
    desktop = quell.client(public=True, redirects=[REDIRECT])
    held = tokens_for(desktop, person)
    machine = quell.token()
    assert is_accepted(quell, machine)

    jump(quell, clock, DAY)

    assert not is_accepted(quell, machine) and not is_accepted(quell, held["access_token"])
    assert is_accepted(quell, quell.machine().machine_token())
    renewed = desktop.refresh(held["refresh_token"])  # 30 days: it is still good
    assert is_accepted(quell, renewed.json["access_token"])


# DU-06: a token must not live a day longer than it was given for
def test_a_day_earlier_nothing_from_the_future_outlives_its_time(jumpy):
    quell, clock = jumpy()
    token = quell.token()

    jump(quell, clock, -DAY)
    fresh_token = quell.machine().machine_token()
    assert is_accepted(quell, fresh_token)

    jump(quell, clock, 0)
    assert not is_accepted(quell, fresh_token), "made a day ago by this clock"
    assert is_accepted(quell, token)


# DU-06: an order under way is polled to its end by the monotonic clock
@pytest.mark.parametrize("isolation", MODES)
@pytest.mark.parametrize("days", [1, -1])
def test_an_order_under_way_ends_as_if_nothing_had_happened(jumpy, crowdstrike, isolation, days):
    quell, clock = jumpy(isolation)
    crowdstrike.settings(contain_delay_s=3)
    token = quell.token()
    began = time.monotonic()
    answers = []

    def contain():
        answers.append(Modern(quell.mcp_url, token).contain("network_contain", "hostname", ALICE_MAC).order)

    thread = threading.Thread(target=contain)
    thread.start()
    eventually(lambda: hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1, "the order is at the provider")
    clock.set(days * DAY)
    thread.join()

    assert answers[0]["status"] == "completed"
    assert time.monotonic() - began < 20, "it waited for the wall clock"
    assert hosts(crowdstrike)["C02ALICE0001"]["orders"]["contain"] == 1
    again = Modern(quell.mcp_url, quell.machine().machine_token())
    assert again.contain("network_contain", "hostname", BOB_WIN).order["status"] == "completed"
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))


# DU-06, PF-03: the host's clock is wrong by minutes, and it goes by the provider's where it reads its own order back. In
# one process: a runner gets no environment, so libfaketime would leave its clock right, which in truth is the host's.
@pytest.mark.parametrize("seconds", [300, -300])
def test_a_lost_lock_is_found_although_the_clocks_differ(jumpy, jamf, seconds):
    quell, clock = jumpy("in_process")
    clock.set(seconds)
    jamf.fault("POST /api/v2/mdm/commands", kind="reset", before=False)

    order = Modern(quell.mcp_url, quell.machine().machine_token()).contain("lock_device", "hostname", ALICE_MAC).order

    assert order["status"] == "completed"
    assert len(jamf.acted("lock")) == 1


# DU-06: connections are timed by the monotonic clock
@pytest.mark.parametrize("days", [1, -1])
def test_an_open_connection_is_neither_cut_nor_kept_by_a_jump(jumpy, days):
    quell, clock = jumpy()
    with open_raw(quell.base_url) as connection:
        jump(quell, clock, days * DAY)
        connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: {quell.base_url.partition('://')[2]}\r\n\r\n".encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


# DU-06
def test_the_doctor_sees_a_clock_that_was_set_back(jumpy):
    quell, clock = jumpy()
    quell.token()
    jump(quell, clock, -DAY)

    document = json.loads(quell_process.run("--json", "-c", quell.configuration.path, "doctor").stdout)
    assert not next(row for row in document["host"] if row["name"] == "clock")["ok"]
