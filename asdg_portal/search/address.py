"""The address of a search: it holds the whole state, so that it can be sent to a colleague."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from flask import request, url_for

from asdg_portal.search.index import FACETS


class Address:
    """The address of the search that was asked for, which holds its whole state, and its variants.

    Facets list some seventy values, each a link to a search with one filter more or less: what all
    these addresses share is put together once.
    """

    def __init__(self) -> None:
        self._path = url_for("search.results")
        self._parts = [
            (name, value, _part(name, value))
            for name, value in request.args.items(multi=True)
            if name in {"q", "sort", *FACETS} and value.strip()
        ]
        self._set = {(name, value) for name, value, _text in self._parts}
        self._whole = "&".join(text for _name, _value, text in self._parts)

    def page(self, number: int) -> str:
        """Address another page of the same search."""
        return self._with(_part("page", str(number)))

    def toggle(self, facet: str, value: str, label: str = "") -> str:
        """Address a search with one filter more, or without it if its value or label is set."""
        same = {(facet, value), (facet, label)}
        if self._set.isdisjoint(same):
            return self._with(_part(facet, value))
        kept = [text for name, value, text in self._parts if (name, value) not in same]
        return f"{self._path}?{'&'.join(kept)}" if kept else self._path

    def _with(self, part: str) -> str:
        return f"{self._path}?{self._whole}&{part}" if self._whole else f"{self._path}?{part}"


@lru_cache(maxsize=2_000)
def _part(name: str, value: str) -> str:
    return urlencode([(name, value)])
