# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Okta simulator: a service app's tokens, users, and the revocation of their sessions."""

import secrets
import time
import uuid
from urllib.parse import urlencode

import scim
from okta_auth import Assertions, BadClient, BadProof, Proofs, claimed_issuer
from okta_limits import Buckets
from okta_users import User, crowd, seeded_users, session_clear_event
from provider import BadSetting, Call, Provider, Refusal, Route
from queries import BadQuery
from tokens import Client, Token
from wire import Answer, Request

_TOKEN_PATH = "/oauth2/v1/token"
_OAUTH_PATHS = (_TOKEN_PATH, "/oauth2/v1/revoke")
_MANAGE = ("okta.users.manage",)
_SCHEMES = ("Bearer", "DPoP", "SSWS")
_EVERY_SCOPE = frozenset({"okta.users.read", "okta.users.manage", "okta.logs.read",
                          "okta.orgs.read", "okta.universalLogout.manage"})
_READ = ("okta.users.read", "okta.users.manage")  # manage includes read
_FILTERED = frozenset({"status", "lastUpdated", "id", "profile.login", "profile.email",
                       "profile.firstName", "profile.lastName"})
_SEARCHED = _FILTERED | {"created"}
_LOGGED = frozenset({"eventType", "target.id", "actor.id", "published"})
_ERRORS = {
    400: ("E0000001", "Api validation failed"), 401: ("E0000011", "Invalid token provided"),
    403: ("E0000006", "You do not have permission to perform the requested action"),
    404: ("E0000007", "Not found: Resource not found"),
    405: ("E0000022", "The endpoint does not support the provided HTTP method"),
    429: ("E0000047", "API call exceeded rate limit due to too many requests."),
    500: ("E0000009", "Internal Server Error"),
}
_OAUTH_ERRORS = {400: "invalid_request", 401: "invalid_client", 403: "access_denied",
                 429: "too_many_requests"}


def new_client(jwk: dict | None) -> Client:
    return Client("0oa" + secrets.token_hex(9)[:17], jwk=jwk)


