# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the simulators share: routes, authentication order, faults, settings and the ledger.

A provider subclass lists its `Route`s and answers in its vendor's shape. One lock covers a
request from the look-up of its token to its row in the ledger; pauses are outside the lock.
"""

import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Callable

from faults import Fault, FaultPlan
from tokens import Client, Token, TokenStore
from wire import Answer, BadBody, Request

PASSIVE_VERBS = ("read", "token", "unknown")
MAX_LEDGER_ROWS = 500_000


def utc_text(seconds: float, digits: str = "milliseconds") -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec=digits).replace("+00:00", "Z")


class Refusal(Exception):
    """Ends a request with an answer that is not success."""

    def __init__(self, answer: Answer):
        super().__init__(answer.status)
        self.answer = answer


class BadSetting(Exception):
    """The setting is unknown or of the wrong type; the text says which."""


@dataclass(frozen=True)
class Route:
    """`verb` is the ledger's word, or says it by the request. `targets` names the devices or users
    that a request means, also when a fault keeps it from being handled. `needs` holds the scopes
    of which one is enough; None leaves authentication to the handler."""

    method: str
    template: str
    handler: Callable[["Call"], Answer]
    verb: str | Callable[["Call"], str] = "read"
    needs: tuple[str, ...] | None = ()
    targets: Callable[["Call"], list[str]] | None = None

    def arguments(self, segments: list[str]) -> dict[str, str] | None:
        parts = self.template.split("/")[1:]
        if len(parts) != len(segments):
            return None
        found = {}
        for part, segment in zip(parts, segments):
            if part.startswith("{"):
                found[part[1:-1]] = segment
            elif part != segment:
                return None
        return found


@dataclass
class Call:
    """One request under way."""

    request: Request
    route: Route | None
    path: dict[str, str]
    token: Token | None = None


class Provider:
    """Base of a simulator. Subclasses set `name`, `DEFAULTS` and the methods that raise here."""

    name = ""
    DEFAULTS: dict = {}

    def __init__(self, client: Client):
        self.lock = threading.Lock()
        self.base_url = ""
        self.tokens = TokenStore()
        self.clients = {client.client_id: client}
        self.faults = FaultPlan()
        self.routes = self.make_routes()
        self._busy_lock = threading.Lock()
        self._busy = self._busiest = 0
        self._resets = 0
        self.reset()

    # What a subclass says.
    def make_routes(self) -> list[Route]:
        raise NotImplementedError

    def seed(self) -> None:
        raise NotImplementedError

    def error(self, request: Request, status: int, message: str = "") -> Answer:
        raise NotImplementedError

    def world(self) -> dict:
        raise NotImplementedError

    def claimed_client(self, request: Request) -> str | None:
        """The client id that a request without a bearer token says it comes from."""
        raise NotImplementedError

    def reach(self) -> dict:
        """What the ready file says of it besides its addresses and its client."""
        return {}

    def actions(self) -> dict:
        """What its control server does besides: (method, path) -> handler of a request."""
        return {}

    def segments(self, request: Request) -> list[str]:
        """The parts of the path that routes are compared with."""
        return request.segments

    def check_settings(self, changes: dict) -> None:
        """Raises BadSetting for values of the right type that make no sense."""

    def settings_changed(self) -> None:
        """Called after settings took new values."""

    # The control server's side; each takes the lock.
    def reset(self) -> None:
        with self.lock:
            self._resets += 1
            self.settings = {**self.DEFAULTS}
            self.ledger: deque[dict] = deque(maxlen=MAX_LEDGER_ROWS)
            self.faults.clear()
            self._busiest = 0
            self.seed()

    def change_settings(self, changes: dict) -> dict:
        for name, value in changes.items():
            if name not in self.DEFAULTS:
                raise BadSetting(f"unknown setting {name}")
            if not _same_kind(self.DEFAULTS[name], value):
                raise BadSetting(f"{name} has the wrong type")
        self.check_settings(changes)
        with self.lock:
            self.settings.update(changes)
            self.settings_changed()
            return dict(self.settings)

    def state(self) -> dict:
        with self.lock:
            return {"settings": dict(self.settings), "live_tokens": self.tokens.live_by_client(),
                    "most_requests_at_once": self._busiest, **self.world()}

    def add_client(self, client: Client) -> None:
        with self.lock:
            self.clients[client.client_id] = client

    # The API server's side.
    def serve(self, request: Request) -> Answer:
        self._enter()
        try:
            return self._serve(request)
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._busy_lock:
            self._busy += 1
            self._busiest = max(self._busiest, self._busy)

    def _leave(self) -> None:
        with self._busy_lock:
            self._busy -= 1

    def _serve(self, request: Request) -> Answer:
        with self.lock:
            fault, begun = self.faults.take(request), self._resets
            pause = self.settings["answer_delay_ms"] / 1000
        if fault is None:
            answer = self._locked(request, None, begun)
        else:
            pause += fault.pause_seconds()
            # A fault before the effect lets the time pass first: a client that gives up in the
            # meantime has not been served.
            if fault.before:
                time.sleep(pause)
                pause = 0
            answer = self._locked(request, fault, begun)
        if pause:
            time.sleep(pause)
        return answer

    def _locked(self, request: Request, fault: Fault | None, begun: int) -> Answer:
        with self.lock:
            if begun != self._resets:  # it belongs to a world that is gone
                return self.error(request, 500)
            call = Call(request, *self._match(request))
            verb = self._verb(call)
            targets = self._targets(call)
            credential = self._credential(request)
            own = None
            if fault is None or fault.needs_execution(verb not in PASSIVE_VERBS):
                own = self._handle(call)
            sent = own if fault is None else fault.shape(own, lambda s: self.error(request, s))
            self._record(request, credential, verb, targets, own, sent, fault)
            return sent

    def _match(self, request: Request) -> tuple[Route | None, dict]:
        for route in self.routes:
            if route.method == request.method:
                found = route.arguments(self.segments(request))
                if found is not None:
                    return route, found
        return None, {}

    def _handle(self, call: Call) -> Answer:
        try:
            if call.route is None:
                return self.error(call.request, self._unrouted_status(call.request))
            if call.route.needs is not None:
                call.token = self.authenticate(call.request)
                self.authorise(call)
            return call.route.handler(call)
        except Refusal as refusal:
            return refusal.answer
        except BadBody as bad:
            return self.error(call.request, 400, str(bad))

    def _unrouted_status(self, request: Request) -> int:
        segments = self.segments(request)
        known = any(route.arguments(segments) is not None for route in self.routes)
        return 405 if known else 404

    def authenticate(self, request: Request) -> Token:
        token = self._bearer(request)
        if token is None:
            raise Refusal(self.error(request, 401, "invalid token"))
        if token.expired():
            raise Refusal(self.error(request, 401, "expired token"))
        return token

    def authorise(self, call: Call) -> None:
        needs = call.route.needs
        if needs and not call.token.scopes.intersection(needs):
            raise Refusal(self.error(call.request, 403))

    def _bearer(self, request: Request) -> Token | None:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        return self.tokens.find(text.strip()) if scheme.lower() in ("bearer", "dpop") else None

    def _credential(self, request: Request) -> str | None:
        token = self._bearer(request)
        if token is not None:
            return token.client_id
        try:
            claimed = self.claimed_client(request)
        except BadBody:
            return None
        return claimed if claimed in self.clients else None

    def _verb(self, call: Call) -> str:
        if call.route is None:
            return "unknown"
        if isinstance(call.route.verb, str):
            return call.route.verb
        try:
            return call.route.verb(call)
        except BadBody:
            return "unknown"

    def _targets(self, call: Call) -> list[str]:
        if call.route is None or call.route.targets is None:
            return []
        try:
            return call.route.targets(call)
        except BadBody:
            return []

    def _record(self, request, credential, verb, targets, own, sent, fault) -> None:
        at = utc_text(time.time(), "microseconds")
        status = own.status if own is not None else sent.status
        took = own is not None and own.status < 300 and verb not in PASSIVE_VERBS
        for target in targets or [None]:
            self.ledger.append({
                "at": at, "method": request.method, "path": request.target,
                "credential": credential, "target": target, "verb": verb, "status": status,
                "acted": took and target not in own.refused,
                "fault": fault.kind if fault else None})


def _same_kind(default, value) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, (int, float)):
        return isinstance(value, (int, float)) and 0 <= value <= 1e9
    if isinstance(default, list):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, type(default))


def text_ids(value) -> list[str]:
    """The texts in a list that a client sent; nothing if it is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def new_hex_id() -> str:
    return secrets.token_hex(16)
