# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""What the three query languages (`fql.py`, `rsql.py`, `scim.py`) share: a scanner, and/or trees
and texts with wildcards. A parsed query is a predicate over a record (nested dicts)."""

import re
from datetime import datetime
from typing import Callable

Record = dict
Predicate = Callable[[Record], bool]

MAX_DEPTH = 32
MAX_LENGTH = 16 * 1024


class BadQuery(Exception):
    """The text is not in the language, or names a field that cannot be asked for."""


class Scanner:
    def __init__(self, text: str):
        if len(text) > MAX_LENGTH:
            raise BadQuery("query too long")
        self._text = text
        self._at = 0
        self._depth = 0

    def at_end(self) -> bool:
        return self._at >= len(self._text)

    def take(self, token: str) -> bool:
        if self._text.startswith(token, self._at):
            self._at += len(token)
            return True
        return False

    def take_first_of(self, tokens: tuple[str, ...]) -> str | None:
        return next((token for token in tokens if self.take(token)), None)

    def expect(self, token: str) -> None:
        if not self.take(token):
            raise BadQuery(f"{token} expected at {self._at}")

    def take_pattern(self, pattern: re.Pattern) -> str:
        """The text that the pattern matches here, or the query is bad."""
        found = pattern.match(self._text, self._at)
        if not found:
            raise BadQuery(f"unexpected text at {self._at}")
        self._at = found.end()
        return found.group()

    def quoted(self, quote: str) -> list[tuple[str, bool]]:
        """The characters up to the closing quote, each with whether a backslash stood before it."""
        characters = []
        while not self.at_end():
            character = self._next()
            if character == quote:
                return characters
            escaped = character == "\\"
            if escaped:
                if self.at_end():
                    break
                character = self._next()
            characters.append((character, escaped))
        raise BadQuery("quote not closed")

    def _next(self) -> str:
        character = self._text[self._at]
        self._at += 1
        return character

    def any_of(self, either: Callable[[], bool], both: Callable[[], bool],
               leaf: Callable[[], Predicate]) -> Predicate:
        """`both` binds tighter than `either`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadQuery("too deep")
        terms = [self._all_of(both, leaf)]
        while either():
            terms.append(self._all_of(both, leaf))
        self._depth -= 1
        return terms[0] if len(terms) == 1 else lambda record: any(t(record) for t in terms)

    def _all_of(self, both: Callable[[], bool], leaf: Callable[[], Predicate]) -> Predicate:
        terms = [leaf()]
        while both():
            terms.append(leaf())
        return terms[0] if len(terms) == 1 else lambda record: all(t(record) for t in terms)


def whole(scanner: Scanner, predicate: Predicate) -> Predicate:
    if not scanner.at_end():
        raise BadQuery("text after the end of the query")
    return predicate


def plain(characters: list[tuple[str, bool]]) -> str:
    return "".join(character for character, _ in characters)


def wildcard_matcher(characters: list[tuple[str, bool]]) -> Callable[[str], bool]:
    """Matches a whole text without regard to case; `*` stands for anything unless escaped."""
    chunks = [""]
    for character, escaped in characters:
        if character == "*" and not escaped:
            chunks.append("")
        else:
            chunks[-1] += character.lower()
    return lambda text: _glob(chunks, text.lower())


def _glob(chunks: list[str], text: str) -> bool:
    """Whether the text is the chunks in order with anything between them."""
    if len(chunks) == 1:
        return text == chunks[0]
    first, *middle, last = chunks
    if not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for chunk in middle:
        found = text.find(chunk, at, end)
        if found < 0:
            return False
        at = found + len(chunk)
    return at <= end


def lookup(record: Record, path: str):
    value = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def as_text(value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def compare(left, right: str) -> int:
    """-1, 0 or 1; by time if both are times, by number if both are numbers, else by text."""
    for convert in (_as_time, float):
        try:
            a, b = convert(as_text(left)), convert(right)
            return (a > b) - (a < b)
        except (ValueError, OverflowError):
            continue
    a, b = as_text(left), right
    return (a > b) - (a < b)


def _as_time(text: str) -> float:
    if "T" not in text:
        raise ValueError("no time")
    return datetime.fromisoformat(text).timestamp()


ORDER = {
    "lt": lambda sign: sign < 0, "le": lambda sign: sign <= 0,
    "gt": lambda sign: sign > 0, "ge": lambda sign: sign >= 0,
}
