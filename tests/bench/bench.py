#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Measures what docs/PERFORMANCE.md states: one line a figure, with its ratio to the reference of the same run.

CPU is that of the server's process and its children (user and system, /proc/PID/stat) per answered request, at 64
connections kept alive by wrk on loopback. The reference is a stock Beast echo, measured right before and after.
"""
import argparse
import contextlib
import http.client
import json
import os
import re
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
import fan_out  # noqa: E402
from figures import cpu_seconds, line, pss_kib, runners, wait_for_port  # noqa: E402
from rig import certificates, configuration, installation, simulators, world  # noqa: E402

HERE = Path(__file__).resolve().parent


def call_body(dry_run):
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": "contain_device", "arguments": {
                "action": "network_contain", "dry_run": dry_run,
                "lookup": {"lookup_type": "hostname", "value": "alice-mac.corp.example"},
                "reason": "benchmark of the host's own path"}}}


def load(url, token, expect, seconds, dry_run=True):
    """Requests that were answered, after a warm-up of a fifth of the time."""
    environment = {**os.environ, "BENCH_TOKEN": token, "BENCH_BODY": json.dumps(call_body(dry_run)), "BENCH_EXPECT": expect}
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", str(HERE / "call.lua"), url]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: wrk failed: {done.stderr.strip()}")
    return int(re.search(r"(\d+) requests in", done.stdout)[1])


def cpu_per_request(pids, url, token="none", expect="", seconds=5, dry_run=True):
    load(url, token, expect, 1, dry_run)
    before = sum(map(cpu_seconds, pids))
    answered = load(url, token, expect, seconds, dry_run)
    return (sum(map(cpu_seconds, pids)) - before) / answered * 1e6


class Echo:
    def __init__(self, program):
        port = configuration.free_port()
        self.url = f"http://127.0.0.1:{port}/mcp"
        self.process = subprocess.Popen([str(program), str(port)])
        wait_for_port(port)

    def measure(self):
        return cpu_per_request([self.process.pid], self.url)

    def stop(self):
        self.process.kill()
        self.process.wait()


def measured_call(echo, title, install, expect, note="", dry_run=True):
    pid = install.pid
    token = install.token(scope="devices:contain")
    pids = [pid] + runners(pid)
    first = echo.measure()
    call = cpu_per_request(pids, install.mcp_url, token, expect, dry_run=dry_run)
    reference = statistics.mean([first, echo.measure()])
    line("Beast echo, around the next line", reference, "us CPU")
    line(title, call, "us CPU", call / reference, note)


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
    token = install.token(scope="devices:contain")
    load(install.mcp_url, token, '"resolved"', 2)
    before = pss_kib(install.pid)
    load(install.mcp_url, token, '"resolved"', load_seconds)
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


def measure_calls(echo, build, root, providers, load_seconds):
    for mode, title, note in (("in_process", "tools/call dry run, plugin in-process", "aim 2.0"),
                              ("process", "tools/call dry run, through a runner", "no aim")):
        (root / mode).mkdir()
        with serving(memory_plugin(root / mode, build, mode)) as install:
            measured_call(echo, title, install, '"resolved"', note)
            if mode == "in_process":
                measured_call(echo, "tools/call durable order, in-process", install, '"completed"', "goal 1.5",
                              dry_run=False)
                growth_and_recovery(install, load_seconds)
    (root / "http").mkdir()
    with serving(world.build(root / "http", providers)) as install:
        measured_call(echo, "tools/call dry run, runner and HTTP", install, '"resolved"', "no aim")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", type=Path, required=True)
    options.add_argument("--load-seconds", type=int, default=30, help="how long memory is watched under full load")
    given = options.parse_args()
    build, load_seconds = given.build.resolve(), given.load_seconds
    os.environ["QUELL_BINARY"] = str(build / "bin/quell")
    scratch = tempfile.TemporaryDirectory()
    audit_writer(build, scratch.name)
    echo = Echo(build / "tests/beast-echo")
    root = Path(scratch.name)
    providers = simulators.Simulators(root)
    try:
        measure_calls(echo, build, root, providers.providers, load_seconds)
        (root / "fan-out").mkdir()
        fan_out.measure(build, root / "fan-out")
        (root / "start").mkdir()
        start_and_memory(build / "bin/quell", providers.providers, root / "start")
    finally:
        echo.stop()
        providers.stop()
        scratch.cleanup()


if __name__ == "__main__":
    main()
