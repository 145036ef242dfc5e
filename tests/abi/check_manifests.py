#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Checks the schemas of sdk/schema with an independent validator, and by them the manifests of the built plugins.

    check_manifests.py --schema SDK/SCHEMA --build BUILD      77 (skipped) without the Python package jsonschema
"""

import argparse
import json
import sys
from pathlib import Path

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit(77)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--schema", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    arguments = parser.parse_args()
    for path in arguments.schema.glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text()))
    validator = Draft202012Validator(json.loads((arguments.schema / "manifest.json").read_text()))
    manifests = list(arguments.build.glob("plugins/*/quell/*/manifest.json"))
    if not manifests:
        sys.exit("no plugin is configured in the build tree")
    for path in manifests:
        manifest = json.loads(path.read_text())
        Draft202012Validator.check_schema(manifest["settings"])
        for error in validator.iter_errors(manifest):
            sys.exit(f"{path}: {error.json_path}: {error.message}")


if __name__ == "__main__":
    main()
