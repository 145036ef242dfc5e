# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""People in Slack are asked, answer, ask others and decide, in both isolation modes."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from rig import slack_world
from rig.deadline import eventually
from rig.quell_process import scratch_folder
from rig.slack_world import APPROVE, DENY, REPORT, VERIFY, has_buttons, text_of
from rig.wire_schema import check_message

ALICE, BOB, ERIN, FRANK = (f"{name}@corp.example" for name in ("alice", "bob", "erin", "frank"))
OWNER, ADMIN, ANALYST, VIEWER = (f"{role}@acme.example" for role in ("owner", "admin", "analyst", "viewer"))
INBOUND = "/v1/inbound/acme/slack"


def started(slack, isolation: str, **challenges):
    host, workspace = slack_world.build(scratch_folder("quell-e2e-"), slack, isolation, check_message, **challenges)
    host.configuration.write()
    host.start()
    workspace.listen_at(host.base_url + INBOUND)
    for email in (OWNER, ADMIN, ANALYST, VIEWER):
        host.user(email, email.partition("@")[0])
    return host, workspace


@pytest.fixture(scope="module", params=["process", "in_process"])
def world(request, simulators):
    simulators["slack"].reset()
    host, workspace = started(simulators["slack"], request.param, max_open_per_target=100, max_hourly_per_target=1000)
    yield host, workspace
    host.end()
    shutil.rmtree(host.configuration.folder, ignore_errors=True)


@pytest.fixture
def host(world):
    return world[0]


@pytest.fixture
def people(world):
    return world[1]


def challenge(host, target: str = ALICE, **more) -> dict:
    return host.mcp().tool("create_challenge", target_user_email=target, integration_type="slack", **more).order


def status(host, made: dict) -> dict:
    return host.mcp().tool("get_challenge_status", challenge_id=made["challenge_id"]).order


def ended(host, made: dict) -> dict:
    def look():
        found = status(host, made)
        return found if found["ended_at"] else None
    return eventually(look, "the challenge ends")


def still_open(host, made: dict) -> bool:
    return status(host, made)["status"] in ("initiated", "in_progress")


def card(people, email: str) -> dict:
    return [message for message in people.messages(email) if has_buttons(message)][-1]


def decided(host, approval: str) -> str:
    return slack_world.approval_status(host, approval)


# ---- challenges


# V87+, V88+
def test_a_challenge_is_answered_it_was_not_me(host, people):
    made = challenge(host, context="A sign-in from far away")
    assert made["status"] in ("initiated", "in_progress") and made["delivery"] == "sent"
    asked = card(people, ALICE)
    assert "A sign-in from far away" in text_of(asked)

    answer, = people.press(ALICE, REPORT, inputs={"context": "I am on holiday"})

    assert answer["status"] == 200
    found = ended(host, made)
    assert found["status"] == "incident_reported"
    assert found["outcome"]["comment"] == "I am on holiday"
    assert found["outcome"]["by"] == people.user_id(ALICE)
    shown = eventually(lambda: next((m for m in people.messages(ALICE) if m["ts"] == asked["ts"] and not has_buttons(m)), None),
                       "the card shows the end")
    assert "Reported" in text_of(shown)


# SL-04
def test_slack_is_answered_at_once_although_its_api_is_slow(host, people, simulators):
    simulators["slack"].fault("GET /api/users.info", delay_ms=4000)

    answer, = people.command(ANALYST, f"{FRANK} slowly")

    assert answer["status"] == 200 and answer["took_ms"] < 3000
    people.told(FRANK, "slowly")


# SL-01, SL-02
@pytest.mark.parametrize("forged", [{"secret": "another"}, {"alter_body": True}, {"stamp_offset_s": -301}, {"stamp_offset_s": 330}])
def test_a_request_that_slack_did_not_sign_now_does_nothing(host, people, forged):
    made = challenge(host)

    answer, = people.press(ALICE, VERIFY, forge=forged)

    assert answer["status"] == 401
    assert answer["headers"]["content-type"].startswith("text/plain")
    assert not kept(host, made["challenge_id"])
    assert still_open(host, made)
    people.press(ALICE, VERIFY)
    assert ended(host, made)["status"] == "verified"


def kept(host, challenge_id: str) -> list:
    with closing(sqlite3.connect(host.configuration.store)) as store:
        return store.execute("SELECT event_id FROM inbound_events WHERE document LIKE ?", (f"%{challenge_id}%",)).fetchall()


# SL-03
def test_a_replayed_click_does_nothing_more(host, people):
    made = challenge(host)

    answers = people.press(ALICE, VERIFY, forge={"times": 3})

    assert [answer["status"] for answer in answers] == [200, 200, 200]
    assert ended(host, made)["status"] == "verified"
    events = [row["event"] for row in host.quell("audit", "tail", "--request", made["challenge_id"], "-n", "50")]
    assert events.count("challenge_ended") == 1
    assert not [event for event in events if "refused" in event]


# SL-05
def test_somebody_elses_click_is_refused(host, people):
    made = challenge(host)

    people.press(BOB, VERIFY)

    assert "Only the person who is challenged can answer" in text_of(people.told(BOB, "was not taken"))
    assert still_open(host, made)


