# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""API keys: the second way in for clients that only know how to send a header."""

import subprocess

import pytest

from rig import quell_process
from rig.deadline import eventually
from rig.mcp_client import Modern
from rig.oauth_client import code_for, Pkce, is_consent, consent_of, tokens_for
from rig.world import ALICE_MAC


def made(door, person: dict, *options: str) -> dict:
    return door.quell("key", "create", "--tenant", "acme", "--user", person["email"], "--name", "test", *options)


def reply_for(door, headers: dict, method: str = "tools/list", params: dict | None = None):
    return Modern(door.mcp_url, None).exchange(method, params, headers)


def status(door, headers: dict) -> int:
    return reply_for(door, headers).status


def tools(door, headers: dict) -> list[str]:
    return [tool["name"] for tool in reply_for(door, headers).json["result"]["tools"]]


# E01, E15, E16, E26
def test_both_headers_and_a_token_open_the_same_tools(door, desktop, analyst):
    key = made(door, analyst)["api_key"]
    token = tokens_for(desktop, analyst)["access_token"]

    offered = tools(door, {"Authorization": f"Bearer {token}"})
    assert "contain_device" in offered
    assert tools(door, {"Authorization": f"Key {key}"}) == offered
    assert tools(door, {"X-API-Key": key}) == offered


# E16
def test_an_alias_of_the_header_is_taken_where_the_settings_name_it(fresh, door):
    def change(configuration):
        configuration.api_keys = {"headers": ["X-ESCAPE-API-KEY"]}

    own = fresh(change=change)
    key = made(own, own.user("ada@acme.example", "analyst"))["api_key"]

    assert status(own, {"X-Escape-Api-Key": key}) == 200
    assert status(own, {"X-API-Key": key}) == 200
    assert status(own, {"X-Other-Key": key}) == 401


