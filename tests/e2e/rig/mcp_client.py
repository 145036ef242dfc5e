# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""MCP clients of both eras over plain HTTP. A `check` given to them judges every message that comes back."""

import base64
import itertools
import json
from dataclasses import dataclass, field
from typing import Callable

from rig.web import Reply, Web

MODERN = "2026-07-28"
LEGACY = "2025-11-25"
META = "io.modelcontextprotocol/"
# (protocol version, method, message)
Check = Callable[[str, str, dict], None]


class RpcFailure(AssertionError):
    """The server answered with a protocol error where the caller expected a result."""

    def __init__(self, status: int, error: dict):
        super().__init__(f"HTTP {status}: {json.dumps(error)}")
        self.status = status
        self.error = error


@dataclass
class ToolResult:
    is_error: bool
    content: dict  # structuredContent
    raw: dict

    @property
    def error(self) -> dict:
        assert self.is_error, f"not an error: {json.dumps(self.content)}"
        return self.content["error"]

    @property
    def order(self) -> dict:
        """The request document of an acting tool or a look-up."""
        assert not self.is_error, f"an error: {json.dumps(self.content)}"
        return self.content

    @property
    def targets(self) -> list[dict]:
        """The devices or accounts of all integrations."""
        return [target for part in self.order["integrations"]
                for target in part.get("devices", part.get("accounts"))]


@dataclass
class McpClient:
    """What the eras have in common; use Modern or Legacy."""

    url: str
    token: str | None
    check: Check | None = None
    web: Web = field(default_factory=Web)
    version: str = MODERN
    capabilities: dict = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def headers(self, method: str, params: dict) -> dict[str, str]:
        found = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
        return found

    def message(self, method: str, params: dict) -> dict:
        return {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}

    def post(self, message: dict, headers: dict[str, str]) -> Reply:
        return self.web.send("POST", self.url, headers, json.dumps(message))

    def exchange(self, method: str, params: dict | None = None, headers: dict[str, str] | None = None,
                 drop: tuple[str, ...] = ()) -> Reply:
        """One request as this era sends it; `headers` are added, `drop` names those left out."""
        message = self.message(method, params or {})
        sent = {**self.headers(method, message["params"]), **(headers or {})}
        reply = self.post(message, {k: v for k, v in sent.items() if k not in drop})
        self._judge(method, message, reply)
        return reply

    def call(self, method: str, params: dict | None = None) -> dict:
        """The result; RpcFailure if there is none."""
        reply = self.exchange(method, params)
        document = reply.json
        if "error" in document or reply.status != 200:
            raise RpcFailure(reply.status, document.get("error", document))
        return document["result"]

    def tools(self) -> list[dict]:
        return self.call("tools/list")["tools"]

    def tool_names(self) -> list[str]:
        return [tool["name"] for tool in self.tools()]

    def tool(self, name: str, /, **arguments) -> ToolResult:
        result = self.call("tools/call", {"name": name, "arguments": arguments})
        text = json.loads(result["content"][0]["text"])
        assert text == result["structuredContent"], "text and structured content differ"
        return ToolResult(result.get("isError", False), result["structuredContent"], result)

    def contain(self, action: str, lookup_type: str, value: str, **more) -> ToolResult:
        return self.tool("contain_device", action=action,
                         lookup={"lookup_type": lookup_type, "value": value}, **more)

    def _judge(self, method: str, message: dict, reply: Reply) -> None:
        if reply.header("Content-Type") != "application/json":
            return
        document = reply.json
        if document.get("jsonrpc") != "2.0":
            return
        assert document.get("id") in (None, message["id"]), "the answer belongs to another request"
        if self.check:
            self.check(self.version, method, document)


class Modern(McpClient):
    """2026-07-28: no session; every request says what it is, in its headers and in _meta."""

    def headers(self, method, params):
        found = {**super().headers(method, params), "MCP-Protocol-Version": self.version,
                 "Mcp-Method": method}
        named = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri", "tasks/get": "taskId",
                 "tasks/update": "taskId", "tasks/cancel": "taskId"}.get(method)
        if named in params:
            found["Mcp-Name"] = header_value(params[named])
        return found

    def message(self, method, params):
        meta = {f"{META}protocolVersion": self.version, f"{META}clientCapabilities": self.capabilities,
                f"{META}clientInfo": {"name": "quell-tests", "version": "1"}, **params.get("_meta", {})}
        return super().message(method, {**params, "_meta": meta})


class Legacy(McpClient):
    """2025-11-25 and older: initialize first, then the version in a header."""

    def __init__(self, url: str, token: str | None, check: Check | None = None, web: Web | None = None,
                 version: str = LEGACY):
        super().__init__(url, token, check, web or Web(), version)
        self._open = False
        self.session: str | None = None

    def headers(self, method, params):
        found = super().headers(method, params)
        if method != "initialize":
            found["MCP-Protocol-Version"] = self.version
            if self.session:
                found["Mcp-Session-Id"] = self.session
        return found

    def initialize(self) -> dict:
        reply = self.exchange("initialize", {
            "protocolVersion": self.version, "capabilities": self.capabilities,
            "clientInfo": {"name": "quell-tests", "version": "1"}})
        assert reply.status == 200, reply.text
        result = reply.json["result"]
        self.session = reply.header("Mcp-Session-Id")
        self.version = result["protocolVersion"]
        told = self.post({"jsonrpc": "2.0", "method": "notifications/initialized"},
                         self.headers("notifications/initialized", {}))
        assert (told.status, told.body) == (202, b""), f"{told.status} {told.text}"
        self._open = True
        return result

    def tool(self, name, **arguments):
        if not self._open:
            self.initialize()
        return super().tool(name, **arguments)


def header_value(text: str) -> str:
    """As it is where a header can carry it, else in the base64 form."""
    if text.isascii() and text.isprintable() and text == text.strip() and not text.startswith("=?"):
        return text
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="
