# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Falcon simulator over the wire."""

import base64
from urllib.parse import urlencode

from client import FORM

DETAILS = "/devices/entities/devices/v2"
ACTIONS = "/devices/entities/devices-actions/v2"
STRANGER = "0" * 32


def test_a_token_is_created_with_its_region(falcon):
    reply = falcon.token()

    assert reply.status == 201
    assert reply.headers["x-cs-region"] == "us-1"
    assert reply.json["token_type"] == "bearer" and reply.json["expires_in"] == 1799


def test_a_wrong_secret_is_forbidden(falcon):
    assert falcon.token(client_secret="wrong").status == 403
    assert falcon.post_form("/oauth2/token", client_id="x").status == 400


def test_no_token_and_an_expired_token_are_unauthorised(falcon):
    assert falcon.call("GET", "/devices/queries/devices/v1").status == 401
    falcon.settings(token_lifetime_s=0)
    assert falcon.query("").status == 401


def test_a_revoked_token_is_dead(falcon):
    header = falcon.bearer()
    pair = f"{falcon.reach['client_id']}:{falcon.reach['client_secret']}".encode()
    basic = {"Authorization": "Basic " + base64.b64encode(pair).decode(), **FORM}
    token = header["Authorization"].partition(" ")[2]

    assert falcon.call("POST", "/oauth2/revoke", urlencode({"token": token}).encode(),
                       basic).status == 200
    assert falcon.call("GET", "/devices/queries/devices/v1", headers=header).status == 401


def test_an_action_needs_the_write_scope(falcon):
    falcon.settings(scopes=["devices:read"])

    assert falcon.act("contain", falcon.host_id("bob-win.corp.example")).status == 403
    assert falcon.status(falcon.host_id("bob-win.corp.example")) == "normal"


def test_every_answer_carries_rate_and_trace_headers(falcon):
    for reply in (falcon.token(), falcon.query("bad"), falcon.call("GET", "/nowhere")):
        assert {"x-ratelimit-limit", "x-ratelimit-remaining", "x-cs-traceid"} <= set(reply.headers)


def test_two_hosts_share_a_name(falcon):
    assert len(falcon.ids("hostname:'lab-imac.corp.example'")) == 2
    assert len(falcon.ids("hostname:'alice-mac.corp.example'")) == 1
    assert falcon.ids("hostname:'dave-mac.corp.example'") == []


def test_a_bad_filter_is_a_bad_request(falcon):
    assert falcon.query("hostname:'a").status == 400


def test_a_query_pages(falcon):
    first = falcon.get("/devices/queries/devices/v1?limit=3").json
    rest = falcon.get("/devices/queries/devices/v1?limit=5000&offset=3").json

    assert first["meta"]["pagination"] == {"offset": 0, "limit": 3, "total": 8}
    assert len(first["resources"]) == 3 and len(rest["resources"]) == 5
    assert falcon.get("/devices/queries/devices/v1?limit=0").status == 400


def test_whole_records_come_in_one_call(falcon):
    filtered = urlencode({"filter": "serial_number:'C02ALICE0001'"})
    reply = falcon.get("/devices/combined/devices/v1?" + filtered)

    assert [host["hostname"] for host in reply.json["resources"]] == ["alice-mac.corp.example"]


def test_details_name_the_ids_that_are_unknown(falcon):
    known = falcon.host_id("bob-win.corp.example")
    reply = falcon.post_json(DETAILS, {"ids": [known, STRANGER]})

    assert [host["device_id"] for host in reply.json["resources"]] == [known]
    assert [(error["code"], error["id"]) for error in reply.json["errors"]] == [(404, STRANGER)]


def test_online_state_tells_who_is_offline(falcon):
    grace = falcon.host_id("grace-mac.corp.example")
    reply = falcon.get(f"/devices/entities/online-state/v1?ids={grace}")

    assert reply.json["resources"][0]["state"] == "offline"


def test_containment_goes_through_all_four_states(falcon):
    device = falcon.host_id("alice-mac.corp.example")
    falcon.settings(offline=[device], contain_delay_s=0, lift_delay_s=0)
    seen = [falcon.status(device)]

    for action in ("contain", "lift_containment"):
        assert falcon.act(action, device).status == 202
        seen.append(falcon.status(device))
        falcon.settings(offline=[])
        seen.append(falcon.status(device))
        falcon.settings(offline=[device])

    assert seen == ["normal", "containment_pending", "contained", "lift_containment_pending",
                    "normal"]


def test_an_offline_host_stays_pending(falcon):
    device = falcon.host_id("grace-mac.corp.example")
    falcon.settings(contain_delay_s=0)

    falcon.act("contain", device)

    assert falcon.status(device) == "containment_pending"


def test_the_opposite_order_overtakes_a_pending_one(falcon):
    device = falcon.host_id("grace-mac.corp.example")

    falcon.act("contain", device)
    falcon.act("lift_containment", device)

    assert falcon.status(device) == "lift_containment_pending"


def test_containing_a_contained_host_changes_nothing(falcon):
    device = falcon.host_id("bob-win.corp.example")
    falcon.settings(contain_delay_s=0)
    falcon.act("contain", device)
    falcon.settings(contain_delay_s=1000)

    assert falcon.act("contain", device).status == 202
    assert falcon.status(device) == "contained"


def test_a_repeated_order_can_be_made_a_conflict(falcon):
    device = falcon.host_id("bob-win.corp.example")
    falcon.settings(contain_delay_s=0, conflict_on_repeat=True)
    falcon.act("contain", device)

    assert falcon.act("contain", device).status == 409
    assert falcon.act("lift_containment", device).status == 202


