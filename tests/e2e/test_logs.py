# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The log: one JSON line for each event, forged by nobody, and never a secret."""

import json

from rig import quell_process
from rig.deadline import eventually
from rig.installation import REDIRECT
from rig.oauth_client import FORM, Pkce, code_for
from rig.web import Web
from rig.world import ALICE_MAC, computers, hosts

NASTY = 'a\r\n{"level":"error","event":"forged"}\x1b[31mred\u202egnp.exe\u2028\u0085\x7f'


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def assert_one_sound_line_each(text: str) -> None:
    for line in lines(text):
        entry = json.loads(line)
        assert entry["event"] and entry["level"] and entry["time"], line
        assert entry["event"] != "forged", line
    assert not [c for c in text if c != "\n" and (ord(c) < 32 or c in "\x7f\x1b\u202e\u2028\u2029\u0085\u2066")]


# LG-01
def test_nasty_text_from_outside_stays_inside_one_line(fresh, crowdstrike):
    quell = fresh()
    client = quell.mcp()
    headers = {"User-Agent": "agent\x1b[31m \u202e".encode().decode("latin-1")}
    Web().get(quell.base_url + "/absent%0d%0aforged", headers)
    client.exchange("tools/list", headers=headers)
    client.contain("network_contain", "hostname", ALICE_MAC, reason=NASTY)
    client.contain("network_contain", "hostname", NASTY)
    client.contain("network_contain", "hostname", "x", integration_targets=[NASTY[:60]])
    client.tool("revoke_sessions", username=NASTY)
    Web().send("POST", quell.base_url + "/oauth/token", FORM, "grant_type=%0d%0a%1b[31m&client_id=%0d%0aforged")

    assert_one_sound_line_each(quell.log)


# LG-01
def test_the_audit_trail_keeps_nasty_text_as_data(fresh, crowdstrike):
    quell = fresh()
    order = quell.mcp().contain("network_contain", "hostname", ALICE_MAC, reason=NASTY).order
    records = quell.audit(request=order["request_id"])

    assert order["reason"] == NASTY
    assert NASTY in [value for row in records for value in _texts(row)]
    assert all(row["verifies"] for row in quell.quell("audit", "verify"))


# LG-01: on the terminal of whoever looks at it
def test_the_command_line_shows_nasty_text_without_its_effect(fresh, crowdstrike):
    quell = fresh()
    order = quell.mcp().contain("network_contain", "hostname", ALICE_MAC, reason=NASTY, dry_run=True).order

    def shown(*words: str) -> list[str]:
        done = [quell_process.run(*flags, "-c", quell.configuration.path, *words) for flags in ([], ["--json"])]
        return [one.stdout + one.stderr for one in done]

    eventually(lambda: all("red" in text for text in shown("request", "get", order["request_id"])), "it is stored")
    for words in (["request", "get", order["request_id"]], ["request", "list"], ["audit", "tail"],
                  ["user", "add", "a@b.example", "--role", NASTY]):
        for text in shown(*words):
            assert "gnp.exe" in text
            assert not set(text) & set("\x1b\x7f\r\u202e\u2028\u0085"), text


def _texts(value) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


# LG-02
def test_no_secret_of_any_kind_reaches_log_audit_metrics_or_errors(fresh, crowdstrike, jamf, okta):
    for isolation in ("process", "in_process"):
        quell = fresh(isolation, lambda configuration: configuration.with_admin())
        secrets, seen = _use_everything(quell, jamf)
        metrics = Web().get(quell.configuration.admin_url + "/metrics").text
        assert "quell_mcp_tool_calls_total{" in metrics
        assert quell.stop() == 0

        trail = json.dumps(quell.audit()) + json.dumps(quell.quell("audit", "tail", "--host", "-n", "10000"))
        for name, secret in secrets.items():
            assert secret not in quell.log, f"{name} in the log"
            assert secret not in trail, f"{name} in the audit trail"
            assert secret not in metrics, f"{name} in the metrics"
            assert secret not in seen, f"{name} in an answer"


def _use_everything(quell, jamf) -> tuple[dict[str, str], str]:
    """Walks every door, good and bad; the secrets by name, and all that callers saw."""
    folder = quell.configuration.folder / "secrets"
    secrets = {path.name: path.read_text().strip() for path in folder.iterdir()}
    secrets["okta key body"] = next(v for k, v in secrets.items() if k.startswith("okta")).split("\n")[1]
    person = quell.user("analyst@acme.example", "analyst")
    web = quell.client(name="Web", redirects=[REDIRECT])
    pkce = Pkce()
    code = code_for(web, person, pkce)
    tokens = web.redeem(code, pkce.verifier).json
    assert quell.mcp(token=tokens["access_token"]).tools()
    secrets |= {"password": person["password"], "client secret": web.secret, "code": code,
                "verifier": pkce.verifier, "access token": tokens["access_token"],
                "refresh token": tokens["refresh_token"], "machine token": quell.token()}
    seen = [web.redeem(code, pkce.verifier).text, web.redeem("wrong" + code, pkce.verifier).text,
            web.token({"grant_type": "refresh_token", "refresh_token": "x" + tokens["refresh_token"]}).text]
    client = quell.mcp()
    seen.append(str(client.contain("lock_device", "hostname", ALICE_MAC).raw))
    seen.append(str(client.contain("network_contain", "user_email", "alice@corp.example").raw))
    seen.append(str(client.tool("revoke_sessions", username="alice@corp.example").raw))
    jamf.fault("POST /api/v1/oauth/token", status=401, times=None)
    jamf.control("DELETE", "/tokens")
    seen.append(str(client.contain("lock_device", "hostname", ALICE_MAC).raw))
    jamf.control("DELETE", "/faults")
    pin = computers(jamf)[ALICE_MAC]["pins"][0]
    secrets["lock PIN"] = f'"{pin}"'
    secrets["lock PIN in text"] = f" {pin}"
    return secrets, "".join(seen)


# LG-03
def test_errors_tell_nothing_about_the_inside(fresh, crowdstrike):
    quell = fresh()
    client = quell.mcp()
    answers = [client.exchange("tools/call", {"name": "contain_device", "arguments": {"action": [1]}}).text,
               Web().send("POST", quell.base_url + "/oauth/token", FORM, "a=%ff&=&&").text,
               Web().get(quell.base_url + "/oauth/authorize?%00=%ff").text,
               str(client.contain("network_contain", "hostname", "x' OR 1=1").raw)]

    for text in answers:
        for hint in (str(quell.configuration.folder), "SELECT", "sqlite", ".cpp", "std::", "boost"):
            assert hint not in text, text
    assert not [host for host in hosts(crowdstrike).values() if host["status"] != "normal"]
