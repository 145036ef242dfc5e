# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Jamf Pro simulator: tokens, computer inventory v1 to v4 and MDM commands."""

import re
import secrets
import uuid

import rsql
from jamf_devices import SECTIONS, Command, Computer, seeded_computers
from provider import BadSetting, Call, Provider, Refusal, Route, text_ids
from queries import BadQuery, as_text, lookup
from tokens import Client
from wire import Answer, Request

_TOKEN_PATH = "/api/v1/oauth/token"
_ROLE = "api-role:1"
_READ = "Read Computers"
_LOCK = "Send Computer Remote Lock Command"
_VIEW_COMMANDS = "View MDM command information in Jamf Pro API"
_VIEW_PIN = "View Computer Device Lock Pin"
_PIN = re.compile(r"[0-9]{6}")
_SELECTORS = frozenset({
    "id", "udid", "general.name", "general.platform", "general.managementId",
    "general.remoteManagement.managed", "general.mdmCapable.capable", "general.supervised",
    "general.lastIpAddress", "general.lastContact", "general.lastCheckIn",
    "general.lastContactTime", "hardware.make", "hardware.model", "hardware.modelIdentifier",
    "hardware.serialNumber", "hardware.appleSilicon", "userAndLocation.username",
    "userAndLocation.realname", "userAndLocation.email"})
_COMMAND_SELECTORS = frozenset({
    "uuid", "clientManagementId", "command", "status", "clientType", "dateSent", "dateCompleted",
    "active"})
_ALL_SECTIONS = frozenset((
    "GENERAL DISK_ENCRYPTION PURCHASING APPLICATIONS STORAGE USER_AND_LOCATION "
    "CONFIGURATION_PROFILES PRINTERS SERVICES HARDWARE LOCAL_USER_ACCOUNTS CERTIFICATES "
    "ATTACHMENTS PACKAGE_RECEIPTS SECURITY OPERATING_SYSTEM LICENSED_SOFTWARE IBEACONS "
    "SOFTWARE_UPDATES EXTENSION_ATTRIBUTES CONTENT_CACHING GROUP_MEMBERSHIPS").split())
_V1_SECTIONS = frozenset({"PLUGINS", "FONTS"})
_OUTCOMES = ("ACKNOWLEDGED", "NOT_NOW", "ERROR", "COMMAND_FORMAT_ERROR", "PENDING")
_ERRORS = {
    400: ("INVALID_FIELD", "Bad request"), 401: ("INVALID_TOKEN", "Unauthorized"),
    403: ("INVALID_PRIVILEGE", "Forbidden"), 404: ("NOT_FOUND", "Not found"),
    405: ("METHOD_NOT_ALLOWED", "Method not allowed"), 503: ("UNAVAILABLE", "Unavailable"),
}
_OAUTH_ERRORS = {400: "invalid_request", 401: "invalid_client"}


def new_client() -> Client:
    return Client(str(uuid.uuid4()), secrets.token_urlsafe(48))


