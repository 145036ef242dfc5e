# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Guarded secrets: ask, approve, read, and not a moment longer."""

import base64
import json
import re
import shutil
import uuid
from datetime import datetime

import pytest

from rig import guarded
from rig.guarded import DATABASE, Guarded
from rig.mcp_client import RpcFailure
from rig.quell_process import scratch_folder
from rig.wire_schema import check_message


@pytest.fixture(scope="module")
def world():
    installation = guarded.build(scratch_folder("quell-e2e-"), check_message)
    installation.start()
    made = Guarded(installation)
    yield made
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


@pytest.fixture
def secret(world):
    """A new production secret; its URI and its value."""
    uri, value = f"vsecure://secrets/production/S_{uuid.uuid4().hex}", f"value-{uuid.uuid4().hex}"
    world.put(uri, value)
    return uri, value


def candidate(error: dict) -> dict:
    return error["candidates"][0]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


# L01, L04, L05, L32, L38
def test_an_agent_asks_waits_and_reads_by_reference(world, secret):
    uri, value = secret
    agent = world.agent()
    refused = agent.tool("read-secret", name=uri, reason="INC-4711: the database is down")
    assert refused.error["message"] == "Approval required"
    assert value not in json.dumps(refused.raw)
    approval = candidate(refused.error)["approvalId"]
    assert re.fullmatch(r"appr_[0-9a-f]{32}", approval)
    assert agent.tool("get_approval_status", approval_id=approval).order["status"] == "pending"
    again = agent.tool("read-secret", name=uri, reason="INC-4711: the database is down")
    assert candidate(again.error)["approvalId"] == approval

    assert world.respond(approval, world.admin).status == 200
    assert agent.tool("get_approval_status", approval_id=approval).order["status"] == "approved"
    answer = agent.tool("read-secret", name=uri).order
    assert "value" not in answer and value not in json.dumps(answer)

    opened = world.call("POST", "/unwrap", world.agent_token, {"reference": answer["reference"]})
    assert (opened.status, opened.json["value"]) == (200, value)
    assert world.call("POST", "/unwrap", world.agent_token, {"reference": answer["reference"]}).status == 404
    events = [record["event"] for record in world.host.audit() if uri in json.dumps(record)]
    assert events == ["secret_accessed", "approval_requested", "secret_refused", "secret_refused", "approval_granted",
                      "secret_accessed", "secret_unwrapped"]


def test_an_agent_sees_the_value_where_the_tenant_says_so(world):
    world.put("vsecure://secrets/shown/GREETING", "hello")
    assert world.agent().tool("read-secret", name="shown/GREETING").order["value"] == "hello"


# L18
def test_a_denial_tells_the_agent_why(world, secret):
    agent = world.agent()
    approval = candidate(agent.tool("read-secret", name=secret[0], reason="because").error)["approvalId"]
    world.host.quell("mcp:deny", approval, "--tenant", "acme", "--reason", "use the replica")
    error = agent.tool("read-secret", name=secret[0], reason="because").error
    assert error["key"] == "approval_denied" and "use the replica" in error["message"]


# L12
def test_one_call_asks_for_several_and_each_has_its_own_decision(world):
    names = [f"production/AUTH_{name}_{uuid.uuid4().hex}" for name in ("DATABASE_URL", "JWT_SECRET", "REDIS_URL")]
    asked = world.agent().tool("request_approval", resources=names, reason="INC-4711: rebuild the auth service").order["approvals"]
    assert [entry["status"] for entry in asked] == ["pending"] * 3
    world.respond(asked[0]["approvalId"], world.admin)
    world.respond(asked[1]["approvalId"], world.admin, action="deny")
    states = [world.agent().tool("get_approval_status", approval_id=entry["approvalId"]).order["status"] for entry in asked]
    assert states == ["approved", "denied", "pending"]


# L13, L33, L28
def test_a_rotation_makes_the_secret_and_shows_a_version(world):
    agent, name = world.agent(), f"staging/NEW_{uuid.uuid4().hex}"
    assert agent.tool("rotate-secret", name=name, reason="1234567890123456789").error["key"] == "reason_required"
    refused = agent.tool("rotate-secret", name=name, reason="12345678901234567890")
    world.respond(candidate(refused.error)["approvalId"], world.admin)
    rotated = agent.tool("rotate-secret", name=name, reason="12345678901234567890")
    assert rotated.order == {"success": True, "name": name, "newVersion": "1"}
    assert agent.tool("rotate-secret", name=name, reason="12345678901234567890").error["key"] == "approval_required"


