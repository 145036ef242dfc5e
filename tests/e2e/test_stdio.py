# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The bridge for desktop clients: MCP on stdin and stdout, an API key from the environment."""

import json
import queue
import re
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rig import quell_process, world
from rig.mcp_client import LEGACY, META, MODERN
from rig.quell_process import REPOSITORY, binary, free_port, scratch_folder
from rig.wire_schema import check_message
from rig.world import ALICE_MAC

GUIDE = REPOSITORY / "docs/agents/desktop.md"


class Program:
    """What a desktop client starts: it writes lines and reads lines."""

    def __init__(self, command: str, arguments: list[str], environment: dict[str, str]):
        self.process = subprocess.Popen([command, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=environment)
        self.lines: "queue.Queue[str]" = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def say(self, message: dict | str) -> None:
        self.process.stdin.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict:
        return json.loads(self.lines.get(timeout=30))

    def ask(self, method: str, params: dict | None = None, id: int | str = 1) -> dict:
        self.say({"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}})
        answer = self.hear()
        assert answer["id"] == id
        return answer

    def end(self) -> tuple[int, str]:
        self.process.stdin.close()
        code = self.process.wait(timeout=30)
        return code, self.process.stderr.read()


def modern(params: dict | None = None) -> dict:
    return {**(params or {}), "_meta": {f"{META}protocolVersion": MODERN, f"{META}clientCapabilities": {}}}


@pytest.fixture
def key(door, analyst):
    return door.quell("key", "create", "--tenant", "acme", "--user", analyst["email"], "--name", "desktop")["api_key"]


@pytest.fixture
def bridge():
    started = []

    def start(url: str, key: str) -> Program:
        started.append(Program(str(binary()), ["stdio", "--url", url], {"QUELL_API_KEY": key}))
        return started[-1]

    yield start
    for program in started:
        program.process.kill()


# L02
def test_an_older_client_initializes_lists_and_calls(door, bridge, key):
    program = bridge(door.mcp_url, key)

    first = program.ask("initialize", {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}})
    assert first["result"]["serverInfo"]["name"] == "quell"
    program.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
    names = [tool["name"] for tool in program.ask("tools/list", id="two")["result"]["tools"]]
    assert "contain_device" in names
    called = program.ask("tools/call", {"name": "contain_device", "arguments": {
        "action": "network_contain", "dry_run": True, "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}}, id=3)
    assert called["result"]["structuredContent"]["status"] == "resolved"
    assert program.end() == (0, "")


# L02
def test_a_newer_client_needs_no_session(door, bridge, key):
    program = bridge(door.mcp_url, key)

    assert MODERN in program.ask("server/discover", modern())["result"]["supportedVersions"]
    called = program.ask("tools/call", modern({"name": "list_device_containment_capabilities", "arguments": {}}), id=2)
    assert called["result"]["isError"] is False
    # The host's own protocol errors come through as they are.
    assert program.ask("ping", modern(), id=3)["error"]["code"] == -32601
    assert program.end()[0] == 0


def test_calls_at_once_each_get_their_own_answer(door, bridge, key):
    program = bridge(door.mcp_url, key)
    for number in range(20):
        program.say({"jsonrpc": "2.0", "id": number, "method": "tools/list", "params": modern()})

    assert sorted(program.hear()["id"] for _ in range(20)) == list(range(20))


def test_what_was_asked_is_answered_though_the_client_closes_its_end(door, bridge, key):
    program = bridge(door.mcp_url, key)
    program.say({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": modern()})

    assert program.end()[0] == 0
    assert "tools" in program.hear()["result"]


def test_a_key_that_is_not_taken_is_an_error_of_the_call(door, bridge):
    program = bridge(door.mcp_url, "qak_guess")

    error = program.ask("tools/list", modern())["error"]

    assert error["code"] == 401
    assert "does not take this API key" in error["message"]
    code, complaint = program.end()
    assert "qak_guess" not in complaint and "does not take this API key" in complaint


def test_a_host_that_is_away_is_an_error_of_the_call_and_the_bridge_lives(bridge):
    program = bridge(f"http://127.0.0.1:{free_port()}/mcp", "qak_x")

    for _ in range(2):
        assert program.ask("tools/list", modern())["error"]["code"] == 503
    program.say("this is no JSON")
    assert program.hear()["error"]["code"] == -32700
    assert program.end()[0] == 0


# L03
def test_the_documented_client_configuration_works(door, key):
    sample = json.loads(re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.S)[0])["mcpServers"]["quell"]
    assert sample["args"][1:] == ["--url", "https://quell.example/mcp"]
    arguments = [door.mcp_url if word.startswith("https://") else word for word in sample["args"]]

    program = Program(str(binary()), arguments, {**sample["env"], "QUELL_API_KEY": key})

    assert "tools" in program.ask("tools/list", modern())["result"]
    assert program.end()[0] == 0


# E17
def test_the_documented_headers_work(door, key):
    sample = json.loads(re.findall(r"```json\n(.*?)```", GUIDE.read_text(), re.S)[1])["mcpServers"]["quell"]
    headers = {name: value.replace("qak_...", key) for name, value in sample["headers"].items()}
    from rig.mcp_client import Modern

    assert sample["type"] == "http"
    assert Modern(door.mcp_url, None).exchange("tools/list", headers=headers).status == 200


# L34, L36
def test_the_check_says_what_works_or_what_does_not(door, key):
    def check(url: str, key: str | None) -> tuple[int, dict]:
        done = quell_process.run("--json", "stdio", "--url", url, "--check", environment={"QUELL_API_KEY": key or ""})
        return done.returncode, json.loads(done.stdout)

    code, found = check(door.mcp_url, key)
    assert (code, found["ok"]) == (0, True)
    assert "contain_device" in found["tools"]
    assert check(door.mcp_url, "qak_guess")[0] == 4
    assert check(f"http://127.0.0.1:{free_port()}/mcp", key)[0] == 2
    assert check(door.base_url + "/elsewhere", key)[0] == 2
    assert check(door.mcp_url, None)[0] == 1
    code, refusal = check("http://quell.example/mcp", key)
    assert code == 1 and "https" in refusal["error"]["message"]
    assert "mcp-server-quell.log" in GUIDE.read_text()


class StreamingHost(BaseHTTPRequestHandler):
    """A host of the older era that answers in streams, and cuts the first one short."""

    seen: list[tuple[str, str, dict]] = []

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(("POST", message.get("method", ""), dict(self.headers)))
        if message.get("method") == "initialize":
            self.answer(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"protocolVersion": LEGACY}}).encode(),
                        "application/json", {"Mcp-Session-Id": "s-1"})
        elif "id" not in message:
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer(b'id: 1/0\nretry: 10\ndata:\n\nid: 1/1\ndata: {"jsonrpc":"2.0",\ndata: "method":"notifications/progress"}\n\n')

    def do_GET(self):
        last = self.headers.get("Last-Event-ID")
        self.seen.append(("GET", last or "", dict(self.headers)))
        if last is None:
            self.send_error(405)
        else:
            self.answer(b'id: 1/2\ndata: {"jsonrpc":"2.0","id":7,"result":{"done":true}}\n\n')

    def do_DELETE(self):
        self.seen.append(("DELETE", "", dict(self.headers)))
        self.send_error(405)

    def answer(self, body: bytes, kind: str = "text/event-stream", headers: dict | None = None):
        self.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class HangingHost(StreamingHost):
    """Takes notifications and never says so."""

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(("POST", message["method"], dict(self.headers)))
        if "id" in message:
            self.answer(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {}}).encode(), "application/json")
        else:
            self.connection.recv(1)  # nothing comes, until the bridge gives up


@pytest.fixture
def host_of():
    """A host of our own, by the class that answers."""
    servers = []

    def start(answering: type[BaseHTTPRequestHandler]) -> str:
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), answering))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/mcp"

    yield start
    for server in servers:
        server.shutdown()


