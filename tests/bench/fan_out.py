# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What contain_device costs beyond the provider's own time when it asks for N devices side by side.

A target here is one device at one connector, with one HTTPS request of its own: the person N@fleet.example has N devices
at the MDM `roster`, which answers from memory, and the EDR `fleet` is asked for each by its serial number (V57). The
provider takes 50 ms for each. A plugin has at most 64 calls at once (its manifest's max_concurrency), so 200 devices are
asked for in four rounds; overhead is what goes beyond the rounds. Acting on N targets is one call, whatever N is up to
the plugin's max_batch, so a dry run holds all that grows with N.

Warm: the connections are open. Cold: each request makes its own, TLS handshake included, with the system's whole bundle
of authorities and no session to take up again.
"""
import http.client
import itertools
import json
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from figures import cpu_seconds, line, runners, wait_for_port
from rig import certificates, configuration, installation, private_trust

LATENCY_MS = 50
CALLS_AT_ONCE = 64
TRIES = 15
GOALS_MS = {("warm", 5): 1, ("warm", 50): 2, ("warm", 200): 5, ("cold", 5): 4}


class Provider:
    """fleet-provider with a certificate of its own, and the bundle of authorities that holds it besides the system's."""

    def __init__(self, build, folder):
        certificate, key = certificates.self_signed(folder)
        self.bundle = folder / "bundle.pem"
        self.bundle.write_bytes(Path(private_trust.BUNDLE).read_bytes() + certificate.read_bytes())
        self.port = configuration.free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([str(build / "tests/fleet-provider"), str(self.port), certificate, key])
        wait_for_port(self.port)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Fleet:
    """A host with a tenant for warm connections and one for cold ones, and an open connection of a client to it."""

    def __init__(self, build, folder, provider, isolation):
        configuration.PLUGINS.update(fleet="fleet", roster="roster")
        setup = configuration.Configuration(folder, isolation, plugins=["fleet", "roster"],
                                            plugin_folder=build / "tests/plugins", providers=[provider.url])
        for tenant in ("warm", "cold"):
            setup.tenants[tenant] = configuration.Tenant(
                {"fleet": {"base_url": f"{provider.url}/{tenant}"}, "roster": {}})
        setup.write()
        self.install = private_trust.start(installation.Installation(setup, {}, None), provider.bundle,
                                           pytest.MonkeyPatch())
        self.pids = [self.install.pid] + runners(self.install.pid)
        self.connection = http.client.HTTPConnection("127.0.0.1", setup.port)

    def look_up(self, tenant, count):
        """Milliseconds until all devices of the person were found."""
        arguments = {"action": "network_contain", "dry_run": True,
                     "lookup": {"lookup_type": "user_email", "value": f"{count}@fleet.example"}}
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                           "params": {"name": "contain_device", "arguments": arguments}})
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
                   "Authorization": f"Bearer {self.install.token(tenant, 'devices:contain')}"}
        began = time.perf_counter()
        self.connection.request("POST", "/mcp", body, headers)
        answer = self.connection.getresponse().read()
        took = (time.perf_counter() - began) * 1000
        assert answer.count(b'"provider_device_id"') >= count, answer[:500]
        return took

    def measure(self, tenant, count):
        """Overhead in milliseconds and CPU microseconds of the host and its runner a target; medians."""
        for _ in range(3):
            self.look_up(tenant, count)
        before = sum(map(cpu_seconds, self.pids))
        times = [self.look_up(tenant, count) for _ in range(TRIES)]
        cpu = (sum(map(cpu_seconds, self.pids)) - before) / TRIES / count * 1e6
        rounds = -(-count // CALLS_AT_ONCE)
        return statistics.median(times) - rounds * LATENCY_MS, cpu

    def end(self):
        self.connection.close()
        self.install.end()


def reference(build, provider, count):
    done = subprocess.run([str(build / "tests/fan-out-reference"), str(provider.port), provider.bundle, str(count)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure(build, folder):
    if missing := private_trust.missing():
        return print(f"fan-out left out: missing {missing}")
    provider = Provider(build, folder)
    try:
        for isolation in ("in_process", "process"):
            (folder / isolation).mkdir()
            fleet = Fleet(build, folder / isolation, provider, isolation)
            try:
                for count, state in itertools.product((5, 50, 200), ("warm", "cold")):
                    bare = reference(build, provider, count)[state]
                    overhead, cpu = fleet.measure(state, count)
                    goal = f"; goal {GOALS_MS[state, count]} ms" if (state, count) in GOALS_MS else ""
                    line(f"fan-out, {count} {state} TLS targets, {isolation}", overhead, "ms",
                         note=f"{cpu:.0f} us CPU a target; bare Asio client {bare['overhead_ms']:.1f} ms, "
                              f"{bare['cpu_us']:.0f} us{goal}")
            finally:
                fleet.end()
    finally:
        provider.stop()
