# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The tests' own clients of the providers. Every API answer is held against the contract."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from contract import Contract

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def send(url: str, method: str, target: str, body: bytes = b"", headers=None,
         timeout: float = 10) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
    try:
        connection.request(method, target, body or None, headers or {})
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Reply(answer.status, names, answer.read())
    finally:
        connection.close()


class Api:
    """One provider; `undocumented` lists statuses that the contract does not know and we give."""

    name = ""
    undocumented = (404, 405)

    def __init__(self, reach: dict):
        self.reach = reach
        self._token = None
        self._contract = Contract(self.name)

    def raw(self, method: str, target: str, body: bytes = b"", headers=None, timeout=10) -> Reply:
        return send(self.reach["base_url"], method, target, body, headers, timeout)

    def call(self, method: str, target: str, body: bytes = b"", headers=None) -> Reply:
        reply = self.raw(method, target, body, headers)
        if reply.status not in self.undocumented:
            complaints = self._contract.complaints(method, target, reply.status, reply.body)
            assert not complaints, complaints
        return reply

    def bearer(self) -> dict[str, str]:
        if self._token is None:
            self._token = self.token().json["access_token"]
        return {"Authorization": f"Bearer {self._token}"}

    def get(self, target: str) -> Reply:
        return self.call("GET", target, headers=self.bearer())

    def post_json(self, target: str, value) -> Reply:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.call("POST", target, body, {**JSON, **self.bearer()})

    def post_form(self, target: str, **fields: str) -> Reply:
        return self.call("POST", target, urlencode(fields).encode(), FORM)

    def control(self, method: str, path: str, value=None, expect: int = 200):
        body = b"" if value is None else json.dumps(value).encode()
        reply = send(self.reach["control_url"], method, path, body, JSON)
        assert reply.status == expect, reply.body
        return reply.json

    def ledger(self, *verbs: str) -> list[dict]:
        rows = self.control("GET", "/ledger")
        return [row for row in rows if not verbs or row["verb"] in verbs]

    def fault(self, route: str, **fields) -> None:
        self.control("POST", "/faults", {"route": route, **fields})

    def settings(self, **changes) -> None:
        self.control("POST", "/settings", changes)


class JamfPro(Api):
    name = "jamf"

    def token(self, **changes: str) -> Reply:
        fields = {"grant_type": "client_credentials", "client_id": self.reach["client_id"],
                  "client_secret": self.reach["client_secret"], **changes}
        return self.post_form("/api/v1/oauth/token", **fields)

    def computers(self, query: str, version: int = 4, sections=("GENERAL", "HARDWARE")) -> Reply:
        pairs = [("section", section) for section in sections] + [("filter", query)]
        return self.get(f"/api/v{version}/computers-inventory?{urlencode(pairs)}")

    def names(self, query: str) -> list[str]:
        reply = self.computers(query)
        assert reply.status == 200, reply.body
        return [item["general"]["name"] for item in reply.json["results"]]

    def mobile_devices(self, query: str, sections=("GENERAL", "HARDWARE")) -> Reply:
        pairs = [("section", section) for section in sections] + [("filter", query)]
        return self.get(f"/api/v2/mobile-devices/detail?{urlencode(pairs)}")

    def mobile_device(self, name: str) -> dict:
        found = self.control("GET", "/state")["mobile_devices"]
        return next(device for device in found if device["name"] == name)

    def management_id(self, name: str) -> str:
        found = self.control("GET", "/state")["computers"]
        return next(c["management_id"] for c in found if c["hostname"] == name)

    def computer(self, name: str) -> dict:
        found = self.control("GET", "/state")["computers"]
        return next(c for c in found if c["hostname"] == name)

    def lock(self, *management_ids: str, pin: object = "123456", **changes) -> Reply:
        return self.post_json("/api/v2/mdm/commands", {
            "clientData": [{"managementId": item} for item in management_ids],
            "commandData": {"commandType": "DEVICE_LOCK", "pin": pin, **changes}})

    def commands(self, query: str) -> Reply:
        return self.get("/api/v2/mdm/commands?" + urlencode({"filter": query}))


class Falcon(Api):
    name = "crowdstrike"

    def token(self, **changes: str) -> Reply:
        fields = {"client_id": self.reach["client_id"],
                  "client_secret": self.reach["client_secret"], **changes}
        return self.post_form("/oauth2/token", **fields)

    def query(self, text: str) -> Reply:
        return self.get("/devices/queries/devices/v1?" + urlencode({"filter": text}))

    def ids(self, text: str) -> list[str]:
        reply = self.query(text)
        assert reply.status == 200, reply.body
        return reply.json["resources"]

    def host_id(self, name: str) -> str:
        found = self.control("GET", "/state")["hosts"]
        return next(host["device_id"] for host in found if host["hostname"] == name)

    def status(self, device_id: str) -> str:
        reply = self.post_json("/devices/entities/devices/v2", {"ids": [device_id]})
        return reply.json["resources"][0]["status"]

    def act(self, action: str, *ids: str) -> Reply:
        return self.post_json(
            f"/devices/entities/devices-actions/v2?action_name={action}", {"ids": list(ids)})