def test_a_host_that_hangs_over_a_notification_holds_up_nothing(bridge, host_of):
    HangingHost.seen.clear()
    program = bridge(host_of(HangingHost), "qak_x")

    program.say({"jsonrpc": "2.0", "method": "notifications/roots/list_changed"})
    assert program.ask("tools/list")["result"] == {}

    code, complaint = program.end()
    assert code == 0
    assert re.fullmatch(r"quell stdio: notifications/roots/list_changed: .* did not answer in time\.\n", complaint), complaint


# A desktop client knows of no headers
def test_arguments_that_a_tool_wants_in_headers_are_put_there(bridge):
    host = world.build_content(scratch_folder("quell-e2e-"), "process", check_message)
    host.configuration.write()
    host.start()
    try:
        user = host.user("desktop@acme.example", "analyst")
        key = host.quell("key", "create", "--tenant", "acme", "--user", user["email"], "--name", "desktop")["api_key"]
        program = bridge(host.mcp_url, key)
        for region in ("west", "S\u00fcd", " padded ", "=?base64?eA==?="):
            called = program.ask("tools/call", modern({"name": "test_custom_header", "arguments": {"region": region}}))
            assert "result" in called, called
        assert program.end()[0] == 0
    finally:
        host.end()
        shutil.rmtree(host.configuration.folder, ignore_errors=True)


def test_streams_are_forwarded_and_taken_up_again(bridge):
    StreamingHost.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), StreamingHost)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program = bridge(f"http://127.0.0.1:{server.server_port}/mcp", "qak_x")

    program.ask("initialize", {"protocolVersion": LEGACY, "capabilities": {}})
    program.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
    program.say({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "x"}})
    assert program.hear() == {"jsonrpc": "2.0", "method": "notifications/progress"}
    assert program.hear() == {"jsonrpc": "2.0", "id": 7, "result": {"done": True}}
    assert program.end()[0] == 0
    server.shutdown()

    call = next(headers for verb, method, headers in StreamingHost.seen if method == "tools/call")
    assert (call["Mcp-Session-Id"], call["Mcp-Protocol-Version"]) == ("s-1", LEGACY)
    assert call["Authorization"] == "Key qak_x"
    assert ("GET", "1/1") in [(verb, what) for verb, what, _ in StreamingHost.seen]
    assert StreamingHost.seen[-1][0] == "DELETE"