# E18, MC-03
def test_a_narrow_key_opens_its_own_tools_alone(door, analyst):
    key = made(door, analyst, "--scope", "sessions:revoke")["api_key"]

    assert "contain_device" not in tools(door, {"X-API-Key": key})
    call = {"name": "contain_device", "arguments": {"action": "network_contain", "dry_run": True,
                                                    "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}}
    reply = reply_for(door, {"X-API-Key": key}, "tools/call", call)
    assert reply.status == 403
    assert 'error="insufficient_scope"' in reply.header("WWW-Authenticate")
    assert 'scope="devices:contain"' in reply.header("WWW-Authenticate")


def test_a_wrong_key_and_two_credentials_are_refused(door, analyst):
    key = made(door, analyst)["api_key"]

    for headers in ({"X-API-Key": "qak_guess"}, {"Authorization": f"Bearer {key}"}, {"Authorization": "Key"},
                    {"X-API-Key": key, "Authorization": f"Key {key}"}):
        reply = reply_for(door, headers)
        assert reply.status == 401
        assert reply.header("WWW-Authenticate").startswith('Bearer realm="mcp", resource_metadata="')
    assert status(door, {"X-API-Key": key}) == 200


def test_a_key_is_shown_once_and_kept_only_as_a_hash(door, analyst):
    key = made(door, analyst)
    listed = door.quell("key", "list", "--tenant", "acme")

    assert key["key_id"] in [row["key_id"] for row in listed]
    assert key["api_key"] not in str(listed)
    stored = b"".join(path.read_bytes() for path in door.configuration.folder.glob("quell.db*"))
    assert key["key_id"].encode() in stored
    assert key["api_key"].encode() not in stored
    assert key["api_key"] not in door.log


def test_a_key_works_from_its_addresses_alone(door, analyst):
    here = made(door, analyst, "--from", "127.0.0.0/8")["api_key"]
    elsewhere = made(door, analyst, "--from", "192.0.2.0/24", "--from", "2001:db8::/32")["api_key"]

    assert status(door, {"X-API-Key": here}) == 200
    assert status(door, {"X-API-Key": elsewhere}) == 401
    assert door.refusal("key", "create", "--tenant", "acme", "--user", analyst["email"], "--name", "x", "--from",
                        "10.0.0.1/8").code == 1


def test_a_deleted_key_is_dead_at_once(door, analyst):
    key = made(door, analyst)
    assert status(door, {"X-API-Key": key["api_key"]}) == 200

    door.quell("key", "delete", key["key_id"], "--tenant", "acme")

    assert status(door, {"X-API-Key": key["api_key"]}) == 401


# E20
def test_rotation_is_the_panic_button(door, desktop, web_client):
    person = door.user("panic@acme.example", "analyst")
    first, second = made(door, person), made(door, person)
    tokens = tokens_for(desktop, person)
    browser = web_client.browser()
    code_for(web_client, person, Pkce(), browser=browser)
    assert status(door, {"Authorization": f"Bearer {tokens['access_token']}"}) == 200
    assert status(door, {"X-API-Key": second["api_key"]}) == 200

    rotated = door.quell("key", "rotate", first["key_id"], "--tenant", "acme")

    assert rotated["key_id"] == first["key_id"]
    assert status(door, {"X-API-Key": rotated["api_key"]}) == 200
    for dead in (first["api_key"], second["api_key"]):
        assert status(door, {"X-API-Key": dead}) == 401
    assert status(door, {"Authorization": f"Bearer {tokens['access_token']}"}) == 401
    assert desktop.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    # The browser's sign-in is over, and so is the remembered consent.
    reply = consent_of(web_client, browser, person, web_client.authorize_parameters(Pkce()))
    assert is_consent(reply)
    assert door.audit(event="api_key_rotated")


def test_rotation_leaves_other_people_alone(door, analyst):
    other = door.user("calm@acme.example", "analyst")
    key, token = made(door, other)["api_key"], door.token()

    door.quell("key", "rotate", made(door, analyst)["key_id"], "--tenant", "acme")

    assert status(door, {"X-API-Key": key}) == 200
    assert status(door, {"Authorization": f"Bearer {token}"}) == 200


def test_a_token_has_nothing_of_the_key(door, desktop, analyst):
    key = made(door, analyst)["api_key"]
    tokens = tokens_for(desktop, analyst)

    assert key.removeprefix("qak_")[:12] not in str(tokens)


def test_an_order_by_key_names_person_and_key(door, analyst):
    key = door.quell("key", "create", "--tenant", "acme", "--user", analyst["email"], "--name", "night shift")["api_key"]
    call = {"name": "contain_device", "arguments": {"action": "network_contain", "dry_run": True,
                                                    "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}}

    reply = reply_for(door, {"X-API-Key": key}, "tools/call", call)

    assert reply.status == 200, reply.text
    actor = f"{analyst['email']} (key night shift)"
    eventually(lambda: actor in str(door.audit()), "the queued record is written")


# L35
def test_whoami_and_scopes_tell_of_the_command_line_and_of_a_key(door, analyst):
    mine = door.quell("whoami")
    assert mine["principal"].startswith("uid:")
    assert "acme" in mine["tenants"]
    key = made(door, analyst, "--scope", "devices:contain")["api_key"]

    def with_key(command: str, value: str = key) -> subprocess.CompletedProcess:
        return quell_process.run("--json", "-c", door.configuration.path, command, environment={"QUELL_API_KEY": value})

    assert f'"email":"{analyst["email"]}"' in with_key("whoami").stdout
    assert '"scopes":"devices:contain"' in with_key("whoami").stdout
    assert with_key("scopes").stdout.count('"granted":true') == 1
    assert with_key("whoami", "qak_guess").returncode == 4


# E16: whichever way the person comes
@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_the_same_person_stands_behind_token_and_key(door, desktop, analyst, header):
    key = made(door, analyst)["api_key"]
    value = f"Key {key}" if header == "Authorization" else key
    call = {"name": "contain_device", "arguments": {"action": "network_contain", "dry_run": True, "idempotency_key": f"same-{header}",
                                                    "lookup": {"lookup_type": "hostname", "value": ALICE_MAC}}}
    by_key = reply_for(door, {header: value}, "tools/call", call).json["result"]["structuredContent"]
    token = tokens_for(desktop, analyst)["access_token"]
    by_token = reply_for(door, {"Authorization": f"Bearer {token}"}, "tools/call", call).json["result"]["structuredContent"]

    assert by_key["request_id"] == by_token["request_id"]


# A key that was rotated since the backup must not come back with it.
def test_a_restored_store_knows_no_key(fresh, tmp_path):
    own = fresh()
    key = made(own, own.user("ada@acme.example", "analyst"))["api_key"]
    own.quell("backup", tmp_path / "backup.db")
    own.stop()
    own.quell("restore", tmp_path / "backup.db")
    own.start()

    assert status(own, {"X-API-Key": key}) == 401
    assert own.quell("key", "list", "--tenant", "acme") == []
