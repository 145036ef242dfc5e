# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Judges MCP messages by the protocol's own JSON Schemas, and results by the tools' outputSchema."""

import functools
import json
import os
from pathlib import Path

from jsonschema import Draft7Validator, Draft202012Validator

from rig.quell_process import REPOSITORY

CONTRACTS = Path(os.environ.get("QUELL_CONTRACTS", REPOSITORY.parent / "shared" / "contracts"))
_RESULTS = {"initialize": "InitializeResult", "tools/list": "ListToolsResult", "ping": "EmptyResult",
            "tools/call": "CallToolResult", "server/discover": "DiscoverResult",
            "resources/list": "ListResourcesResult", "resources/templates/list": "ListResourceTemplatesResult",
            "resources/read": "ReadResourceResult", "prompts/list": "ListPromptsResult", "prompts/get": "GetPromptResult",
            "completion/complete": "CompleteResult", "logging/setLevel": "EmptyResult", "resources/subscribe": "EmptyResult",
            "resources/unsubscribe": "EmptyResult"}


@functools.cache
def _document(version: str) -> dict:
    # 2025-03-26 has no file of its own here; what it shares with its successor is what we send.
    name = "2025-06-18" if version == "2025-03-26" else version
    return json.loads((CONTRACTS / "mcp" / f"{name}.schema.json").read_text())


@functools.cache
def _validator(version: str, *names: str):
    document = _document(version)
    where = "$defs" if "$defs" in document else "definitions"
    name = next((name for name in names if name in document[where]), None)
    assert name, f"{version} defines none of {names}"
    kind = Draft202012Validator if where == "$defs" else Draft7Validator
    return kind({**document, "$ref": f"#/{where}/{name}"})


def check_message(version: str, method: str, message: dict) -> None:
    if "error" in message:
        _demand(_validator(version, "JSONRPCErrorResponse", "JSONRPCError"), message)
        return
    _demand(_validator(version, "JSONRPCResultResponse", "JSONRPCResponse"), message)
    # The extension's own results are no part of the schema.
    names = {"input_required": ["InputRequiredResult"], "task": ["Result"]}.get(message["result"].get("resultType"))
    _demand(_validator(version, *(names or [_RESULTS.get(method, "Result")])), message["result"])


def check_output(tool: dict, content: dict) -> None:
    """structuredContent must fit the schema that the tool advertises, errors too."""
    _demand(Draft202012Validator(tool["outputSchema"]), content)


def _demand(validator, value) -> None:
    problems = [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}" for e in validator.iter_errors(value)]
    assert not problems, f"{json.dumps(value)[:2000]}\n" + "\n".join(problems)
