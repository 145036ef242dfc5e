# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The token endpoint: client credentials, refresh with rotation, code exchange with PKCE; each durable and audited (P5)."""

import json
import statistics
import subprocess
import sys
from urllib.parse import urlencode

from figures import cpu_seconds, exact_cpu_seconds, line
from rig.installation import REDIRECT
from rig.oauth_client import FORM, Pkce, code_for
from saturation import Ask, compare, run_wrk

CODES = 500  # a batch: they live for a minute
BATCHES = 4
REFRESH_TOKENS = 128


def client_credentials(echo, install):
    client = install.machine()
    form = {"grant_type": "client_credentials", "client_id": client.client_id, "client_secret": client.secret,
            "scope": "devices:contain"}
    ask = Ask(client.server["token_endpoint"], urlencode(form), FORM, '"access_token"')
    compare(echo, "token, client_credentials, durable", [install.pid], ask, "goal 1.6 (P5)")


def refresh(echo, install, person, folder):
    client = install.client(public=True, name="Refreshing", redirects=[REDIRECT])
    browser = client.browser()
    found = []
    for _ in range(REFRESH_TOKENS):
        pkce = Pkce()
        reply = client.redeem(code_for(client, person, pkce, browser=browser), pkce.verifier)
        found.append(reply.json["refresh_token"])
    tokens = folder / "refresh-tokens"
    tokens.write_text("\n".join(found) + "\n")
    environment = {"BENCH_TOKENS": str(tokens),
                   "BENCH_BODY": urlencode({"grant_type": "refresh_token", "client_id": client.client_id})}
    first = echo.measure()
    before = cpu_seconds(install.pid)
    answered = run_wrk(client.server["token_endpoint"], 5, "refresh.lua", environment)
    cost = (cpu_seconds(install.pid) - before) / answered * 1e6
    reference = statistics.mean([first, echo.measure()])
    line("token, refresh with rotation, durable", cost, "us CPU", cost / reference, "goal 2.0 (P5)")


def batch_of_codes(client, person, folder):
    """A file of forms, one a line, each with a code of its own."""
    browser, forms = client.browser(), []
    for _ in range(CODES):
        pkce = Pkce()
        code = code_for(client, person, pkce, browser=browser)
        forms.append(urlencode({"grant_type": "authorization_code", "client_id": client.client_id, "code": code,
                                "redirect_uri": client.redirect_uri, "code_verifier": pkce.verifier}))
    bodies = folder / "codes"
    bodies.write_text("\n".join(forms) + "\n")
    return bodies


def code_exchange(echo, install, person, folder, program):
    client = install.client(public=True, name="Exchanging", redirects=[REDIRECT])
    headers = folder / "form-headers"
    headers.write_text("\n".join(f"{name}: {value}" for name, value in FORM.items()) + "\n")
    first, spent = echo.measure(), 0.0
    for _ in range(BATCHES):
        bodies = batch_of_codes(client, person, folder)
        before = exact_cpu_seconds(install.pid)
        done = subprocess.run([str(program), str(install.configuration.port), "/oauth/token", "64", str(headers), str(bodies), "0", "0"],
                              capture_output=True, text=True)
        spent += exact_cpu_seconds(install.pid) - before
        if done.returncode != 0 or json.loads(done.stdout)["refused"]:
            sys.exit(f"bench: codes were not taken: {done.stdout}{done.stderr}")
    cost = spent / (CODES * BATCHES) * 1e6
    reference = statistics.mean([first, echo.measure()])
    line("token, code exchange with PKCE, durable", cost, "us CPU", cost / reference, "goal 2.0 (P5)")


def measure(echo, install, folder, program):
    person = install.user("bench@acme.example", "analyst")
    client_credentials(echo, install)
    refresh(echo, install, person, folder)
    code_exchange(echo, install, person, folder, program)
