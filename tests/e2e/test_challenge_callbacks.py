# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Whoever gave a callback_url is told once when the challenge has ended, in a message that can be checked."""

import pytest

from rig.deadline import eventually
from rig.webhook_receiver import WebhookReceiver
from test_challenges import new_person, set_expiry_to_the_past


@pytest.fixture
def receiver():
    made = WebhookReceiver()
    yield made
    made.stop()


@pytest.fixture
def host(fresh):
    def change(configuration):
        configuration.tables = {"webhooks": {"allow_insecure_loopback": True}}

    return fresh(change=change)


def challenge(host, receiver, path: str = "/hook") -> dict:
    return host.mcp().tool("create_challenge", target_user_email=new_person(host), callback_url=receiver.url + path).order


def end(host, made: dict) -> dict:
    return host.quell("challenge", "cancel", made["challenge_id"], "--tenant", "acme")


def delivered(host) -> list[dict]:
    return host.quell("notifications", "list", "--tenant", "acme", "--state", "delivered")["notifications"]


def test_the_end_is_told_once_with_the_record_and_a_signature(host, receiver):
    secret = host.quell("notifications", "secret", "--tenant", "acme")["webhook_secret"]
    made = challenge(host, receiver)
    assert receiver.got == []
    record = end(host, made)

    eventually(lambda: delivered(host), "the callback is delivered")
    assert host.stop() == 0
    host.start()
    end(host, challenge(host, receiver, "/later"))
    eventually(lambda: receiver.at("/later"), "what comes later is delivered, too")
    [told] = receiver.at("/hook")
    assert told.is_signed_with(secret)
    assert told.json["type"] == "challenge.expired"
    assert told.json["data"] == record


def test_an_expiry_while_the_host_is_down_is_told_once(host, receiver):
    made = challenge(host, receiver)
    assert host.stop() == 0
    set_expiry_to_the_past(host, made["challenge_id"])
    host.start()

    eventually(lambda: delivered(host), "the callback is delivered")
    assert host.stop() == 0
    host.start()
    end(host, challenge(host, receiver, "/later"))
    eventually(lambda: receiver.at("/later"), "what comes later is delivered, too")
    [told] = receiver.at("/hook")
    assert (told.json["type"], told.json["data"]["outcome"]["reason"]) == ("challenge.expired", "no_answer")


def test_a_receiver_that_is_away_gets_the_same_message_after_a_restart(host, receiver):
    receiver.answers["/hook"] = (503, {})
    end(host, challenge(host, receiver))
    eventually(lambda: receiver.at("/hook"), "a first attempt")
    assert host.stop() == 0
    receiver.answers.clear()
    host.start()

    eventually(lambda: delivered(host), "the callback is delivered")
    attempts = receiver.at("/hook")
    assert len(attempts) > 1
    assert len({(attempt.id, attempt.body) for attempt in attempts}) == 1


def test_a_redirect_is_not_followed(host, receiver):
    receiver.answers["/hook"] = (302, {"Location": receiver.url + "/inside"})
    end(host, challenge(host, receiver))

    eventually(lambda: receiver.at("/hook"), "the callback arrives")
    end(host, challenge(host, receiver, "/later"))
    eventually(lambda: receiver.at("/later"), "what comes later is delivered")
    assert receiver.at("/inside") == []
