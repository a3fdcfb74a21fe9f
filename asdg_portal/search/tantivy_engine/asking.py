"""A request in the words of tantivy."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product
from math import log, prod

from tantivy import Occur, Query as Tantivy

from asdg_portal.search.index import FACETS, Request
from asdg_portal.search.query import Beginning, Clause, Phrase, Word, needed, simple_clauses
from asdg_portal.search.ranking import BODY, EXACT, TITLE, rarity
from asdg_portal.search.scoring import Figures, exact_words
from asdg_portal.search.tantivy_engine.view import View

# Candidates are chosen by tantivy's own BM25, its fields weighed so that the order is near ours.
_WEIGHT = {TITLE: 1.5, BODY: 1.0}
_BOTH = 0.2  # what the lesser of two ways adds
_PER_OCCURRENCE = 2.2  # tantivy multiplies by k1 + 1
_MOST_PHRASES = 16  # ways to choose the forms of a phrase before its words are patterns

Part = tuple[Occur, Tantivy]


class Asked:
    """The queries that answer one request in one state of the index."""

    def __init__(self, view: View, request: Request) -> None:
        self._view, self._schema = view, view.schema
        meeting = {c: view.meeting(c, self._clause(c, 1.0)) for c in request.query.wanted}
        self.figures = Figures(view.count, view.averages, meeting)
        self._parts: list[Part] = [(Occur.Must, self._any("audience", request.audiences))]
        if request.query.wanted:
            self._parts.append((Occur.Must, self._words(meeting)))
        self._parts += [(Occur.MustNot, self._clause(c, 1.0)) for c in request.query.unwanted]
        if request.without:
            self._parts.append((Occur.MustNot, self._any("key", request.without)))
        self._filters = {
            name: self._any(name, [str(value) for value in request.filters[name]])
            for name in FACETS
            if request.filters.get(name)
        }

    def everything(self, but_for: str | None = None) -> Tantivy:
        """What the request finds, optionally without the filter of one facet."""
        filters = [(Occur.Must, q) for name, q in self._filters.items() if name != but_for]
        return Tantivy.boolean_query([*self._parts, *filters])

    def counted(self) -> Iterator[tuple[Tantivy, Collection[str]]]:
        """Say which facets are counted among what."""
        if others := [name for name in FACETS if name not in self._filters]:
            yield self.everything(), others
        for name in self._filters:
            yield self.everything(but_for=name), [name]

    def _any(self, field: str, values: Collection[str]) -> Tantivy:
        """Documents that have one of the values, whose score stays what it is."""
        if len(values) == 1:
            found = Tantivy.term_query(self._schema, field, next(iter(values)), "basic")
        else:
            found = Tantivy.term_set_query(self._schema, field, list(values))
        return Tantivy.const_score_query(found, 0.0)

    def _words(self, meeting: Mapping[Clause, int]) -> Tantivy:
        """Documents with enough of the clauses, those that meet more of them first."""
        worths = {clause: rarity(self._view.count, count) for clause, count in meeting.items()}
        # Of the score of a document the whole part is how many it meets, the rest how well.
        share = 0.5 / (sum(worths.values()) or 1.0)
        one = Tantivy.const_score_query(Tantivy.all_query(), 1.0)
        clauses = []
        for clause, worth in worths.items():
            parts = [(Occur.Must, self._clause(clause, worth * share)), (Occur.Must, one)]
            for word, weight in exact_words(clause):
                found = Tantivy.term_query(self._schema, "exact", word, "basic")
                extra = Tantivy.const_score_query(found, EXACT * weight * worth * share)
                parts.append((Occur.Should, extra))
            clauses.append((Occur.Should, Tantivy.boolean_query(parts)))
        return Tantivy.boolean_query(clauses, needed(len(clauses)))

    def _clause(self, clause: Clause, worth: float) -> Tantivy:
        """Documents that meet a clause, with a score of up to about ``worth``."""
        return _best(
            [self._option(option, worth * weight) for option, weight in simple_clauses(clause)]
        )

    def _option(self, option: Word | Beginning | Phrase, worth: float) -> Tantivy:
        if isinstance(option, Phrase):
            return _best([self._phrase(option, field, worth) for field in (TITLE, BODY)])
        if isinstance(option, Beginning):
            pattern = f"{_pattern(option.stem)}.*"
            found = [Tantivy.regex_query(self._schema, field, pattern) for field in (TITLE, BODY)]
            return Tantivy.const_score_query(_best(found), worth / 2)
        return _best(
            [
                self._weighed(Tantivy.term_query(self._schema, field, term), field, [term], worth)
                for field in (TITLE, BODY)
                for term in option.terms
            ]
        )

    def _phrase(self, phrase: Phrase, field: str, worth: float) -> Tantivy:
        """Documents with the words side by side in one field, in any of their forms."""
        forms = [word.terms for word in phrase.words]
        if prod(map(len, forms)) > _MOST_PHRASES:
            patterns: list[str | tuple[int, str]] = ["|".join(map(_pattern, t)) for t in forms]
            found = Tantivy.regex_phrase_query(self._schema, field, patterns)
            return Tantivy.const_score_query(found, worth / 2)
        return _best(
            [
                self._weighed(
                    Tantivy.phrase_query(self._schema, field, list(terms)), field, terms, worth
                )
                for terms in product(*forms)
            ]
        )

    def _weighed(self, query: Tantivy, field: str, terms: Iterable[str], worth: float) -> Tantivy:
        """Let a query count by our rarity of the clause rather than by tantivy's of the terms."""
        theirs = sum(self._rarity(field, term) for term in terms)
        return Tantivy.boost_query(query, worth * _WEIGHT[field] / (_PER_OCCURRENCE * theirs))

    def _rarity(self, field: str, term: str) -> float:
        having, all_of_them = self._view.searcher.doc_freq(field, term), self._view.size
        return log(1 + (max(all_of_them - having, 0) + 0.5) / (having + 0.5))


def _best(queries: list[Tantivy]) -> Tantivy:
    return queries[0] if len(queries) == 1 else Tantivy.disjunction_max_query(queries, _BOTH)


def _pattern(text: str) -> str:
    return re.sub(r"[^\w]", lambda sign: f"\\{sign[0]}", text)
