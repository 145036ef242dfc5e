#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Fails where a statement of docs/admin/failures.md names no test, or one that does not exist."""
import re
import sys
from pathlib import Path

PAGE = Path("docs/admin/failures.md")
COMMENT = re.compile(r"<!--(.*?)-->")


def tests_that_exist():
    names = set()
    for path in Path("tests/e2e").glob("test_*.py"):
        names.update(re.findall(r"^def (test_\w+)", path.read_text(), re.M))
    for path in Path("tests/unit").rglob("*_test.cpp"):
        for suite, name in re.findall(r"\bTEST(?:_[FP])?\((\w+),\s*(\w+)\)", path.read_text()):
            names.add(f"{suite}.{name}")
    return names


def problems(lines, known):
    for number, line in enumerate(lines, 1):
        if not line.startswith("| ") or line.startswith("| fault |"):
            continue
        named = [word for comment in COMMENT.findall(line) for word in comment.split()]
        if not named:
            yield f"{PAGE}:{number}: names no test"
        for word in named:
            if word not in known:
                yield f"{PAGE}:{number}: there is no test {word}"


def main():
    found = list(problems(PAGE.read_text().splitlines(), tests_that_exist()))
    print("\n".join(found) or "failures.md: every statement has its test")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
