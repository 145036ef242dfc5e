# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""Falcon Query Language, the part that host queries use.

    expression = all *( "," all )          ; or
    all        = term *( "+" term )        ; and
    term       = "(" expression ")" / property ":" [operator] value
    operator   = "!" / "~" / "!~" / "*" / "!*" / ">=" / "<=" / ">" / "<"
    value      = 'text' / "[" 'text' *( "," 'text' ) "]" / number / true / false / null

In a text, `\\'`, `\\\\` and `\\*` stand for themselves and a bare `*` matches anything: a caller
that does not escape it asks a broad question, and gets a broad answer. Texts compare without
regard to case.
"""

import re

from queries import (ORDER, BadQuery, Predicate, Scanner, as_text, compare, lookup, plain,
                     whole, wildcard_matcher)

_PROPERTY = re.compile(r"[a-z][a-z0-9_.]*")
_BARE = re.compile(r"-?[0-9]+(\.[0-9]+)?|true|false|null")
_OPERATORS = ("!~", "!*", "!", "~", "*", ">=", "<=", ">", "<")
_ORDER_NAMES = {">=": "ge", "<=": "le", ">": "gt", "<": "lt"}


def parse(text: str, properties: frozenset[str]) -> Predicate:
    """Raises BadQuery. The empty text matches everything."""
    if text == "":
        return lambda record: True
    scanner = Scanner(text)
    return whole(scanner, _expression(scanner, properties))


def _expression(scanner: Scanner, properties) -> Predicate:
    return scanner.any_of(lambda: scanner.take(","), lambda: scanner.take("+"),
                          lambda: _term(scanner, properties))


def _term(scanner: Scanner, properties) -> Predicate:
    if scanner.take("("):
        inside = _expression(scanner, properties)
        scanner.expect(")")
        return inside
    name = scanner.take_pattern(_PROPERTY)
    scanner.expect(":")
    if name not in properties:
        raise BadQuery(f"unknown property {name}")
    operator = scanner.take_first_of(_OPERATORS) or ""
    tests = [_test(operator.lstrip("!"), value) for value in _values(scanner)]
    negated = operator.startswith("!")
    return lambda record: any(test(lookup(record, name)) for test in tests) != negated


def _values(scanner: Scanner) -> list[list[tuple[str, bool]]]:
    if not scanner.take("["):
        return [_value(scanner)]
    values = [_value(scanner)]
    while scanner.take(","):
        values.append(_value(scanner))
    scanner.expect("]")
    return values


def _value(scanner: Scanner) -> list[tuple[str, bool]]:
    if scanner.take("'"):
        return scanner.quoted("'")
    return [(character, False) for character in scanner.take_pattern(_BARE)]


def _test(operator: str, value: list[tuple[str, bool]]):
    if operator in _ORDER_NAMES:
        holds, limit = ORDER[_ORDER_NAMES[operator]], plain(value)
        return lambda found: holds(compare(found, limit))
    if operator == "~":
        part = plain(value).lower()
        return lambda found: part in as_text(found).lower()
    matches = wildcard_matcher(value)
    return lambda found: matches(as_text(found))
