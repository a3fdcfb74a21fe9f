"""A request in the words of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from asdg_portal.search.index import FACETS, Request
from asdg_portal.search.postgres_engine.tables import TITLED, quoted
from asdg_portal.search.query import Beginning, Clause, Phrase, Word, needed, simple_clauses

# How much a form in the title tells beside one in the text, when candidates are chosen.
TITLE_SHARE = 0.5
ORDERS = {
    "relevance": "worth DESC, age DESC, key DESC",
    "newest": "age DESC, key DESC",
    "city": "city, age / 10000000 DESC, key",
}


class Asked:
    """The statements that answer one request from one table, and their parameters."""

    def __init__(self, table: str, request: Request) -> None:
        self.parameters: dict[str, object] = {}
        self._table, self._request = table, request
        self._wanted = [self._met(clause) for clause in request.query.wanted]
        self._filters = {
            name: self._bind([str(value) for value in request.filters[name]])
            for name in FACETS
            if request.filters.get(name)
        }

    def _bind(self, value: object) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"

    def counts(self) -> str:
        """Count, for each wanted clause, the documents that meet it, whoever may read them."""
        counts = [f"(SELECT count(*) FROM {self._table} WHERE {met})" for met in self._wanted]
        return f"SELECT {', '.join(counts)}"

    def found(self, worths: Collection[float], most: int) -> str:
        """Count what is found by facet, and name the first ``most`` documents of it.

        Rows are ``(grouped, value of each of FACETS, number, id)``. ``grouped`` has a bit for each
        facet that is not the one counted; it is negative in a row that names a document, whose
        place is then the number. Candidates are ordered by the worth of the clauses they meet.
        """
        order = ORDERS[self._request.sort if self._wanted else _without_words(self._request.sort)]
        columns = ", ".join(FACETS)
        sets = ", ".join(f"({name})" for name in FACETS)
        return f"""
            WITH {self._worths(worths)} found AS MATERIALIZED ({self._documents()})
            SELECT GROUPING({columns}) AS grouped, {columns}, {self._number()} AS number, 0 AS id
            FROM found GROUP BY GROUPING SETS ({sets}, ())
            UNION ALL
            SELECT -1, {", ".join("NULL" for _name in FACETS)}, place, id
            FROM (
                SELECT id, row_number() OVER (ORDER BY {order}) AS place
                FROM found WHERE failed = 0 ORDER BY {order} LIMIT {self._bind(most)}
            ) AS first
        """

    def _number(self) -> str:
        """Count the documents of a group that no filter keeps out, but for that of their facet."""
        counted = " ".join(
            f"WHEN {_bits(name)} THEN "
            f"count(*) FILTER (WHERE failed = 0 OR failed = 1 AND ok_{name} IS NOT TRUE)"
            for name in self._filters
        )
        number = "count(*) FILTER (WHERE failed = 0)"
        return (
            f"CASE GROUPING({', '.join(FACETS)}) {counted} ELSE {number} END" if counted else number
        )

    def _worths(self, worths: Collection[float]) -> str:
        """How many of the clauses each document meets, and what they are worth together."""
        if not self._wanted:
            return ""
        parts = []
        wanted = zip(self._request.query.wanted, self._wanted, worths, strict=True)
        for clause, met, worth in wanted:
            parts.append(f"SELECT id, {worth!r} AS worth, 1 AS met FROM {self._table} WHERE {met}")
            if titled := _forms(clause, TITLED):
                parts.append(
                    f"SELECT id, {worth * TITLE_SHARE!r}, 0 FROM {self._table} "
                    f"WHERE words @@ CAST({self._bind(titled)} AS tsquery)"
                )
        return f"""worths AS MATERIALIZED (
            SELECT id, sum(worth) * sum(met) AS worth, sum(met) AS met
            FROM ({" UNION ALL ".join(parts)}) AS parts GROUP BY id
        ),"""

    def _documents(self) -> str:
        """The documents that answer the words and may be seen, with what the filters say."""
        passed = [f"{name} = ANY({values}) AS ok_{name}" for name, values in self._filters.items()]
        failed = " + ".join(
            f"({name} = ANY({values}) IS NOT TRUE)::int" for name, values in self._filters.items()
        )
        worth = "worths.worth" if self._wanted else "0 AS worth"
        columns = ["id", "key", "age", *FACETS, worth, *passed, f"{failed or '0'} AS failed"]
        conditions = [f"audience = ANY({self._bind(sorted(self._request.audiences))})"]
        if self._wanted:
            conditions.append(f"({' OR '.join(self._wanted)})")
            conditions.append(f"worths.met >= {needed(len(self._wanted))}")
        if self._request.without:
            conditions.append(f"NOT key = ANY({self._bind(sorted(self._request.without))})")
        # As a set of its own: asked of each row, it would unpack the words of them all.
        conditions += [
            f"id NOT IN (SELECT id FROM {self._table} WHERE {self._met(clause)})"
            for clause in self._request.query.unwanted
        ]
        return f"""
            SELECT {", ".join(columns)} FROM {self._table}
            {"JOIN worths USING (id)" if self._wanted else ""} WHERE {" AND ".join(conditions)}
        """

    def _met(self, clause: Clause) -> str:
        """The condition that a document meets a clause."""
        conditions = [
            self._side_by_side(option)
            for option, _weight in simple_clauses(clause)
            if isinstance(option, Phrase)
        ]
        if forms := _forms(clause):
            conditions.append(f"words @@ CAST({self._bind(forms)} AS tsquery)")
        return f"({' OR '.join(conditions)})"

    def _side_by_side(self, phrase: Phrase) -> str:
        """The words of a phrase at adjacent places, or in the forms of a text too long for them."""
        words = [_any(word.terms) for word in phrase.words]
        apart, together = self._bind(" & ".join(words)), self._bind(" <-> ".join(words))
        pattern = self._bind(_pattern(phrase))
        return (
            f"words @@ CAST({apart} AS tsquery) AND CASE WHEN long_forms IS NULL "
            f"THEN words @@ CAST({together} AS tsquery) ELSE long_forms ~ {pattern} END"
        )


def _without_words(sort: str) -> str:
    return "newest" if sort == "relevance" else sort


def _bits(facet: str) -> int:
    """What GROUPING says of the rows that count one facet."""
    return sum(1 << at for at, name in enumerate(reversed(FACETS)) if name != facet)


def facet_of(grouped: int) -> str | None:
    """Say which facet a row counts; None if it counts them all."""
    return _FACETS.get(grouped)


_FACETS: Mapping[int, str] = {_bits(name): name for name in FACETS}


def _forms(clause: Clause, mark: str = "") -> str:
    """The words and beginnings of a clause, one of which must be met."""
    options = [option for option, _weight in simple_clauses(clause)]
    words = [_any(mark + term for term in o.terms) for o in options if isinstance(o, Word)]
    stems = [f"{quoted(mark + o.stem)}:*" for o in options if isinstance(o, Beginning)]
    return " | ".join(words + stems)


def _any(terms: Iterable[str]) -> str:
    return f"({' | '.join(map(quoted, terms))})"


def _pattern(phrase: Phrase) -> str:
    """Describe the words in the forms of a text: all forms of a word, then those of the next."""
    between = r"( \| [^ ]+)*  ([^ ]+ \| )*"
    words = (f"({'|'.join(map(re.escape, word.terms))})" for word in phrase.words)
    return f" {between.join(words)} "
