# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""`quell check`: every mistake in the settings, with its place and the remedy, and no side effect."""

import os

import pytest

from rig import quell_process
from rig.certificates import self_signed


def check(installation):
    done = quell_process.run("-c", installation.configuration.path, "check")
    return done.returncode, done.stdout + done.stderr


def change(path, old: str, new: str) -> int:
    """Replaces one text in a settings file; the line in which it stands."""
    text = path.read_text()
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new))
    return text[:text.index(old)].count("\n") + 1


@pytest.fixture
def written(fresh):
    return fresh(start=False)


# OP-01
def test_good_settings_pass_and_leave_no_trace(written):
    before = sorted(path for path in written.configuration.folder.rglob("*"))
    code, text = check(written)

    assert code == 0, text
    assert sorted(path for path in written.configuration.folder.rglob("*")) == before


# OP-01
def test_a_missing_file_is_named(written):
    written.configuration.path.unlink()
    code, text = check(written)

    assert code != 0 and "quell.toml" in text


# OP-01
def test_all_mistakes_are_told_at_once(written):
    folder = written.configuration.folder
    change(folder / "quell.toml", 'require = "sha256"', 'require = "nothing"')
    change(folder / "tenants/acme.toml", "wait_seconds = 20\n\n[device", "wait_seconds = 51\n\n[device")
    code, text = check(written)

    assert code != 0
    assert "quell.toml:" in text and "acme.toml:" in text


# OP-01: what follows from a file that cannot be read is no mistake of the others
@pytest.mark.parametrize("old, new", [("[store]", "[store"), ("[server]", "[server]\nlisten = 1\nlisten = 2")])
def test_a_file_that_is_no_toml_is_the_only_mistake(written, old, new):
    change(written.configuration.path, old, new)
    code, text = check(written)

    assert code != 0
    assert len(text.splitlines()) == 1 and "quell.toml:" in text


# LG-01
def test_a_hostile_key_does_not_steer_the_terminal(written):
    with open(written.configuration.folder / "tenants/acme.toml", "a") as file:
        file.write('[tenant.x]\n"\\u001b[31mred\\u202egnp" = 1\n["\\u001b[2J"]\n')
    code, text = check(written)

    assert code != 0 and "acme.toml:" in text
    assert not set(text) & set("\x1b\u202e")


# OP-01
@pytest.mark.parametrize("listen", ["127.0.0.1", "localhost"])
def test_one_address_for_both_listeners_is_told(fresh, listen):
    quell = fresh(start=False)
    quell.configuration.admin_listen = f"{listen}:{quell.configuration.port}"
    quell.configuration.write()
    code, text = check(quell)

    assert code != 0
    assert "quell.toml:" in text and "admin.listen" in text and "server.listen" in text


# OP-01
def test_a_store_that_is_no_file_is_told(written):
    written.configuration.store.mkdir()
    code, text = check(written)

    assert code != 0
    assert "quell.toml:" in text and "store" in text


# OP-05
@pytest.mark.parametrize("file, key, typo", [
    ("quell.toml", "public_url", "public_ulr"), ("quell.toml", "[plugin_trust]", "[plugin_thrust]"),
    ("tenants/acme.toml", "[device_containment]", "[device_contianment]"),
    ("tenants/acme.toml", "[session_revocation]\nenabled", "[session_revocation]\nenabeld"),
])
def test_an_unknown_key_is_answered_with_the_nearest(written, file, key, typo):
    line = change(written.configuration.folder / file, key, typo) + key.count("\n")
    code, text = check(written)

    assert code != 0
    assert f"{os.path.basename(file)}:{line}:" in text
    assert key.strip("[]").rpartition("\n")[2] in text


# PL-08
@pytest.mark.parametrize("old, new, expected", [
    ('isolation = "process"', 'isolation = "container"', ["process", "in_process"]),
    ('library = "crowdstrike.so"', 'library = 7', ["library"]),
    ('egress = [', 'egress = "x" # [', ["egress"]),
])
def test_a_bad_plugin_section_names_file_line_key_and_allowed_values(written, old, new, expected):
    path = written.configuration.path
    text = path.read_text()
    start = text.index("[plugins.crowdstrike]")
    place = text.index(old, start)
    path.write_text(text[:place] + new + text[place + len(old):])
    code, told = check(written)

    assert code != 0
    assert f"quell.toml:{text[:place].count(chr(10)) + 1}:" in told
    assert all(word in told for word in expected), told


# PL-08: the connector's settings are held against the plugin's own schema, without running it
@pytest.mark.parametrize("old, new, word", [("base_url", "base_ulr", "base_url"), ("client_id", "client", "client_id")])
def test_connector_settings_are_checked_by_the_plugins_schema(written, old, new, word):
    path = written.configuration.folder / "tenants/acme.toml"
    text = path.read_text()
    start = text.index("[connectors.crowdstrike.settings]")
    place = text.index(old, start)
    path.write_text(text[:place] + new + text[place + len(old):])
    code, told = check(written)

    assert code != 0
    assert "acme.toml:" in told and word in told


def test_a_literal_secret_is_refused_without_being_repeated(written):
    path = written.configuration.folder / "tenants/acme.toml"
    text = path.read_text()
    start = text.index("client_secret = ")
    end = text.index("\n", start)
    path.write_text(text[:start] + 'client_secret = "hunter2-literal"' + text[end:])
    code, told = check(written)

    assert code != 0 and "acme.toml:" in told
    assert "hunter2-literal" not in told


