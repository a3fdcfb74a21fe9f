"""The index in the portal's own PostgreSQL: one for any number of machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, text

from asdg_portal.search.index import FACETS, Document, Found, Hit, IndexUnavailable, Request
from asdg_portal.search.postgres_engine.asking import Asked, facet_of
from asdg_portal.search.postgres_engine.state import BY_INDEX, Generation, State, Sums, copy
from asdg_portal.search.postgres_engine.tables import to_row
from asdg_portal.search.profile import from_stored, unpack
from asdg_portal.search.query import Clause, Query
from asdg_portal.search.ranking import rarity
from asdg_portal.search.scoring import Figures, Scorer

CANDIDATES = 150  # how many of those that meet most are ranked by our own figures
BATCH = 500
_MOST_COUNTS = 5_000


class PostgresIndex:
    """A SearchIndex in tables of a database.

    ``owner`` names the contents of the database that the index is made from.
    """

    def __init__(self, engine: Callable[[], Engine], owner: Callable[[], str] = str) -> None:
        self._state = State(engine, owner)
        self._lock = threading.Lock()
        self._counted: tuple[str, int] = ("", 0)
        self._meeting: dict[Clause, int] = {}
        self._words: tuple[tuple[str, int], frozenset[str]] = (("", 0), frozenset())

    def search(self, request: Request) -> Found:
        """Find documents; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        if not request.audiences:
            return Found(0, [], {name: {} for name in FACETS})
        with self._state.reading() as connection:
            current = self._state.current(connection)
            if not request.query.is_empty:
                connection.execute(text(BY_INDEX))
            return self._search(connection, current, request)

    def _search(self, connection: Connection, current: Generation, request: Request) -> Found:
        asked, query = Asked(current.table, request), request.query
        figures = self._figures(connection, current, asked, query)
        worths = [rarity(figures.documents, figures.meeting[clause]) for clause in query.wanted]
        start, end = request.offset, request.offset + request.limit
        by_words = request.sort == "relevance" and bool(query.wanted)
        statement = asked.found(worths, max(end, CANDIDATES) if by_words else end)
        total, facets, ids = _read(connection.execute(text(statement), asked.parameters).all())
        scorer = Scorer(query, figures)
        ranked = ids[:CANDIDATES] if by_words else ids[start:]
        profiles = _texts(connection, current, "profile", ranked)
        candidates = [(number, unpack(profiles[number])) for number in ranked]
        if by_words:
            places = scorer.rank(candidates, ids[CANDIDATES:])[start:end]
        else:
            places = [(number, scorer.score(profile)) for number, profile in candidates]
        stored = _texts(connection, current, "document", [number for number, _score in places])
        hits = [Hit(from_stored(stored[number]), round(score, 6)) for number, score in places]
        return Found(total, hits, facets)

    def _figures(
        self, connection: Connection, current: Generation, asked: Asked, query: Query
    ) -> Figures:
        """What is known of all documents; how many meet a clause is counted once an edition."""
        state = (current.name, current.edition)
        with self._lock:
            if self._counted != state or len(self._meeting) > _MOST_COUNTS:
                self._counted, self._meeting = state, {}
            meeting = {c: self._meeting[c] for c in query.wanted if c in self._meeting}
        if len(meeting) < len(query.wanted):
            counts = connection.execute(text(asked.counts()), asked.parameters).one()
            meeting = dict(zip(query.wanted, counts, strict=True))
            with self._lock:
                if self._counted == state:
                    self._meeting |= meeting
        return Figures(current.sums.documents, current.averages, meeting)

    def words(self) -> frozenset[str]:
        """Give every term of the texts; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        with self._state.reading() as connection:
            current = self._state.current(connection)
            state = (current.name, current.edition)
            with self._lock:
                known_of, known = self._words
            if known_of != state:
                terms = connection.scalars(text(f"SELECT term FROM {current.table}_terms"))
                known = frozenset(terms)
                with self._lock:
                    self._words = (state, known)
        return known

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give key and content hash of every document, computed from what is stored."""
        with self._state.reading() as connection:
            table = self._state.current(connection).table
            rows = connection.execution_options(yield_per=BATCH).execute(
                text(f"SELECT key, document FROM {table}")
            )
            for key, document in rows:
                yield key, _hash(document)

    def status(self) -> Mapping[str, object]:
        """Say what an administrator wants to know."""
        try:
            with self._state.reading() as connection:
                current = self._state.current(connection, anew=True)
                size = self._state.look_over(connection, current)
        except IndexUnavailable as error:
            return {"engine": "postgres", "healthy": False, "error": str(error)}
        return {
            "engine": "postgres",
            "healthy": True,
            "documents": current.sums.documents,
            "bytes": size,
        }

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents in one step; see SearchIndex.

        :raises IndexUnavailable: if there is no index that could be written to.
        """
        rows = {document.key: to_row(document) for document in put}
        with self._state.writing() as connection:
            current = self._state.current(connection)
            gone = connection.execute(
                text(f"""
                    DELETE FROM {current.table} WHERE key = ANY(:keys)
                    RETURNING title_length, body_length
                """),
                {"keys": sorted({*remove, *rows})},
            ).all()
            added = copy(connection, current.table, rows.values())
            titles, bodies = (sum(row[at] for row in gone) for at in (0, 1))
            self._state.note(connection, current, added - Sums(len(gone), titles, bodies))

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one and swap them; see SearchIndex."""
        with self._state.writing() as connection:
            count = self._state.replace(connection, map(to_row, documents)).documents
        self._state.sweep()
        return count


def _read(rows: Sequence[Any]) -> tuple[int, dict[str, dict[str, int]], list[int]]:
    """Take the total, the facets and the documents in their order out of what was found."""
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    total, ids = 0, {}
    for row in rows:
        if row.grouped < 0:
            ids[row.number] = row.id
        elif (name := facet_of(row.grouped)) is None:
            total = row.number
        elif row.number and (value := getattr(row, name)):
            facets[name][value] = row.number
    return total, facets, [ids[place] for place in sorted(ids)]


def _texts(
    connection: Connection, current: Generation, column: str, ids: Sequence[int]
) -> dict[int, str]:
    """Read one column of some documents."""
    if not ids:
        return {}
    rows = connection.execute(
        text(f"SELECT id, {column} FROM {current.table} WHERE id = ANY(:ids)"), {"ids": list(ids)}
    )
    return {row.id: row[1] for row in rows}


def _hash(document: str) -> str:
    """The content hash of what is stored; damage has none that could be right."""
    try:
        return from_stored(document).content_hash
    except (ValueError, TypeError, KeyError) as error:
        return f"damaged: {error}"
