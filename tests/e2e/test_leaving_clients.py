# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A client that hangs up while its call runs."""

import json
import socket
from urllib.parse import urlsplit

from rig.deadline import eventually
from rig.mcp_client import McpClient
from rig.world import ALICE_MAC, hosts


def send_and_wait(client: McpClient, arguments: dict) -> socket.socket:
    """Sends a contain_device call and gives back the connection, its answer unread."""
    params = {"name": "contain_device", "arguments": arguments}
    message = client.message("tools/call", params)
    body = json.dumps(message)
    parts = urlsplit(client.url)
    headers = {**client.headers("tools/call", message["params"]), "Host": parts.netloc,
               "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection = socket.create_connection((parts.hostname, parts.port))
    connection.sendall(f"POST {parts.path} HTTP/1.1\r\n{head}\r\n{body}".encode())
    return connection


def contain(key: str) -> dict:
    return {"action": "network_contain", "lookup": {"lookup_type": "hostname", "value": ALICE_MAC},
            "idempotency_key": key}


# MC-14: closing the stream is a cancel in the newer era
def test_a_client_that_leaves_before_the_order_ends_it(quell, crowdstrike):
    client = quell.mcp()
    client.contain("network_contain", "hostname", "nowhere")  # a token is at hand, so the next request is the look-up
    crowdstrike.fault("GET /devices/queries", delay_ms=1500)
    connection = send_and_wait(client, contain(f"left-early-{quell.configuration.isolation}"))
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the look-up is under way")

    connection.close()
    eventually(lambda: [r for r in crowdstrike.ledger() if "alice-mac" in r["path"]], "the look-up has ended")
    for action in ("network_contain", "release_containment"):  # whoever went on would have acted by the end of these
        assert client.contain(action, "hostname", "bob-win.corp.example").order["status"] == "completed"

    assert {row["target"] for row in crowdstrike.acted()} == {hosts(crowdstrike)["PF0BOB000001"]["device_id"]}
    assert hosts(crowdstrike)["C02ALICE0001"]["status"] == "normal"


# MC-14: an order that the provider has is followed to its end
def test_a_client_that_leaves_after_the_order_finds_its_outcome(quell, crowdstrike):
    client = quell.mcp()
    key = f"left-late-{quell.configuration.isolation}"
    crowdstrike.settings(contain_delay_s=1)
    connection = send_and_wait(client, contain(key))
    eventually(lambda: crowdstrike.acted("contain"), "the provider has the order")

    connection.close()

    order = client.tool("contain_device", **contain(key)).order
    assert order["status"] == "completed"
    assert len(crowdstrike.acted("contain")) == 1


# MC-14: a lost connection is no cancel in the older era
def test_an_order_of_the_older_era_is_completed_without_its_client(quell, crowdstrike):
    client = quell.legacy()
    client.initialize()
    key = f"older-{quell.configuration.isolation}"
    crowdstrike.fault("GET /devices/queries", delay_ms=1000)
    connection = send_and_wait(client, contain(key))
    eventually(lambda: crowdstrike.control("GET", "/faults") == [], "the look-up is under way")

    connection.close()

    eventually(lambda: hosts(crowdstrike)["C02ALICE0001"]["status"] == "contained", "the host is contained")
    assert client.tool("contain_device", **contain(key)).order["status"] == "completed"
    assert len(crowdstrike.acted("contain")) == 1


def test_a_client_that_leaves_harms_nobody_else(quell, crowdstrike):
    client = quell.mcp()
    crowdstrike.fault("GET /devices/queries", delay_ms=800, times=10)
    left = [send_and_wait(client, {**contain(f"gone-{i}"), "dry_run": True}) for i in range(10)]
    for connection in left:
        connection.close()

    assert client.tools()
    crowdstrike.control("DELETE", "/faults")
    assert client.contain("network_contain", "hostname", ALICE_MAC).order["status"] == "completed"
