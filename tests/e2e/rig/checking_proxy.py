# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A provider's contract between plugin and simulator: Prism as a checking proxy, and a recorder before it.

Prism holds every request and every answer against the vendor's description, and tells a violation in a header that the
plugin ignores; the recorder is what reads it. Needs node and the npm package @stoplight/prism-cli: in tests/referees, or
in the folder that $QUELL_PRISM names (the one that holds node_modules).
"""

import http.client
import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from rig.deadline import eventually
from rig.quell_process import REPOSITORY, free_port

CONTRACTS = Path(os.environ.get("QUELL_CONTRACTS", REPOSITORY.parent / "shared" / "contracts"))
_PRISM = "node_modules/@stoplight/prism-cli/dist/index.js"
_ERRORS = b"https://stoplight.io/prism/errors#"


def _prism() -> Path | None:
    folders = [Path(os.environ["QUELL_PRISM"])] if "QUELL_PRISM" in os.environ else []
    found = [folder / _PRISM for folder in (*folders, REPOSITORY / "tests" / "referees")]
    return next((file for file in found if file.is_file()), None)


def _node() -> str | None:
    """The pinned Node of the referees; Debian's is too old for some of them."""
    pinned = REPOSITORY / "tests" / "referees" / "node_modules" / ".bin" / "node"
    return str(pinned) if pinned.exists() else shutil.which("node")


def missing(provider: str) -> str:
    """What is not there to run it with; empty if all is."""
    if not _node():
        return "node"
    if _prism() is None:
        return "the npm package @stoplight/prism-cli (tests/referees, or $QUELL_PRISM)"
    contract = CONTRACTS / f"{provider}.openapi.json"
    return "" if contract.is_file() else f"the contract {contract.name} ($QUELL_CONTRACTS)"


class CheckingProxy:
    """Owns its two servers; `url` stands for the provider's base URL."""

    def __init__(self, provider: str, upstream: str):
        port = free_port()
        self._prism = subprocess.Popen(
            [_node(), _prism(), "proxy", "-h", "127.0.0.1", "-p", str(port),
             CONTRACTS / f"{provider}.openapi.json", upstream],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.exchanges: list[str] = []
        self.violations: list[str] = []
        self._recorder = _Recorder(self, f"127.0.0.1:{port}")
        self.url = f"http://127.0.0.1:{self._recorder.server_address[1]}"
        threading.Thread(target=self._recorder.serve_forever, daemon=True).start()
        eventually(lambda: _answers(port), "the checking proxy answers", 60)

    def note(self, line: str, violation: str) -> None:
        self.exchanges.append(line)
        if violation:
            self.violations.append(f"{line}: {violation}")

    def stop(self) -> None:
        self._recorder.shutdown()
        self._recorder.server_close()
        self._prism.terminate()
        self._prism.wait(10)


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except OSError:
        return False


class _Recorder(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: CheckingProxy, upstream: str):
        super().__init__(("127.0.0.1", 0), _Relay)
        self.proxy = proxy
        self.upstream = upstream


class _Relay(BaseHTTPRequestHandler):
    """Passes one exchange on, as it is, and notes what Prism says about it."""

    protocol_version = "HTTP/1.1"
    server: _Recorder

    def _relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        connection = http.client.HTTPConnection(self.server.upstream, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        connection.request(self.command, self.path, body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        self._note(answer, content)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        connection.close()

    def _note(self, answer: http.client.HTTPResponse, content: bytes) -> None:
        said = answer.getheader("sl-violations", "") or ("a problem of Prism's own" if _ERRORS in content else "")
        self.server.proxy.note(f"{self.command} {urlsplit(self.path).path} {answer.status}", said)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _relay

    def log_message(self, *_arguments) -> None:
        """Quiet: what counts is in the proxy's lists."""