class Okta(Provider):
    name = "okta"
    DEFAULTS = {
        "answer_delay_ms": 0, "token_lifetime_s": 3600, "demands_dpop": False,
        "scopes": ["okta.users.read", "okta.users.manage", "okta.logs.read", "okta.orgs.read"],
        "has_admin_role": True, "rate_limit": 600, "rate_window_s": 60,
        "enforce_rate_limit": False, "concurrency_limit": 75, "schemes": list(_SCHEMES),
        "ssws_expired": False, "not_yet_searchable": [], "crowd": 0, "most_users_in_page": 0,
        "public_url": "",
    }

    def make_routes(self) -> list[Route]:
        return [
            Route("POST", _TOKEN_PATH, self._token, "token", needs=None),
            Route("POST", "/oauth2/v1/revoke", self._revoke_token, "token", needs=None),
            Route("GET", "/api/v1/users", self._users, needs=_READ),
            Route("GET", "/api/v1/users/{id}", self._user, needs=_READ, targets=self._target),
            Route("DELETE", "/api/v1/users/{id}/sessions", self._revoke_sessions, "revoke",
                  needs=_MANAGE, targets=self._target),
            Route("DELETE", "/api/v1/users/{id}/grants", self._delete_grants, "revoke",
                  needs=_MANAGE, targets=self._target),
            Route("GET", "/api/v1/users/{id}/clients", self._clients_of, needs=_READ,
                  targets=self._target),
            Route("DELETE", "/api/v1/users/{id}/clients/{client}/tokens",
                  self._delete_client_tokens, "revoke", needs=_MANAGE, targets=self._target),
            Route("POST", "/api/v1/users/{id}/lifecycle/suspend", self._suspend, "suspend",
                  needs=_MANAGE, targets=self._target),
            Route("POST", "/api/v1/users/{id}/lifecycle/unsuspend", self._unsuspend, "unsuspend",
                  needs=_MANAGE, targets=self._target),
            Route("POST", "/oauth2/v1/global-token-revocation", self._global_revocation, "revoke",
                  needs=("okta.universalLogout.manage",)),
            Route("GET", "/api/v1/logs", self._logs, needs=("okta.logs.read",)),
            Route("GET", "/api/v1/org", self._org, needs=("okta.orgs.read",)),
        ]

    def seed(self) -> None:
        self.users = seeded_users()
        self.log: list[dict] = []
        self.assertions = Assertions()
        self.proofs = Proofs()
        self.buckets = Buckets()

    def check_settings(self, changes: dict) -> None:
        if not set(_SCHEMES) >= set(changes.get("schemes", [])):
            raise BadSetting("schemes holds Bearer, DPoP and SSWS")
        if changes.get("crowd", 0) > 10_000:
            raise BadSetting("crowd is at most 10,000")

    def settings_changed(self) -> None:
        wanted = crowd(int(self.settings["crowd"]))
        for user_id in [i for i, user in self.users.items() if user.in_crowd]:
            if user_id not in wanted:
                del self.users[user_id]
        for user_id, user in wanted.items():
            self.users.setdefault(user_id, user)

    def world(self) -> dict:
        return {"users": [user.view() for user in self.users.values()], "log": list(self.log)}

    def claimed_client(self, request: Request) -> str | None:
        owner = self._ssws_owner(request)
        if owner is not None:
            return owner.client_id
        if request.raw_path not in _OAUTH_PATHS:
            return None
        return claimed_issuer(request.form.get("client_assertion", ""))

    # Answers
    def error(self, request: Request, status: int, message: str = "") -> Answer:
        if request.raw_path in _OAUTH_PATHS:
            return self._oauth_error(request, status, _OAUTH_ERRORS.get(status, "server_error"),
                                     message)
        code, summary = _ERRORS.get(status, ("E0000009", "Internal Server Error"))
        return self._answer(request, status, {
            "errorCode": code, "errorSummary": message or summary, "errorLink": code,
            "errorId": "oae" + secrets.token_urlsafe(15), "errorCauses": []})

    def _oauth_error(self, request: Request, status: int, error: str, text: str) -> Answer:
        return self._answer(request, status, {"error": error, "error_description": text or error})

    def _answer(self, request: Request, status: int, value=None) -> Answer:
        limit = int(self.settings["rate_limit"])
        left, reset = self.buckets.state(request.raw_path, limit, self.settings["rate_window_s"])
        if not self.settings["enforce_rate_limit"]:
            left = max(limit - 1, 0)
        headers = {"X-Rate-Limit-Limit": str(limit), "X-Rate-Limit-Remaining": str(left),
                   "X-Rate-Limit-Reset": str(reset), "X-Okta-Request-Id": str(uuid.uuid4())}
        if status == 204 or value is None:
            return Answer(status, headers=headers)
        return Answer.of_json(status, value, headers)

    def _url(self, request: Request) -> str:
        """As the client wrote it: a test may put a proxy in between."""
        return (self.settings["public_url"] or self.base_url) + request.raw_path

    def _check_limits(self, request: Request) -> None:
        if self._busy > self.settings["concurrency_limit"]:
            answer = self.error(request, 429)  # its Reset is only a guess
            answer.headers.update({"X-Rate-Limit-Limit": "0", "X-Rate-Limit-Remaining": "0"})
            raise Refusal(answer)
        if self.settings["enforce_rate_limit"] and not self.buckets.take(
                request.raw_path, int(self.settings["rate_limit"]),
                self.settings["rate_window_s"]):
            raise Refusal(self.error(request, 429))

    # Tokens
    def _token(self, call: Call) -> Answer:
        self._check_limits(call.request)
        client = self._client(call)
        form = call.request.form
        if form.get("grant_type") != "client_credentials":
            return self._oauth_error(call.request, 400, "unsupported_grant_type", "")
        scopes = form.get("scope", "").split()
        if not scopes or not set(scopes).issubset(self.settings["scopes"]):
            return self._oauth_error(call.request, 400, "invalid_scope",
                                     "No scopes or not all are granted.")
        try:
            bound = self._bound_key(call.request)
        except BadProof as bad:
            answer = self._oauth_error(call.request, 400, bad.error, str(bad))
            answer.headers["dpop-nonce"] = self.proofs.nonce
            return answer
        return self._issue(call, client, scopes, bound)

    def _client(self, call: Call) -> Client:
        try:
            return self.assertions.client_of(call.request.form, self.clients,
                                             self._url(call.request))
        except BadClient as bad:
            raise Refusal(self._oauth_error(call.request, 401, "invalid_client",
                                            str(bad))) from bad

    def _bound_key(self, request: Request) -> str | None:
        if not self.settings["demands_dpop"] and "dpop" not in request.headers:
            return None
        return self.proofs.at_token_endpoint(request, self._url(request))

    def _issue(self, call: Call, client: Client, scopes: list[str], bound: str | None) -> Answer:
        lifetime = self.settings["token_lifetime_s"]
        token = self.tokens.issue(client.client_id, scopes, lifetime, bound)
        return self._answer(call.request, 200, {
            "token_type": "DPoP" if bound else "Bearer", "expires_in": int(lifetime),
            "access_token": token, "scope": " ".join(scopes)})

    def _revoke_token(self, call: Call) -> Answer:
        client = self._client(call)
        text = call.request.form.get("token", "")
        if not text:
            return self._oauth_error(call.request, 400, "invalid_request", "token is missing")
        token = self.tokens.find(text)
        if token is not None and token.client_id == client.client_id:
            self.tokens.revoke(text)
        return self._answer(call.request, 200)

    def authenticate(self, request: Request) -> Token:
        self._check_limits(request)
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        allowed = [name.lower() for name in self.settings["schemes"]]
        if scheme.lower() not in allowed:
            raise Refusal(self.error(request, 401))
        if scheme.lower() == "ssws":
            return self._ssws_token(request)
        token = super().authenticate(request)
        bound = token.thumbprint is not None
        if bound != (scheme.lower() == "dpop"):
            raise Refusal(self.error(request, 401))
        if bound:
            try:
                self.proofs.at_api(request, self._url(request), text.strip(), token)
            except BadProof as bad:
                answer = self.error(request, 401, str(bad))
                answer.headers["WWW-Authenticate"] = 'DPoP error="invalid_dpop_proof"'
                raise Refusal(answer) from bad
        return token

    def _ssws_owner(self, request: Request) -> Client | None:
        """An API token is the secret of a client here; it acts with the rights of its owner."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "ssws":
            return None
        return next((c for c in self.clients.values() if c.knows(text.strip())), None)

    def _ssws_token(self, request: Request) -> Token:
        owner = self._ssws_owner(request)
        if owner is None or self.settings["ssws_expired"]:  # 30 days without use
            raise Refusal(self.error(request, 401))
        return Token(owner.client_id, _EVERY_SCOPE, float("inf"))

    def authorise(self, call: Call) -> None:
        super().authorise(call)
        if not self.settings["has_admin_role"]:
            raise Refusal(self.error(call.request, 403))

    # Users
    def _target(self, call: Call) -> list[str]:
        user = self._by_id_or_login(call.path["id"])
        return [user.id if user else call.path["id"]]

    def _by_id_or_login(self, text: str) -> User | None:
        if text in self.users:
            return self.users[text]
        for user in self.users.values():
            if user.account.login.lower() == text.lower():
                return user
        # A short name counts only while it is unambiguous.
        short = [user for user in self.users.values()
                 if user.account.login.partition("@")[0].lower() == text.lower()]
        return short[0] if len(short) == 1 else None

    def _user(self, call: Call) -> Answer:
        user = self._by_id_or_login(call.path["id"])
        if user is None:
            return self.error(call.request, 404)
        return self._answer(call.request, 200, user.record(self.base_url))

    def _users(self, call: Call) -> Answer:
        matches = self._matcher(call.request)
        late = self.settings["not_yet_searchable"] if "search" in call.request.query else []
        records = [user.record(self.base_url) for user in self.users.values()
                   if user.account.login not in late]
        return self._listed(call.request, [record for record in records if matches(record)], 200)

    def _matcher(self, request: Request):
        parse, text = None, ""
        if "search" in request.query:
            parse, text = (lambda t: scim.parse_search(t, _SEARCHED)), request.one("search")
        elif "filter" in request.query:
            parse, text = (lambda t: scim.parse_filter(t, _FILTERED)), request.one("filter")
        if parse is None:
            return _starts_with(request.one("q").lower())
        return self._parsed(request, parse, text)

    def _parsed(self, request: Request, parse, text: str):
        try:
            return parse(text)
        except BadQuery as bad:
            answer = self.error(request, 400, f"Invalid search criteria: {bad}")
            answer.body = answer.body.replace(b"E0000001", b"E0000031")
            raise Refusal(answer) from bad

    def _listed(self, request: Request, records: list[dict], default: int) -> Answer:
        """One page, with Link headers; the cursor is a position."""
        limit, after = request.one("limit", str(default)), request.one("after", "0")
        if not all(t.isascii() and t.isdigit() and len(t) < 6 for t in (limit, after)):
            raise Refusal(self.error(request, 400))
        most = int(self.settings["most_users_in_page"]) or 1000
        start, end = int(after), int(after) + min(max(int(limit), 1), most)
        answer = self._answer(request, 200, records[start:end])
        query = "?" + request.target.partition("?")[2]
        links = [f'<{self._url(request)}{query}>; rel="self"']
        if end < len(records):
            names = {n: v[0] for n, v in request.query.items() if n not in ("after", "limit")}
            following = urlencode({**names, "after": end, "limit": limit})
            links.append(f'<{self._url(request)}?{following}>; rel="next"')
        answer.headers["Link"] = ", ".join(links)
        return answer

    def _revoke_sessions(self, call: Call) -> Answer:
        oauth_tokens = self._flag(call.request, "oauthTokens", "false")
        forget_devices = self._flag(call.request, "forgetDevices", "true")
        user = self.users.get(call.path["id"])  # the path takes an id, never a login
        if user is None:
            return self.error(call.request, 404)
        user.revoke(oauth_tokens, forget_devices)
        self.log.append(session_clear_event(user, call.token.client_id))
        return self._answer(call.request, 204)

    # The stronger actions
    def _user_of(self, call: Call) -> User:
        user = self.users.get(call.path["id"])
        if user is None:
            raise Refusal(self.error(call.request, 404))
        return user

    def _delete_grants(self, call: Call) -> Answer:
        self._user_of(call).grants = 0
        return self._answer(call.request, 204)

    def _clients_of(self, call: Call) -> Answer:
        held = self._user_of(call).client_tokens
        return self._answer(call.request, 200, [
            {"client_id": name, "client_name": name, "_links": {}}
            for name, count in held.items() if count])

    def _delete_client_tokens(self, call: Call) -> Answer:
        held = self._user_of(call).client_tokens
        if call.path["client"] not in held:
            return self.error(call.request, 404)
        held[call.path["client"]] = 0
        return self._answer(call.request, 204)

    def _suspend(self, call: Call) -> Answer:
        done = self._user_of(call).suspend()
        return self._answer(call.request, 200, {}) if done else self.error(call.request, 400)

    def _unsuspend(self, call: Call) -> Answer:
        done = self._user_of(call).unsuspend()
        return self._answer(call.request, 200, {}) if done else self.error(call.request, 400)

    def _global_revocation(self, call: Call) -> Answer:
        body = call.request.json
        subject = body.get("sub_id") if isinstance(body, dict) else None
        if not isinstance(subject, dict) or subject.get("format") not in ("opaque", "iss_sub"):
            return self.error(call.request, 400)
        user = self.users.get(str(subject.get("id", subject.get("sub"))))
        if user is None:
            return self.error(call.request, 400)
        user.revoke(True, False)
        return self._answer(call.request, 204)

    def _flag(self, request: Request, name: str, default: str) -> bool:
        text = request.one(name, default)
        if text not in ("true", "false"):
            raise Refusal(self.error(request, 400, f"Api validation failed: {name}"))
        return text == "true"

    # The rest
    def _logs(self, call: Call) -> Answer:
        text = call.request.one("filter")
        matches = self._parsed(
            call.request, lambda t: scim.parse_search(t, _LOGGED), text) if text else _anything
        since = call.request.one("since")
        found = [event for event in self.log
                 if matches(_searchable(event)) and (not since or event["published"] >= since)]
        return self._listed(call.request, found, 100)

    def _org(self, call: Call) -> Answer:
        return self._answer(call.request, 200, {
            "id": "00o00000000000000001", "companyName": "Corp Example", "status": "ACTIVE",
            "subdomain": "corp-example"})


def _anything(_record: dict) -> bool:
    return True


def _searchable(event: dict) -> dict:
    """Okta searches a list by any of its elements; ours has one."""
    return {**event, "target": event["target"][0]}


def _starts_with(text: str):
    """`q` and the plain list: a loose match that leaves out deprovisioned accounts."""
    def matches(record: dict) -> bool:
        profile = record["profile"]
        return record["status"] != "DEPROVISIONED" and any(
            profile[name].lower().startswith(text) for name in ("firstName", "lastName", "email"))
    return matches
