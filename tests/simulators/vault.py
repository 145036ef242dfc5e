# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The Vault simulator, which OpenBao shares: logins, KV version 2, database credentials, leases, wrapping, node states."""

import re
import secrets
import time
import uuid
from dataclasses import dataclass

from provider import BadSetting, Call, Provider, Refusal, Route, utc_text
from tokens import Client, Token
from vault_store import Leases, Secrets, Version, Wrappings
from wire import Answer, BadBody, Request, parse_json

_MESSAGES = {400: "invalid request", 403: "permission denied", 405: "unsupported operation",
             412: "required index state not present", 429: "request path: rate limit quota exceeded",
             500: "internal error", 503: "Vault is sealed"}
_DURATION = re.compile(r"(\d+)(s|m|h)?")
_UNITS = {None: 1, "s": 1, "m": 60, "h": 3600}


def new_client() -> Client:
    return Client(str(uuid.uuid4()), secrets.token_urlsafe(24))


@dataclass(frozen=True)
class PathRoute(Route):
    """A route whose last part, `{path*}`, takes one segment or more."""

    def arguments(self, segments: list[str]) -> dict[str, str] | None:
        parts = self.template.split("/")[1:]
        if not self.template.endswith("*}"):
            return super().arguments(segments)
        fixed = len(parts) - 1
        if len(segments) <= fixed or segments[:fixed] != parts[:fixed] or not all(segments[fixed:]):
            return None
        return {"path": "/".join(segments[fixed:])}


