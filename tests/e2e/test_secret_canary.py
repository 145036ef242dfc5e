# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A secret value goes through every door, and is found nowhere else."""

import json
import shutil

import pytest

from rig import guarded
from rig.guarded import Guarded
from rig.mcp_client import RpcFailure
from rig.quell_process import scratch_folder

CANARIES = ["canary-5d1f0c-one", "canary-5d1f0c-two", "canary-5d1f0c-three"]


@pytest.fixture
def world():
    installation = guarded.build(scratch_folder("quell-e2e-"))
    installation.start()
    yield Guarded(installation)
    installation.end()
    shutil.rmtree(installation.configuration.folder, ignore_errors=True)


def use_every_door(world) -> list[str]:
    """Values in and out by every way there is; the answers that must not hold one."""
    agent, token = world.agent(), world.agent_token
    name = "vsecure://secrets/production/CANARY"
    quiet = [json.dumps(world.put(name, CANARIES[0]))]
    quiet.append(world.call("PUT", "/resources/vsecure%3A%2F%2Fsecrets%2Fdevelopment%2FC", token, {"value": CANARIES[1]}).text)
    quiet.append(json.dumps(world.put("vsecure://secrets/shown/C", CANARIES[2])))
    quiet.append(json.dumps(agent.tool("read-secret", name=name, reason="why").raw))
    quiet.append(world.read(name).text)
    with pytest.raises(RpcFailure) as refused:
        agent.call("resources/read", {"uri": name})
    quiet.append(str(refused.value))
    answered = world.respond(world.ask(name)["approvalId"], world.admin).json
    quiet.append(json.dumps(answered))
    assert CANARIES[0] in world.read(name).text
    assert CANARIES[0] in world.read(name, answered["accessToken"]).text
    assert CANARIES[1] in world.read("vsecure://secrets/development/C").text
    assert CANARIES[2] in json.dumps(agent.tool("read-secret", name="shown/C").raw)
    assert CANARIES[2] in json.dumps(agent.call("resources/read", {"uri": "vsecure://secrets/shown/C"}))
    wrapped = agent.tool("read-secret", name=name)
    quiet.append(json.dumps(wrapped.raw))
    agent.tool("read-secret", name=name)  # a reference that nobody opens
    assert CANARIES[0] in world.call("POST", "/unwrap", token, {"reference": wrapped.order["reference"]}).text
    quiet += [world.call("POST", "/unwrap", token, {"reference": CANARIES[0]}).text,
              world.call("PUT", "/resources/vsecure%3A%2F%2Fsecrets%2Fproduction%2FC", token, {"value": CANARIES[0]}).text,
              world.call("PUT", "/resources/nonsense", token, {"value": CANARIES[0]}).text,
              world.call("PUT", "/resources/vsecure%3A%2F%2Fsecrets%2Fdevelopment%2FC", token, {"value": CANARIES[0], "x": 1}).text]
    for path in ("/resources", "/approvals", "/audit", "/audit?groupBy=resource", "/metrics"):
        quiet.append(world.call("GET", path, token).text)
    for command in (("secret", "list"), ("secret", "log"), ("approvals", "list")):
        quiet.append(json.dumps(world.host.quell(*command, "--tenant", "acme")))
    quiet.append(json.dumps(agent.call("resources/list")))
    return quiet


# LG-02
def test_no_value_is_found_outside_its_answers(world):
    places = {"answers": "\n".join(use_every_door(world)),
              "audit": json.dumps(world.host.audit()) + json.dumps(world.host.quell("audit", "tail", "--host", "-n", "1000")),
              "metrics": world.host.web.get(f"{world.host.configuration.admin_url}/metrics").text}
    world.host.stop()
    places["log"] = world.host.log
    for file in world.host.configuration.folder.rglob("*"):
        if file.is_file() and file.name != "quell.log":
            places[file.name] = file.read_bytes().decode("latin-1")
    assert any(name.startswith("quell.db") for name in places)
    hits = [(place, canary) for place, text in places.items() for canary in CANARIES if canary in text]
    assert not hits, hits
