#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Measures what docs/PERFORMANCE.md states: one line a figure, with its ratio to the reference of the same run.

CPU is that of the server's process and its children (user and system, /proc/PID/stat) per answered request, at 64
connections kept alive by wrk on loopback. The reference is a stock Beast echo, measured right before and after; the peer,
where there is one, is the official TypeScript SDK of npm.
"""
import argparse
import contextlib
import http.client
import json
import os
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import fan_out  # noqa: E402
import fixed_rates  # noqa: E402
import idle_streams  # noqa: E402
import protocol  # noqa: E402
import startup  # noqa: E402
import token_endpoint  # noqa: E402
from figures import line, pss_kib, runners  # noqa: E402
from rig import certificates, configuration, installation, simulators, world  # noqa: E402
from saturation import Echo, ask_older, call_params, compare, load  # noqa: E402


def measured_order(echo, title, install, expect, note="", dry_run=True):
    token = install.token(scope="devices:contain")
    ask = ask_older(install.mcp_url, token, "tools/call", call_params(dry_run), expect)
    compare(echo, title, [install.pid] + runners(install.pid), ask, note)


def memory_plugin(folder, build, isolation):
    """An installation with the test plugin that answers from memory as its only connector."""
    configuration.PLUGINS["memory"] = "memory"
    setup = configuration.Configuration(folder, isolation, plugins=["memory"],
                                        plugin_folder=build / "tests/plugins")
    setup.tenants["acme"] = configuration.Tenant({"memory": {}})
    return installation.Installation(setup, {}, None)


@contextlib.contextmanager
def serving(install):
    install.configuration.write()
    try:
        yield install.start()
    finally:
        install.end()


def connect(setup):
    if not setup.tls:
        return http.client.HTTPConnection(setup.host, setup.port, timeout=1)
    trust = ssl.create_default_context(cafile=setup.tls["tls_cert"])
    return http.client.HTTPSConnection(setup.host, setup.port, timeout=1, context=trust)


def ready_after_exec(program, setup):
    started = time.monotonic()
    process = subprocess.Popen([str(program), "-c", str(setup.path), "serve"], stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = connect(setup)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return process, (time.monotonic() - started) * 1000
        except OSError:
            time.sleep(0.0005)


def start_and_memory(program, providers, folder):
    setup = world.build(folder, providers).configuration
    setup.write()
    times = []
    for _ in range(5):
        process, took = ready_after_exec(program, setup)
        times.append(took)
        process.terminate()
        process.wait()
    line("serve, exec to first 200 of /readyz", statistics.median(times), "ms", note="three plugins; aim 100 ms")
    certificate, key = certificates.self_signed(folder)
    setup.tls = {"tls_cert": str(certificate), "tls_key": str(key)}
    setup.write()
    process, _ = ready_after_exec(program, setup)
    time.sleep(1)
    total = pss_kib(process.pid) + sum(map(pss_kib, runners(process.pid)))
    line("memory at rest, PSS of host and runners", total / 1024, "MiB",
         note="three plugins, TLS listener; goal 22 MiB with libcurl")
    process.terminate()
    process.wait()


def growth_and_recovery(install, load_seconds):
    """Memory over a time of full load, then how soon the host is back after it was killed in the middle of it."""
    ask = ask_older(install.mcp_url, install.token(scope="devices:contain"), "tools/call", call_params(), '"resolved"')
    load(ask, 2)
    before = pss_kib(install.pid)
    load(ask, load_seconds)
    line(f"memory growth over {load_seconds} s of full load", (pss_kib(install.pid) - before) / 1024, "MiB",
         note="goal 2 MiB in ten minutes")
    busy = threading.Thread(target=lambda: subprocess.run(
        ["wrk", "-t1", "-c64", "-d3s", install.mcp_url], capture_output=True, check=False))
    busy.start()
    time.sleep(1)
    os.kill(install.pid, signal.SIGKILL)
    install.host.process.wait()
    busy.join()
    process, took = ready_after_exec(os.environ["QUELL_BINARY"], install.configuration)
    line("back after kill -9 under load, exec to /readyz", took, "ms", note="goal 2000 ms")
    process.terminate()
    process.wait()


def audit_writer(build, folder):
    done = subprocess.run([str(build / "tests/audit-writer"), str(folder), "5"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    trail, bare = found["trail"], found["bare"]
    line("audit, 64 callers waiting", trail["records_per_s"] / 1000, "k records/s",
         note=f"bare fdatasync {bare['records_per_s'] / 1000:.1f} k; goal 150 k")
    line("audit, CPU of a durable record", trail["cpu_us"], "us CPU", note="goal 3.5")
    line("audit, commit p50 over the bare fdatasync's", trail["p50_us"] / bare["p50_us"], "x", note="goal 1.8")
    line("audit, p99 over p50", trail["p99_us"] / trail["p50_us"], "x", note="goal 10")


def measure_calls(given):
    for mode, title, note in (("in_process", "tools/call dry run, plugin in-process", "aim 2.0"),
                              ("process", "tools/call dry run, through a runner", "no aim")):
        with serving(memory_plugin(given.folder(mode), given.build, mode)) as install:
            measured_order(given.echo, title, install, '"resolved"', note)
            if mode == "in_process":
                measured_order(given.echo, "tools/call durable order, in-process", install, '"completed"', "goal 1.5",
                               dry_run=False)
                growth_and_recovery(install, given.load_seconds)
    with serving(world.build(given.folder("http"), given.providers)) as install:
        measured_order(given.echo, "tools/call dry run, runner and HTTP", install, '"resolved"', "no aim")


def measure_doors(given):
    with serving(memory_plugin(given.folder("doors"), given.build, "in_process")) as install:
        protocol.measure(given.echo, install)


def measure_tokens(given):
    folder = given.folder("tokens")
    with serving(memory_plugin(folder, given.build, "in_process")) as install:
        token_endpoint.measure(given.echo, install, folder, given.http_load)


def measure_streams(given):
    idle_streams.allow_many_files()
    setup = memory_plugin(given.folder("streams"), given.build, "in_process")
    setup.configuration.server = {"max_connections": 2 * idle_streams.STREAMS}
    with serving(setup) as install:
        idle_streams.measure(install)


def measure_latency(given):
    folder = given.folder("latency")
    with serving(memory_plugin(folder, given.build, "in_process")) as install:
        fixed_rates.measure(given.echo, install, folder, given.http_load)


def measure_start(given):
    start_and_memory(given.program, given.providers, given.folder("start"))
    with serving(world.build(given.folder("first-answer"), given.providers)) as install:
        startup.measure(given.echo, install, given.program, len(install.configuration.plugins))


@dataclass
class Given:
    """What every part gets: the build, the reference, simulators, and folders of its own."""

    build: Path
    root: Path
    load_seconds: int
    echo: Echo
    providers: dict

    @property
    def program(self):
        return self.build / "bin/quell"

    @property
    def http_load(self):
        return self.build / "tests/http-load"

    def folder(self, name):
        made = self.root / name
        made.mkdir()
        return made


PARTS = {"audit": lambda given: audit_writer(given.build, given.folder("audit")), "calls": measure_calls,
         "doors": measure_doors, "tokens": measure_tokens, "streams": measure_streams, "latency": measure_latency,
         "fan-out": lambda given: fan_out.measure(given.build, given.folder("fan-out")), "start": measure_start}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", type=Path, required=True)
    options.add_argument("--load-seconds", type=int, default=30, help="how long memory is watched under full load")
    options.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; all if none is named")
    asked = options.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        options.error(f"no such part: {', '.join(unknown)}")
    build = asked.build.resolve()
    os.environ["QUELL_BINARY"] = str(build / "bin/quell")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        providers = simulators.Simulators(root)
        echo = Echo(build / "tests/beast-echo")
        try:
            given = Given(build, root, asked.load_seconds, echo, providers.providers)
            for name in asked.parts or PARTS:
                PARTS[name](given)
        finally:
            echo.stop()
            providers.stop()


if __name__ == "__main__":
    main()
