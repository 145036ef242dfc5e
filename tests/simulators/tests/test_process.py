# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The program: its ready file, its end, and running from a copy of the folder."""

import json
import shutil
import signal
import stat
import subprocess

import pytest

from client import send
from conftest import FOLDER, Process


def test_it_runs_from_a_copy_and_writes_nothing_into_it(tmp_path):
    copy = tmp_path / "share" / "simulators"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    before = sorted(path.name for path in copy.iterdir())
    process = Process(copy / "simulators.py", tmp_path)

    assert set(process.reach) == {"jamf", "crowdstrike", "okta", "slack", "vault"}
    assert set(process.reach["jamf"]) == set(process.reach["crowdstrike"]) == set(process.reach["vault"]) == {
        "base_url", "control_url", "client_id", "client_secret"}
    assert set(process.reach["okta"]) == {"base_url", "control_url", "client_id"}
    assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
    assert process.stop() == 0
    assert sorted(path.name for path in copy.iterdir()) == before


def test_it_ends_with_sigterm_even_while_a_request_hangs(tmp_path):
    process = Process(FOLDER / "simulators.py", tmp_path)
    send(process.reach["jamf"]["control_url"], "POST", "/faults",
         json.dumps({"route": "GET /", "kind": "hang"}).encode())
    with pytest.raises(TimeoutError):
        send(process.reach["jamf"]["base_url"], "GET", "/", timeout=0.1)

    process.popen.send_signal(signal.SIGTERM)

    assert process.popen.wait(timeout=10) == 0
    assert process.popen.stdout.read() == b""
    process.popen.stdin.close()


@pytest.mark.parametrize("content", ["", "{}", '{"kty":"RSA","kid":"x"}', "[]",
                                     '{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"x"}'])
def test_a_key_file_that_holds_no_key_is_refused(tmp_path, content):
    jwk = tmp_path / "key.jwk"
    jwk.write_text(content)
    ended = subprocess.run(
        ["/usr/bin/python3", str(FOLDER / "simulators.py"), "--ready-file",
         str(tmp_path / "ready.json"), "--okta-jwk", str(jwk)], capture_output=True, timeout=10)

    assert ended.returncode == 1 and b"no usable public JWK" in ended.stderr
    assert not (tmp_path / "ready.json").exists()


def test_without_cryptography_it_says_what_is_missing(tmp_path):
    (tmp_path / "cryptography.py").write_text("raise ImportError('absent')\n")
    ended = subprocess.run(
        ["/usr/bin/python3", str(FOLDER / "simulators.py"), "--ready-file",
         str(tmp_path / "ready.json")], capture_output=True, timeout=10,
        env={"PYTHONPATH": str(tmp_path)})

    assert ended.returncode == 1 and b"python3-cryptography" in ended.stderr
