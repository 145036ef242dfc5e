# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
#!/usr/bin/python3
"""The main job of Quell, told as it happens: every line is computed from an answer or from a simulator's ledger.

    demo.py [--quell PATH] [--isolation process|in_process] [--serve]

Ends with 1 where an answer and a provider's ledger disagree. --serve leaves the host running for your own client.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from rig.demo_story import Disagreement, Story  # noqa: E402
from rig.quell_process import run, scratch_folder, start_dev  # noqa: E402

REDIRECTS = ["http://127.0.0.1/callback", "http://localhost/callback", "http://127.0.0.1/", "http://localhost/",
             "cursor://anysphere.cursor-mcp/oauth/callback"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Shows Quell at work against provider simulators.")
    parser.add_argument("--quell", help="the binary (build/release/bin/quell)")
    parser.add_argument("--isolation", choices=("process", "in_process"), default="process")
    parser.add_argument("--serve", action="store_true", help="leave it running for your own client")
    return parser.parse_args()


def tell(ready: dict) -> int:
    """The account. The number of lines that are not as they should be."""
    story, failures = Story(ready), 0
    print("\nA laptop behaves badly. An agent knows one URL and has nobody's password.\n")
    for name, line in story.lines():
        started = time.monotonic()
        try:
            text, mark = line(), "ok"
        except Disagreement as failure:
            text, mark = str(failure), "FAILED"
            failures += 1
        print(f"  {mark:<7}{name:<11}{text}  ({time.monotonic() - started:.1f} s)", flush=True)
        if failures:
            break  # what follows builds upon it
    print("\nEvery line was checked against what the providers recorded.\n" if not failures else "")
    return failures


def serve(ready: dict) -> None:
    """Prints what a person needs for a client of their own, and waits for Ctrl-C."""
    words = [word for uri in REDIRECTS for word in ("--redirect-uri", uri)]
    made = json.loads(run("--json", "-c", ready["config"], "client", "create", "--name", "Your client", "--public",
                          *words).stdout)
    user = next(user for user in ready["users"] if user["role"] == "analyst")
    machine = next(client for client in ready["clients"] if client["client_secret"])
    server = {"type": "http", "url": ready["mcp_url"], "oauth": {"clientId": made["client_id"], "callbackPort": 33418}}
    print(f"""Quell goes on running, with fresh simulators.

  MCP URL     {ready["mcp_url"]}
  client id   {made["client_id"]}  (public, PKCE, redirect http://localhost:PORT/callback)
  login       {user["email"]}   password  {user["password"]}
  settings    {ready["config"]}

For your client's configuration; it opens a browser, sign in with the login above and press Allow:

{json.dumps({"mcpServers": {"quell": server}}, indent=2)}

Without a browser, a token for 15 minutes (then put it in a header "Authorization: Bearer ..."):

  curl -s {ready["issuer"]}/oauth/token -d grant_type=client_credentials \\
    -d client_id={machine["client_id"]} -d client_secret={machine["client_secret"]}

Try: contain the laptop alice-mac.corp.example, as a dry run first. Providers' records:""")
    for name, simulator in ready["simulators"].items():
        print(f"  curl -s {simulator['control_url']}/ledger    # {name}")
    print("\nCtrl-C ends it.", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main() -> int:
    options = arguments()
    if options.quell:
        os.environ["QUELL_BINARY"] = options.quell
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    folder = scratch_folder("quell-demo-")
    host, ready = start_dev(folder, "--isolation", options.isolation)
    try:
        failures = tell(ready)
        if options.serve and not failures:
            serve(ready)
        if failures:
            print(f"the host's log:\n{host.log()[-3000:]}", file=sys.stderr)
    finally:
        code = host.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if code != 0:
        print(f"demo: the host ended with {code}", file=sys.stderr)
    return 1 if failures or code != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
