# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Slack simulator over the wire: the API, and what it sends to an app."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

ALICE, BOB = "alice@corp.example", "bob@corp.example"
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "hello"}}
BUTTON = {"type": "button", "action_id": "a.yes", "value": "v-1", "text": {"type": "plain_text", "text": "Yes"}}
INPUT = {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Why?"},
         "element": {"type": "plain_text_input", "action_id": "why"}}
CARD = [SECTION, INPUT, {"type": "actions", "block_id": "b", "elements": [BUTTON]}]


@pytest.fixture
def receiver():
    """The server of an app; `seen` holds the requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"fine")

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.seen = seen
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def connected(slack, receiver):
    slack.control("POST", "/apps", {"request_url": f"http://127.0.0.1:{receiver.server_port}/in"})
    return slack


def send_card(slack, email: str = ALICE) -> dict:
    channel = slack.method("conversations.open", users=slack.user_id(email))["channel"]["id"]
    return slack.method("chat.postMessage", channel=channel, text="hello", blocks=CARD)


def test_people_are_found_by_address_and_by_id(slack):
    alice = slack.look_up(email=ALICE)["user"]

    assert alice["profile"]["email"] == ALICE and not alice["deleted"]
    assert slack.look_up(user=alice["id"])["user"]["id"] == alice["id"]
    assert slack.look_up(email="dave@corp.example") == {"ok": False, "error": "users_not_found"}
    assert slack.look_up(email="ivan@corp.example")["error"] == "users_not_found"


def test_somebody_elses_user_is_found_by_id_alone(slack):
    other = next(user for user in slack.control("GET", "/state")["users"] if user["team"] != "T01CORP")

    assert slack.look_up(user=other["id"])["user"]["is_stranger"]
    assert slack.user_id(other["email"]) != other["id"]


def test_a_token_is_needed_and_its_scopes_count(slack):
    assert slack.call("POST", "/api/auth.test").json["error"] == "not_authed"
    assert slack.call("POST", "/api/auth.test", headers={"Authorization": "Bearer xoxb-none"}).json["error"] == "invalid_auth"
    slack.settings(bot_scopes=["chat:write"])

    refused = slack.method("conversations.open", users="U1")

    assert (refused["error"], refused["needed"]) == ("missing_scope", "im:write")


def test_a_message_is_posted_and_updated(slack):
    sent = send_card(slack)
    updated = slack.method("chat.update", channel=sent["channel"], ts=sent["ts"], text="done", blocks=[SECTION])

    assert sent["ok"] and updated["ok"]
    message = slack.control("GET", "/state")["messages"][0]
    assert (message["text"], [row["text"] for row in message["history"]]) == ("done", ["hello"])
    assert [row["verb"] for row in slack.ledger() if row["acted"]] == ["open", "post", "update"]


@pytest.mark.parametrize("blocks", [
    [], [{"type": "nothing"}], [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    [{"type": "section", "text": {"type": "plain_text", "text": ""}}],
    [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}],
    [{"type": "actions", "elements": [{**BUTTON, "style": "blue"}]}], [INPUT, INPUT]])
def test_a_card_that_slack_would_not_show_is_refused(slack, blocks):
    refused = slack.method("chat.postMessage", channel="C01GENERAL", text="x", blocks=blocks)

    assert refused["error"] == "invalid_blocks"
    assert not [row for row in slack.ledger("post") if row["acted"]]


def test_sessions_end_with_the_user_token_on_an_enterprise_alone(slack):
    alice = slack.user_id(ALICE)
    assert slack.method("admin.users.session.reset", user_id=alice)["error"] == "not_allowed_token_type"
    assert slack.method("admin.users.session.reset", "user_token", user_id=alice)["ok"]
    slack.settings(is_enterprise=False)
    assert slack.method("admin.users.session.reset", "user_token", user_id=alice)["error"] == "not_an_enterprise"

    assert [row["target"] for row in slack.ledger("revoke") if row["acted"]] == [alice]


def test_a_pressed_button_reaches_the_app_signed(connected, receiver):
    send_card(connected)

    answer, = connected.control("POST", "/press", {"user": ALICE, "action": "a.yes", "inputs": {"why": "because"}})

    assert (answer["status"], answer["body"]) == (200, "fine")
    headers, body = receiver.seen[0]
    payload = json.loads(parse_qs(body.decode())["payload"][0])
    assert payload["actions"][0]["value"] == "v-1"
    assert payload["state"]["values"]["why"]["why"]["value"] == "because"
    base = b"v0:" + headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    good = "v0=" + hmac.new(connected.reach["signing_secret"].encode(), base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == good


def test_a_command_reaches_the_app(connected, receiver):
    connected.control("POST", "/command", {"user": BOB, "text": "alice@corp.example why"})

    fields = parse_qs(receiver.seen[0][1].decode())
    assert fields["command"] == ["/challenge"] and fields["text"] == ["alice@corp.example why"]
    assert fields["user_id"] == [connected.user_id(BOB)]


def test_a_request_may_be_forged_and_replayed(connected, receiver):
    send_card(connected)
    order = {"user": ALICE, "action": "a.yes"}
    connected.control("POST", "/press", {**order, "forge": {"times": 2}})
    connected.control("POST", "/press", {**order, "forge": {"secret": "another"}})
    connected.control("POST", "/press", {**order, "forge": {"alter_body": True}})

    first, again, forged, altered = receiver.seen
    assert first == again
    assert forged[0]["X-Slack-Signature"] != first[0]["X-Slack-Signature"]
    assert altered[1].endswith(b"&altered=1")
    assert connected.control("POST", "/press", {**order, "forge": {"wrong": 1}}, expect=400)


def test_a_message_of_an_hour_ago_can_still_be_pressed(connected, receiver):
    sent = send_card(connected)
    connected.method("chat.update", channel=sent["channel"], ts=sent["ts"], text="done", blocks=[SECTION])

    connected.control("POST", "/press", {"user": ALICE, "action": "a.yes", "channel": sent["channel"], "ts": sent["ts"]})

    assert len(receiver.seen) == 1
