# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Slack simulator: an app's tokens, people, conversations and messages, and what people press and type."""

import secrets
import time
from urllib.parse import parse_qs

import slack_blocks
import slack_deliveries
from provider import BadSetting, Call, Provider, Route, utc_text
from slack_deliveries import BadForgery, Forgery
from slack_users import (ENTERPRISE, TEAM, User, bot_of, bot_token, seeded_users, short_hash, signing_secret,
                         user_token)
from tokens import Client
from wire import Answer, Request, parse_json

_FOREVER_S = 10 * 365 * 86400
_ERRORS = {429: "ratelimited", 500: "fatal_error", 503: "service_unavailable"}


def new_client() -> Client:
    return Client("A" + secrets.token_hex(5).upper(), secrets.token_hex(16))


class Refused(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **more):
        super().__init__(error)
        self.document = {"ok": False, "error": error, **more}


class Slack(Provider):
    name = "slack"
    DEFAULTS = {
        "answer_delay_ms": 0, "is_enterprise": True,
        "bot_scopes": ["chat:write", "commands", "im:write", "users:read", "users:read.email"],
        "user_scopes": ["admin.users:write"],
    }

    def __init__(self, client: Client, request_url: str = ""):
        # Client id -> where the app is told what people do.
        self.request_urls: dict[str, str] = {client.client_id: request_url}
        super().__init__(client)

    def make_routes(self) -> list[Route]:
        def method(name: str, act, verb="read", targets=None, ways=("POST",)):
            return [Route(way, f"/api/{name}", lambda call: self._answer(call, act), verb, None, targets)
                    for way in ways]
        both = ("GET", "POST")
        return [
            *method("auth.test", self._test),
            *method("users.info", self._info, targets=self._named("user"), ways=both),
            *method("users.lookupByEmail", self._lookup, ways=both),
            *method("conversations.open", self._open, "open", self._named("users")),
            *method("chat.postMessage", self._post, "post", self._named("channel")),
            *method("chat.update", self._update, "update", self._named("channel")),
            *method("admin.users.session.reset", self._reset_sessions, "revoke", self._named("user_id")),
        ]

    def seed(self) -> None:
        self.users = seeded_users()
        self.messages: dict[tuple[str, str], dict] = {}
        self.conversations: dict[str, str] = {}  # channel -> user
        self.deliveries: list[dict] = []
        for client in self.clients.values():
            self._install(client)

    def _install(self, client: Client) -> None:
        self.tokens.put(bot_token(client), client.client_id, {"bot"}, _FOREVER_S)
        self.tokens.put(user_token(client), client.client_id, {"user"}, _FOREVER_S)

    def add_client(self, client: Client) -> None:
        super().add_client(client)
        with self.lock:
            self._install(client)

    def world(self) -> dict:
        return {"users": [user.view() for user in self.users.values()], "messages": list(self.messages.values()),
                "deliveries": list(self.deliveries)}

    def reach(self) -> dict:
        """What an administrator would copy from the app's pages."""
        client = next(iter(self.clients.values()))
        return {"bot_token": bot_token(client), "user_token": user_token(client),
                "signing_secret": signing_secret(client)}

    def claimed_client(self, request: Request) -> str | None:
        return None

    # Answers
    def error(self, request: Request, status: int, message: str = "") -> Answer:
        return Answer.of_json(status, {"ok": False, "error": message or _ERRORS.get(status, "unknown_method")})

    def _answer(self, call: Call, act) -> Answer:
        """HTTP 200 whatever comes of it."""
        try:
            call.token = self._caller(call.request)
            document = {"ok": True, **act(call, self._arguments(call.request))}
            refused = frozenset()
        except Refused as refusal:
            document, refused = refusal.document, frozenset([None, *self._targets(call)])
        scopes = self._scopes(call) if call.token else []
        answer = Answer.of_json(200, document, {"X-OAuth-Scopes": ",".join(scopes), "X-Slack-Req-Id": secrets.token_hex(8)})
        answer.refused = refused
        return answer

    def _caller(self, request: Request):
        if "authorization" not in request.headers:
            raise Refused("not_authed")
        token = self._bearer(request)
        if token is None:
            raise Refused("invalid_auth")
        return token

    def _scopes(self, call: Call) -> list[str]:
        return self.settings["bot_scopes" if "bot" in call.token.scopes else "user_scopes"]

    def _need(self, call: Call, scope: str) -> None:
        scopes = self._scopes(call)
        if scope not in scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(scopes))

    def _arguments(self, request: Request) -> dict:
        if request.method == "GET":
            return {name: values[0] for name, values in request.query.items()}
        if request.media_type() == "application/json" and not request.raw_path.startswith("/api/users."):
            found = parse_json(request.body)
            return found if isinstance(found, dict) else {}
        return {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}

    def _named(self, name: str):
        def targets(call: Call) -> list[str]:
            value = self._arguments(call.request).get(name)
            return [value] if isinstance(value, str) else []
        return targets

    # Methods
    def _client(self, call: Call) -> Client:
        return self.clients[call.token.client_id]

    def _test(self, call: Call, _arguments: dict) -> dict:
        bot = bot_of(self._client(call))
        owner = {"enterprise_id": ENTERPRISE} if self.settings["is_enterprise"] else {}
        return {"url": "https://corp.slack.invalid/", "team": "Corp", "team_id": TEAM, "user": "quell",
                "user_id": bot.user_id, "is_enterprise_install": False, **owner}

    def _info(self, call: Call, arguments: dict) -> dict:
        self._need(call, "users:read")
        return {"user": self._user(arguments.get("user")).profile()}

    def _user(self, user_id) -> User:
        bots = {bot.user_id: bot for bot in map(bot_of, self.clients.values())}
        found = self.users.get(user_id) or bots.get(user_id)
        if found is None:
            raise Refused("user_not_found")
        return found

    def _lookup(self, call: Call, arguments: dict) -> dict:
        self._need(call, "users:read.email")
        wanted = str(arguments.get("email", "")).lower()
        for user in self.users.values():
            if user.email.lower() == wanted and user.team == TEAM and not user.deleted:
                return {"user": user.profile()}
        raise Refused("users_not_found")

    def _open(self, call: Call, arguments: dict) -> dict:
        self._need(call, "im:write")
        user = self._user(arguments.get("users"))
        channel = "D" + short_hash(f"{call.token.client_id} {user.user_id}")
        self.conversations[channel] = user.user_id
        return {"channel": {"id": channel}}

    def _post(self, call: Call, arguments: dict) -> dict:
        self._need(call, "chat:write")
        channel = arguments.get("channel", "")
        if channel.startswith("#"):
            channel = "C" + short_hash(channel)
        elif channel[:1] == "D" and channel not in self.conversations or channel[:1] not in ("C", "D"):
            raise Refused("channel_not_found")
        self._check_content(arguments)
        message = {"channel": channel, "ts": f"{int(time.time())}.{len(self.messages) + 1:06d}",
                   "app_id": call.token.client_id, "user": self.conversations.get(channel), "text": arguments.get("text", ""),
                   "blocks": arguments.get("blocks", []), "posted_blocks": arguments.get("blocks", []), "history": []}
        self.messages[channel, message["ts"]] = message
        return {"channel": channel, "ts": message["ts"],
                "message": {"type": "message", "text": message["text"], "ts": message["ts"], "user": bot_of(self._client(call)).user_id}}

    def _update(self, call: Call, arguments: dict) -> dict:
        self._need(call, "chat:write")
        message = self.messages.get((arguments.get("channel"), arguments.get("ts")))
        if message is None:
            raise Refused("message_not_found")
        if message["app_id"] != call.token.client_id:
            raise Refused("cant_update_message")
        self._check_content(arguments)
        message["history"].append({"at": utc_text(time.time()), "text": message["text"]})
        message["text"], message["blocks"] = arguments.get("text", ""), arguments.get("blocks", [])
        return {"channel": message["channel"], "ts": message["ts"], "text": message["text"], "message": {"text": message["text"]}}

    def _check_content(self, arguments: dict) -> None:
        if not arguments.get("text") and not arguments.get("blocks"):
            raise Refused("no_text")
        wrong = slack_blocks.complaint(arguments["blocks"]) if "blocks" in arguments else ""
        if wrong:
            raise Refused("invalid_blocks", response_metadata={"messages": [wrong]})

    def _reset_sessions(self, call: Call, arguments: dict) -> dict:
        if "user" not in call.token.scopes:
            raise Refused("not_allowed_token_type")
        self._need(call, "admin.users:write")
        if not self.settings["is_enterprise"]:
            raise Refused("not_an_enterprise")
        self._user(arguments.get("user_id")).sessions = 0
        return {}

    # What people do. Orders of a test, by the control server; nothing is locked while the app answers.
    def actions(self) -> dict:
        return {("POST", "/apps"): self._set_url, ("POST", "/press"): self._press, ("POST", "/command"): self._command}

    def _order(self, request: Request, known: set[str]) -> dict:
        order = parse_json(request.body)
        if not isinstance(order, dict) or set(order) - known:
            raise BadSetting(f"an object with {', '.join(sorted(known))} at most is expected")
        return order

    def _app(self, order: dict) -> Client:
        client_id = order.get("client_id", next(iter(self.clients)))
        if client_id not in self.clients:
            raise BadSetting("client_id: no such app")
        return self.clients[client_id]

    def _set_url(self, request: Request) -> dict:
        order = self._order(request, {"client_id", "request_url"})
        with self.lock:
            self.request_urls[self._app(order).client_id] = str(order.get("request_url", ""))
        return {}

    def _person(self, name) -> User:
        for user in self.users.values():
            if name in (user.user_id, user.email) and (name == user.user_id or user.team == TEAM):
                return user
        raise BadSetting("user: nobody has that id or address")

    def _press(self, request: Request) -> list[dict]:
        """Presses the button `action` of a message, or the newest one that has it."""
        order = self._order(request, {"client_id", "user", "action", "value", "channel", "ts", "inputs", "forge"})
        with self.lock:
            app, user = self._app(order), self._person(order.get("user"))
            message, button = self._button(app, order)
            button = {**button, "value": order.get("value", button["value"])}
            fields = slack_deliveries.payload_of_press(
                user.profile(), message, button, slack_blocks.inputs(message["posted_blocks"], order.get("inputs", {})),
                secrets.token_hex(8))
        return self._deliver("press", app, fields, order)

    def _button(self, app: Client, order: dict) -> tuple[dict, dict]:
        place = (order.get("channel"), order.get("ts"))
        for message in reversed(list(self.messages.values())):
            if message["app_id"] != app.client_id or ("ts" in order and (message["channel"], message["ts"]) != place):
                continue
            # As it was posted: a client may still show a message that was updated meanwhile.
            for button in slack_blocks.buttons(message["posted_blocks"]):
                if button["action_id"] == order.get("action"):
                    return message, button
        raise BadSetting("action: no message has that button")

    def _command(self, request: Request) -> list[dict]:
        order = self._order(request, {"client_id", "user", "command", "text", "forge"})
        with self.lock:
            app, user = self._app(order), self._person(order.get("user"))
            fields = slack_deliveries.fields_of_command(
                user.profile(), order.get("command", "/challenge"), order.get("text", ""), secrets.token_hex(8))
        return self._deliver("command", app, fields, order)

    def _deliver(self, kind: str, app: Client, fields: dict, order: dict) -> list[dict]:
        url = self.request_urls.get(app.client_id, "")
        if not url:
            raise BadSetting("the app has no request_url: POST /apps first")
        try:
            answers = slack_deliveries.deliver(url, fields, signing_secret(app), Forgery.of(order.get("forge", {})))
        except BadForgery as error:
            raise BadSetting(str(error)) from error
        with self.lock:
            self.deliveries += [{"kind": kind, "status": a["status"], "took_ms": a["took_ms"]} for a in answers]
        return answers
