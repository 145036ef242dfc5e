# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the command line says to somebody who got the words wrong, and to a program that reads --json."""

import json
import os
import socket
import threading

import pytest

from rig import quell_process

REFUSAL = {"error": {"key": "store_unavailable", "message": "The store cannot be written.", "allowed": ["a"],
                     "candidates": [{"file": "quell.db"}], "next_step": "Make room.", "retryable": True,
                     "retry_after_seconds": 7}}


def run(installation, *words):
    return quell_process.run("-c", installation.configuration.path, *words)


@pytest.fixture
def written(fresh):
    return fresh(start=False)


@pytest.mark.parametrize("words", [["clinet"], ["client", "crate"], ["client", "list", "acme"], ["usage", "--tenat=acme"]])
def test_a_word_that_is_not_known_is_named(written, words):
    done = run(written, *words)

    assert done.returncode == 1 and done.stdout == ""
    assert words[-1].partition("=")[0] in done.stderr


@pytest.mark.parametrize("words", [["clinet"], ["client"], ["client", "create"], ["request", "list", "-n", "0"],
                                   ["usage", "--tenat", "acme"], ["backup", ""], ["restore", ""], ["plugin", "hash", ""]])
def test_a_wrong_command_is_refused_in_json_too(written, words):
    done = run(written, "--json", *words)
    error = json.loads(done.stdout)["error"]

    assert done.returncode == 1 and done.stderr == ""
    assert set(error) == set(REFUSAL["error"])
    assert error["key"] == "invalid_arguments" and error["message"] and error["next_step"]


def test_every_command_tells_of_the_flags_that_all_have(written):
    for words in (["client", "create"], ["check"], ["audit", "tail"]):
        text = run(written, *words, "--help").stdout

        assert "--config" in text and "--json" in text


# LG-01
def test_an_argument_that_is_no_utf8_is_refused_as_such(door):
    done = run(door, "--json", "client", "create", "--tenant", "acme", "--name", os.fsdecode(b"caf\xff"))

    assert done.returncode == 1
    assert "UTF-8" in json.loads(done.stdout)["error"]["message"] and "JSON" not in done.stdout


def answer_once(path, reply: bytes) -> threading.Thread:
    """A host in name only, at the place of the admin socket."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(1)

    def serve():
        with listener, listener.accept()[0] as peer:
            peer.recv(65536)
            peer.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


# INTERFACES.md 2: the same document whoever found the error
def test_a_refusal_of_the_running_host_is_shown_whole(written):
    body = json.dumps(REFUSAL).encode()
    head = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    host = answer_once(written.configuration.socket, head + body)

    refusal = written.refusal("usage")
    host.join(10)

    assert refusal.document == REFUSAL and refusal.code == 3


# An incident does not wait until the files are in order again.
def test_a_running_host_is_asked_also_while_its_files_are_wrong(fresh):
    quell = fresh()
    client = quell.client(name="Stolen")
    assert client.machine_token()
    tenant = quell.configuration.folder / "tenants/acme.toml"
    tenant.write_text(tenant.read_text() + "\n[nonsense]\n")

    quell.quell("client", "delete", client.client_id, "--tenant", "acme")

    assert client.client_credentials().status == 401


@pytest.mark.parametrize("old, new", [("[admin]", "[admn]"), ("socket = ", "sockt = "), ("[admin]", "[admin")])
def test_files_that_do_not_name_the_socket_lead_to_no_host(fresh, old, new):
    path = fresh().configuration.path
    path.write_text(path.read_text().replace(old, new))
    done = quell_process.run("-c", path, "client", "list", "--tenant", "acme")

    assert done.returncode == 1 and done.stdout == ""
    assert "quell.toml:" in done.stderr


def test_a_public_client_without_a_redirect_is_refused_with_the_way_out(door):
    refusal = door.refusal("client", "create", "--tenant", "acme", "--name", "Laptop", "--public")

    assert "--redirect-uri" in refusal.error["next_step"]


def test_somebody_who_belongs_to_the_tenant_already_is_named_with_the_way_out(door, people):
    email = people["analyst"]["email"]
    refusal = door.refusal("user", "add", email, "--role", "admin", "--tenant", "acme")

    assert email in refusal.error["message"]
    assert "set-role" in refusal.error["next_step"]
