#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Fails where an include of host/ runs upwards, a fenced library leaves its folder, or an SPDX line is missing.

The layers and fences are those of docs/ARCHITECTURE.md.
"""
import re
import subprocess
import sys
from pathlib import Path

LAYERS = [
    ["base"],
    ["crypto", "json", "config", "metrics"],
    ["store", "http", "egress", "audit"],
    ["identity", "plugins", "policy", "orders"],
    ["containment", "revocation", "challenges", "usage", "notifications", "approvals", "secrets"],
    ["oauth", "mcp", "api", "console", "inbound"],
    ["cli", "app"],
]
# Within a layer, these may include those.
SIDEWAYS = {("orders", "policy"), ("crypto", "json"), ("config", "json"), ("audit", "store"), ("secrets", "approvals"), ("cli", "app")}
# A header's prefix and the folders that may name it.
FENCES = {
    "boost/beast": {"http"},
    "date/": {"base"},
    "boost/json": {"json", "base"},
    "boost/dll": {"plugins"},
    "curl/": {"egress"},
    "toml++": {"config"},
    "sqlite3.h": {"store"},
    "seccomp.h": {"plugins"},
    "linux/landlock.h": {"plugins"},
    "CLI/": {"cli"},
    "nlohmann/": {"plugins"},
}
SPDX = "SPDX-License-Identifier: Apache-2.0"
SOURCES = (".cpp", ".hpp", ".h", ".c", ".py", ".cmake", ".mjs")

layer_of = {folder: number for number, folders in enumerate(LAYERS) for folder in folders}


def tracked_files():
    listing = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listing.splitlines() if Path(line).is_file()]


def edge_problem(folder, target):
    if target not in layer_of or target == folder or layer_of[target] < layer_of[folder]:
        return None
    if (folder, target) in SIDEWAYS:
        return None
    return f"{folder} must not include {target}"


def host_problems(path):
    folder = path.parts[1]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+["<]([^">]+)[">]', line)
        if not include:
            continue
        problem = edge_problem(folder, include[1].split("/")[0])
        for prefix, allowed in FENCES.items():
            if include[1].startswith(prefix) and folder not in allowed:
                problem = f"{include[1]} belongs to {', '.join(sorted(allowed))}"
        if problem:
            yield f"{path}:{number}: {problem}"


def plugin_problems(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.match(r'\s*#\s*include\s+["<](host/|\.\./\.\./\.\./host|base/|json/|egress/)', line):
            yield f"{path}:{number}: plugins include only the SDK"


def problems(path):
    text_like = path.suffix in SOURCES or path.name == "CMakeLists.txt"
    if text_like and SPDX not in path.read_text()[:300]:
        yield f"{path}:1: the SPDX line is missing"
    if path.parts[0] == "host" and path.suffix in (".cpp", ".hpp") and len(path.parts) > 2:
        yield from host_problems(path)
    if path.parts[0] == "plugins" and path.suffix in (".cpp", ".hpp"):
        yield from plugin_problems(path)


def main():
    found = [problem for path in tracked_files() for problem in problems(path)]
    print("\n".join(found) if found else "lint: layers, fences and licence lines are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