class Vault(Provider):
    name = "vault"
    DEFAULTS = {
        "answer_delay_ms": 0, "token_lifetime_s": 3600, "token_max_ttl_s": 0, "token_renewable": True,
        "lease_lifetime_s": 3600, "lease_renewable": True, "sealed": False, "initialized": True,
        "standby": False, "forwards": True, "namespace": "", "policies": [], "jwts": [],
        "warnings": False, "quota_reached": False,
    }

    def __init__(self, client: Client):
        self.born: dict[str, float] = {}  # of each token, for its greatest age
        super().__init__(client)

    def make_routes(self) -> list[Route]:
        path = lambda call: [call.path.get("path", "")]  # noqa: E731
        lease = lambda call: [str(call.request.json.get("lease_id", ""))]  # noqa: E731
        open_, kv = {"needs": None}, "/v1/secret/"
        return [
            PathRoute("GET", "/v1/sys/health", self._health, **open_),
            PathRoute("POST", "/v1/auth/approle/login", self._approle, "token", **open_),
            PathRoute("POST", "/v1/auth/jwt/login", self._jwt, "token", **open_),
            PathRoute("POST", "/v1/auth/kubernetes/login", self._jwt, "token", **open_),
            PathRoute("GET", "/v1/auth/token/lookup-self", self._lookup_self),
            PathRoute("POST", "/v1/auth/token/renew-self", self._renew_self, "token"),
            PathRoute("POST", "/v1/auth/token/revoke-self", self._revoke_self, "token"),
            PathRoute("GET", kv + "data/{path*}", self._read, targets=path),
            PathRoute("POST", kv + "data/{path*}", self._write, "write", targets=path),
            PathRoute("PUT", kv + "data/{path*}", self._write, "write", targets=path),
            PathRoute("DELETE", kv + "data/{path*}", self._delete_latest, "delete", targets=path),
            PathRoute("POST", kv + "delete/{path*}", self._delete, "delete", targets=path),
            PathRoute("POST", kv + "undelete/{path*}", self._undelete, "undelete", targets=path),
            PathRoute("POST", kv + "destroy/{path*}", self._destroy, "destroy", targets=path),
            PathRoute("GET", kv + "metadata/", self._list),
            PathRoute("GET", kv + "metadata/{path*}", self._metadata, targets=path),
            PathRoute("DELETE", kv + "metadata/{path*}", self._forget, "destroy", targets=path),
            PathRoute("GET", "/v1/database/creds/{path*}", self._make_credential, "lease", targets=path),
            PathRoute("POST", "/v1/sys/leases/renew", self._renew_lease, "renew", targets=lease),
            PathRoute("POST", "/v1/sys/leases/revoke", self._revoke_lease, "revoke", targets=lease),
            PathRoute("POST", "/v1/sys/leases/lookup", self._lookup_lease, "read", targets=lease),
            PathRoute("POST", "/v1/sys/wrapping/unwrap", self._unwrap, "unwrap", **open_),
            PathRoute("POST", "/v1/sys/wrapping/lookup", self._lookup_wrapped, **open_),
        ]

    def seed(self) -> None:
        self.secrets, self.leases, self.wrappings = Secrets(), Leases(), Wrappings()
        self.secrets.write("production/DATABASE_URL", {"value": "postgresql://app:prod-pw@db:5432/app"})
        self.secrets.write("staging/API_KEY", {"value": "staging-api-key"})
        self.secrets.write("acme/crowdstrike", {"client_id": "acme", "client_secret": "old"})
        self.secrets.write("acme/crowdstrike", {"client_id": "acme", "client_secret": "crowdstrike-pw"})
        self.secrets.write("beta/crowdstrike", {"client_id": "beta", "client_secret": "beta-pw"})

    def check_settings(self, changes: dict) -> None:
        if not all(len(policy.split(" ")) == 2 for policy in changes.get("policies", [])):
            raise BadSetting("policies holds texts `CLIENT PREFIX`")

    def world(self) -> dict:
        self._end_dead_leases()
        return {"secrets": self.secrets.view(), "leases": self.leases.view(), "wrapped": self.wrappings.count()}

    def actions(self) -> dict:
        """Of the control server: a test puts a secret there."""
        return {("POST", "/secrets"): self._put_secret}

    def _put_secret(self, request: Request) -> dict:
        wanted = parse_json(request.body)
        if not isinstance(wanted, dict) or not isinstance(wanted.get("path"), str) or not isinstance(
                wanted.get("data"), dict):
            raise BadSetting("an object with path and data is expected")
        with self.lock:
            return {"version": self.secrets.write(wanted["path"], wanted["data"])}

    # Who asks, and whether this node serves
    def _handle(self, call: Call) -> Answer:
        refusal = self._out_of_service(call)
        return refusal if refusal is not None else super()._handle(call)

    def _out_of_service(self, call: Call) -> Answer | None:
        if call.request.raw_path == "/v1/sys/health":
            return None
        if not self.settings["initialized"] or self.settings["sealed"]:
            return self.error(call.request, 503)
        if self.settings["standby"] and not self.settings["forwards"]:
            return Answer(307, headers={"Location": "http://active.vault.invalid:8200" + call.request.target})
        if self.settings["quota_reached"]:
            return self.error(call.request, 429)
        if call.request.headers.get("x-vault-namespace", "").strip("/") != self.settings["namespace"]:
            return self.error(call.request, 404)
        return None

    def _token_text(self, request: Request) -> str:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        return request.headers.get("x-vault-token", text.strip() if scheme.lower() == "bearer" else "")

    def _bearer(self, request: Request) -> Token | None:
        return self.tokens.find(self._token_text(request))

    def authenticate(self, request: Request) -> Token:
        token = self._bearer(request)
        if token is None or token.expired():
            raise Refusal(self.error(request, 403))
        return token

    def authorise(self, call: Call) -> None:
        """Policies name what a client may touch; one that is in none may touch all."""
        path = call.request.raw_path.removeprefix("/v1/")
        own = [policy.split(" ")[1] for policy in self.settings["policies"]
               if policy.split(" ")[0] == call.token.client_id]
        touches = path.startswith(("secret/", "database/"))
        plain = re.sub(r"^secret/(data|metadata|delete|undelete|destroy)/", "secret/", path)
        if own and touches and not any(plain.startswith(prefix) for prefix in own):
            raise Refusal(self.error(call.request, 403))

    def claimed_client(self, request: Request) -> str | None:
        if request.raw_path != "/v1/auth/approle/login":
            return None
        body = request.json
        return body.get("role_id") if isinstance(body, dict) and isinstance(body.get("role_id"), str) else None

    # Answers
    def error(self, request: Request, status: int, message: str = "") -> Answer:
        text = message or _MESSAGES.get(status, "")
        return Answer.of_json(status, {"errors": [text] if text else []})

    def _found(self, call: Call, data=None, status: int = 200, **more) -> Answer:
        body = {"request_id": str(uuid.uuid4()), "lease_id": "", "renewable": False, "lease_duration": 0,
                "data": data, "wrap_info": None, "warnings": None, "auth": None, **more}
        wish = call.request.headers.get("x-vault-wrap-ttl")
        return Answer.of_json(status, body) if wish is None else self._wrap(call, body, wish)

    def _wrap(self, call: Call, body: dict, wish: str) -> Answer:
        found = _DURATION.fullmatch(wish)
        if not found:
            return self.error(call.request, 400, "invalid wrap TTL")
        ttl, path = int(found[1]) * _UNITS[found[2]], call.request.raw_path.removeprefix("/v1/")
        token = self.wrappings.put(body, ttl, path)
        info = {"token": token, "accessor": secrets.token_urlsafe(12), "ttl": ttl,
                "creation_time": utc_text(time.time()), "creation_path": path}
        return Answer.of_json(200, {"request_id": str(uuid.uuid4()), "lease_id": "", "renewable": False,
                                    "lease_duration": 0, "data": None, "wrap_info": info, "warnings": None,
                                    "auth": None})

    def _nothing(self, call: Call) -> Answer:
        """204, or 200 when there is something to warn of."""
        return self._found(call, warnings=["this node is slow"]) if self.settings["warnings"] else Answer(204)

    def _body(self, call: Call) -> dict:
        if not call.request.body:
            return {}
        body = parse_json(call.request.body)  # real servers take it whatever its Content-Type
        if not isinstance(body, dict):
            raise BadBody("an object is expected")
        return body

    # sys/health
    def _health(self, call: Call) -> Answer:
        settings, query = self.settings, call.request.query
        status = 200
        if not settings["initialized"]:
            status = int(query.get("uninitcode", ["501"])[0])
        elif settings["sealed"]:
            status = int(query.get("sealedcode", ["503"])[0])
        elif settings["standby"] and "standbyok" not in query:
            status = int(query.get("standbycode", ["429"])[0])
        return Answer.of_json(status, {
            "initialized": settings["initialized"], "sealed": settings["sealed"] or not settings["initialized"],
            "standby": settings["standby"] or settings["sealed"], "performance_standby": False,
            "replication_performance_mode": "disabled", "replication_dr_mode": "disabled",
            "server_time_utc": int(time.time()), "version": "1.15.0", "cluster_name": "simulated",
            "cluster_id": "0f2b7a44-6c1d-4d0a-9a53-0a1f4f6d9a11"})

    # Logins and tokens
    def _login(self, call: Call, client_id: str) -> Answer:
        lifetime = int(self.settings["token_lifetime_s"])
        text = self.tokens.issue(client_id, (), lifetime, prefix="hvs.")
        self.born[text] = time.monotonic()
        return self._found(call, auth=self._auth(text, client_id, lifetime))

    def _auth(self, text: str, client_id: str, lifetime: int) -> dict:
        return {"client_token": text, "accessor": text[-8:], "policies": ["default", "quell"],
                "token_policies": ["default", "quell"], "metadata": {"role_name": client_id},
                "lease_duration": lifetime, "renewable": self.settings["token_renewable"], "entity_id": "",
                "token_type": "service", "orphan": True, "num_uses": 0}

    def _approle(self, call: Call) -> Answer:
        body = self._body(call)
        client = self.clients.get(body.get("role_id"))
        if client is None or not client.knows(str(body.get("secret_id", ""))):
            return self.error(call.request, 400, "invalid role or secret ID")
        return self._login(call, client.client_id)

    def _jwt(self, call: Call) -> Answer:
        body = self._body(call)
        if not body.get("role") or body.get("jwt") not in self.settings["jwts"]:
            return self.error(call.request, 403)
        return self._login(call, str(body["role"]))

    def _lookup_self(self, call: Call) -> Answer:
        left = max(0, int(call.token.expires - time.monotonic()))
        return self._found(call, {
            "accessor": "acc", "creation_time": int(time.time()), "creation_ttl": int(self.settings["token_lifetime_s"]),
            "display_name": "approle", "entity_id": "", "expire_time": utc_text(time.time() + left),
            "explicit_max_ttl": 0, "id": self._token_text(call.request), "policies": ["default", "quell"],
            "renewable": self.settings["token_renewable"], "ttl": left, "type": "service"})

    def _renew_self(self, call: Call) -> Answer:
        text = self._token_text(call.request)
        if not self.settings["token_renewable"]:
            return self.error(call.request, 400, "token is not renewable")
        lifetime, most = int(self.settings["token_lifetime_s"]), self.settings["token_max_ttl_s"]
        if most:
            lifetime = max(0, min(lifetime, int(self.born[text] + most - time.monotonic())))
        call.token.expires = time.monotonic() + lifetime
        return self._found(call, auth=self._auth(text, call.token.client_id, lifetime))

    def _revoke_self(self, call: Call) -> Answer:
        self.tokens.revoke(self._token_text(call.request))
        return self._nothing(call)

    # KV version 2
    def _version(self, call: Call) -> tuple[int, Version]:
        versions = self.secrets.versions(call.path["path"])
        wanted = call.request.one("version", "0")
        number = int(wanted) if wanted.isdigit() else 0
        number = number or len(versions)
        if not versions or number > len(versions):
            raise Refusal(self.error(call.request, 404))
        return number, versions[number - 1]

    def _read(self, call: Call) -> Answer:
        number, version = self._version(call)
        metadata = version.metadata(number)
        if not version.readable():  # 404 with a body: PROVIDERS.md 6
            return self._found(call, {"data": None, "metadata": metadata}, status=404)
        return self._found(call, {"data": version.data, "metadata": metadata})

    def _write(self, call: Call) -> Answer:
        path, body = call.path["path"], self._body(call)
        if not isinstance(body.get("data"), dict) or path.endswith("."):
            return self.error(call.request, 400, "no data provided")
        cas = body.get("options", {}).get("cas")
        if cas is not None and cas != len(self.secrets.versions(path)):
            return self.error(call.request, 400, "check-and-set parameter did not match the current version")
        number = self.secrets.write(path, body["data"])
        return self._found(call, self.secrets.versions(path)[number - 1].metadata(number))

    def _wanted(self, call: Call) -> list[Version]:
        versions = self.secrets.versions(call.path["path"])
        numbers = self._body(call).get("versions", [])
        return [versions[n - 1] for n in numbers if isinstance(n, int) and 0 < n <= len(versions)]

    def _delete_latest(self, call: Call) -> Answer:
        for version in self.secrets.versions(call.path["path"])[-1:]:
            version.deleted = time.time()
        return self._nothing(call)

    def _delete(self, call: Call) -> Answer:
        for version in self._wanted(call):
            version.deleted = time.time()
        return self._nothing(call)

    def _undelete(self, call: Call) -> Answer:
        for version in self._wanted(call):
            version.deleted = None
        return self._nothing(call)

    def _destroy(self, call: Call) -> Answer:
        for version in self._wanted(call):
            version.data, version.destroyed = {}, True
        return self._nothing(call)

    def _forget(self, call: Call) -> Answer:
        self.secrets.forget(call.path["path"])
        return self._nothing(call)

    def _list(self, call: Call) -> Answer:
        folder = call.path.get("path", "")
        names = self.secrets.names(folder + "/" if folder else "")
        return self._found(call, {"keys": names}) if names else self.error(call.request, 404)

    def _metadata(self, call: Call) -> Answer:
        if call.request.one("list") == "true":
            return self._list(call)
        versions = self.secrets.versions(call.path["path"])
        if not versions:
            return self.error(call.request, 404)
        one = {str(n): {k: v for k, v in version.metadata(n).items() if k in ("created_time", "deletion_time", "destroyed")}
               for n, version in enumerate(versions, 1)}
        return self._found(call, {
            "cas_required": False, "created_time": utc_text(versions[0].created), "current_version": len(versions),
            "custom_metadata": None, "delete_version_after": "0s", "max_versions": 0, "oldest_version": 1,
            "updated_time": utc_text(versions[-1].created), "versions": one})

    # Database credentials and leases
    def _end_dead_leases(self) -> None:
        def is_dead(text: str) -> bool:
            token = self.tokens.find(text)
            return token is None or token.expired()
        self.leases.end_with(is_dead)

    def _make_credential(self, call: Call) -> Answer:
        lifetime, renewable = int(self.settings["lease_lifetime_s"]), self.settings["lease_renewable"]
        lease_id, lease = self.leases.make(call.path["path"], call.token.client_id, self._token_text(call.request),
                                           lifetime, renewable)
        return self._found(call, {"username": lease.username, "password": "A1a-" + secrets.token_urlsafe(15)},
                           lease_id=lease_id, lease_duration=lifetime, renewable=renewable)

    def _lease(self, call: Call):
        self._end_dead_leases()
        lease_id = self._body(call).get("lease_id")
        if not isinstance(lease_id, str) or not lease_id:
            raise Refusal(self.error(call.request, 400, "lease_id must be specified"))
        return lease_id, self.leases.find(lease_id)

    def _renew_lease(self, call: Call) -> Answer:
        lease_id, lease = self._lease(call)
        if lease is None or not lease.live() or not lease.renewable:
            return self.error(call.request, 400, "lease not found or lease is not renewable")
        lifetime = int(self.settings["lease_lifetime_s"])
        lease.expires = time.monotonic() + lifetime
        return self._found(call, lease_id=lease_id, lease_duration=lifetime, renewable=True)

    def _revoke_lease(self, call: Call) -> Answer:
        _, lease = self._lease(call)
        if lease is not None:
            lease.revoked = True
        return self._nothing(call)

    def _lookup_lease(self, call: Call) -> Answer:
        lease_id, lease = self._lease(call)
        if lease is None or not lease.live():
            return self.error(call.request, 400, "invalid lease")
        return self._found(call, {"id": lease_id, "ttl": int(lease.expires - time.monotonic()),
                                  "renewable": lease.renewable})

    # Wrapping
    def _unwrap(self, call: Call) -> Answer:
        token = self._body(call).get("token") or self._token_text(call.request)
        wrapped = self.wrappings.take(token) if isinstance(token, str) else None
        if wrapped is None:
            return self.error(call.request, 400, "wrapping token is not valid or does not exist")
        return Answer.of_json(200, wrapped.answer)

    def _lookup_wrapped(self, call: Call) -> Answer:
        token = self._body(call).get("token")
        wrapped = self.wrappings.look(token) if isinstance(token, str) else None
        if wrapped is None:
            return self.error(call.request, 400, "wrapping token is not valid or does not exist")
        return self._found(call, {"creation_path": wrapped.path, "creation_time": utc_text(wrapped.created),
                                  "creation_ttl": int(wrapped.expires - time.monotonic())})
