# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Starts a host on a machine that trusts one certificate authority of a test and no other.

The system's bundle is replaced in a mount namespace of the host's own; nobody else sees it.
"""

import os
import subprocess
from pathlib import Path

from rig.installation import Installation
from rig.quell_process import binary

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# Without root, a user namespace is needed too.
UNSHARE = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-r", "-m"]


def missing() -> str:
    """What this machine lacks for it; empty if nothing."""
    if not Path(BUNDLE).exists():
        return f"{BUNDLE} (package ca-certificates)"
    try:
        done = subprocess.run([*UNSHARE, "mount", "--bind", BUNDLE, BUNDLE], capture_output=True)
    except FileNotFoundError:
        return "unshare (package util-linux)"
    return "" if done.returncode == 0 else "the right to make a mount namespace"


def start(installation: Installation, authority: Path, monkeypatch) -> Installation:
    program = installation.configuration.folder / "quell-with-private-trust"
    program.write_text("#!/bin/sh\n"
                       f"exec {' '.join(UNSHARE)} sh -c "
                       f"'mount --bind {authority} {BUNDLE} && exec \"$@\"' sh {binary()} \"$@\"\n")
    program.chmod(0o700)
    with monkeypatch.context() as patch:
        patch.setattr("rig.quell_process.binary", lambda: program)
        return installation.start()
