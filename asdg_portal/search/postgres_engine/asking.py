"""A request in the words of PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

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

    def found(self, worths: Sequence[float], most: int) -> str:
        """Count what is found by facet, and name the first ``most`` documents of it.

        Rows are ``(grouped, value of each of FACETS, number, id)``. ``grouped`` has a bit for each
        facet that is not the one counted; it is negative in a row that names a document, whose
        place is then the number. Candidates are ordered by the worth of the clauses they meet.
        """
        order = ORDERS[self._request.sort if self._wanted else _without_words(self._request.sort)]
        columns = ", ".join(FACETS)
        facets = ", ".join(f"({name})" for name in FACETS)
        sets = self._sets()
        parts = [f"{name} AS MATERIALIZED ({ids})" for name, ids in sets.items()]
        parts.append(f"found AS MATERIALIZED ({self._documents(sets, worths)})")
        return f"""
            WITH {", ".join(parts)}
            SELECT GROUPING({columns}) AS grouped, {columns}, {self._number()} AS number, 0 AS id
            FROM found GROUP BY GROUPING SETS ({facets}, ())
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

    def _sets(self) -> dict[str, str]:
        """The documents that meet each clause, and those that do in their title.

        They are looked up as sets: asked of each row, whether it has a word would unpack all its
        words. The set of a single clause is what is looked through anyway.
        """
        sets = {}
        for at, (clause, met) in enumerate(
            zip(self._request.query.wanted, self._wanted, strict=True)
        ):
            if len(self._wanted) > 1:
                sets[f"met{at}"] = f"SELECT id FROM {self._table} WHERE {met}"
            if forms := _forms(clause, TITLED):
                titled = f"words @@ CAST({self._bind(forms)} AS tsquery)"
                sets[f"titled{at}"] = f"SELECT id FROM {self._table} WHERE {titled}"
        for at, clause in enumerate(self._request.query.unwanted):
            sets[f"unwanted{at}"] = f"SELECT id FROM {self._table} WHERE {self._met(clause)}"
        return sets

    def _documents(self, sets: Collection[str], worths: Sequence[float]) -> str:
        """The documents that answer the words and may be seen, with what the filters say."""
        members = [f"id IN (SELECT id FROM {name}) AS {name}" for name in sets]
        met, worth = ["0"], ["0"]
        for at, of_clause in enumerate(worths):
            is_met = f"met{at}::int" if f"met{at}" in sets else "1"
            met.append(is_met)
            worth.append(f"{of_clause!r} * {is_met}")
            if f"titled{at}" in sets:
                worth.append(f"{of_clause * TITLE_SHARE!r} * titled{at}::int")
        passed = [f"{name} = ANY({values}) AS ok_{name}" for name, values in self._filters.items()]
        failed = [f"(ok_{name} IS NOT TRUE)::int" for name in self._filters]
        return f"""
            SELECT *, ({" + ".join(worth)}) * ({" + ".join(met)}) AS worth,
                {" + ".join(["0", *failed])} AS failed
            FROM (
                SELECT {", ".join(["id", "key", "age", *FACETS, *passed, *members])}
                FROM {self._table} WHERE {" AND ".join(self._seen())} OFFSET 0
            ) AS seen
            WHERE {
            " AND ".join(
                [f"NOT {name}" for name in sets if name.startswith("unwanted")]
                + [f"{' + '.join(met)} >= {needed(len(worths))}"]
            )
        }
        """

    def _seen(self) -> list[str]:
        """The conditions on what is looked through: it may be seen, and it has something wanted."""
        conditions = [f"audience = ANY({self._bind(sorted(self._request.audiences))})"]
        if self._request.without:
            conditions.append(f"NOT key = ANY({self._bind(sorted(self._request.without))})")
        clauses = self._request.query.wanted
        if len(clauses) == 1:
            conditions += self._wanted
        elif clauses and not any(map(_has_phrase, clauses)):
            forms = self._bind(" | ".join(map(_forms, clauses)))
            conditions.append(f"words @@ CAST({forms} AS tsquery)")
        return conditions

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


def _has_phrase(clause: Clause) -> bool:
    return any(isinstance(option, Phrase) for option, _weight in simple_clauses(clause))


def _any(terms: Iterable[str]) -> str:
    return f"({' | '.join(map(quoted, terms))})"


def _pattern(phrase: Phrase) -> str:
    """Describe the words in the forms of a text: all forms of a word, then those of the next."""
    between = r"( \| [^ ]+)*  ([^ ]+ \| )*"
    words = (f"({'|'.join(map(re.escape, word.terms))})" for word in phrase.words)
    return f" {between.join(words)} "