class Jamf(Provider):
    name = "jamf"
    DEFAULTS = {
        "answer_delay_ms": 0, "token_lifetime_s": 60,
        "privileges": [_READ, _LOCK, _VIEW_COMMANDS, _VIEW_PIN],
        "newest_inventory": 4, "version": "11.30.1-t1784555528405", "command_delay_s": 0.3,
        "lock_outcome": "ACKNOWLEDGED", "command_id_is_uuid": True, "offline": [],
    }

    def make_routes(self) -> list[Route]:
        inventory = []
        for version in (1, 2, 3, 4):
            base = f"/api/v{version}/computers-inventory"
            inventory += [
                Route("GET", base, self._inventory, needs=(_READ,)),
                Route("GET", base + "/{id}", self._one_computer, needs=(_READ,),
                      targets=self._target_of_id),
                Route("GET", base + "/{id}/view-device-lock-pin", self._lock_pin,
                      needs=(_VIEW_PIN,), targets=self._target_of_id),
            ]
        return inventory + [
            Route("POST", _TOKEN_PATH, self._token, "token", needs=None),
            Route("POST", "/api/v1/auth/invalidate-token", self._invalidate, "token"),
            Route("GET", "/api/v1/auth", self._auth),
            Route("GET", "/api/v1/jamf-pro-version", self._version),
            Route("GET", "/api/v2/mdm/commands", self._commands, needs=(_VIEW_COMMANDS,)),
            Route("POST", "/api/v2/mdm/commands", self._send, _command_verb, needs=(_LOCK,),
                  targets=lambda call: text_ids(_management_ids(call))),
            Route("POST", "/api/v2/mdm/blank-push", self._push, "push", needs=(_VIEW_COMMANDS,),
                  targets=lambda call: text_ids(_object(call).get("clientManagementIds"))),
        ]

    def seed(self) -> None:
        self.computers = seeded_computers()
        self.queue: list[Command] = []
        self.settings["offline"] = [c.management_id for c in self.computers if not c.online]

    def check_settings(self, changes: dict) -> None:
        if changes.get("lock_outcome", "PENDING") not in _OUTCOMES:
            raise BadSetting("lock_outcome is one of " + ", ".join(_OUTCOMES))
        if not {c.management_id for c in self.computers}.issuperset(changes.get("offline", [])):
            raise BadSetting("offline holds managementIds of known computers")

    def settings_changed(self) -> None:
        for computer in self.computers:
            computer.online = computer.management_id not in self.settings["offline"]
        for command in self.queue:
            command.set_online(command.computer.online)

    def world(self) -> dict:
        return {"computers": [computer.view() for computer in self.computers],
                "commands": [command.record() for command in self.queue]}

    def claimed_client(self, request: Request) -> str | None:
        return request.form.get("client_id") if request.raw_path == _TOKEN_PATH else None

    def error(self, request: Request, status: int, message: str = "", field: str = "") -> Answer:
        if request.raw_path == _TOKEN_PATH:
            return Answer.of_json(status, {"error": _OAUTH_ERRORS.get(status, "server_error"),
                                           **({"error_description": message} if message else {})})
        code, text = _ERRORS.get(status, ("SERVER_ERROR", "Failure"))
        cause = {"code": code, "field": field, "description": message or text, "id": "0"}
        return Answer.of_json(status, {"httpStatus": status, "errors": [cause]})

    # Tokens and self-checks
    def _token(self, call: Call) -> Answer:
        form = call.request.form
        if form.get("grant_type") != "client_credentials":
            known = "grant_type" in form
            return Answer.of_json(400, {
                "error": "unsupported_grant_type" if known else "invalid_request",
                "error_description": "OAuth 2.0 Parameter: grant_type"})
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not client.knows(form.get("client_secret", "")):
            return self.error(call.request, 401)
        if form.get("scope", _ROLE) != _ROLE:
            return Answer.of_json(400, {"error": "invalid_scope"})
        lifetime = self.settings["token_lifetime_s"]
        token = self.tokens.issue(client.client_id, self.settings["privileges"], lifetime)
        return Answer.of_json(200, {"access_token": token, "token_type": "Bearer",
                                    "scope": _ROLE, "expires_in": int(lifetime)})

    def _invalidate(self, call: Call) -> Answer:
        self.tokens.revoke(call.request.headers["authorization"].partition(" ")[2].strip())
        return Answer(204)

    def _auth(self, call: Call) -> Answer:
        account = {"id": "0", "username": "Containment client", "accessLevel": "FullAccess",
                   "privilegeSet": "CUSTOM", "groupIds": [], "currentSiteId": "-1",
                   "privilegesBySite": {"-1": sorted(call.token.scopes)}}
        return Answer.of_json(200, {"account": account, "accountGroups": [], "sites": [],
                                    "authenticationType": "CLIENT_CREDENTIALS"})

    def _version(self, _call: Call) -> Answer:
        return Answer.of_json(200, {"version": self.settings["version"]})

    # Inventory
    def _inventory(self, call: Call) -> Answer:
        version = self._inventory_version(call)
        sections = self._sections(call, version)
        records = [computer.record(version) for computer in self.computers]
        found = self._filtered(call, records, _SELECTORS, lambda record: record)
        page = self._page(call, self._sorted(call, found, "general.name", _SELECTORS))
        return Answer.of_json(200, {"totalCount": len(found),
                                    "results": [_cut(record, sections) for record in page]})

    def _inventory_version(self, call: Call) -> int:
        version = int(call.request.segments[1][1:])
        if version > self.settings["newest_inventory"]:  # an older server
            raise Refusal(self.error(call.request, 404))
        return version

    def _sections(self, call: Call, version: int) -> list[str]:
        sections = call.request.query.get("section", ["GENERAL"])
        allowed = _ALL_SECTIONS | _V1_SECTIONS if version == 1 else _ALL_SECTIONS
        if not allowed.issuperset(sections):
            raise Refusal(self.error(call.request, 400, "unknown section", "section"))
        return sections

    def _filtered(self, call: Call, items: list, selectors, searchable) -> list:
        text = call.request.one("filter")
        if not text:
            return items
        try:
            matches = rsql.parse(text, selectors)
        except BadQuery as bad:
            message = f"The filter could not be parsed: {bad}"
            raise Refusal(self.error(call.request, 400, message, "filter")) from bad
        return [item for item in items if matches(searchable(item))]

    def _sorted(self, call: Call, records: list[dict], default: str, allowed) -> list[dict]:
        wanted = ",".join(call.request.query.get("sort", [default + ":asc"])).split(",")
        for item in reversed(wanted):
            name, _, order = item.partition(":")
            if name not in allowed or order not in ("", "asc", "desc"):
                raise Refusal(self.error(call.request, 400, "bad sort", "sort"))
            records = sorted(records, key=lambda record: as_text(lookup(record, name)),
                             reverse=order == "desc")
        return records

    def _page(self, call: Call, items: list) -> list:
        number, size = self._number(call, "page", 0), self._number(call, "page-size", 100)
        if not 1 <= size <= 2000:
            raise Refusal(self.error(call.request, 400, "bad page-size", "page-size"))
        return items[number * size:(number + 1) * size]

    def _number(self, call: Call, name: str, default: int) -> int:
        text = call.request.one(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise Refusal(self.error(call.request, 400, f"bad {name}", name))
        return int(text)

    def _one_computer(self, call: Call) -> Answer:
        version = self._inventory_version(call)
        sections = self._sections(call, version)
        return Answer.of_json(200, _cut(self._by_id(call).record(version), sections))

    def _lock_pin(self, call: Call) -> Answer:
        self._inventory_version(call)
        computer = self._by_id(call)
        if not computer.pins:
            return self.error(call.request, 404, "no lock pin", "id")
        return Answer.of_json(200, {"pin": computer.pins[-1]})

    def _by_id(self, call: Call) -> Computer:
        found = [c for c in self.computers if c.id == call.path["id"]]
        if not found:
            raise Refusal(self.error(call.request, 404, field="id"))
        return found[0]

    def _target_of_id(self, call: Call) -> list[str]:
        found = [c.management_id for c in self.computers if c.id == call.path["id"]]
        return found or [call.path["id"]]

    # MDM commands
    def _send(self, call: Call) -> Answer:
        self._check_command(call)
        computers = self._addressed(call, _management_ids(call))
        pin = _command(call)["pin"]
        sent = []
        for computer in computers:
            computer.locks += 1
            computer.pins.append(pin)
            sent.append(Command("DEVICE_LOCK", computer, self.settings["command_delay_s"],
                                self.settings["lock_outcome"]))
        self.queue += sent
        return Answer.of_json(201, [self._reference(command) for command in sent])

    def _check_command(self, call: Call) -> None:
        command = _command(call)
        if command.get("commandType") != "DEVICE_LOCK":
            raise Refusal(self.error(call.request, 400, "not for a computer", "commandType"))
        pin = command.get("pin")
        if not isinstance(pin, str) or not _PIN.fullmatch(pin):
            raise Refusal(self.error(call.request, 400, "six digits expected", "pin"))
        for name in ("message", "phoneNumber"):
            if not isinstance(command.get(name, ""), str):
                raise Refusal(self.error(call.request, 400, "text expected", name))

    def _addressed(self, call: Call, ids) -> list[Computer]:
        """The computers of a command; the whole command is refused if one cannot take it."""
        by_id = {computer.management_id: computer for computer in self.computers}
        if not ids or any(not isinstance(i, str) or i.lower() not in by_id for i in ids):
            raise Refusal(self.error(call.request, 400, "unknown managementId", "managementId"))
        computers = [by_id[item.lower()] for item in ids]
        if not all(computer.device.managed for computer in computers):
            raise Refusal(self.error(call.request, 400, "device is not managed", "managementId"))
        return computers

    def _reference(self, command: Command) -> dict:
        # Whether the answer's id is the command's uuid is not settled: the setting shows both.
        shown = command.uuid if self.settings["command_id_is_uuid"] else str(uuid.uuid4())
        return {"id": shown, "href": f"{self.base_url}/api/v2/mdm/commands?filter=uuid=={shown}"}

    def _commands(self, call: Call) -> Answer:
        if not call.request.one("filter"):
            return self.error(call.request, 400, "a filter is mandatory", "filter")
        found = self._filtered(call, self.queue, _COMMAND_SELECTORS, Command.searchable)
        records = self._sorted(call, [command.record() for command in found], "dateSent",
                               {"dateSent", "dateCompleted", "uuid"})
        return Answer.of_json(200, {"totalCount": len(found),
                                    "results": self._page(call, records)})

    def _push(self, call: Call) -> Answer:
        ids = _object(call).get("clientManagementIds")
        if not isinstance(ids, list) or len(text_ids(ids)) != len(ids):
            return self.error(call.request, 400, field="clientManagementIds")
        known = {computer.management_id for computer in self.computers}
        return Answer.of_json(200, {"errorUuids": [item for item in ids if item not in known]})


def _cut(record: dict, sections: list[str]) -> dict:
    names = {"id", "udid"} | {SECTIONS[name] for name in sections if name in SECTIONS}
    return {name: value for name, value in record.items() if name in names}


def _object(call: Call) -> dict:
    body = call.request.json
    return body if isinstance(body, dict) else {}


def _command(call: Call) -> dict:
    command = _object(call).get("commandData")
    return command if isinstance(command, dict) else {}


def _management_ids(call: Call) -> list:
    clients = _object(call).get("clientData")
    if not isinstance(clients, list):
        return []
    return [item.get("managementId") if isinstance(item, dict) else None for item in clients]


def _command_verb(call: Call) -> str:
    kind = _command(call).get("commandType")
    return "lock" if kind == "DEVICE_LOCK" else "command"
