# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What Slack sends to an app: signed, or signed wrongly if a test wants that."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_FIELDS = {"secret": str, "stamp_offset_s": int, "alter_body": bool, "times": int, "user_agent": str}


class BadForgery(Exception):
    """The test orders what cannot be done; the text says what."""


@dataclass
class Forgery:
    """How a request differs from a good one. `times`: so often, byte for byte the same."""

    secret: str | None = None
    stamp_offset_s: int = 0
    alter_body: bool = False
    times: int = 1
    user_agent: str = "Slackbot 1.0 (+https://api.slack.com/robots)"

    @staticmethod
    def of(wanted: dict) -> "Forgery":
        for name, value in wanted.items():
            if not isinstance(value, _FIELDS.get(name, ())):
                raise BadForgery(f"forge has no {name}, or it is of another type")
        return Forgery(**wanted)


def sign(secret: str, stamp: str, body: bytes) -> str:
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def deliver(url: str, fields: dict[str, str], secret: str, forgery: Forgery) -> list[dict]:
    """Posts a form as Slack does; what came back, and after how long."""
    body = urlencode(fields).encode()
    stamp = str(int(time.time()) + forgery.stamp_offset_s)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": forgery.user_agent,
               "X-Slack-Request-Timestamp": stamp,
               "X-Slack-Signature": sign(forgery.secret or secret, stamp, body)}
    if forgery.alter_body:
        body += b"&altered=1"
    return [_post(url, body, headers) for _ in range(forgery.times)]


def _post(url: str, body: bytes, headers: dict[str, str]) -> dict:
    parts = urlsplit(url)
    begun = time.monotonic()
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", parts.path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
    return {"status": answer.status, "body": text, "took_ms": round((time.monotonic() - begun) * 1000),
            "headers": {name.lower(): value for name, value in answer.getheaders()}}


def payload_of_press(user: dict, message: dict, button: dict, values: dict, trigger: str) -> dict[str, str]:
    """block_actions, in the shape of contracts/slack-inbound.samples.json."""
    return {"payload": json.dumps({
        "type": "block_actions", "team": {"id": user["team_id"], "domain": "corp"}, "enterprise": None,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
        "api_app_id": message["app_id"], "token": "", "is_enterprise_install": False, "trigger_id": trigger,
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"],
                      "is_ephemeral": False},
        "channel": {"id": message["channel"], "name": "directmessage"},
        "message": {"type": "message", "text": message["text"], "ts": message["ts"], "blocks": message["blocks"]},
        "state": {"values": values}, "response_url": "https://hooks.slack.invalid/actions/1",
        "actions": [{"type": "button", "action_id": button["action_id"], "block_id": button["block_id"],
                     "text": button["text"], "value": button["value"], "action_ts": f"{time.time():.6f}"}]})}


def fields_of_command(user: dict, command: str, text: str, trigger: str) -> dict[str, str]:
    return {"token": "", "team_id": user["team_id"], "team_domain": "corp", "channel_id": "C01GENERAL",
            "channel_name": "general", "user_id": user["id"], "user_name": user["name"], "command": command,
            "text": text, "api_app_id": "A01", "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.invalid/commands/1", "trigger_id": trigger}
