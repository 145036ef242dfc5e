# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The CrowdStrike Falcon simulator: tokens, host queries and details, contain and lift."""

import base64
import binascii
import re
import secrets
import time
import uuid

import fql
from crowdstrike_hosts import CID, Host, crowd, seeded_hosts
from crowdstrike_limits import SlidingMinute, retry_after
from provider import BadSetting, Call, Provider, Refusal, Route, new_hex_id, text_ids
from queries import BadQuery
from tokens import Client, Token
from wire import Answer, BadBody, Request

_ID = re.compile(r"[0-9a-fA-F]{32}")
_READ, _WRITE = ("devices:read",), ("devices:write",)
_VERBS = {"contain": "contain", "lift_containment": "release", "hide_host": "hide",
          "unhide_host": "unhide"}
_PROPERTIES = frozenset({
    "device_id", "cid", "hostname", "serial_number", "platform_name", "os_version",
    "system_manufacturer", "status", "first_seen", "last_seen", "last_login_user",
    "agent_version", "product_type_desc", "tags", "groups", "email"})
# PROVIDERS.md 4: these words mean the API client's IP allow list.
_ADDRESS_REFUSED = "access denied, authorization failed"
_ACTIONS_PATH = "/devices/entities/devices-actions/v2"
_MESSAGES = {
    400: "invalid request", 401: "access denied, invalid bearer token",
    403: "access denied, scope not permitted", 404: "not found", 405: "method not allowed",
    409: "conflict", 429: "API rate limit exceeded.", 500: "internal error",
}


def new_client() -> Client:
    return Client(new_hex_id(), secrets.token_urlsafe(30))


