# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Jamf Pro simulator as a cluster of two nodes."""

import json
from urllib.parse import urlencode

from client import JSON


def lock(jamf, headers):
    body = json.dumps({"clientData": [{"managementId": jamf.management_id("alice-mac.corp.example")}],
                       "commandData": {"commandType": "DEVICE_LOCK", "pin": "123456"}}).encode()
    return jamf.call("POST", "/api/v2/mdm/commands", body, {**JSON, **headers})


def commands(jamf, headers):
    query = urlencode({"filter": "command==DEVICE_LOCK"})
    return jamf.call("GET", f"/api/v2/mdm/commands?{query}", headers=headers).json["totalCount"]


def test_a_command_shows_at_once_only_on_the_node_that_the_cookie_names(jamf):
    jamf.settings(sticky_lag_s=3600)
    bearer = jamf.bearer()
    taken = lock(jamf, bearer)
    cookie = taken.headers["set-cookie"].partition(";")[0]
    other = {"jpro-ingress=node-a": "jpro-ingress=node-b"}.get(cookie, "jpro-ingress=node-a")

    assert commands(jamf, {**bearer, "Cookie": f"x=1; {cookie}"}) == 1
    assert commands(jamf, {**bearer, "Cookie": other}) == 0


def test_a_client_that_keeps_no_cookie_meets_both_nodes(jamf):
    jamf.settings(sticky_lag_s=3600)
    bearer = jamf.bearer()
    lock(jamf, bearer)

    assert sorted(commands(jamf, bearer) for _ in range(2)) == [0, 1]
    assert jamf.control("GET", "/state")["requests_without_cookie"] == 4


def test_a_single_server_sets_no_cookie(jamf):
    assert "set-cookie" not in jamf.get("/api/v1/auth").headers
