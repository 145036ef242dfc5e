# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""A real OpenID provider: node-oidc-provider, run by tests/referees/openid_provider.mjs, and a person who uses it."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from rig.browser import Browser, Page
from rig.configuration import Configuration
from rig.okta_key import OktaKey
from rig.quell_process import REPOSITORY, free_port
from rig.web import Reply

REFEREES = REPOSITORY / "tests/referees"
NODE = REFEREES / "node_modules/node/bin/node"
IS_HERE = (REFEREES / "node_modules/oidc-provider").exists()

CLIENT_ID, CLIENT_SECRET = "quell", "a secret with :&= in it, long enough"


class OpenIdProvider:
    """Owns the process. `accounts` maps a login name to its claims; change it with set()."""

    def __init__(self, folder: Path, redirect_uris: list[str], signing_key: OktaKey | None = None):
        self.issuer = f"http://127.0.0.1:{free_port()}"
        self.accounts: dict[str, dict] = {}
        self._file = folder / f"provider-{urlsplit(self.issuer).port}.json"
        self._client = {"client_id": CLIENT_ID, "redirect_uris": redirect_uris, "response_types": ["code"],
                        "grant_types": ["authorization_code"], "id_token_signed_response_alg": "RS256"}
        if signing_key:
            self._client |= {"token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [signing_key.jwk]},
                             "token_endpoint_auth_signing_alg": "ES256"}
        else:
            self._client |= {"client_secret": CLIENT_SECRET, "token_endpoint_auth_method": "client_secret_basic"}
        self._write()
        self._process = subprocess.Popen([NODE, REFEREES / "openid_provider.mjs", self._file], text=True, cwd=REFEREES,
                                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        line = self._process.stdout.readline()
        assert line == "ready\n", f"the provider did not start: {line!r}"

    def set(self, name: str, **claims) -> None:
        self.accounts[name] = claims
        self._write()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)

    def _write(self) -> None:
        self._file.write_text(json.dumps({"issuer": self.issuer, "clients": [self._client],
                                          "accounts": self.accounts}))


def tenant_table(configuration: Configuration, issuer: str, **more) -> dict:
    """[openid] of a tenant, with the shared secret unless `private_key` is given."""
    table = {"issuer": issuer, "client_id": CLIENT_ID, "scopes": ["openid", "email", "profile", "groups"],
             "allow_insecure_loopback": True, "roles": {"soc": "analyst", "quell-admins": "admin"}, **more}
    if "private_key" not in table:
        table["client_secret"] = configuration.secret("openid_client", CLIENT_SECRET)
    return table


def link_of(reply: Reply) -> str:
    """Where a page of the host leads to the provider: its one link, which the browser follows by itself."""
    found = re.search(r'<meta http-equiv="refresh" content="0; url=([^"]+)">', reply.text)
    assert found, f"leads nowhere: {Page(reply).text}"
    return unescape(found[1])


class Someone:
    """A person at the provider and at the host: one browser for each, as their cookies are apart."""

    def __init__(self, base_url: str, issuer: str):
        self.here = Browser(base_url)
        self.there = Browser(issuer)

    def leave(self, next_path: str = "", company: str = "") -> Reply:
        """From the sign-in page to the page that leads to the provider."""
        page = Page(self.here.open(f"/oauth/login?next={next_path}"))
        form = next(form for form in page.forms if form.action == "/oauth/openid/login")
        return self.here.send("POST", form.action, {**form.values(), **({"company": company} if company else {})})

    def at_provider(self, address: str, name: str) -> str:
        """Signs in and agrees there; the address that leads back here."""
        reply = self.there.open(address)
        for _ in range(4):
            location = reply.header("Location")
            if location and not self._is_there(urljoin(reply.url, location)):
                return urljoin(reply.url, location)
            values = {"login": name, "password": "any"} if 'name="login"' in reply.text else {}
            reply = self.there.submit(Page(reply), values)
        raise AssertionError(f"the provider leads nowhere: {Page(reply).text}")

    def sign_in(self, name: str, next_path: str = "", company: str = "") -> Reply:
        return self.here.open(self.at_provider(link_of(self.leave(next_path, company)), name))

    def is_signed_in(self) -> bool:
        return "quell-session" in self.here.cookies

    def _is_there(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self.there.origin).netloc
