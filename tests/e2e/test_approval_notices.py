# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""People are told when somebody asks, and when it was decided."""

import json
import shutil

import pytest

from rig import guarded
from rig.deadline import eventually
from rig.guarded import DATABASE, Guarded
from rig.quell_process import scratch_folder
from rig.webhook_receiver import WebhookReceiver

VALUE = "canary-of-a-notice"


@pytest.fixture
def receiver():
    made = WebhookReceiver()
    yield made
    made.stop()


@pytest.fixture
def world(receiver):
    more = f"""
[[secrets.alerts]]
name = "many"
threshold = 2
[notifications.webhook]
enabled = true
url = "{receiver.url}/hook"
events = ["*"]
"""
    installation = guarded.build(scratch_folder("quell-e2e-"), more=more)
    installation.configuration.tables = {"webhooks": {"allow_insecure_loopback": True}}
    installation.configuration.write()
    installation.start()
    yield Guarded(installation)
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


# L05, L23, L30
def test_a_webhook_hears_of_every_step_and_of_no_value(world, receiver):
    world.put(DATABASE, VALUE)
    approval = world.ask(DATABASE)
    world.respond(approval["approvalId"], world.admin)
    for _ in range(3):
        world.read(DATABASE)
    wanted = ["approval_requested", "approval_granted", "secret_alert"]
    eventually(lambda: len(receiver.got) >= 3, "three webhooks arrive")
    assert sorted(delivery.json["type"] for delivery in receiver.got) == sorted(wanted)
    asked = next(delivery.json for delivery in receiver.got if delivery.json["type"] == "approval_requested")
    assert approval["approvalId"] in json.dumps(asked) and DATABASE in json.dumps(asked)
    assert not [delivery for delivery in receiver.got if VALUE.encode() in delivery.body or b"mcp_access_token_" in delivery.body]
