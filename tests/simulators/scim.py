# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""The SCIM-like expressions of Okta's `search` and `filter` parameters.

    expression = all *( " or " all )
    all        = term *( " and " term )
    term       = "(" expression ")" / attribute " " operator " " "text"

`filter` knows `eq` (and the order of times), compares case-sensitively and takes few attributes;
`search` also knows `sw` and `co` and ignores case. There is no wildcard and no `not`. In a text,
a backslash takes the next character as it is.
"""

import re

from queries import (ORDER, BadQuery, Predicate, Scanner, as_text, compare, lookup, plain,
                     whole)

_ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_OPERATOR = re.compile(r"[A-Za-z]{2}(?= )")
_SPACE = re.compile(r" +")
_OR = re.compile(r" +or +", re.IGNORECASE)
_AND = re.compile(r" +and +", re.IGNORECASE)
# `co` is allowed for these alone.
_CONTAINS = frozenset({"profile.firstName", "profile.lastName", "profile.email", "profile.login"})


def parse_filter(text: str, attributes: frozenset[str]) -> Predicate:
    return _parse(text, attributes, lambda value: value, ("eq",))


def parse_search(text: str, attributes: frozenset[str]) -> Predicate:
    return _parse(text, attributes, str.lower, ("eq", "sw", "co"))


def _parse(text, attributes, fold, text_operators) -> Predicate:
    scanner = Scanner(text)

    def expression() -> Predicate:
        return scanner.any_of(lambda: _taken(scanner, _OR), lambda: _taken(scanner, _AND), term)

    def term() -> Predicate:
        if scanner.take("("):
            inside = expression()
            scanner.expect(")")
            return inside
        name = scanner.take_pattern(_ATTRIBUTE)
        if name not in attributes:
            raise BadQuery(f"unknown attribute {name}")
        scanner.take_pattern(_SPACE)
        operator = scanner.take_pattern(_OPERATOR).lower()
        scanner.take_pattern(_SPACE)
        scanner.expect('"')
        return _test(name, operator, plain(scanner.quoted('"')), fold, text_operators)

    return whole(scanner, expression())


def _taken(scanner: Scanner, pattern: re.Pattern) -> bool:
    try:
        scanner.take_pattern(pattern)
        return True
    except BadQuery:
        return False


def _test(name: str, operator: str, value: str, fold, text_operators) -> Predicate:
    if operator in ORDER and name in ("lastUpdated", "created", "published"):
        holds = ORDER[operator]
        return lambda record: holds(compare(lookup(record, name), value))
    if operator not in text_operators or (operator == "co" and name not in _CONTAINS):
        raise BadQuery(f"operator {operator} is not supported for {name}")
    wanted = fold(value)
    tests = {"eq": lambda found: found == wanted, "sw": lambda found: found.startswith(wanted),
             "co": lambda found: wanted in found}
    test = tests[operator]
    return lambda record: test(fold(as_text(lookup(record, name))))
