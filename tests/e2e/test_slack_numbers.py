# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A tenant that wants a number to be matched; and a host that ends between the click and what follows from it."""

import shutil

import pytest

from rig import slack_world
from rig.deadline import eventually
from rig.slack_world import REPORT, VERIFY, has_buttons, text_of
from test_slack import ALICE, ANALYST, BOB, challenge, ended, started, status


@pytest.fixture(scope="module")
def world(simulators):
    simulators["slack"].reset()
    host, people = started(simulators["slack"], "process", number_match=True)
    yield host, people
    host.end()
    shutil.rmtree(host.configuration.folder, ignore_errors=True)


def test_the_right_number_verifies(world):
    host, people = world
    made = challenge(host)
    assert "number" in [block.get("block_id") for block in people.messages(ALICE)[-1]["blocks"]]
    assert "match_number" not in status(host, made)

    people.press(ALICE, VERIFY, inputs={"number": made["match_number"]})

    found = ended(host, made)
    assert (found["status"], found["outcome"]["reason"]) == ("verified", "answered")


@pytest.mark.parametrize("given", ["", "00", "10 11"])
def test_another_number_fails(world, given):
    host, people = world
    made = challenge(host, BOB)

    people.press(BOB, VERIFY, inputs={"number": given})

    found = ended(host, made)
    assert (found["status"], found["outcome"]["reason"]) == ("failed", "wrong_number")


def test_a_report_needs_no_number(world):
    host, people = world
    made = challenge(host, "frank@corp.example")

    people.press("frank@corp.example", REPORT)

    assert ended(host, made)["status"] == "incident_reported"


# V42
def test_whoever_types_the_command_is_told_the_number(world):
    host, people = world
    people.command(ANALYST, "grace@corp.example why")

    number = text_of(people.told(ANALYST, "The number is")).split("The number is ")[1][:2]
    eventually(lambda: [m for m in people.messages("grace@corp.example") if has_buttons(m)], "Grace is asked")
    people.press("grace@corp.example", VERIFY, inputs={"number": number})

    people.told(ANALYST, "confirmed that it is them")


def test_what_was_pressed_while_the_host_could_not_act_is_done_after_a_restart(world):
    host, people = world
    made = challenge(host, "heidi@corp.example")
    people.press("heidi@corp.example", REPORT)
    assert ended(host, made)["status"] == "incident_reported"
    slack_world.change_store(host, "UPDATE challenges SET state = 'initiated', ended_at = NULL, outcome = NULL WHERE challenge_id = ?",
                             made["challenge_id"])
    event = ('{"type":"challenge_answered","event_id":"left","provider_user_id":"' + people.user_id("heidi@corp.example") +
             '","challenge_id":"' + made["challenge_id"] + '","answer":"incident_reported"}')
    slack_world.change_store(host, "INSERT INTO inbound_events (tenant, connector, event_id, document, received_at, due_at) "
                             "VALUES ('acme', 'slack', 'left', ?, 1, 99999999999999)", event)

    host.stop()
    host.start()

    assert ended(host, made)["status"] == "incident_reported"
