# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Reading the settings again while the host runs: SIGHUP and `quell reload`."""

import os
import shutil
import signal
import socket
import ssl
import threading
import urllib.request
from pathlib import Path

import pytest

from rig import process_tree
from rig.certificates import self_signed
from rig.configuration import free_port
from rig.deadline import eventually
from rig.web import Web
from rig.world import ALICE_MAC

MODES = ("process", "in_process")


def hang_up(quell) -> None:
    os.kill(quell.pid, signal.SIGHUP)


def events(quell, name: str) -> list[str]:
    return [line for line in quell.log.splitlines() if f'"event":"{name}"' in line]


def is_ready(quell) -> bool:
    with urllib.request.urlopen(f"{quell.base_url}/readyz", timeout=5) as answer:
        return answer.status == 200


def dry_run(client, **more):
    return client.contain("network_contain", "hostname", ALICE_MAC, dry_run=True, **more)


# OP-02
def test_broken_settings_are_refused_with_their_line_and_the_old_ones_stay(fresh):
    quell = fresh(change=lambda configuration: configuration.with_admin())
    client = quell.mcp()
    tenant = quell.configuration.folder / "tenants" / "acme.toml"
    good = tenant.read_text()
    tenant.write_text(good + "\n[device_containment\n")

    hang_up(quell)
    eventually(lambda: events(quell, "config_reload_refused"), "the log tells of the refusal")

    [line] = events(quell, "config_reload_refused")
    assert f"acme.toml:{len(good.splitlines()) + 2}" in line
    assert 'quell_config_reloads_total{result="refused"} 1' in Web().get(quell.configuration.admin_url + "/metrics").text
    assert is_ready(quell)
    assert dry_run(client).order["status"] == "resolved"


# OP-02
def test_the_command_tells_every_mistake_and_takes_nothing(fresh):
    quell = fresh()
    client = quell.mcp()
    path = quell.configuration.path
    path.write_text(path.read_text().replace("[server]", "[server]\nlissten = 1"))

    failure = quell.refusal("reload")

    assert failure.code != 0
    assert "lissten" in str(failure.document)
    assert dry_run(client).order["status"] == "resolved"


# OP-03
@pytest.mark.parametrize("isolation", MODES)
def test_an_integration_is_enabled_without_losing_a_call(fresh, isolation):
    def without_crowdstrike(configuration):
        configuration.tenants["acme"].enabled["crowdstrike"] = False

    quell = fresh(isolation, change=without_crowdstrike)
    client = quell.mcp()
    assert dry_run(client, integration_targets=["crowdstrike"]).error["key"] == "connector_not_enabled"
    lost, stop = [], threading.Event()

    def keep_asking():
        other = quell.mcp()
        while not stop.is_set():
            answer = other.tool("list_device_containment_capabilities")
            if answer.is_error:
                lost.append(answer.error)

    asking = [threading.Thread(target=keep_asking) for _ in range(4)]
    for thread in asking:
        thread.start()
    del quell.configuration.tenants["acme"].enabled["crowdstrike"]
    quell.configuration.write()
    hang_up(quell)
    eventually(lambda: events(quell, "config_reloaded"), "the new settings are in use")
    answer = dry_run(client, integration_targets=["crowdstrike"])
    stop.set()
    for thread in asking:
        thread.join()

    assert answer.order["status"] == "resolved"
    assert lost == []


# OP-03
@pytest.mark.parametrize("isolation", MODES)
def test_many_reloads_under_load_fail_no_call_and_leave_no_process_behind(fresh, isolation):
    quell = fresh(isolation)
    failed, answered, stop = [], [], threading.Event()

    def keep_trying():
        client = quell.mcp()
        while not stop.is_set():
            answer = dry_run(client)
            (failed if answer.is_error else answered).append(answer)

    trying = [threading.Thread(target=keep_trying) for _ in range(4)]
    for thread in trying:
        thread.start()
    for _ in range(10):
        assert quell.quell("reload") == {"reloaded": True}
    stop.set()
    for thread in trying:
        thread.join()

    assert failed == [] and len(answered) > 10
    mappings = Path(f"/proc/{quell.pid}/maps").read_text().splitlines()
    inodes = {line.split()[4] for line in mappings if "memfd:" in line}
    assert len(inodes) <= 3, "the same library is mapped once"
    plugins = 3 if isolation == "process" else 0
    eventually(lambda: len(process_tree.runners(quell.pid)) <= plugins, "the replaced runners have ended", 30)


def test_an_order_that_is_under_way_is_settled_by_the_new_settings(fresh, crowdstrike):
    quell = fresh()
    crowdstrike.settings(contain_delay_s=3)
    answer = []
    call = threading.Thread(target=lambda: answer.append(quell.mcp().contain("network_contain", "hostname", ALICE_MAC)))
    call.start()
    eventually(lambda: [r for r in crowdstrike.ledger() if r["method"] == "POST" and "actions" in r["path"]],
               "the order is at the provider")

    assert quell.quell("reload") == {"reloaded": True}
    call.join()

    assert answer[0].order["status"] == "completed"


def test_a_reload_finds_the_plugins_of_the_installation_where_the_settings_name_no_folder(fresh):
    quell = fresh(change=lambda configuration: setattr(configuration, "plugin_folder", None))

    assert quell.quell("reload") == {"reloaded": True}
    assert dry_run(quell.mcp()).order["status"] == "resolved"


def test_what_only_a_restart_can_change_is_refused_by_name(fresh):
    quell = fresh()
    quell.configuration.port = free_port()
    quell.configuration.write()

    error = quell.refusal("reload").error

    assert error["key"] == "restart_needed" and "[server] listen" in error["allowed"]
    assert "Restart" in error["next_step"]


def test_a_reload_needs_a_running_host_and_is_audited(fresh):
    quell = fresh(start=False)
    assert quell.refusal("reload").error["key"] == "not_running"

    quell.start()
    quell.quell("reload")

    eventually(lambda: [r for r in quell.quell("audit", "tail", "--host") if r["event"] == "config_reload"],
               "the reload is in the host's trail")


def served_certificate(port: int) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
        with context.wrap_socket(plain) as secure:
            return secure.getpeercert(binary_form=True)


# HT-12
def test_a_renewed_certificate_is_served_and_open_connections_stay(fresh, tls_files, tmp_path):
    certificate, key = shutil.copy(tls_files[0], tmp_path), shutil.copy(tls_files[1], tmp_path)

    def with_tls(configuration):
        configuration.tls = {"tls_cert": certificate, "tls_key": key}

    quell = fresh(change=with_tls, start=False)
    quell.web = Web(trust=certificate)
    quell.start()
    port = quell.configuration.port
    before = served_certificate(port)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, context.wrap_socket(plain) as open_one:
        self_signed(tmp_path)
        assert quell.quell("reload") == {"reloaded": True}

        open_one.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert open_one.recv(100).startswith(b"HTTP/1.1 200")
    assert served_certificate(port) != before


# HT-12
def test_a_certificate_that_does_not_fit_its_key_is_refused_and_the_old_one_stays(fresh, tls_files, tmp_path):
    certificate, key = shutil.copy(tls_files[0], tmp_path), shutil.copy(tls_files[1], tmp_path)

    def with_tls(configuration):
        configuration.tls = {"tls_cert": certificate, "tls_key": key}

    quell = fresh(change=with_tls, start=False)
    quell.web = Web(trust=certificate)
    quell.start()
    before = served_certificate(quell.configuration.port)
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(self_signed(other)[0], certificate)

    assert "tls_key" in quell.refusal("reload").error["message"]
    assert served_certificate(quell.configuration.port) == before