def test_a_batch_can_be_half_unknown(falcon):
    known = falcon.host_id("bob-win.corp.example")
    reply = falcon.act("contain", known, STRANGER)

    assert reply.status == 202
    assert [item["id"] for item in reply.json["resources"]] == [known]
    assert reply.json["errors"][0]["id"] == STRANGER
    assert [(row["target"], row["acted"]) for row in falcon.ledger("contain")] == [
        (known, True), (STRANGER, False)]


def test_a_malformed_order_is_refused_and_does_nothing(falcon):
    device = falcon.host_id("bob-win.corp.example")
    replies = [
        falcon.post_json(ACTIONS, {"ids": [device]}),
        falcon.post_json(ACTIONS + "?action_name=isolate", {"ids": [device]}),
        falcon.act("contain"),
        falcon.act("contain", "bob-win.corp.example"),
        falcon.act("contain", *[f"{number:032x}" for number in range(501)]),
        falcon.post_json(ACTIONS + "?action_name=contain", b'{"ids":['),
        falcon.post_json(ACTIONS + "?action_name=contain", b"[" * 100_000),
        falcon.post_json(ACTIONS + "?action_name=contain", [device]),
        falcon.post_json(ACTIONS + "?action_name=contain", {"ids": device}),
        falcon.call("POST", ACTIONS + "?action_name=contain", b"ids=" + device.encode(),
                    {**falcon.bearer(), **FORM}),
    ]

    assert {reply.status for reply in replies} == {400}
    assert falcon.status(device) == "normal"
    assert not any(row["acted"] for row in falcon.ledger())


def test_a_hidden_host_is_not_found_by_queries(falcon):
    device = falcon.host_id("bob-win.corp.example")

    falcon.act("hide_host", device)
    assert falcon.ids("hostname:'bob-win.corp.example'") == []
    falcon.act("unhide_host", device)
    assert falcon.ids("hostname:'bob-win.corp.example'") == [device]


def test_a_missing_scope_and_a_refused_address_have_words_of_their_own(falcon):
    falcon.settings(scopes=["devices:read"])
    scope = falcon.act("contain", falcon.host_id("bob-win.corp.example")).json["errors"][0]
    falcon.settings(address_allowed=False)
    address = falcon.query("").json["errors"][0]
    token = falcon.token()

    assert address["message"] == "access denied, authorization failed" != scope["message"]
    assert token.status == 403 and token.json["errors"][0]["message"] == address["message"]


def test_a_member_has_its_own_hosts(falcon):
    member = "0123456789abcdef0123456789abcdef"
    assert falcon.token(member_cid=member).status == 403

    falcon.settings(members=[member])
    reply = falcon.token(member_cid=member.upper() + "-A1")
    header = {"Authorization": f"Bearer {reply.json['access_token']}"}

    assert reply.status == 201
    assert falcon.call("GET", "/devices/queries/devices/v1", headers=header).json["resources"] == []
    assert len(falcon.ids("")) == 8


def test_a_crowd_comes_and_goes_and_pages(falcon):
    falcon.settings(crowd=150, most_ids_in_page=40)
    wanted = urlencode({"filter": "hostname:'crowd.corp.example'", "limit": 100, "offset": 120})

    reply = falcon.get("/devices/queries/devices/v1?" + wanted).json

    assert reply["meta"]["pagination"]["total"] == 150 and len(reply["resources"]) == 30
    assert len(falcon.ids("hostname:'crowd.corp.example'")) == 40
    falcon.settings(crowd=0)
    assert falcon.ids("hostname:'crowd.corp.example'") == []


def test_a_scroll_goes_on_once_and_expires(falcon):
    scroll = "/devices/queries/devices-scroll/v1?limit=5"
    first = falcon.get(scroll).json
    offset = first["meta"]["pagination"]["offset"]
    rest = falcon.get(f"{scroll}&offset={offset}").json

    assert len(first["resources"]) == 5 and len(rest["resources"]) == 3
    assert rest["meta"]["pagination"]["offset"] == ""
    assert falcon.get(f"{scroll}&offset={offset}").status == 400
    falcon.settings(scroll_lifetime_s=0)
    late = falcon.get(scroll).json["meta"]["pagination"]["offset"]
    assert falcon.get(f"{scroll}&offset={late}").status == 400


def test_the_minute_is_counted_and_says_when_to_come_back(falcon):
    falcon.bearer()
    falcon.settings(enforce_rate_limit=True, rate_limit=2)
    left = [falcon.query("").headers["x-ratelimit-remaining"] for _ in range(2)]
    seconds = falcon.query("")
    falcon.settings(retry_after_in_ms=True)
    milliseconds = falcon.query("")

    assert left == ["1", "0"]
    assert seconds.status == milliseconds.status == 429
    assert len(seconds.headers["x-ratelimit-retryafter"]) == 10
    assert len(milliseconds.headers["x-ratelimit-retryafter"]) == 13
    assert "retry-after" not in seconds.headers


def test_a_refused_host_is_an_error_inside_a_202(falcon):
    bob, grace = (falcon.host_id(f"{name}.corp.example") for name in ("bob-win", "grace-mac"))
    falcon.settings(refused_hosts=[bob], refusal_code=504)

    reply = falcon.act("contain", bob, grace)

    assert reply.status == 202
    assert [item["id"] for item in reply.json["resources"]] == [grace]
    assert [(e["code"], e["id"]) for e in reply.json["errors"]] == [(504, bob)]
    assert falcon.status(bob) == "normal"
    assert [(row["target"], row["acted"]) for row in falcon.ledger("contain")] == [
        (bob, False), (grace, True)]
