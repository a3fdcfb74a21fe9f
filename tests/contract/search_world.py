"""The engines under contract, and short ways to fill and to ask them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine as SqlEngine, create_engine, text

from asdg_portal.search.index import Document, Found, Kind, Request, SearchIndex
from asdg_portal.search.postgres_engine import PostgresIndex
from asdg_portal.search.postgres_engine.tables import POINTER, SCHEMA
from asdg_portal.search.query import Query, parse
from asdg_portal.search.tantivy_engine import TantivyIndex
from asdg_portal.search.whoosh_engine import WhooshIndex


class Engine(Protocol):
    """A way to keep an index."""

    def __call__(self, place: Path, /) -> SearchIndex:
        """Open the index at a place, whether there is one or not."""

    def damage(self, place: Path, content: bytes) -> None:
        """Put something else in the place of all that is kept."""


class InFolder:
    """An engine that keeps files in a folder."""

    def __init__(self, make: Callable[[Path], SearchIndex]) -> None:
        self._make = make

    def __call__(self, place: Path, /) -> SearchIndex:
        """Open the index in a folder."""
        return self._make(place)

    def damage(self, place: Path, content: bytes) -> None:
        """Write over every file."""
        for path in place.rglob("*"):
            if path.is_file():
                path.write_bytes(content)


class OnPostgres:
    """An engine that keeps tables in a database; one place at a time."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url)
        self._place: Path | None = None

    def __call__(self, place: Path, /) -> SearchIndex:
        """Open the index of the database, which is empty when the place is another one."""
        if place != self._place:
            self.say(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            self._place = place
        return PostgresIndex(self.lend)

    def lend(self) -> SqlEngine:
        """Give the way into the database."""
        return self._engine

    def damage(self, place: Path, content: bytes) -> None:
        """Put another table in the place of the index, or none."""
        [name] = self.say(f"SELECT name FROM {POINTER} WHERE superseded_at IS NULL")
        self.say(f"DROP TABLE {SCHEMA}.{name}")
        if content:
            self.say(f"CREATE TABLE {SCHEMA}.{name} (id text)")

    def say(self, statement: str) -> list[Any]:
        """Do something in the database."""
        with self._engine.begin() as connection:
            done = connection.execute(text(statement))
            return list(done.scalars()) if done.returns_rows else []

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()


EMBEDDED: dict[str, Engine] = {"whoosh": InFolder(WhooshIndex), "tantivy": InFolder(TantivyIndex)}
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
