# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""RSQL as Jamf Pro's `filter` takes it.

    expression = all *( "," all )          ; or
    all        = term *( ";" term )        ; and
    term       = "(" expression ")" / selector operator argument
    operator   = "==" / "!=" / "=lt=" / "<" / "=le=" / "<=" / "=gt=" / ">" / "=ge=" / ">="
               / "=in=" / "=out="          ; their argument is "(" value *( "," value ) ")"
    value      = "text" / 'text' / characters other than quotes, space and ( ) ; , = ! ~ < >

A backslash inside quotes takes the next character as it is. A bare `*` in a value matches
anything, quoted or not. Texts compare without regard to case.
"""

import re

from queries import (ORDER, BadQuery, Predicate, Scanner, as_text, compare, lookup, plain,
                     whole, wildcard_matcher)

_SELECTOR = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_BARE = re.compile(r"[^\"'();,=!~<>\s]+")
_OPERATORS = ("==", "!=", "=lt=", "=le=", "=gt=", "=ge=", "=in=", "=out=", "<=", ">=", "<", ">")
_ORDER_NAMES = {"=lt=": "lt", "<": "lt", "=le=": "le", "<=": "le",
                "=gt=": "gt", ">": "gt", "=ge=": "ge", ">=": "ge"}


def parse(text: str, selectors: frozenset[str]) -> Predicate:
    """Raises BadQuery, also for the empty text."""
    scanner = Scanner(text)
    return whole(scanner, _expression(scanner, selectors))


def _expression(scanner: Scanner, selectors) -> Predicate:
    return scanner.any_of(lambda: scanner.take(","), lambda: scanner.take(";"),
                          lambda: _term(scanner, selectors))


def _term(scanner: Scanner, selectors) -> Predicate:
    if scanner.take("("):
        inside = _expression(scanner, selectors)
        scanner.expect(")")
        return inside
    name = scanner.take_pattern(_SELECTOR)
    if name not in selectors:
        raise BadQuery(f"unknown field {name}")
    operator = scanner.take_first_of(_OPERATORS)
    if operator is None:
        raise BadQuery("operator expected")
    test = _test(operator, _arguments(scanner, operator))
    return lambda record: test(lookup(record, name))


def _arguments(scanner: Scanner, operator: str) -> list[list[tuple[str, bool]]]:
    if operator not in ("=in=", "=out="):
        return [_value(scanner)]
    scanner.expect("(")
    values = [_value(scanner)]
    while scanner.take(","):
        values.append(_value(scanner))
    scanner.expect(")")
    return values


def _value(scanner: Scanner) -> list[tuple[str, bool]]:
    quote = scanner.take_first_of(('"', "'"))
    if quote:
        return scanner.quoted(quote)
    return [(character, False) for character in scanner.take_pattern(_BARE)]


def _test(operator: str, values: list[list[tuple[str, bool]]]):
    if operator in _ORDER_NAMES:
        holds, limit = ORDER[_ORDER_NAMES[operator]], plain(values[0])
        return lambda found: holds(compare(found, limit))
    matchers = [wildcard_matcher(value) for value in values]
    wanted = operator in ("==", "=in=")
    return lambda found: any(matches(as_text(found)) for matches in matchers) == wanted
