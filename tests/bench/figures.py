# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the benchmarks read of a process, and how they print a figure."""

import http.client
import os
import re
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def children(pid):
    listing = Path(f"/proc/{pid}/task")
    found = [int(word) for task in listing.iterdir() for word in (task / "children").read_text().split()]
    return found + [grandchild for child in found for grandchild in children(child)]


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def pss_kib(pid):
    return int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1])


def exact_cpu_seconds(pid):
    """Like cpu_seconds, but in nanoseconds of the scheduler: for few requests."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def private_kib(pid):
    found = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    return sum(map(int, found))


def runners(pid):
    return [child for child in children(pid) if "plugin-runner" in Path(f"/proc/{child}/cmdline").read_text()]


def wait_for_port(port):
    while True:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return
        except OSError:
            time.sleep(0.01)


def line(name, value, unit, ratio=None, note=""):
    shown = f"{value:8.1f} {unit}"
    print(f"{name:44} {shown:>14}   {f'{ratio:5.2f} x echo' if ratio else '':>13}   {note}", flush=True)