# V87+
def test_a_late_click_is_refused(host, people):
    made = challenge(host, ERIN)
    slack_world.change_store(host, "UPDATE challenges SET expires_at = created_at + 1 WHERE challenge_id = ?", made["challenge_id"])
    asked = card(people, ERIN)

    people.press(ERIN, VERIFY, channel=asked["channel"], ts=asked["ts"])

    assert ended(host, made)["status"] == "expired"
    people.told(ERIN, "was not taken")
    shown = eventually(lambda: next((m for m in people.messages(ERIN) if m["ts"] == asked["ts"] and not has_buttons(m)), None),
                       "the card shows the end")
    assert "Too late" in text_of(shown)


def test_a_second_answer_is_refused(host, people):
    made = challenge(host, ERIN)
    asked = card(people, ERIN)
    people.press(ERIN, REPORT)
    assert ended(host, made)["status"] == "incident_reported"

    people.press(ERIN, VERIFY, channel=asked["channel"], ts=asked["ts"])

    people.told(ERIN, "has ended already")
    assert status(host, made)["status"] == "incident_reported"


# V38
def test_without_a_requester_the_bot_asks(host, people):
    challenge(host)

    bot = people.provider.state()
    asked = text_of(card(people, ALICE))
    assert "Asked for by <@U" in asked
    assert all(f"<@{user['id']}>" not in asked for user in bot["users"])


def test_a_requester_who_is_given_is_named_and_told(host, people):
    made = challenge(host, slack_user_id=people.user_id(BOB))
    assert f"<@{people.user_id(BOB)}>" in text_of(card(people, ALICE))

    people.press(ALICE, VERIFY)

    assert ended(host, made)["status"] == "verified"
    people.told(BOB, made["challenge_id"])


def test_nobody_is_asked_whom_slack_does_not_know(host):
    error = host.mcp().tool("create_challenge", target_user_email="dave@corp.example", integration_type="slack").error

    assert error["key"] == "user_not_found"


# ---- the command


# V42
def test_a_command_challenges_with_its_user_as_requester(host, people):
    answer, = people.command(ANALYST, f"{BOB} <script> &amp; why")

    assert json.loads(answer["body"])["response_type"] == "ephemeral"
    asked = eventually(lambda: [m for m in people.messages(BOB) if has_buttons(m)], "Bob is asked")[-1]
    assert f"<@{people.user_id(ANALYST)}>" in text_of(asked)
    assert ANALYST in text_of(asked)
    people.press(BOB, REPORT)
    people.told(ANALYST, "NOT them")


@pytest.mark.parametrize("who", [VIEWER, ALICE])
def test_a_command_of_somebody_who_may_not_asks_nobody(host, people, who):
    before = len(people.messages(ERIN))

    people.command(who, f"{ERIN} why")

    people.told(who, "Nobody was asked")
    assert len(people.messages(ERIN)) == before


# ---- approvals


def test_a_button_approves_as_the_user_whom_slack_names(host, people):
    approval = slack_world.add_approval(host)
    people.post_card(ADMIN, APPROVE, approval)

    people.press(ADMIN, APPROVE)

    people.told(ADMIN, "You decided")
    assert decided(host, approval) == "approved"
    people.press(ADMIN, APPROVE, forge={"stamp_offset_s": 1})
    people.told(ADMIN, "Your decision was not taken")
    assert decided(host, approval) == "approved"


@pytest.mark.parametrize("who", [ANALYST, ALICE])
def test_a_button_of_somebody_who_is_no_approver_decides_nothing(host, people, who):
    approval = slack_world.add_approval(host)
    people.post_card(who, DENY, approval)

    people.press(who, DENY)

    people.told(who, "Your decision was not taken")
    assert decided(host, approval) == "pending"


# Another company's workspace calls its user owner@acme.example.
def test_an_address_that_somebody_elses_slack_tells_approves_nothing(host, people):
    approval = slack_world.add_approval(host)
    stranger = next(user for user in people.provider.state()["users"] if user["team"] != "T01CORP")
    people.post_card(OWNER, APPROVE, approval)

    people.press(stranger["id"], APPROVE)

    eventually(lambda: "inbound_event_refused" in host.log, "the click is refused")
    assert decided(host, approval) == "pending"


# ---- the door


@pytest.mark.parametrize("path", ["/v1/inbound/nobody/slack", "/v1/inbound/acme/nothing", "/v1/inbound/acme/slack_enterprise",
                                  "/v1/inbound/acme", "/v1/inbound/acme/slack/x"])
def test_an_address_without_a_listener_looks_like_any_other(host, path):
    nowhere = host.web.send("POST", host.base_url + "/v1/nowhere", {}, "x")
    reply = host.web.send("POST", host.base_url + path, {}, "x")

    assert (reply.status, reply.body) == (404, nowhere.body)


def test_a_stranger_gets_no_more_than_a_refusal(host):
    reply = host.web.send("POST", host.base_url + INBOUND, {"Cookie": "a=b"}, "payload=%7B%7D")

    assert reply.status == 401
    assert reply.header("cache-control") == "no-store"


# ---- sessions


# V79+
def test_sessions_end_on_enterprise_grid(host, people):
    result = host.mcp().tool("revoke_sessions", username=ALICE)

    assert [target["outcome"] for target in result.targets] == ["revoked"]
    assert [part["integration"] for part in result.order["integrations"]] == ["slack_enterprise"]
    assert people.provider.acted("revoke", people.user_id(ALICE))


def test_only_a_grid_can_end_sessions(host, simulators):
    simulators["slack"].settings(is_enterprise=False)
    result = host.mcp().tool("revoke_sessions", username=BOB)
    simulators["slack"].settings(is_enterprise=True)

    assert result.targets[0]["error"]["key"] == "connector_misconfigured"
