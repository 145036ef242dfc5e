# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""An OAuth client that starts with nothing but the MCP URL, as RFC 9728 and RFC 8414 mean it."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from rig.browser import Browser, Page
from rig.web import Reply, Web

ALL_SCOPES = "challenges:create challenges:read sessions:revoke devices:contain"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def challenge_parameters(header: str) -> dict[str, str]:
    """The parameters of a Bearer challenge."""
    assert header.startswith("Bearer "), header
    return dict(re.findall(r'(\w+)="([^"]*)"', header))


@dataclass
class Pkce:
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Discovery:
    """What an unauthenticated client finds out, in the order in which it does."""

    challenge: str
    resource: dict
    server: dict

    @property
    def origin(self) -> str:
        parts = urlsplit(self.server["issuer"])
        return urlunsplit((parts.scheme, parts.netloc, "", "", ""))


def discover(mcp_url: str, web: Web | None = None) -> Discovery:
    web = web or Web()
    refused = web.send("POST", mcp_url, {"Content-Type": "application/json"}, "{}")
    assert refused.status == 401, f"{refused.status} {refused.text}"
    challenge = refused.header("WWW-Authenticate") or ""
    resource = _document(web, challenge_parameters(challenge)["resource_metadata"])
    issuer = resource["authorization_servers"][0].rstrip("/")
    server = _document(web, f"{issuer}/.well-known/oauth-authorization-server")
    return Discovery(challenge, resource, server)


def _document(web: Web, url: str) -> dict:
    reply = web.get(url)
    assert reply.status == 200, f"{url}: {reply.status} {reply.text}"
    return reply.json


@dataclass
class OAuthClient:
    """One registered client at one server; `secret` is None for a public client."""

    discovery: Discovery
    client_id: str
    secret: str | None = None
    redirect_uri: str = "http://127.0.0.1/callback"
    web: Web = field(default_factory=Web)

    @property
    def server(self) -> dict:
        return self.discovery.server

    def authorize_parameters(self, pkce: Pkce, scope: str = ALL_SCOPES, **changes) -> dict[str, str]:
        """A good request; `changes` replaces parameters, None leaves one out."""
        good = {"response_type": "code", "client_id": self.client_id, "scope": scope,
                "redirect_uri": self.redirect_uri, "state": secrets.token_urlsafe(8),
                "code_challenge": pkce.challenge, "code_challenge_method": "S256",
                "resource": self.discovery.resource["resource"]}
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def authorize_url(self, parameters: dict[str, str]) -> str:
        return f"{self.server['authorization_endpoint']}?{urlencode(parameters)}"

    def browser(self) -> Browser:
        return Browser(self.discovery.origin, self.web)

    def token(self, fields: dict[str, str], secret: str | None = "") -> Reply:
        """POST to the token endpoint; `secret` as registered unless given (None: sends none)."""
        body = {"client_id": self.client_id, **fields}
        chosen = self.secret if secret == "" else secret
        if chosen is not None:
            body["client_secret"] = chosen
        return self.web.send("POST", self.server["token_endpoint"], FORM, urlencode(body))

    def redeem(self, code: str, verifier: str | None, secret: str | None = "", **changes) -> Reply:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri,
                  "code_verifier": verifier, **changes}
        return self.token({name: value for name, value in fields.items() if value is not None}, secret)

    def refresh(self, refresh_token: str, **fields) -> Reply:
        return self.token({"grant_type": "refresh_token", "refresh_token": refresh_token, **fields})

    def client_credentials(self, scope: str | None = ALL_SCOPES, **fields) -> Reply:
        body = {"grant_type": "client_credentials", **({"scope": scope} if scope else {}), **fields}
        return self.token(body)

    def machine_token(self, scope: str = ALL_SCOPES) -> str:
        reply = self.client_credentials(scope)
        assert reply.status == 200, f"{reply.status} {reply.text}"
        return reply.json["access_token"]


def sign_in(browser: Browser, reply: Reply, user: dict) -> Reply:
    """Fills the login page in; what comes after it."""
    page = Page(reply)
    assert "password" in page.form.values(), f"not a login page: {page.text}"
    return browser.submit(page, {"email": user["email"], "password": user["password"]})


def is_login(reply: Reply) -> bool:
    return reply.status == 200 and 'name="password"' in reply.text


def is_consent(reply: Reply) -> bool:
    return reply.status == 200 and 'name="decision"' in reply.text


def decide(browser: Browser, reply: Reply, decision: str = "allow", tenant: str | None = None) -> Reply:
    """Presses Allow or Deny on the consent page."""
    page = Page(reply)
    assert is_consent(reply), f"not a consent page: {page.text}"
    return browser.submit(page, {"tenant": tenant} if tenant else None, ("decision", decision))


def consent_of(client: OAuthClient, browser: Browser, user: dict, parameters: dict[str, str]) -> Reply:
    """From the authorize URL, over the login if needed, to the consent page or what comes in its place."""
    reply = browser.open(client.authorize_url(parameters))
    return sign_in(browser, reply, user) if is_login(reply) else reply


def answer_of(reply: Reply) -> dict[str, str]:
    """The parameters that the redirect to the client carries, each at most once."""
    location = reply.header("Location")
    assert location, f"no redirect: {reply.status} {reply.text}"
    values = parse_qs(urlsplit(location).query, keep_blank_values=True)
    assert all(len(value) == 1 for value in values.values()), values
    return {name: value[0] for name, value in values.items()}


def code_for(client: OAuthClient, user: dict, pkce: Pkce, scope: str = ALL_SCOPES,
             browser: Browser | None = None, tenant: str | None = None, **changes) -> str:
    """The whole walk of a person who allows it."""
    browser = browser or client.browser()
    parameters = client.authorize_parameters(pkce, scope, **changes)
    reply = consent_of(client, browser, user, parameters)
    if is_consent(reply):
        reply = decide(browser, reply, tenant=tenant)
    answer = answer_of(reply)
    assert answer.get("state") == parameters.get("state"), answer
    assert "code" in answer, answer
    return answer["code"]


def tokens_for(client: OAuthClient, user: dict, scope: str = ALL_SCOPES, tenant: str | None = None) -> dict:
    """Login, consent, code, tokens."""
    pkce = Pkce()
    reply = client.redeem(code_for(client, user, pkce, scope, tenant=tenant), pkce.verifier)
    assert reply.status == 200, f"{reply.status} {reply.text}"
    return reply.json
