"""The engines under contract, and short ways to fill and to ask them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from asdg_portal.search.index import Document, Found, Kind, Request, SearchIndex
from asdg_portal.search.query import Query, parse
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.whoosh_engine import WhooshIndex

# A further engine adds one line: how to open it on a folder.
ENGINES: dict[str, Callable[[Path], SearchIndex]] = {
    "whoosh": WhooshIndex,
    "tantivy": TantivyIndex,
}
EVERYBODY = frozenset({"public"})


def make(key: str, body: str, **other: Any) -> Document:
    """Describe a practice of Омск, unless told otherwise."""
    fields: dict[str, Any] = {
        "kind": Kind.PRACTICE,
        "title": "Заметка",
        "city": "omsk",
        "city_name": "Омск",
        "region": "omsk-oblast",
        "region_name": "Омская область",
        "sector": "culture",
        "sector_name": "Культура",
        "year": 2020,
        "question": None,
        "url": f"/practices/{key}/",
        "audience": "public",
        "published_on": date(2020, 5, 1),
    }
    return Document(key=key, body=body, **(fields | other))


def ask(
    index: SearchIndex,
    text: str | Query = "",
    *,
    filters: Mapping[str, Collection[str]] | None = None,
    audiences: frozenset[str] = EVERYBODY,
    without: frozenset[str] = frozenset(),
    sort: str = "relevance",
    offset: int = 0,
    limit: int = 20,
) -> Found:
    query = text if isinstance(text, Query) else parse(text)
    request = Request(query, audiences, filters or {}, without, sort, offset, limit)
    return index.search(request)


def keys(found: Found) -> list[str]:
    return [hit.document.key for hit in found.hits]


def found_by(index: SearchIndex, text: str | Query, **other: Any) -> set[str]:
    return set(keys(ask(index, text, **other)))
