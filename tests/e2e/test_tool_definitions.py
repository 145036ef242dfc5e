# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What an agent can know of a tool before it calls: schemas, honest annotations, and results that fit them."""

import pytest
from jsonschema import Draft202012Validator

from rig.wire_schema import check_output
from rig.world import ALICE, ALICE_MAC

ACTING = {"contain_device", "revoke_sessions", "create_challenge"}
DESTRUCTIVE = {"contain_device", "revoke_sessions"}


def definition(client, name: str) -> dict:
    return next(tool for tool in client.tools() if tool["name"] == name)


def test_every_tool_has_title_description_and_sound_schemas(door):
    for tool in door.mcp().tools():
        assert tool["title"] and len(tool["description"]) > 40
        Draft202012Validator.check_schema(tool["inputSchema"])
        Draft202012Validator.check_schema(tool["outputSchema"])
        assert tool["inputSchema"]["additionalProperties"] is False


def test_annotations_tell_reading_from_acting(door):
    for tool in door.mcp().tools():
        hints = tool["annotations"]
        acting = tool["name"] in ACTING
        assert hints["readOnlyHint"] is not acting
        assert hints["destructiveHint"] is (tool["name"] in DESTRUCTIVE)
        assert hints["openWorldHint"] is acting


# V46
def test_contain_device_demands_action_and_look_up(door):
    schema = definition(door.mcp(), "contain_device")["inputSchema"]

    assert set(schema["required"]) == {"action", "lookup"}
    assert set(schema["properties"]["lookup"]["required"]) == {"lookup_type", "value"}


CALLS = [
    ("list_device_containment_capabilities", {}),
    ("list_session_revocation_capabilities", {}),
    ("get_containment_request", {"request_id": "absent"}),
    ("get_revocation_request", {"request_id": "absent"}),
    ("contain_device", {}),
    ("contain_device", {"action": "network_contain", "dry_run": True,
                        "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}),
    ("contain_device", {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}),
    ("contain_device", {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": "nowhere"}}),
    ("contain_device", {"action": "lock_device", "lookup": {"lookup_type": "user_email", "value": ALICE}}),
    ("revoke_sessions", {"username": ALICE, "dry_run": True}),
    ("revoke_sessions", {"username": ALICE}),
    ("revoke_sessions", {"username": "carol@corp.example"}),
    ("revoke_sessions", {}),
]


@pytest.mark.parametrize("name, arguments", CALLS)
def test_a_result_fits_the_schema_that_was_advertised(door, name, arguments):
    client = door.mcp()

    check_output(definition(client, name), client.tool(name, **arguments).content)