# L08, L26
def test_a_rule_for_reading_allows_no_change(world, secret):
    error = world.agent().tool("rotate-secret", name=secret[0], reason="INC-4711").error
    assert error["key"] == "operation_not_permitted"


# A13
def test_secrets_are_resources_of_both_eras(world, secret):
    uri, value = secret
    world.put("vsecure://secrets/shown/MOTD", "good morning")
    for client in (world.agent(), world.legacy()):
        assert uri in [entry["uri"] for entry in client.call("resources/list")["resources"]]
        templates = [entry["uriTemplate"] for entry in client.call("resources/templates/list")["resourceTemplates"]]
        assert "vsecure://secrets/production/{+path}" in templates
        contents = client.call("resources/read", {"uri": "vsecure://secrets/shown/MOTD"})["contents"]
        assert contents == [{"uri": "vsecure://secrets/shown/MOTD", "mimeType": "text/plain", "text": "good morning"}]
        with pytest.raises(RpcFailure) as refused:
            client.call("resources/read", {"uri": uri})
        assert refused.value.error["message"] == "Approval required"
        assert candidate(refused.value.error["data"]["error"])["approvalId"].startswith("appr_")
        assert value not in str(refused.value)


# AP-04, A12
def test_no_spelling_of_a_name_slips_past_its_rule(world):
    for name in ("vsecure://secrets/development/../production/DATABASE_URL", "development%2f..%2fproduction/X",
                 "vsecure://secrets/development/%2e%2e/production/X", "vsecure://secrets/development//X", "vsecure://secrets/*"):
        assert world.agent().tool("read-secret", name=name).error["key"] == "invalid_arguments", name


def test_the_tools_are_hidden_without_their_scopes_and_without_rules(world):
    names = ["list_secret_resources", "get_approval_status", "request_approval", "read-secret", "rotate-secret"]
    assert [name for name in world.agent().tool_names() if name in names] == names
    assert not set(names) & set(world.host.mcp("acme").tool_names())


# ---- REST


# A01, A14, L14
def test_resources_are_listed_without_values(world, secret):
    uri, value = secret
    reply = world.call("GET", "/resources", world.agent_token)
    rows = {row["uri"]: row for row in reply.json["resources"]}
    assert rows["vsecure://secrets/production/*"] == {
        "uri": "vsecure://secrets/production/*", "name": "Production secrets", "description": "Databases and tokens",
        "type": "secret", "permissions": ["read"], "requiresApproval": True}
    assert rows[uri]["requiresApproval"] is True and rows[uri]["accessCount"] == 1
    assert value not in reply.text


# A02, A03, A04, A05, A06, A08, L20
def test_the_whole_way_over_rest(world, secret):
    uri, value = secret
    asked = world.ask(uri, requestedBy="claude-desktop", ttl=3600)
    assert asked["status"] == "pending" and asked["resource"] == uri and asked["operation"] == "read"
    assert asked["requestedBy"] == "claude-desktop"
    assert (moment(asked["expiresAt"]) - moment(asked["requestedAt"])).total_seconds() == 3600
    assert asked["approvalUrl"] == f"{world.host.base_url}/mcp/approvals?id={asked['approvalId']}"

    refused = world.read(uri)
    assert refused.status == 403 and "value" not in refused.json and value not in refused.text
    assert refused.json["error"]["details"]["approvalId"] == asked["approvalId"]

    answered = world.respond(asked["approvalId"], world.admin, approvedBy="admin@acme.example").json
    assert answered["status"] == "approved" and answered["approvedBy"] == "admin@acme.example"
    assert answered["approvedAt"] and answered["expiresAt"] == asked["expiresAt"]
    assert answered["accessToken"].startswith("mcp_access_token_")

    first, second = world.read(uri).json, world.read(uri).json
    assert first["value"] == value and first["type"] == "secret" and first["name"] == uri.rpartition("/")[2]
    assert first["metadata"] == {"environment": "production", "service": None}
    assert moment(first["accessedAt"]) and second["accessCount"] == first["accessCount"] + 1