class CrowdStrike(Provider):
    name = "crowdstrike"
    DEFAULTS = {
        "answer_delay_ms": 0, "token_lifetime_s": 1799, "region": "us-1",
        "scopes": ["devices:read", "devices:write"], "contain_delay_s": 0.3, "lift_delay_s": 0.3,
        "offline": [], "conflict_on_repeat": False, "rate_limit": 6000,
        "enforce_rate_limit": False, "retry_after_in_ms": False, "address_allowed": True,
        "members": [], "crowd": 0, "most_ids_in_page": 0, "scroll_lifetime_s": 120,
        "refused_hosts": [], "refusal_code": 403,
    }

    def __init__(self, client: Client):
        self.members: dict[str, str] = {}  # access token -> CID that it acts in
        super().__init__(client)

    def make_routes(self) -> list[Route]:
        ids_in_query = lambda call: call.request.query.get("ids", [])  # noqa: E731
        return [
            Route("POST", "/oauth2/token", self._token, "token", needs=None),
            Route("POST", "/oauth2/revoke", self._revoke, "token", needs=None),
            Route("GET", "/devices/queries/devices/v1", self._query, needs=_READ),
            Route("GET", "/devices/queries/devices-scroll/v1", self._scroll, needs=_READ),
            Route("GET", "/devices/combined/devices/v1", self._combined, needs=_READ),
            Route("GET", "/devices/entities/devices/v2", self._details_by_query, needs=_READ,
                  targets=ids_in_query),
            Route("POST", "/devices/entities/devices/v2", self._details_by_body, needs=_READ,
                  targets=_ids_in_body),
            Route("GET", "/devices/entities/online-state/v1", self._online_state, needs=_READ,
                  targets=ids_in_query),
            Route("POST", _ACTIONS_PATH, self._act, _action_verb, needs=_WRITE,
                  targets=_ids_in_body),
        ]

    def seed(self) -> None:
        self.hosts = seeded_hosts()
        self.minute = SlidingMinute()
        self.scrolls: dict[str, tuple[int, float]] = {}
        self._caller: str | None = None  # of the request under way, for its headers
        self.settings["offline"] = [h.device_id for h in self.hosts.values() if not h.online]

    def check_settings(self, changes: dict) -> None:
        if not self.hosts.keys() >= set(changes.get("offline", [])):
            raise BadSetting("offline holds device_ids of known hosts")
        if not 400 <= changes.get("refusal_code", 403) <= 599:
            raise BadSetting("refusal_code is an HTTP status that refuses")
        if not all(_ID.fullmatch(cid) for cid in changes.get("members", [])):
            raise BadSetting("members holds CIDs of 32 hex digits")
        if changes.get("crowd", 0) > 10_000:
            raise BadSetting("crowd is at most 10,000")

    def settings_changed(self) -> None:
        wanted = crowd(int(self.settings["crowd"]))
        for device_id in [i for i, host in self.hosts.items() if host.in_crowd]:
            if device_id not in wanted:
                del self.hosts[device_id]
        for device_id, host in wanted.items():
            self.hosts.setdefault(device_id, host)
        for host in self.hosts.values():
            host.set_online(host.device_id not in self.settings["offline"])

    def world(self) -> dict:
        return {"hosts": [host.view() for host in self.hosts.values()]}

    def claimed_client(self, request: Request) -> str | None:
        if request.headers.get("authorization", "").lower().startswith("basic "):
            return _basic(request)[0]
        return request.form.get("client_id") if request.raw_path == "/oauth2/token" else None

    # Answers
    def error(self, request: Request, status: int, message: str = "") -> Answer:
        fault = {"code": status, "message": message or _MESSAGES.get(status, "error")}
        body = {"meta": _meta(), "errors": [fault]}
        if request.raw_path.startswith("/devices/entities/"):
            body["resources"] = []
        return self._answer(status, body)

    def _answer(self, status: int, body: dict) -> Answer:
        limit = int(self.settings["rate_limit"])
        left = max(limit - 1, 0)
        if self.settings["enforce_rate_limit"]:
            left = self.minute.remaining(self._caller, limit)
        return Answer.of_json(status, body, {
            "X-CS-TRACEID": body.get("meta", {}).get("trace_id", str(uuid.uuid4())),
            "X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)})

    def authenticate(self, request: Request) -> Token:
        token = super().authenticate(request)
        self._check_address(request)
        self._check_rate(request, token.client_id)
        return token

    def _check_address(self, request: Request) -> None:
        if not self.settings["address_allowed"]:
            raise Refusal(self.error(request, 403, _ADDRESS_REFUSED))

    def _check_rate(self, request: Request, client_id: str) -> None:
        self._caller = client_id
        if not self.settings["enforce_rate_limit"]:
            return
        moment = self.minute.take(client_id, int(self.settings["rate_limit"]))
        if moment is None:
            return
        answer = self.error(request, 429)
        answer.headers["X-RateLimit-RetryAfter"] = retry_after(
            moment, self.settings["retry_after_in_ms"])
        raise Refusal(answer)

    def _found(self, resources: list, status: int = 200, errors=(), pagination=None) -> Answer:
        meta = _meta()
        if pagination is not None:
            meta["pagination"] = pagination
        return self._answer(status, {"meta": meta, "errors": list(errors),
                                     "resources": resources})

    # Tokens
    def _token(self, call: Call) -> Answer:
        form = call.request.form
        if not form.get("client_id") or not form.get("client_secret"):
            return self.error(call.request, 400)
        client = self.clients.get(form["client_id"])
        if client is None or not client.knows(form["client_secret"]):
            return self.error(call.request, 403, "access denied, invalid client or secret")
        self._check_address(call.request)
        self._check_rate(call.request, client.client_id)
        member = form.get("member_cid", "").partition("-")[0].lower()  # a checksum may follow
        if member and member not in (cid.lower() for cid in self.settings["members"]):
            return self.error(call.request, 403, "access denied, unknown member_cid")
        lifetime = self.settings["token_lifetime_s"]
        token = self.tokens.issue(client.client_id, self.settings["scopes"], lifetime)
        answer = self._answer(201, {"access_token": token, "token_type": "bearer",
                                    "expires_in": int(lifetime)})
        answer.headers["X-CS-Region"] = self.settings["region"]
        self.members[token] = member or CID
        return answer

    def _revoke(self, call: Call) -> Answer:
        client_id, secret = _basic(call.request)
        client = self.clients.get(client_id)
        if client is None or not client.knows(secret):
            return self.error(call.request, 403)
        text = call.request.form.get("token", "")
        if not text:
            return self.error(call.request, 400)
        token = self.tokens.find(text)
        if token is not None and token.client_id == client_id:
            self.tokens.revoke(text)
        return self._answer(200, {"meta": _meta(), "errors": []})

    # Reading hosts
    def _query(self, call: Call) -> Answer:
        page, total, offset, limit = self._page(call, 5000)
        most = int(self.settings["most_ids_in_page"])
        page = page[:most] if most else page
        return self._found([record["device_id"] for record in page],
                           pagination={"offset": offset, "limit": limit, "total": total})

    def _scroll(self, call: Call) -> Answer:
        """The offset is opaque, good for one page and only for a while."""
        token = call.request.one("offset")
        start, ends = self.scrolls.pop(token, (0, 0.0)) if token else (0, time.monotonic() + 1)
        if time.monotonic() >= ends:
            raise Refusal(self.error(call.request, 400, "the scroll has expired"))
        limit = self._number(call.request, "limit", 100, 1, 10_000)
        found = self._matches(call)
        page, pagination = found[start:start + limit], {"offset": "", "total": len(found)}
        if start + limit < len(found):
            life = self.settings["scroll_lifetime_s"]
            pagination["offset"] = secrets.token_urlsafe(24)
            pagination["expires_at"] = int((time.time() + life) * 1e9)
            self.scrolls[pagination["offset"]] = (start + limit, time.monotonic() + life)
        return self._found([record["device_id"] for record in page], pagination=pagination)

    def _combined(self, call: Call) -> Answer:
        page, total, offset, limit = self._page(call, 10_000)
        paging = {"offset": str(offset), "limit": limit, "total": total}
        if offset + limit < total:
            paging["next"] = str(offset + limit)
        return self._found(page, pagination=paging)

    def _page(self, call: Call, most: int) -> tuple[list[dict], int, int, int]:
        limit = self._number(call.request, "limit", 100, 1, most)
        offset = self._number(call.request, "offset", 0, 0, 1 << 31)
        found = self._matches(call)
        return found[offset:offset + limit], len(found), offset, limit

    def _matches(self, call: Call) -> list[dict]:
        try:
            matches = fql.parse(call.request.one("filter"), _PROPERTIES)
        except BadQuery as bad:
            raise Refusal(self.error(call.request, 400, f"invalid filter: {bad}")) from bad
        records = (host.record() for host in self._visible(call).values() if not host.hidden)
        return self._sorted(call.request, [record for record in records if matches(record)])

    def _visible(self, call: Call) -> dict[str, Host]:
        """Ours: the seeded hosts belong to the parent CID; its members have none."""
        text = call.request.headers["authorization"].partition(" ")[2].strip()
        return self.hosts if self.members.get(text, CID) == CID else {}

    def _number(self, request: Request, name: str, default: int, low: int, high: int) -> int:
        text = request.one(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 11 and low <= int(text) <= high):
            raise Refusal(self.error(request, 400, f"invalid {name}"))
        return int(text)

    def _sorted(self, request: Request, records: list[dict]) -> list[dict]:
        wanted = request.one("sort")
        if not wanted:
            return records
        name, _, order = wanted.replace("|", ".").partition(".")
        if name not in _PROPERTIES or order not in ("", "asc", "desc"):
            raise Refusal(self.error(request, 400, "invalid sort"))
        return sorted(records, key=lambda record: str(record.get(name)), reverse=order == "desc")

    def _details_by_query(self, call: Call) -> Answer:
        return self._details(call, self._checked_ids(call, call.request.query.get("ids"), 100))

    def _details_by_body(self, call: Call) -> Answer:
        return self._details(call, self._checked_ids(call, _body_ids(call), 5000))

    def _details(self, call: Call, ids: list[str]) -> Answer:
        found, missing = self._split(call, ids)
        return self._found([host.record() for host in found], errors=missing)

    def _online_state(self, call: Call) -> Answer:
        found, missing = self._split(
            call, self._checked_ids(call, call.request.query.get("ids"), 100))
        return self._found([
            {"id": host.device_id, "state": "online" if host.online else "offline", "cid": CID,
             "last_seen": host.record()["last_seen"]} for host in found], errors=missing)

    def _checked_ids(self, call: Call, ids, most: int) -> list[str]:
        """The ids without repetition; 400 unless they are 1 to `most` texts of 32 hex digits."""
        if not isinstance(ids, list) or not 1 <= len(ids) <= most or not all(
                isinstance(item, str) and _ID.fullmatch(item) for item in ids):
            raise Refusal(self.error(call.request, 400, "invalid ids"))
        return list(dict.fromkeys(item.lower() for item in ids))

    def _split(self, call: Call, ids: list[str]) -> tuple[list[Host], list[dict]]:
        hosts = self._visible(call)
        missing = [{"code": 404, "id": item, "message": "No device found for the specified id"}
                   for item in ids if item not in hosts]
        return [hosts[item] for item in ids if item in hosts], missing

    def _take_refused(self, found: list[Host]) -> tuple[list[Host], list[dict]]:
        refused = set(self.settings["refused_hosts"])
        errors = [{"code": int(self.settings["refusal_code"]), "id": host.device_id,
                   "message": "the action was not taken"}
                  for host in found if host.device_id in refused]
        return [host for host in found if host.device_id not in refused], errors

    # Acting
    def _act(self, call: Call) -> Answer:
        action = call.request.one("action_name")
        if action not in _VERBS or len(call.request.query.get("action_name", [])) != 1:
            return self.error(call.request, 400, "invalid action_name")
        found, missing = self._split(call, self._checked_ids(call, _body_ids(call), 500))
        found, refused = self._take_refused(found)
        if action in ("contain", "lift_containment"):
            self._order(call, action, found)
        else:
            for host in found:
                host.hidden = action == "hide_host"
        answer = self._found(
            [{"id": host.device_id, "path": f"/devices/entities/devices/v1?ids={host.device_id}"}
             for host in found], 202, missing + refused)
        done = {host.device_id for host in found}
        answer.refused = frozenset(i for i in _ids_in_body(call) if i.lower() not in done)
        return answer

    def _order(self, call: Call, action: str, hosts: list[Host]) -> None:
        if self.settings["conflict_on_repeat"]:
            repeated = [host for host in hosts if host.repeats(action)]
            if repeated:  # nothing of the batch is done
                raise Refusal(self.error(
                    call.request, 409, f"Device {repeated[0].device_id} already has the order"))
        delay = "contain_delay_s" if action == "contain" else "lift_delay_s"
        for host in hosts:
            host.take(action, self.settings[delay])


def _meta() -> dict:
    return {"query_time": 0.001, "trace_id": str(uuid.uuid4()), "powered_by": "device-api"}


def _basic(request: Request) -> tuple[str, str]:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
        return user, secret
    except (binascii.Error, UnicodeDecodeError) as error:
        raise BadBody("bad Basic credentials") from error


def _body_ids(call: Call):
    body = call.request.json
    return body.get("ids") if isinstance(body, dict) else None


def _ids_in_body(call: Call) -> list[str]:
    return text_ids(_body_ids(call))


def _action_verb(call: Call) -> str:
    return _VERBS.get(call.request.one("action_name"), "unknown")
