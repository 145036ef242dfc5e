#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Runs the simulators of Jamf Pro, CrowdStrike Falcon, Okta, Slack and Vault on free loopback ports.

    simulators.py --ready-file PATH [--okta-jwk FILE] [--tls-ca FILE] [--exit-with-stdin]

README.md beside this file describes them.
"""

import argparse
import json
import os
import signal
import sys
import threading

# The folder may be installed where nothing is to be written.
sys.dont_write_bytecode = True

try:
    import jose
except ImportError:
    sys.exit("simulators: the Python package 'cryptography' is missing "
             "(Debian: apt install python3-cryptography); it verifies Okta's client assertions")

import certificates
import crowdstrike
import jamf
import okta
import slack
import vault
from control import Control
from provider import Provider
from wire import Server


def start(provider: Provider, contexts: dict) -> dict:
    """Starts a provider's servers and says how to reach it."""
    api, control = Server(provider.serve), Server(Control(provider).serve)
    provider.base_url = api.url
    api.start()
    control.start()
    client = next(iter(provider.clients.values()))
    reach = {"base_url": api.url, "control_url": control.url, "client_id": client.client_id}
    if client.secret is not None:
        reach["client_secret"] = client.secret
    reach |= provider.reach()
    if contexts:
        reach["tls"] = {kind: start_tls(provider, context) for kind, context in contexts.items()}
    return reach


def start_tls(provider: Provider, context) -> str:
    """The same API behind TLS; its URL."""
    server = Server(provider.serve, context)
    server.start()
    return server.url


def write_ready_file(path: str, content: dict) -> None:
    """By rename, so that whoever waits for the file never sees half of it."""
    draft = f"{path}.{os.getpid()}.tmp"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    os.replace(draft, path)


def read_jwk(path: str | None) -> dict | None:
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            jwk = json.load(file)
        jose.check_key(jwk)
    except (OSError, ValueError, jose.BadJose) as error:
        sys.exit(f"simulators: {path} holds no usable public JWK: {error}")
    if not isinstance(jwk.get("kid"), str) or not jwk["kid"]:
        sys.exit(f"simulators: the JWK in {path} has no kid")
    return {name: value for name, value in jwk.items() if name in
            ("kty", "kid", "alg", "use", "n", "e", "crv", "x", "y")}


def end_with_stdin(ended: threading.Event) -> None:
    def wait() -> None:
        # os.read, since a thread inside sys.stdin's lock would disturb the interpreter's end.
        while os.read(0, 4096):
            pass
        ended.set()
    threading.Thread(target=wait, daemon=True).start()


def main() -> int:
    parser = argparse.ArgumentParser(description="Jamf Pro, CrowdStrike, Okta, Slack and Vault simulators")
    parser.add_argument("--ready-file", required=True, metavar="PATH")
    parser.add_argument("--okta-jwk", metavar="FILE", help="public JWK of the Okta service app")
    parser.add_argument("--tls-ca", metavar="FILE",
                        help="also serve https; the authority's certificate is written here")
    parser.add_argument("--slack-request-url", metavar="URL", default="",
                        help="where Slack's first app is told what people do")
    parser.add_argument("--exit-with-stdin", action="store_true", help="end at end of file there")
    options = parser.parse_args()

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    providers = (jamf.Jamf(jamf.new_client()), crowdstrike.CrowdStrike(crowdstrike.new_client()),
                 okta.Okta(okta.new_client(read_jwk(options.okta_jwk))),
                 slack.Slack(slack.new_client(), options.slack_request_url), vault.Vault(vault.new_client()))
    contexts = certificates.make_contexts(options.tls_ca) if options.tls_ca else {}
    ready = {provider.name: start(provider, contexts) for provider in providers}
    if options.exit_with_stdin:
        end_with_stdin(ended)
    write_ready_file(options.ready_file, ready)
    ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
