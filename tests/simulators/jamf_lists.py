# SPDX-License-Identifier: Apache-2.0
# Copyright The Quell authors
"""How Jamf Pro lists things: an RSQL filter, a sort, a page of a size."""

from typing import Callable

import rsql
from provider import Call, Refusal
from queries import BadQuery, as_text, lookup
from wire import Answer

MOST_PER_PAGE = 2000
# (request, status, text, field) -> Answer
Error = Callable[..., Answer]


class Listing:
    """One list request under way; what it cannot mean is refused with 400."""

    def __init__(self, call: Call, error: Error, most_per_page: int):
        self._call = call
        self._error = error
        self._most_per_page = most_per_page

    def sections(self, allowed: frozenset[str]) -> list[str]:
        sections = self._call.request.query.get("section", ["GENERAL"])
        if not allowed.issuperset(sections):
            raise self._refusal("unknown section", "section")
        return sections

    def filtered(self, items: list, selectors: frozenset[str], searchable) -> list:
        """`searchable` makes of an item the record that the filter's fields name."""
        text = self._call.request.one("filter")
        if not text:
            return items
        try:
            matches = rsql.parse(text, selectors)
        except BadQuery as bad:
            raise self._refusal(f"The filter could not be parsed: {bad}", "filter") from bad
        return [item for item in items if matches(searchable(item))]

    def sorted(self, items: list, default: str, allowed, searchable) -> list:
        wanted = ",".join(self._call.request.query.get("sort", [default + ":asc"])).split(",")
        for word in reversed(wanted):
            name, _, order = word.partition(":")
            if name not in allowed or order not in ("", "asc", "desc"):
                raise self._refusal("bad sort", "sort")
            items = sorted(items, key=lambda item: as_text(lookup(searchable(item), name)),
                           reverse=order == "desc")
        return items

    def page(self, items: list) -> list:
        number, size = self._number("page", 0), self._number("page-size", 100)
        if not 1 <= size <= MOST_PER_PAGE:
            raise self._refusal("bad page-size", "page-size")
        size = min(size, self._most_per_page)
        return items[number * size:(number + 1) * size]

    def _number(self, name: str, default: int) -> int:
        text = self._call.request.one(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise self._refusal(f"bad {name}", name)
        return int(text)

    def _refusal(self, text: str, field: str) -> Refusal:
        return Refusal(self._error(self._call.request, 400, text, field))
