# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What /metrics says, what its page says, and what neither may ever say."""

import re

import pytest

from rig.deadline import eventually
from rig.quell_process import REPOSITORY, free_port
from rig.web import Web
from rig.world import ALICE, ALICE_MAC

PAGE = REPOSITORY / "docs" / "admin" / "metrics.md"
SERIES = re.compile(r'^(\w+?)(?:\{(.*)\})? (-?[0-9.e+-]+|\+Inf)$')
LABEL = re.compile(r'(\w+)="([A-Za-z0-9._:+-]*)"')


def scrape(quell) -> str:
    answer = Web().get(quell.configuration.admin_url + "/metrics")
    assert answer.status == 200
    assert answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    return answer.text


def series(text: str) -> dict[tuple, float]:
    """(name, labels) to value; fails on a line that is not in the format."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SERIES.match(line).groups()
        pairs = tuple(LABEL.findall(labels or ""))
        assert ",".join(f'{key}="{text}"' for key, text in pairs) == (labels or ""), line
        assert (name, pairs) not in found, line
        found[name, pairs] = float(value)
    return found


def value(text: str, name: str, **labels: str) -> float:
    return sum(number for (found, pairs), number in series(text).items()
               if found == name and labels.items() <= dict(pairs).items())


def exported(text: str) -> dict[str, tuple[str, frozenset]]:
    """Family to kind and label names, as the host says it."""
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.M))
    labels: dict[str, set] = {family: set() for family in kinds}
    for name, pairs in series(text):
        family = name if name in kinds else re.sub("_(bucket|sum|count)$", "", name)
        labels[family] |= {key for key, _ in pairs} - {"le"}
    return {family: (kind, frozenset(labels[family])) for family, kind in kinds.items()}


def documented() -> dict[str, tuple[str, frozenset]]:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", PAGE.read_text(), re.M)
    return {family: (kind, frozenset(re.findall(r"`(\w+)`", labels))) for family, kind, labels in rows}


@pytest.fixture
def metered(fresh):
    def change(configuration) -> None:
        configuration.with_admin()
        configuration.tables["webhooks"] = {"allow_insecure_loopback": True}

    return lambda isolation="process": fresh(isolation, change)


def test_the_page_describes_exactly_what_a_running_host_exports(metered, crowdstrike):
    quell = metered()
    quell.mcp().contain("network_contain", "hostname", ALICE_MAC)
    person = quell.user("asked@acme.example", "viewer")["email"]
    nobody = f"http://127.0.0.1:{free_port()}/"
    challenge = quell.mcp().tool("create_challenge", target_user_email=person, callback_url=nobody).order["challenge_id"]
    quell.quell("challenge", "cancel", challenge, "--tenant", "acme")
    eventually(lambda: "quell_notification_attempts_total{" in scrape(quell), "the callback is tried")

    assert exported(scrape(quell)) == documented()


def test_calls_are_counted_from_the_door_to_the_provider(metered, crowdstrike):
    for isolation in ("process", "in_process"):
        crowdstrike.reset()
        quell = metered(isolation)
        client = quell.mcp()
        client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)
        client.contain("network_contain", "hostname", "nowhere.corp.example", dry_run=True)
        crowdstrike.fault("GET /devices/queries", status=503, times=1)
        client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True)

        text = scrape(quell)

        tool = {"tool": "contain_device", "tenant": "acme"}
        assert value(text, "quell_mcp_tool_calls_total", outcome="ok", **tool) == 2
        assert value(text, "quell_mcp_tool_calls_total", outcome="refused", **tool) == 1
        assert value(text, "quell_mcp_tool_call_duration_seconds_count", tool="contain_device") == 3
        connector = {"connector": "crowdstrike", "tenant": "acme"}
        assert value(text, "quell_plugin_calls_total", plugin="crowdstrike", outcome="ok", **connector) >= 2
        assert value(text, "quell_plugin_queue_wait_seconds_count", plugin="crowdstrike") >= 2
        assert value(text, "quell_egress_exchanges_total", status="2xx", **connector) >= 3
        assert value(text, "quell_egress_exchanges_total", status="5xx", **connector) == 1
        assert value(text, "quell_egress_retries_total", **connector) == 1
        assert value(text, "quell_egress_breaker_state", **connector) == 0
        assert value(text, "quell_plugin_ready", plugin="crowdstrike") == 1
        assert value(text, "quell_http_answers_total", listener="public", status="2xx") >= 3
        assert value(text, "quell_http_connections", listener="admin") == 1
        assert value(text, "quell_store_healthy") == 1


def test_durable_records_and_commits_are_counted(metered, crowdstrike):
    quell = metered()
    before = scrape(quell)
    quell.mcp().contain("network_contain", "hostname", ALICE_MAC)
    after = scrape(quell)

    for name in ("quell_audit_records_total", "quell_store_groups_total", "quell_store_jobs_total"):
        assert value(after, name) > value(before, name), name
    assert value(after, "quell_audit_records_total", result="refused") == 0


def test_no_caller_can_make_series(metered):
    quell = metered()
    client = quell.mcp()
    client.tool("revoke_sessions", username=ALICE, dry_run=True)
    client.tool("revoke_sessions", username="nobody", dry_run=True)
    client.exchange("tools/call", {"name": "no_tool", "arguments": {}})
    client.contain("network_contain", "hostname", "nowhere", dry_run=True)
    Web().get(f"{quell.base_url}/absent")
    scrape(quell)
    before = set(series(scrape(quell)))

    for i in range(60):
        name = f'made_up_{i}"}} 1\nquell_forged 1'
        client.exchange("tools/call", {"name": f"made_up_{i}", "arguments": {}})
        client.exchange("tools/call", {"name": name, "arguments": {}})
        client.contain("network_contain", "hostname", f"host-{i}", integration_targets=[f"made-up-{i}"], dry_run=True)
        client.tool("revoke_sessions", username=f"user-{i}", dry_run=True)
        Web().get(f"{quell.base_url}/absent-{i}")
    text = scrape(quell)

    assert set(series(text)) - before == set()
    assert value(text, "quell_mcp_tool_calls_total", tool="other") >= 61
    assert "made" not in text and "forged" not in text