class OktaOrg(Api):
    name = "okta"
    # Okta answers a bad search with 400, which its description of the list leaves out.
    undocumented = (400, 404, 405)

    def __init__(self, reach: dict, app):
        super().__init__(reach)
        self.app = app
        self.token_url = reach["base_url"] + "/oauth2/v1/token"

    def token(self, scope: str = "okta.users.read okta.users.manage okta.logs.read",
              assertion: str | None = None, headers=None) -> Reply:
        fields = {
            "grant_type": "client_credentials", "scope": scope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.app.assertion(self.token_url)}
        # The description does not know the token type DPoP, so such an answer is not judged.
        send_it = self.raw if headers else self.call
        return send_it("POST", "/oauth2/v1/token", urlencode(fields).encode(),
                       {**FORM, **(headers or {})})

    def user(self, text: str) -> Reply:
        return self.get("/api/v1/users/" + quote(text, safe=""))

    def users(self, **query: str) -> Reply:
        return self.get("/api/v1/users?" + urlencode(query))

    def logins(self, **query: str) -> list[str]:
        reply = self.users(**query)
        assert reply.status == 200, reply.body
        return [user["profile"]["login"] for user in reply.json]

    def account(self, login: str) -> dict:
        found = self.control("GET", "/state")["users"]
        return next(user for user in found if user["login"] == login)

    def revoke(self, user_id: str, query: str = "oauthTokens=true&forgetDevices=true") -> Reply:
        return self.call("DELETE", f"/api/v1/users/{quote(user_id, safe='')}/sessions?{query}",
                         headers=self.bearer())


class SlackWorkspace(Api):
    name = "slack"
    # Faults give statuses that Slack itself does not document.
    undocumented = (404, 405)

    def bearer(self, kind: str = "bot_token") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.reach[kind]}"}

    def method(self, name: str, token: str = "bot_token", **arguments) -> dict:
        reply = self.call("POST", f"/api/{name}", json.dumps(arguments).encode(), {**JSON, **self.bearer(token)})
        assert reply.status == 200
        return reply.json

    def look_up(self, **query: str) -> dict:
        name = "users.info" if "user" in query else "users.lookupByEmail"
        return self.get(f"/api/{name}?" + urlencode(query)).json

    def user_id(self, email: str) -> str:
        return self.look_up(email=email)["user"]["id"]


class VaultNode(Api):
    name = "vault"
    undocumented = (307, 405)

    def login(self, **changes) -> Reply:
        fields = {"role_id": self.reach["client_id"], "secret_id": self.reach["client_secret"], **changes}
        body = {name: value for name, value in fields.items() if value is not None}
        reply = self.call("POST", "/v1/auth/approle/login", json.dumps(body).encode(), JSON)
        if reply.status == 200:
            self._token = reply.json["auth"]["client_token"]
        return reply

    def headers(self, token: str | None = None, wrap: str | None = None) -> dict[str, str]:
        if self._token is None and token is None:
            self.login()
        headers = {"X-Vault-Token": token or self._token, "X-Vault-Request": "true"}
        return headers if wrap is None else {**headers, "X-Vault-Wrap-TTL": wrap}

    def get(self, target: str, token: str | None = None, wrap: str | None = None) -> Reply:
        return self.call("GET", target, headers=self.headers(token, wrap))

    def post(self, target: str, value) -> Reply:
        return self.call("POST", target, json.dumps(value).encode() if value is not None else b"",
                         {**JSON, **self.headers()})

    def lookup(self) -> Reply:
        return self.get("/v1/auth/token/lookup-self")

    def read(self, path: str, version: int | None = None) -> Reply:
        return self.get(f"/v1/secret/data/{path}" + (f"?version={version}" if version else ""))

    def write(self, path: str, data: dict, cas: int | None = None) -> Reply:
        return self.post(f"/v1/secret/data/{path}", {"data": data, **({} if cas is None else {"options": {"cas": cas}})})

    def list(self, folder: str) -> Reply:
        return self.get(f"/v1/secret/metadata/{folder.strip('/')}?list=true")

    def health(self, query: str = "") -> Reply:
        return self.call("GET", "/v1/sys/health" + query)

    def settings(self, **values):
        return self.control("POST", "/settings", values)

    def state(self) -> dict:
        return self.control("GET", "/state")
