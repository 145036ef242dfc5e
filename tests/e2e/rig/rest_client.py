# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The REST door. Every answer is held against the OpenAPI document that the server itself gives."""

import json
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from rig.web import Reply, Web

DOCUMENT = "/api/v1/openapi.json"


def document_of(base_url: str, web: Web | None = None) -> dict:
    reply = (web or Web()).get(base_url + DOCUMENT)
    assert reply.status == 200, reply.text
    return reply.json


def operation_of(document: dict, method: str, path: str) -> dict:
    """The operation that a path belongs to; an exact path goes before a pattern."""
    found = [pattern for pattern in document["paths"] if _fits(pattern, path)]
    found.sort(key=lambda pattern: pattern.count("{"))
    assert found, f"the document has no {path}"
    assert method.lower() in document["paths"][found[0]], f"the document has no {method} {found[0]}"
    return document["paths"][found[0]][method.lower()]


def check_answer(document: dict, operation: dict, reply: Reply) -> None:
    """The answer has the documented status, and the shape that belongs to it."""
    described = operation["responses"].get(str(reply.status)) or operation["responses"]["default"]
    assert str(reply.status) in operation["responses"] or reply.status >= 400, f"{reply.status} is not documented"
    assert reply.header("Content-Type") == "application/json", reply.text
    schema = described["content"]["application/json"]["schema"]
    problems = [f"/{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
                for e in Draft202012Validator({**document, **schema}).iter_errors(reply.json)]
    assert not problems, f"{reply.text[:2000]}\n" + "\n".join(problems)


class RestClient:
    """Calls with one credential: a header's name and value, none if empty."""

    def __init__(self, base_url: str, credential: dict[str, str], web: Web | None = None):
        self.base_url = base_url
        self.credential = credential
        self.web = web or Web()
        self.document = document_of(base_url, self.web)

    def call(self, method: str, path: str, body: dict | None = None, headers: dict[str, str] | None = None) -> Reply:
        sent = {**self.credential, **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        reply = self.web.send(method, self.base_url + path, sent, None if body is None else json.dumps(body))
        check_answer(self.document, operation_of(self.document, method, urlsplit(path).path), reply)
        return reply

    def get(self, path: str, **headers: str) -> Reply:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: dict, headers: dict[str, str] | None = None) -> Reply:
        return self.call("POST", path, body, headers)

    def contain(self, action: str, lookup_type: str, value: str, headers: dict[str, str] | None = None, **more) -> Reply:
        return self.post("/api/v1/containment-requests",
                         {"action": action, "lookup": {"lookup_type": lookup_type, "value": value}, **more}, headers)

    def revoke(self, username: str, headers: dict[str, str] | None = None, **more) -> Reply:
        return self.post("/api/v1/revocation-requests", {"username": username, **more}, headers)


def _fits(pattern: str, path: str) -> bool:
    wanted, given = pattern.split("/"), path.split("/")
    return len(wanted) == len(given) and all(w == g or (w.startswith("{") and g) for w, g in zip(wanted, given))
