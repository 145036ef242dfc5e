# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Jamf Pro simulator: tokens, computer inventory v1 to v4, mobile devices and MDM commands."""

import re
import secrets
import uuid

import jamf_mobiles
from jamf_cluster import Cluster
from jamf_devices import SECTIONS, Command, Computer, seeded_computers
from jamf_lists import MOST_PER_PAGE, Listing
from jamf_mobiles import MobileDevice, seeded_mobile_devices
from provider import BadSetting, Call, Provider, Refusal, Route, text_ids
from tokens import Client
from wire import Answer, Request

_TOKEN_PATH = "/api/v1/oauth/token"
_OLD_TOKEN_PATH = "/api/oauth/token"
_GATEWAY_TOKEN_PATH = "/oauth2/token"
_TOKEN_PATHS = (_TOKEN_PATH, _OLD_TOKEN_PATH, _GATEWAY_TOKEN_PATH)
# The client has two roles; a token may be narrowed to one of them.
_COMPUTER_ROLE, _MOBILE_ROLE = _ROLES = ("api-role:1", "api-role:2")
_READ = "Read Computers"
_READ_MOBILE = "Read Mobile Devices"
_LOCK = "Send Computer Remote Lock Command"
_LOCK_MOBILE = "Send Mobile Device Remote Lock Command"
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
_COMMAND_SORTS = frozenset({"dateSent", "dateCompleted", "uuid"})
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
        "privileges": [_READ, _LOCK, _VIEW_COMMANDS, _VIEW_PIN, _READ_MOBILE, _LOCK_MOBILE],
        "newest_inventory": 4, "version": "11.30.1-t1784555528405", "command_delay_s": 0.3,
        "lock_outcome": "ACKNOWLEDGED", "command_id_is_uuid": True, "offline": [],
        "incapable": [], "most_per_page": MOST_PER_PAGE, "restarting": False,
        "sticky_lag_s": 0, "gateway_tenant": "",
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
            *(Route("POST", path, self._token, "token", needs=None) for path in _TOKEN_PATHS),
            Route("POST", "/api/v1/auth/invalidate-token", self._invalidate, "token"),
            Route("GET", "/api/v1/auth", self._auth),
            Route("GET", "/api/v1/jamf-pro-version", self._version),
            Route("GET", "/api/v2/mobile-devices/detail", self._mobile_devices,
                  needs=(_READ_MOBILE,)),
            Route("GET", "/api/v2/mdm/commands", self._commands, needs=(_VIEW_COMMANDS,)),
            Route("POST", "/api/v2/mdm/commands", self._send, _command_verb,
                  needs=(_LOCK, _LOCK_MOBILE),
                  targets=lambda call: text_ids(_management_ids(call))),
            Route("POST", "/api/v2/mdm/blank-push", self._push, "push", needs=(_VIEW_COMMANDS,),
                  targets=lambda call: text_ids(_object(call).get("clientManagementIds"))),
        ]

    def seed(self) -> None:
        self.computers = seeded_computers()
        self.mobile_devices = seeded_mobile_devices()
        self.queue: list[Command] = []
        self.cluster = Cluster()
        self._node = ""
        self.settings["offline"] = [c.management_id for c in self.computers if not c.online]

    def devices(self) -> list[Computer | MobileDevice]:
        return [*self.computers, *self.mobile_devices]

    def check_settings(self, changes: dict) -> None:
        if changes.get("lock_outcome", "PENDING") not in _OUTCOMES:
            raise BadSetting("lock_outcome is one of " + ", ".join(_OUTCOMES))
        if not 1 <= changes.get("most_per_page", 1) <= MOST_PER_PAGE:
            raise BadSetting(f"most_per_page is 1 to {MOST_PER_PAGE}")
        known = {device.management_id for device in self.devices()}
        for name in ("offline", "incapable"):
            if not known.issuperset(changes.get(name, [])):
                raise BadSetting(f"{name} holds managementIds of known devices")

    def settings_changed(self) -> None:
        for device in self.devices():
            device.online = device.management_id not in self.settings["offline"]
        for computer in self.computers:
            computer.capable = (computer.managed
                                and computer.management_id not in self.settings["incapable"])
        for command in self.queue:
            command.set_online(command.device.online)

    def world(self) -> dict:
        return {"computers": [computer.view() for computer in self.computers],
                "mobile_devices": [device.view() for device in self.mobile_devices],
                "commands": [command.record() for command in self.queue],
                "requests_without_cookie": self.cluster.requests_without_cookie}

    def segments(self, request: Request) -> list[str]:
        """The Jamf Platform gateway's path as the server behind it sees it, and nothing else while
        the gateway is the only door."""
        tenant, parts = self.settings["gateway_tenant"], request.segments
        if not tenant:
            return [] if request.raw_path == _GATEWAY_TOKEN_PATH else parts
        if request.raw_path == _GATEWAY_TOKEN_PATH:
            return parts
        behind = len(parts) > 5 and parts[:2] == ["api", "pro"] and parts[3:5] == ["tenant", tenant]
        return ["api", parts[2], *parts[5:]] if behind else []

    def _handle(self, call: Call) -> Answer:
        if self.settings["restarting"]:
            return self.error(call.request, 503)
        if not self.settings["sticky_lag_s"]:
            return super()._handle(call)
        self._node, known = self.cluster.node_of(call.request)
        answer = super()._handle(call)
        if not known:
            self.cluster.mark(answer, self._node)
        return answer

    def claimed_client(self, request: Request) -> str | None:
        return request.form.get("client_id") if request.raw_path in _TOKEN_PATHS else None

    def error(self, request: Request, status: int, message: str = "", field: str = "") -> Answer:
        if request.raw_path in _TOKEN_PATHS:
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
        roles = form.get("scope", " ".join(_ROLES)).split()
        if not roles or not set(roles) <= set(_ROLES):
            return Answer.of_json(400, {"error": "invalid_scope"})
        lifetime = self.settings["token_lifetime_s"]
        token = self.tokens.issue(client.client_id, self._privileges_of(roles), lifetime)
        return Answer.of_json(200, {"access_token": token, "token_type": "Bearer",
                                    "scope": " ".join(roles), "expires_in": int(lifetime)})

    def _privileges_of(self, roles: list[str]) -> list[str]:
        return [name for name in self.settings["privileges"]
                if (_MOBILE_ROLE if "Mobile Device" in name else _COMPUTER_ROLE) in roles]

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

    # Inventories
    def _listing(self, call: Call) -> Listing:
        return Listing(call, self.error, self.settings["most_per_page"])

    def _inventory(self, call: Call) -> Answer:
        version = self._inventory_version(call)
        listing, sections = self._listing(call), self._sections(call, version)
        records = [computer.record(version) for computer in self.computers]
        found = listing.filtered(records, _SELECTORS, _itself)
        page = listing.page(listing.sorted(found, "general.name", _SELECTORS, _itself))
        return Answer.of_json(200, {"totalCount": len(found),
                                    "results": [_cut(record, sections) for record in page]})

    def _inventory_version(self, call: Call) -> int:
        version = int(call.route.template.split("/")[2][1:])
        if version > self.settings["newest_inventory"]:  # an older server
            raise Refusal(self.error(call.request, 404))
        return version

    def _sections(self, call: Call, version: int) -> list[str]:
        allowed = _ALL_SECTIONS | _V1_SECTIONS if version == 1 else _ALL_SECTIONS
        return self._listing(call).sections(allowed)

    def _mobile_devices(self, call: Call) -> Answer:
        listing = self._listing(call)
        sections = listing.sections(jamf_mobiles.ALL_SECTIONS)
        found = listing.filtered(self.mobile_devices, jamf_mobiles.SELECTORS,
                                 MobileDevice.searchable)
        page = listing.page(listing.sorted(found, "displayName", jamf_mobiles.SELECTORS,
                                           MobileDevice.searchable))
        return Answer.of_json(200, {"totalCount": len(found),
                                    "results": [device.record(sections) for device in page]})

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
        devices = self._addressed(call, _management_ids(call))
        for device in devices:
            self._check_command(call, device)
        sent = [self._queued(device, _command(call)) for device in devices]
        return Answer.of_json(201, [self._reference(command) for command in sent])

    def _queued(self, device: Computer | MobileDevice, command: dict) -> Command:
        device.locks += 1
        device.pins += [command["pin"]] if "pin" in command else []
        device.messages += [command["message"]] if "message" in command else []
        queued = Command("DEVICE_LOCK", device, self.settings["command_delay_s"],
                         self.settings["lock_outcome"])
        self.queue.append(queued)
        self.cluster.took(queued.uuid, self._node)
        return queued

    def _check_command(self, call: Call, device: Computer | MobileDevice) -> None:
        """Each kind of device and command needs a privilege of its own."""
        is_computer = isinstance(device, Computer)
        if (_LOCK if is_computer else _LOCK_MOBILE) not in call.token.scopes:
            raise Refusal(self.error(call.request, 403))
        command = _command(call)
        if command.get("commandType") != "DEVICE_LOCK":
            raise Refusal(self.error(call.request, 400, "not for this device", "commandType"))
        pin = command.get("pin", "" if is_computer else "000000")
        if not isinstance(pin, str) or not _PIN.fullmatch(pin):
            raise Refusal(self.error(call.request, 400, "six digits expected", "pin"))
        for name in ("message", "phoneNumber"):
            if not isinstance(command.get(name, ""), str):
                raise Refusal(self.error(call.request, 400, "text expected", name))

    def _addressed(self, call: Call, ids) -> list[Computer | MobileDevice]:
        """The devices of a command; the whole command is refused if one cannot take it."""
        by_id = {device.management_id: device for device in self.devices()}
        if not ids or any(not isinstance(i, str) or i.lower() not in by_id for i in ids):
            raise Refusal(self.error(call.request, 400, "unknown managementId", "managementId"))
        devices = [by_id[item.lower()] for item in ids]
        if not all(device.managed and device.capable for device in devices):
            raise Refusal(self.error(call.request, 400, "device is not managed", "managementId"))
        return devices

    def _reference(self, command: Command) -> dict:
        # Whether the answer's id is the command's uuid is not settled: the setting shows both.
        shown = command.uuid if self.settings["command_id_is_uuid"] else str(uuid.uuid4())
        return {"id": shown, "href": f"{self.base_url}/api/v2/mdm/commands?filter=uuid=={shown}"}

    def _commands(self, call: Call) -> Answer:
        if not call.request.one("filter"):
            return self.error(call.request, 400, "a filter is mandatory", "filter")
        listing, lag = self._listing(call), self.settings["sticky_lag_s"]
        known = [c for c in self.queue if self.cluster.knows(self._node, c.uuid, lag)]
        found = listing.filtered(known, _COMMAND_SELECTORS, Command.searchable)
        page = listing.page(listing.sorted(found, "dateSent", _COMMAND_SORTS, Command.searchable))
        return Answer.of_json(200, {"totalCount": len(found),
                                    "results": [command.record() for command in page]})

    def _push(self, call: Call) -> Answer:
        ids = _object(call).get("clientManagementIds")
        if not isinstance(ids, list) or len(text_ids(ids)) != len(ids):
            return self.error(call.request, 400, field="clientManagementIds")
        known = {device.management_id for device in self.devices()}
        return Answer.of_json(200, {"errorUuids": [item for item in ids if item not in known]})


def _itself(record: dict) -> dict:
    return record


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