# PL-08
def test_a_connector_of_an_unknown_plugin_is_named(written):
    path = written.configuration.folder / "tenants/acme.toml"
    change(path, 'plugin = "okta-sessions"', 'plugin = "okta-sesions"')
    code, told = check(written)

    assert code != 0
    assert "okta-sessions" in told and "acme.toml:" in told


def serve(written):
    return quell_process.run("-c", written.configuration.path, "serve", timeout=20)


# OP-01, OP-06
def test_a_port_in_use_is_told_with_its_place(written, door):
    line = change(written.configuration.path, f'listen = "127.0.0.1:{written.configuration.port}"',
                  f'listen = "127.0.0.1:{door.configuration.port}"')
    code, told = check(written)

    assert code == 1
    assert f"quell.toml:{line}:" in told and str(door.configuration.port) in told


# OP-01
def test_an_address_of_another_machine_is_told(written):
    change(written.configuration.path, f'listen = "127.0.0.1:{written.configuration.port}"',
           f'listen = "127.0.0.1:{written.configuration.port}"\ntls_cert = "a"\ntls_key = "a"')
    change(written.configuration.path, f'listen = "127.0.0.1:{written.configuration.port}"', 'listen = "192.0.2.1:8443"')
    text = written.configuration.path.read_text().replace("allow_insecure_loopback = true", "")
    written.configuration.path.write_text(text.replace('public_url = "http:', 'public_url = "https:'))
    code, told = check(written)

    assert code == 1 and "192.0.2.1:8443" in told


# OP-01
def test_a_running_host_does_not_stand_in_the_way_of_its_own_check(door):
    code, told = check(door)

    assert code == 0, told


# OP-01
@pytest.mark.parametrize("broken", ["absent", "key of another", "open to all", "pipe", "pipe for a key"])
def test_tls_files_are_checked(fresh, tls_files, broken):
    certificate, key = tls_files
    if broken == "absent":
        certificate.unlink()
    elif broken == "key of another":
        kept = certificate.read_bytes()
        self_signed(certificate.parent)
        certificate.write_bytes(kept)
    elif broken == "open to all":
        key.chmod(0o644)
    else:
        pipe = certificate if broken == "pipe" else key
        pipe.unlink()
        os.mkfifo(pipe, 0o600)

    def with_tls(configuration):
        configuration.tls = {"tls_cert": str(certificate), "tls_key": str(key)}

    written = fresh(change=with_tls, start=False)
    code, told = check(written)

    assert code == 1
    assert "tls_" in told and "quell.toml:" in told
    assert serve(written).returncode != 0


# OP-01: what would be in the way of the admin socket; a file there is never removed
@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_file_at_the_place_of_the_admin_socket_is_told_and_kept(written, command):
    precious = written.configuration.folder / "precious"
    precious.write_text("kept")
    change(written.configuration.path, f'socket = "{written.configuration.socket}"', f'socket = "{precious}"')
    done = quell_process.run("-c", written.configuration.path, command, timeout=20)

    assert done.returncode == 1
    assert "admin socket" in done.stdout + done.stderr
    assert precious.read_text() == "kept"


# OP-01
def test_missing_folders_are_told(written):
    folder = written.configuration.folder
    change(written.configuration.path, f'socket = "{written.configuration.socket}"', f'socket = "{folder}/no/a.sock"')
    change(written.configuration.path, f'url = "sqlite:{written.configuration.store}"', f'url = "sqlite:{folder}/no/q.db"')
    code, told = check(written)

    assert code == 1
    assert "admin socket" in told and "[store] url" in told


# E23
def test_plain_http_is_only_for_loopback(written):
    port = written.configuration.port
    change(written.configuration.path, f'listen = "127.0.0.1:{port}"', f'listen = "0.0.0.0:{port}"')
    code, told = check(written)

    assert code != 0
    assert "listen" in told or "tls" in told.lower()


def test_simulator_plugins_are_refused_beside_a_public_listener(fresh, tls_files):
    certificate, key = tls_files

    def expose(configuration):
        configuration.host = "0.0.0.0"
        configuration.tls = {"tls_cert": str(certificate), "tls_key": str(key)}

    code, told = check(fresh(change=expose, start=False))

    assert code != 0
    assert "allow_insecure_loopback" in told


@pytest.mark.parametrize("text", ["[server", "= 1", "[server]\nlisten = 'a'\nlisten = 'b'", "\x00", "\ufeff\ufeff"])
def test_a_file_that_is_no_toml_is_refused_with_its_line(written, text):
    written.configuration.path.write_text(text)
    code, told = check(written)

    assert code != 0 and "quell.toml" in told


# OP-01
def test_serve_refuses_what_check_refuses(written):
    change(written.configuration.path, "public_url", "public_ulr")
    done = quell_process.run("-c", written.configuration.path, "serve", timeout=20)

    assert done.returncode != 0
    assert "public_url" in done.stdout + done.stderr
    assert not written.configuration.store.exists()


# OP-06
def test_a_secret_file_that_others_may_read_is_refused(written):
    (written.configuration.folder / "secrets/store_key").chmod(0o644)
    done = quell_process.run("-c", written.configuration.path, "serve", timeout=20)

    assert done.returncode != 0
    assert "[store] key" in done.stdout + done.stderr


# OP-06
def test_a_port_in_use_is_told_and_ends_the_program(written, door):
    change(written.configuration.path, f'listen = "127.0.0.1:{written.configuration.port}"',
           f'listen = "127.0.0.1:{door.configuration.port}"')
    done = quell_process.run("-c", written.configuration.path, "serve", timeout=20)

    assert done.returncode != 0
    assert str(door.configuration.port) in done.stdout + done.stderr
