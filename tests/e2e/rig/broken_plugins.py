# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Plugin files with one thing wrong each, made from a good one with the C compiler and binutils."""

import json
import shutil
import subprocess
from pathlib import Path

ENTRY = """
#include "quell/abi.h"
#define Q(text) {text, sizeof text - 1}
static int32_t create(quell_host *h, const quell_host_api *a, quell_call *c, quell_str s, quell_instance **out) {
    *out = (quell_instance *)1; return QUELL_OK;
}
static void destroy(quell_instance *i) {}
static const void *capability(quell_str id) { return 0; }
static const quell_plugin plugin = {sizeof(quell_plugin), MAJOR, 0, 0, Q(MANIFEST), create, destroy, capability};
const quell_plugin *ENTRY_NAME(uint32_t major, uint32_t minor) { return &plugin; }
"""


def manifest_of(library: Path) -> bytes:
    """The manifest's bytes as they lie in the file."""
    out = library.parent / f".{library.name}.manifest"
    subprocess.run(["objcopy", f"--dump-section=.quell.manifest={out}", library, "/dev/null"], check=True)
    text = out.read_bytes()
    out.unlink()
    return text.rstrip(b"\0\n ")


def compiled(target: Path, manifest: bytes, sdk: Path, major: int = 1, entry: str = "quell_plugin_entry") -> None:
    """A plugin that can be loaded and does nothing, with this manifest, ABI major and entry name."""
    source, section = target.with_suffix(".c"), target.with_suffix(".json")
    source.write_text(ENTRY)
    section.write_bytes(manifest)
    flags = [f"-DMAJOR={major}", f"-DENTRY_NAME={entry}", f"-DMANIFEST={json.dumps(manifest.decode())}"]
    subprocess.run(["gcc", "-shared", "-fPIC", "-I", sdk / "include", *flags, "-o", target, source], check=True)
    subprocess.run(["objcopy", f"--add-section=.quell.manifest={section}", target], check=True)
    target.chmod(0o644)
    source.unlink()
    section.unlink()


def copy_all(source: Path, target: Path) -> None:
    target.mkdir(mode=0o755)
    for library in source.glob("*.so"):
        shutil.copy(library, target / library.name)
        (target / library.name).chmod(0o644)
