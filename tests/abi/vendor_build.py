#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Builds a plugin as its vendor does: out of Quell's tree, against the installed SDK.

    vendor_build.py --build BUILD --plugin FOLDER     a copy of a plugin's folder
    vendor_build.py --build BUILD --page PAGE.md      the files that a page shows, each named by the line before its fence

Then looks at the file that came out: one exported symbol, a manifest, no text relocations. The plugin's own tests are
built and run if it has any.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_SHOWN_FILE = re.compile(r"^`([\w./-]+)`:\n+```\w*\n(.*?)^```$", re.M | re.S)


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def write_shown_files(page: Path, folder: Path) -> None:
    shown = _SHOWN_FILE.findall(page.read_text())
    if not shown:
        sys.exit(f"{page} shows no files")
    for name, text in shown:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def exported(library: Path) -> list[str]:
    rows = [line.split() for line in run("readelf", "-W", "--dyn-syms", library).splitlines()]
    return [row[7] for row in rows if len(row) > 7 and row[0].rstrip(":").isdigit() and row[6] != "UND"]


def manifest(library: Path, folder: Path) -> dict:
    section = folder / "manifest"
    run("objcopy", "-O", "binary", "--only-section=.quell.manifest", library, section)
    return json.loads(section.read_text())


def check(library: Path, folder: Path) -> None:
    if exported(library) != ["quell_plugin_entry"]:
        sys.exit(f"{library.name} exports {exported(library)}")
    if manifest(library, folder)["id"] != library.stem:
        sys.exit(f"{library.name}: its manifest has another id")
    dynamic = run("readelf", "-W", "-d", library)
    if "TEXTREL" in dynamic or "NOW" not in dynamic:
        sys.exit(f"{library.name}: text relocations, or symbols bound late")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--plugin", type=Path)
    parser.add_argument("--page", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        run("cmake", "--install", arguments.build, "--component", "sdk", "--prefix", folder / "sdk")
        source = folder / "vendor"
        if arguments.plugin:
            shutil.copytree(arguments.plugin, source)
        else:
            write_shown_files(arguments.page, source)
        run("cmake", "-G", "Ninja", "-S", source, "-B", folder / "out", f"-DCMAKE_PREFIX_PATH={folder / 'sdk'}")
        run("cmake", "--build", folder / "out")
        libraries = list((folder / "out").glob("*.so"))
        if len(libraries) != 1:
            sys.exit(f"expected one library, found {[path.name for path in libraries]}")
        check(libraries[0], folder)
        print(run("ctest", "--test-dir", folder / "out", "--output-on-failure"))


if __name__ == "__main__":
    main()
