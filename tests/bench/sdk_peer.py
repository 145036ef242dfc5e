# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The official TypeScript SDK as a server (tests/referees/sdk_server.mjs): a peer that asks for no token."""

import http.client
import json
import subprocess
import time

from rig.configuration import free_port
from rig.quell_process import REPOSITORY
from saturation import JSON_HEADERS, ask_newer, ask_older, call_params

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"
MODES = ("v1-stateless", "v1-stateful", "v2-stateless", "v2-stateful", "v2-modern")
INITIALIZE = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
    "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}}


class Peer:
    """A running SDK server. `started_ms`: from exec to its first good answer."""

    def __init__(self, mode):
        self.mode = mode
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        begin = time.monotonic()
        self.process = subprocess.Popen([NODE, REFEREES / "sdk_server.mjs", mode, str(self.port)])
        self.session = self._first_answer()
        self.started_ms = (time.monotonic() - begin) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def initialize(self):
        """The id of a new session; None where the mode has none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/mcp", json.dumps(INITIALIZE), JSON_HEADERS)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        connection.close()
        return answer.getheader("Mcp-Session-Id")

    def call(self):
        return self._ask("tools/call", call_params(), "resolved")

    def list(self):
        return self._ask("tools/list", {}, "contain_device")

    def _ask(self, method, params, expect):
        if self.mode == "v2-modern":
            return ask_newer(self.url, "none", method, params, expect)
        return ask_older(self.url, "none", method, params, expect, self.session)

    def _first_answer(self):
        while True:
            try:
                return self.initialize()
            except OSError:
                time.sleep(0.001)
