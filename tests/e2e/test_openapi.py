# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The OpenAPI document: kept in docs/, and true of the running server, route by route."""

import json
import os
import re

import pytest
from jsonschema import Draft202012Validator

from rig.quell_process import REPOSITORY
from rig.rest_client import RestClient, check_answer, document_of
from rig.web import Web

KEPT = REPOSITORY / "docs" / "agents" / "openapi.json"


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [(method.upper(), path, operation) for path, item in document["paths"].items()
            for method, operation in item.items()]


def test_the_kept_copy_is_what_the_server_says(door):
    document = document_of(door.base_url)
    if os.environ.get("QUELL_WRITE_OPENAPI"):
        KEPT.write_text(json.dumps(document, indent=2) + "\n")

    assert json.loads(KEPT.read_text()) == document, "run this test with QUELL_WRITE_OPENAPI=1 and commit the file"


def test_every_schema_is_one_and_every_reference_leads_somewhere(door):
    document = document_of(door.base_url)

    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema), name
    for reference in re.findall(r'"\$ref": "#/components/([^"]+)"', json.dumps(document)):
        section, name = reference.split("/")[:2]
        assert name in document["components"][section], reference
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)


def test_every_route_answers_as_it_is_described(door):
    document = document_of(door.base_url)
    client = door.rest()

    for method, pattern, operation in operations(document):
        path = re.sub(r"\{[^}]+\}", "00000000-0000-4000-8000-000000000000", pattern)
        body = {} if "requestBody" in operation else None
        headers = {"Content-Type": "application/json"} if body is not None else {}
        stranger = Web().send(method, door.base_url + path, headers, None if body is None else "{}")
        assert stranger.status == 401, (method, path)
        check_answer(document, operation, stranger)
        reply = client.call(method, path, body)
        assert reply.status not in (401, 404) or "{" in pattern, (method, path, reply.text)
        assert reply.header("X-RateLimit-Limit") and reply.header("X-RateLimit-Reset"), (method, path)


def test_every_route_refuses_what_it_does_not_describe(door):
    document = document_of(door.base_url)
    every = " ".join(word for word in door.discovery.server["scopes_supported"] if word != "offline_access")
    client = door.rest(token=door.client(name="All", scope=every).machine_token(every))

    for method, pattern, operation in operations(document):
        path = re.sub(r"\{[^}]+\}", "x", pattern)
        unknown = client.call(method, f"{path}?surprise=1", {} if "requestBody" in operation else None)
        assert unknown.status in (400, 403), (method, path)
        if "requestBody" in operation:
            assert client.call(method, path, {"surprise": 1}).status == 400
            assert client.call(method, path, {}, {"Content-Type": "text/plain"}).status == 415
        else:
            assert client.call(method, path, {}).status == 400


@pytest.mark.parametrize("credential", [{}, {"Authorization": "Bearer no"}, {"X-API-Key": "qak_no"}, {"Authorization": "Key no"}])
def test_a_wrong_credential_opens_nothing(door, credential):
    client = RestClient(door.base_url, credential)

    reply = client.get("/api/v1/containment-capabilities")
    assert (reply.status, reply.json["error"]["code"]) == (401, "AUTHENTICATION_REQUIRED")
    assert reply.header("WWW-Authenticate").startswith('Bearer realm="mcp", resource_metadata="')
