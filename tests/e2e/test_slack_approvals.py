# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An agent asks for a guarded secret, a room in Slack hears of it, and an approver presses the button there."""

import json
import shutil
import uuid

import pytest

from rig import guarded, slack_world
from rig.deadline import eventually
from rig.guarded import Guarded
from rig.quell_process import scratch_folder
from rig.slack_world import APPROVE, DENY, has_buttons
from rig.wire_schema import check_message
from test_slack import ADMIN, ANALYST, INBOUND

ROOM = {"notifications.plugin": {"enabled": True, "events": ["approval_requested"], "connector": "slack", "channel": "#soc"}}


@pytest.fixture(scope="module", params=["process", "in_process"])
def world(request, simulators):
    simulators["slack"].reset()
    host, people = slack_world.build(scratch_folder("quell-e2e-"), simulators["slack"], request.param, check_message,
                                     tables=ROOM, more=guarded.RULES)
    host.configuration.write()
    host.start()
    people.listen_at(host.base_url + INBOUND)
    yield Guarded(host), people
    host.end()
    shutil.rmtree(host.configuration.folder, ignore_errors=True)


def asked(world):
    """A secret that the agent has asked for: its name, its value, the approval, and the card in the room."""
    made, people = world
    uri, value = f"vsecure://secrets/production/S_{uuid.uuid4().hex}", f"value-{uuid.uuid4().hex}"
    made.put(uri, value)
    refused = made.agent().tool("read-secret", name=uri, reason="INC-4711: the database is down")
    approval = refused.error["candidates"][0]["approvalId"]
    card = eventually(lambda: next((m for m in people.posted("") if approval in json.dumps(m["posted_blocks"])), None), "the room hears of it")
    assert has_buttons(card)
    return uri, value, approval, card


def status(world, approval: str) -> str:
    return world[0].agent().tool("get_approval_status", approval_id=approval).order["status"]


def test_a_button_in_slack_lets_the_agent_read(world):
    made, people = world
    uri, value, approval, card = asked(world)

    people.press(ADMIN, APPROVE, channel=card["channel"], ts=card["ts"])

    eventually(lambda: status(world, approval) == "approved", "it is approved")
    assert made.agent().tool("read-secret", name=uri).order["reference"]
    shown = eventually(lambda: next((m for m in people.posted("Approved") if m["ts"] == card["ts"]), None), "the card says so")
    assert not has_buttons(shown)
    assert value not in json.dumps(people.provider.state())


def test_nobody_else_in_the_room_decides(world):
    _, people = world
    _, _, approval, card = asked(world)

    people.press(ANALYST, APPROVE, channel=card["channel"], ts=card["ts"])

    people.told(ANALYST, "Your decision was not taken")
    assert status(world, approval) == "pending"


def test_a_denial_with_its_reason_reaches_the_agent(world):
    made, people = world
    uri, _, approval, card = asked(world)

    people.press(ADMIN, DENY, channel=card["channel"], ts=card["ts"], inputs={"reason": "use the replica"})

    eventually(lambda: status(world, approval) == "denied", "it is denied")
    error = made.agent().tool("read-secret", name=uri, reason="INC-4711: again").error
    assert "use the replica" in error["message"]
