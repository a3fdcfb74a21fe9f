"""What others do by themselves: PostgreSQL's Russian search, whoosh's own facets and phrases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from whoosh.analysis import Token, Tokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.query import Or, Phrase, Term
from whoosh.sorting import FieldFacet

from asdg_portal.search.index import FACETS, Document
from asdg_portal.search.profile import profile_of, words_of
from benchmarks.archive import KINDS, Question

_FACETS = ", ".join(FACETS)
_SETS = ", ".join(f"({name})" for name in FACETS)


class StockPostgres:
    """The configuration ``russian``, a GIN index, every hit ranked by ``ts_rank``.

    It asks for any of the words, as the portal does; of a page it makes the twenty best, the total,
    the facets by one grouped statement, and ten snippets by ``ts_headline``.
    """

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def build(self, documents: Iterable[Document]) -> None:
        """Fill the table and index it."""
        say = self._connection.execute
        columns = ", ".join(f"{name} text" for name in FACETS)
        say("DROP TABLE IF EXISTS stock")
        columns = f"title text, body text, audience text, {columns}, words tsvector"
        say(f"CREATE TABLE stock (id serial, {columns})".encode())
        put = f"COPY stock (title, body, audience, {_FACETS}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(put.encode()) as rows:
            for document in documents:
                values = [str(getattr(document, name)) for name in FACETS]
                rows.write_row([document.title, document.body, document.audience, *values])
        say(
            "UPDATE stock SET words = setweight(to_tsvector('russian', title), 'A')"
            " || to_tsvector('russian', body)"
        )
        say("CREATE INDEX ON stock USING gin (words)")
        say("VACUUM ANALYZE stock")

    def page(self, question: Question) -> int:
        """Make everything that a page shows; give the total."""
        query = self._query(question)
        where = "words @@ q.q AND audience = 'public'"
        given: dict[str, Any] = {"q": query}
        for name, values in question.filters.items():
            where += f" AND {name} = ANY(%({name})s)"
            given[name] = list(values)
        source = f"FROM stock, (SELECT %(q)s::tsquery AS q) q WHERE {where}"
        best = self._rows(
            f"SELECT id, title, body {source} ORDER BY ts_rank(words, q.q) DESC LIMIT 20", given
        )
        facets = self._rows(
            f"SELECT grouping({_FACETS}), {_FACETS}, count(*) {source} "
            f"GROUP BY GROUPING SETS ({_SETS}, ())",
            given,
        )
        self._rows(
            "SELECT ts_headline('russian', body, %(q)s::tsquery) FROM stock"
            " WHERE id = ANY(%(ids)s)",
            {"q": query, "ids": [row[0] for row in best[:10]]},
        )
        return int(facets[-1][-1])

    def _query(self, question: Question) -> str:
        function = "phraseto_tsquery" if question.kind == KINDS[2] else "plainto_tsquery"
        [[query]] = self._rows(f"SELECT {function}('russian', %(t)s)::text", {"t": question.text})
        return re.sub(" & ", " | ", query)

    def _rows(self, statement: str, given: dict[str, Any]) -> list[Any]:
        return self._connection.execute(statement.encode(), given).fetchall()


class _Forms(Tokenizer):
    """Several forms at one place, as the portal's own engines have them."""

    def __call__(self, value: str, **options: Any) -> Iterator[Token]:
        token = Token(positions=True, chars=False)
        for at, word in enumerate(value.split("  ")):
            for form in word.strip().split(" | "):
                token.text, token.pos, token.boost = form, at, 1.0
                yield token


class BareWhoosh:
    """whoosh with positions for its ``Phrase`` and columns for its ``groupedby``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, documents: Iterable[Document]) -> None:
        """Make the index."""
        words = TEXT(analyzer=_Forms(), phrase=True)
        facets = {name: ID(sortable=True) for name in FACETS}
        self._folder.mkdir(parents=True)
        schema = Schema(title=words, body=words, **facets)
        index = FileStorage(str(self._folder)).create_index(schema)
        writer = index.writer(limitmb=256)
        for document in documents:
            profile = profile_of(document, words_of(document))
            values = {name: str(getattr(document, name)) for name in FACETS}
            writer.add_document(title=profile.title, body=profile.body, **values)
        writer.commit()
        self._searcher = index.searcher()

    def facets(self, terms: Iterable[str]) -> int:
        """Count all facets of what has any of the terms."""
        query = Or([Term(field, term) for field in ("title", "body") for term in terms])
        groups = {name: FieldFacet(name) for name in FACETS}
        return len(self._searcher.search(query, limit=20, groupedby=groups))

    def phrase(self, forms: list[tuple[str, ...]]) -> int:
        """Count what has the words side by side; each has one form."""
        words = [terms[0] for terms in forms]
        query = Or([Phrase(field, words) for field in ("title", "body")])
        return len(self._searcher.search(query, limit=20))
