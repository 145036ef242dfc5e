#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Prints the layout of abi.h: each struct, field, offset, size and spelled type, each function type, each constant.

    layout.py HEADER --compiler cc

The fields are read from the header's text, so that none can be forgotten; their places come from a program that the
compiler makes of them.
"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\} (\w+);", re.S)
_FUNCTION_TYPE = re.compile(r"typedef ([^;{}]*?)\(\*(\w+)\)\(([^;]*?)\);", re.S)
_CONSTANT = re.compile(r"^#define (QUELL_(?!STATIC_ASSERT)[A-Z0-9_]+) (\S+)$", re.M)
_FUNCTION_FIELD = re.compile(r"(.+?)\(\*(\w+)\)\((.*)\)", re.S)
_FIELD = re.compile(r"(.+?[\s*])(\w+)", re.S)


class BadHeader(Exception):
    """The header holds something that this reader does not know."""


def squeeze(text: str) -> str:
    return re.sub(r"\s*\*\s*", " *", " ".join(text.split())).replace("* *", "**").strip()


def read_field(text: str) -> tuple[str, str]:
    """(name, spelled type)"""
    function = _FUNCTION_FIELD.fullmatch(text)
    if function:
        result, name, arguments = function.groups()
        return name, f"{squeeze(result)} (*)({squeeze(arguments)})"
    plain = _FIELD.fullmatch(text)
    if not plain:
        raise BadHeader(f"not a field: {text}")
    return plain.group(2), squeeze(plain.group(1))


def read_structs(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    structs = []
    for tag, body, name in _STRUCT.findall(text):
        if tag != name:
            raise BadHeader(f"struct {tag} is called {name}")
        fields = [part.strip() for part in body.split(";")]
        structs.append((name, [read_field(field) for field in fields if field]))
    return structs


def program(header: str, structs) -> str:
    lines = [f'#include "{header}"', "#include <stdio.h>", "int main(void) {"]
    for name, fields in structs:
        lines.append(f'printf("struct {name} size=%zu align=%zu\\n", sizeof({name}), _Alignof({name}));')
        for field, kind in fields:
            lines.append(f'printf("field {name}.{field} offset=%zu size=%zu type={kind}\\n", '
                         f'offsetof({name}, {field}), sizeof((({name} *)0)->{field}));')
    return "\n".join(lines + ["return 0;", "}"])


def run(source: str, compiler: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "layout.c")
        path.write_text(source)
        binary = Path(folder, "layout")
        subprocess.run([compiler, "-std=c11", "-Wall", "-Werror", str(path), "-o", str(binary)], check=True)
        return subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout


def layout(header: Path, compiler: str) -> list[str]:
    text = _COMMENT.sub("", header.read_text())
    structs = read_structs(text)
    outside = _STRUCT.sub("", text)
    lines = run(program(str(header.resolve()), structs), compiler).splitlines()
    for result, name, arguments in _FUNCTION_TYPE.findall(outside):
        lines.append(f"type {name} = {squeeze(result)} (*)({squeeze(arguments)})")
    lines += [f"constant {name} {value}" for name, value in _CONSTANT.findall(outside)]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("header", type=Path)
    parser.add_argument("--compiler", default="cc")
    arguments = parser.parse_args()
    print("\n".join(layout(arguments.header, arguments.compiler)))


if __name__ == "__main__":
    main()
