#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The append-only rule of abi.h, between a golden layout and the present one (both as printed by layout.py).

    check_layout.py GOLDEN HEADER [--compiler cc]     exit 1 and the reasons if the border was broken

Every line of the golden layout must still be there. What may change: a struct that starts with `size` may grow, by fields
after its last one, and QUELL_ABI_MINOR must then grow too. Structs without `size` are values, or elements of arrays, and
never change. New structs, types and constants are welcome.
"""

import argparse
import re
import sys
from pathlib import Path

from layout import layout

_STRUCT_LINE = re.compile(r"struct (\w+) size=(\d+) align=(\d+)")
_FIELD_LINE = re.compile(r"field (\w+)\.(\w+) offset=(\d+) size=(\d+) type=(.+)")
_MINOR = "QUELL_ABI_MINOR"


class Layout:
    """structs: name -> (size, align); fields: struct -> lines in order; rest: name -> line."""

    def __init__(self, lines: list[str]):
        self.structs: dict[str, tuple[int, int]] = {}
        self.fields: dict[str, list[str]] = {}
        self.rest: dict[str, str] = {}
        for line in lines:
            if found := _STRUCT_LINE.fullmatch(line):
                self.structs[found[1]] = (int(found[2]), int(found[3]))
                self.fields[found[1]] = []
            elif found := _FIELD_LINE.fullmatch(line):
                self.fields[found[1]].append(line)
            elif line.strip():
                kind, name, *_ = line.split()
                self.rest[f"{kind} {name}"] = line

    def minor(self) -> int:
        return int(self.rest[f"constant {_MINOR}"].split()[2])

    def starts_with_size(self, name: str) -> bool:
        return bool(self.fields[name]) and self.fields[name][0].startswith(f"field {name}.size offset=0 size=4 ")


def broken_struct(name: str, old: Layout, new: Layout) -> list[str]:
    if name not in new.structs:
        return [f"{name} is gone"]
    before, after = old.fields[name], new.fields[name]
    reasons = [f"{name}: `{was}` became `{now}`" for was, now in zip(before, after) if was != now]
    reasons += [f"{name}: `{line}` is gone" for line in before[len(after):]]
    (old_size, old_align), (new_size, new_align) = old.structs[name], new.structs[name]
    if new_align != old_align:
        reasons.append(f"{name}: its alignment went from {old_align} to {new_align}")
    if new_size < old_size:
        reasons.append(f"{name}: it shrank from {old_size} to {new_size} bytes")
    if new_size != old_size and not old.starts_with_size(name):
        reasons.append(f"{name}: it has no `size` and may not grow")
    if len(after) > len(before) and not old.starts_with_size(name):
        reasons.append(f"{name}: it has no `size` and may not get fields")
    return reasons


def has_grown(old: Layout, new: Layout) -> bool:
    return any(len(new.fields.get(name, [])) > len(fields) for name, fields in old.fields.items())


def broken(old_lines: list[str], new_lines: list[str]) -> list[str]:
    """Why the new layout breaks the promise of the old one; empty if it does not."""
    old, new = Layout(old_lines), Layout(new_lines)
    reasons = [reason for name in old.structs for reason in broken_struct(name, old, new)]
    for name, line in old.rest.items():
        if name != f"constant {_MINOR}" and new.rest.get(name) != line:
            reasons.append(f"`{line}` became `{new.rest.get(name, 'nothing')}`")
    if has_grown(old, new) and new.minor() <= old.minor():
        reasons.append(f"fields were appended: raise {_MINOR}")
    if new.minor() < old.minor():
        reasons.append(f"{_MINOR} went down")
    return reasons


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("golden", type=Path)
    parser.add_argument("header", type=Path)
    parser.add_argument("--compiler", default="cc")
    arguments = parser.parse_args()
    golden = arguments.golden.read_text().splitlines()
    present = layout(arguments.header, arguments.compiler)
    reasons = broken(golden, present)
    for reason in reasons:
        print(reason)
    if not reasons and set(present) != set(golden):
        print(f"The layout grew as it may. Renew the record: layout.py {arguments.header} > {arguments.golden}")
        return 1
    return 1 if reasons else 0


if __name__ == "__main__":
    sys.exit(main())