# A06
def test_an_approvals_token_opens_its_resource_and_nothing_else(world, secret):
    uri, value = secret
    token = world.respond(world.ask(uri)["approvalId"], world.admin).json["accessToken"]
    assert world.read(uri, token).json["value"] == value
    other = f"vsecure://secrets/production/O_{uuid.uuid4().hex}"
    world.put(other, "x")
    assert world.read(other, token).status == 403
    for method, path in (("GET", "/resources"), ("GET", "/approvals"), ("GET", "/audit")):
        assert world.call(method, path, token).status == 401
    assert world.call("POST", "/approve", token, {"resource": uri, "reason": "x"}).status == 401
    assert world.host.web.send("POST", world.host.mcp_url, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                               "{}").status == 401
    assert world.read(uri, token + "x").status == 401


# A06, TN-06
def test_nobody_answers_in_anothers_name(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    assert world.respond(approval, world.admin, approvedBy="oncall@acme.example").status == 403
    assert world.respond(approval, world.admin).status == 200


# AP-01, L17
def test_one_decision_counts(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    assert world.respond(approval, world.admin, action="deny").json["status"] == "denied"
    assert world.respond(approval, world.admin).status == 409
    assert world.respond(approval, world.admin, action="deny").status == 409
    failed = world.host.refusal("mcp:approve", approval, "--tenant", "acme", "--reason", "late")
    assert failed.error["key"] == "approval_already_decided"
    assert world.call("GET", f"/approvals/{approval}", world.agent_token).json["status"] == "denied"


# TN-06, L09, A11
def test_only_listed_approvers_decide_and_nobody_for_themselves(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    assert world.respond(approval, world.analyst).status == 403
    assert world.respond(approval, world.oncall).status == 200
    other = f"{secret[0]}_2"
    own = world.ask(other, world.admin)["approvalId"]
    refused = world.respond(own, world.admin)
    assert (refused.status, refused.json["error"]["key"]) == (403, "own_request")
    assert world.respond(own, world.oncall).status == 200


# TN-01
def test_another_tenant_finds_nothing(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    stranger = world.other_agent("globex")
    found, random = (world.call("GET", f"/approvals/{name}", stranger) for name in (approval, "appr_" + "0" * 32))
    assert found.status == random.status == 404 and found.json == random.json
    assert approval not in world.call("GET", "/approvals", stranger).text
    assert secret[0] not in world.call("GET", "/audit", stranger).text


# A07
def test_approvals_are_paged(world):
    for number in range(3):
        world.ask(f"vsecure://secrets/production/P{number}_{uuid.uuid4().hex}")
    seen, cursor = [], ""
    while True:
        page = world.call("GET", f"/approvals?status=pending&limit=2{cursor}", world.agent_token).json
        seen += [entry["approvalId"] for entry in page["data"]]
        assert all(entry["status"] == "pending" for entry in page["data"])
        if not page["pagination"]["hasMore"]:
            break
        base64.b64decode(page["pagination"]["cursor"], validate=True)
        cursor = f"&cursor={page['pagination']['cursor'].replace('=', '%3D').replace('+', '%2B').replace('/', '%2F')}"
    assert len(seen) == len(set(seen)) >= 3
    assert world.call("GET", "/approvals?status=sleeping", world.agent_token).status == 400


# A09, L25
def test_the_log_has_one_row_for_every_read(world, secret):
    uri, _ = secret
    world.read(uri)
    world.respond(world.ask(uri)["approvalId"], world.admin)
    world.read(uri)
    query = f"/audit?operation=read&resource={uri.replace(':', '%3A').replace('/', '%2F')}"
    rows = world.call("GET", query, world.agent_token).json["logs"]
    assert [row["success"] for row in rows] == [True, False]
    for row in rows:
        assert row["id"].startswith("log_") and row["actor"] == "Agent" and row["approvalId"].startswith("appr_")
        assert row["metadata"]["ipAddress"] == "127.0.0.1" and "userAgent" in row["metadata"]
        assert moment(row["timestamp"])
    groups = world.call("GET", query + "&since=7d&groupBy=resource", world.agent_token).json["groups"]
    assert groups == [{"resource": uri, "count": 2}]


# L29
def test_a_metric_counts_a_period(world):
    name = f"vsecure://secrets/shown/M_{uuid.uuid4().hex}"
    world.put(name, "x")
    for _ in range(2):
        world.read(name)
    path = f"/metrics?metric=access_count&period=1h&resource=shown%2F{name.rpartition('/')[2]}"
    assert world.call("GET", path, world.agent_token).json == {"metric": "access_count", "period": "1h", "count": 3}


# A10, L06
def test_an_administrator_makes_a_rule(world):
    rule = {"uri": "vsecure://secrets/qa/*", "name": "QA", "description": "Test data", "permissions": ["read", "write"],
            "requiresApproval": True, "approvers": ["oncall-engineer"],
            "autoApprove": {"enabled": True, "conditions": {"timeWindow": "00:00-24:00 Etc/UTC", "requester": ["admin"],
                                                            "operations": ["read"]}}}
    assert world.call("POST", "/resources", world.analyst, rule).status == 403
    made = world.call("POST", "/resources", world.admin, rule)
    assert made.status == 201
    assert {name: made.json[name] for name in rule} == rule
    assert "vsecure://secrets/qa/*" in world.call("GET", "/resources", world.agent_token).text
    world.put("vsecure://secrets/qa/TOKEN", "qa")
    # L11: the administrator's key is called `admin`, the agent is not.
    reply = world.read("vsecure://secrets/qa/TOKEN", world.admin)
    assert reply.status == 200, reply.text
    assert reply.json["value"] == "qa"
    assert world.read("vsecure://secrets/qa/TOKEN").status == 403
    assert world.call("POST", "/resources", world.admin, {**rule, "uri": "vsecure://secrets/../*"}).status == 400


# L19
def test_an_approver_cuts_the_access_short(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    answered = world.respond(approval, world.admin, duration="10m").json
    life = (moment(answered["expiresAt"]) - moment(answered["approvedAt"])).total_seconds()
    assert life == 600


def test_a_value_is_written_over_rest_and_rolled_back(world):
    path = "/resources/vsecure%3A%2F%2Fsecrets%2Fdevelopment%2FTOKEN"
    for number, value in enumerate(("one", "two"), 1):
        written = world.call("PUT", path, world.agent_token, {"value": value, "reason": "test"})
        assert written.json["version"] == str(number) and value not in written.text
    assert world.read("vsecure://secrets/development/TOKEN").json["value"] == "two"
    assert world.call("POST", path + "/rollback", world.agent_token, {"version": 1}).status == 200
    assert world.read("vsecure://secrets/development/TOKEN").json["value"] == "one"
    assert world.call("DELETE", path, world.agent_token).status == 200
    assert world.read("vsecure://secrets/development/TOKEN").status == 404


# ---- command line


# L16, L17, L20
def test_the_command_line_lists_and_decides(world, secret):
    approval = world.ask(secret[0])["approvalId"]
    listed = world.host.quell("mcp:approvals", "--status", "pending", "--tenant", "acme")
    assert approval in [entry["approvalId"] for entry in listed]
    decided = world.host.quell("mcp:approve", approval, "--reason", "INC-4711", "--tenant", "acme")
    assert decided["status"] == "approved" and decided["approvedBy"].startswith("uid:")
    assert "accessToken" not in decided
    assert world.host.quell("approvals", "show", approval, "--tenant", "acme")["status"] == "approved"


# L24, A15
def test_the_command_line_reads_the_log(world, secret):
    world.read(secret[0])
    rows = world.host.quell("mcp:audit", "--resource", "production/*", "--since", "24h", "--tenant", "acme")
    assert secret[0] in [row["resource"] for row in rows]
    assert all(row["resource"].startswith("vsecure://secrets/production/") for row in rows)
    assert world.host.refusal("mcp:audit", "--since", "yesterday", "--tenant", "acme").error["key"] == "invalid_arguments"


# L35
def test_the_model_products_words_are_understood(world):
    assert "vsecure://secrets/production/*" in [row["uri"] for row in world.host.quell("mcp:resources", "--tenant", "acme")]
    assert world.host.quell("auth:whoami")["role"] == "owner"
    assert "mcp:approve" in [row["scope"] for row in world.host.quell("auth:scopes")]


def test_the_keys_of_the_store_of_values_can_be_changed(tmp_path):
    installation = guarded.build(tmp_path)
    configuration = installation.configuration
    configuration.path.write_text(configuration.path.read_text() + f"""
[secret_store]
key = {{ file = "{configuration.secret('new', 'n' * 40)['file']}" }}
""")
    name = "vsecure://secrets/development/TOKEN"
    plain = configuration.path.read_text()
    configuration.path.write_text(plain.partition("[secret_store]")[0])
    installation.quell("secret", "set", "--tenant", "acme", name, given="kept")
    configuration.path.write_text(plain)
    assert installation.quell("secret", "rekey")["versions"] == 1
    assert installation.quell("secret", "rekey")["versions"] == 0
    installation.start()
    world = Guarded(installation)
    assert world.read(name).json["value"] == "kept"
    installation.end()
