# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Starts the product's binary, waits until it is ready, keeps its log, and always ends it again."""

import atexit
import itertools
import json
import os
import signal
import socket
import subprocess
import tempfile
import weakref
from pathlib import Path

from rig import process_tree
from rig.deadline import eventually
from rig.web import Web

REPOSITORY = Path(__file__).resolve().parents[3]
SIMULATORS = REPOSITORY / "tests" / "simulators"
_running: "weakref.WeakSet[Host]" = weakref.WeakSet()


def binary() -> Path:
    return Path(os.environ.get("QUELL_BINARY", REPOSITORY / "build/release/bin/quell")).absolute()


def plugin_directory() -> Path:
    return binary().parents[1] / "lib/quell/plugins"


def test_plugin_directory() -> Path:
    return binary().parents[1] / "tests/plugins"


# Below what the kernel hands out by itself (32768 and up), so that no client's socket and no other server takes a port
# between its choice and the host's start; each worker of a parallel run has its own stretch.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 4
_PORTS = itertools.cycle(range(12_000 + 5_000 * _WORKER, 17_000 + 5_000 * _WORKER))
for _ in range(os.getpid() % 5_000):
    next(_PORTS)


def free_port() -> int:
    for port in itertools.islice(_PORTS, 5_000):
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port on 127.0.0.1")


def run(*arguments: str | Path, given: str | None = None, timeout: float = 60,
        environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """A command that ends by itself."""
    return subprocess.run([binary(), *map(str, arguments)], input=given, text=True, timeout=timeout,
                          capture_output=True, env={**os.environ, **(environment or {})})


class Host:
    """One running quell. The log (standard error) is a file, so that it outlives a kill."""

    def __init__(self, arguments: list, folder: Path, environment: dict[str, str] | None = None):
        self.folder = folder
        self.log_path = folder / "quell.log"
        self._output = open(folder / "quell.out", "wb")
        self._log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [binary(), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=self._output,
            stderr=self._log, env={**os.environ, **(environment or {})})
        _running.add(self)

    @property
    def pid(self) -> int:
        return self.process.pid

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def output(self) -> str:
        return (self.folder / "quell.out").read_text(errors="replace")

    def wait_ready(self, base_url: str, within: float = 60, trust: str | None = None) -> None:
        web = Web(timeout=5, trust=trust)

        def ready() -> bool:
            self.check_alive()
            try:
                return web.get(f"{base_url}/readyz").status == 200
            except OSError:
                return False

        eventually(ready, f"{base_url}/readyz answers 200; log:\n{self.log()[-3000:]}", within)

    def check_alive(self) -> None:
        code = self.process.poll()
        if code is not None:
            raise AssertionError(f"quell ended with {code}:\n{self.log()[-4000:]}")

    def stop(self, within: float = 40) -> int:
        """SIGTERM; the exit code. What does not end in time is killed and is a failure."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"quell did not end {within:g} s after SIGTERM:\n{self.log()[-3000:]}")
        finally:
            self._close()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        self._log.close()
        self._output.close()


def start_dev(folder: Path, *options: str | Path, within: float = 120) -> tuple[Host, dict]:
    """`quell dev` with the simulators of its installation; the host and the content of its ready file."""
    ready = folder / "ready.json"
    host = Host(["dev", "--port", "0", "--ready-file", ready, *options], folder)

    def is_ready() -> bool:
        host.check_alive()
        return ready.exists()

    eventually(is_ready, "the ready file appears", within)
    return host, json.loads(ready.read_text())


def scratch_folder(prefix: str = "quell-") -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o700)
    return folder


@atexit.register
def _end_what_is_left() -> None:
    for host in list(_running):
        left = process_tree.descendants(host.pid) if host.process.poll() is None else []
        host.kill()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
