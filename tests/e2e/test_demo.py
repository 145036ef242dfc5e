# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""script/demo's account, in both isolation modes; and that it fails where the providers disagree."""

import subprocess
import sys
from pathlib import Path

import pytest

from rig.demo_story import Disagreement, Story
from rig.quell_process import binary, scratch_folder, start_dev

DEMO = Path(__file__).with_name("demo.py")


# issue 2, point 1
@pytest.mark.parametrize("isolation", ["process", "in_process"])
def test_the_account_is_complete_and_true(isolation):
    done = subprocess.run([sys.executable, DEMO, "--quell", binary(), "--isolation", isolation], capture_output=True,
                          text=True, timeout=120)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert "\x1b" not in done.stdout
    for word in ("discovery", "login", "challenge", "secret", "sessions", "dry run", "contain", "lock", "by e-mail", "release", "audit"):
        assert f"ok     {word}" in done.stdout


# issue 2, point 1: "the demo fails where the ledger disagrees"
def test_the_account_fails_where_a_ledger_disagrees():
    folder = scratch_folder("quell-demo-test-")
    host, ready = start_dev(folder)
    story = Story(ready)
    lines = dict(story.lines())
    try:
        for name in ("discovery", "login", "tools", "dry run"):
            assert lines[name]()
        # The provider takes the order and does nothing: it never becomes contained.
        story.falcon.fault("POST /devices/entities/devices-actions", status=202, times=None, body={
            "meta": {}, "resources": [], "errors": [{"code": 404, "message": "x"}]})
        with pytest.raises(Disagreement):
            lines["contain"]()
    finally:
        host.kill()
