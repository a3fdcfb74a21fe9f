"""Which documents answer a request, how well, and how many there are of each kind."""

from __future__ import annotations

import heapq
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log

from asdg_portal.search.index import FACETS, Request
from asdg_portal.search.query import Beginning, Clause, Phrase, Word, needed, simple_clauses
from asdg_portal.search.whoosh_engine.schema import BODY, TITLE
from asdg_portal.search.whoosh_engine.view import Leaf, View

# BM25F: how soon repetition stops counting, how much long texts are held back, what a title is
# worth. Measured on judged queries; see benchmarks/.
SATURATION = 1.2
LENGTH = {TITLE: 0.3, BODY: 0.6}
WEIGHT = {TITLE: 2.5, BODY: 1.0}
AUDIENCE, KEY, PUBLISHED = 6, 7, 8
YEAR = FACETS.index("year")
CITY = FACETS.index("city")

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that answers the words of a request."""

    leaf: Leaf
    number: int
    score: float

    @property
    def facts(self) -> tuple[str, ...]:
        """The small values of the document."""
        return self.leaf.segment.facts[self.number]


def candidates(view: View, request: Request) -> list[Candidate]:
    """Find the documents that answer the words, before any filter."""
    query = request.query
    averages = {field: view.average_length(field) for field in (TITLE, BODY)}
    wanted = [_Scorer(view, clause, averages) for clause in query.wanted]
    unwanted = [_Scorer(view, clause, averages) for clause in query.unwanted]
    least = needed(len(wanted))
    found = []
    for leaf in view.leaves:
        scores, met = _add_up([scorer.scores(leaf) for scorer in wanted])
        numbers: Iterable[int] = met if wanted else range(leaf.segment.size)
        hidden = leaf.deleted.union(*(scorer.scores(leaf) for scorer in unwanted))
        for number in numbers:
            if number not in hidden and met.get(number, 0) >= least:
                share = met[number] / len(wanted) if wanted else 1.0
                found.append(Candidate(leaf, number, scores.get(number, 0.0) * share))
    return found


def _add_up(parts: list[Scores]) -> tuple[Scores, dict[int, int]]:
    """Sum the scores of several clauses, and count how many of them a document meets."""
    total: Scores = {}
    met: dict[int, int] = {}
    for part in parts:
        for number, score in part.items():
            total[number] = total.get(number, 0.0) + score
            met[number] = met.get(number, 0) + 1
    return total, met


class _Scorer:
    """How well documents meet one clause."""

    def __init__(self, view: View, clause: Clause, averages: Mapping[str, float]) -> None:
        self._view, self._clause, self._averages = view, clause, averages
        self._frequencies = [self._in_leaf(leaf) for leaf in view.leaves]
        meeting = sum(len(part) for part in self._frequencies)
        self._rarity = log(1 + (view.count - meeting + 0.5) / (meeting + 0.5)) if meeting else 0.0
        self._rarity = max(self._rarity, 0.05)

    def scores(self, leaf: Leaf) -> Scores:
        """The documents of a leaf that meet the clause."""
        part = self._frequencies[self._view.leaves.index(leaf)]
        rarity = self._rarity
        return {n: rarity * f / (SATURATION + f) for n, f in part.items()}

    def _in_leaf(self, leaf: Leaf) -> Scores:
        found: Scores = {}
        for option, weight in simple_clauses(self._clause):
            for number, frequency in self._option(leaf, option).items():
                found[number] = found.get(number, 0.0) + weight * frequency
        return found

    def _option(self, leaf: Leaf, option: Word | Beginning | Phrase) -> Scores:
        if isinstance(option, Phrase):
            return self._phrase(leaf, option)
        if isinstance(option, Beginning):
            return self._frequency(leaf, self._view.expand(option.stem))
        return self._frequency(leaf, option.terms)

    def _frequency(self, leaf: Leaf, terms: Iterable[str]) -> Scores:
        """How often any of the terms stands in each document, by field and length."""
        found: Scores = {}
        for field in (TITLE, BODY):
            weight, hold, average = WEIGHT[field], LENGTH[field], self._averages[field]
            lengths: array[float] = leaf.segment.lengths[field]
            for term in terms:
                numbers, counts = self._view.postings(leaf, field, term)
                for number, count in zip(numbers, counts, strict=True):
                    norm = 1 - hold + hold * lengths[number] / average
                    found[number] = found.get(number, 0.0) + weight * count / norm
        return found

    def _phrase(self, leaf: Leaf, phrase: Phrase) -> Scores:
        """Documents with all the words, of those the ones where they stand side by side."""
        parts = [self._frequency(leaf, word.terms) for word in phrase.words]
        common = set(parts[0]).intersection(*parts[1:])
        pattern = re.compile(
            " ".join(
                rf"(?:[^ ]*\|)?(?:{'|'.join(map(re.escape, word.terms))})(?:\|[^ ]*)?"
                for word in phrase.words
            ).join(("(?<![^ ])", "(?= )"))
        )
        return {
            number: min(part[number] for part in parts) * len(parts)
            for number in common
            if pattern.search(self._view.stored(leaf, number)["forms"])
        }


def narrow(
    found: list[Candidate], request: Request
) -> tuple[list[Candidate], dict[str, dict[str, int]]]:
    """Keep what the viewer may see and the filters admit; count each facet under the others."""
    filters = [
        (position, frozenset(map(str, request.filters[name])))
        for position, name in enumerate(FACETS)
        if request.filters.get(name)
    ]
    kept: list[Candidate] = []
    counters: list[Counter[str]] = [Counter() for _name in FACETS]
    for candidate in found:
        facts = candidate.facts
        if facts[AUDIENCE] not in request.audiences or facts[KEY] in request.without:
            continue
        failed = [position for position, values in filters if facts[position] not in values]
        if not failed:
            kept.append(candidate)
            for position, counter in enumerate(counters):
                counter[facts[position]] += 1
        elif len(failed) == 1:
            counters[failed[0]][facts[failed[0]]] += 1
    facets = {name: dict(counters[i]) for i, name in enumerate(FACETS)}
    for counts in facets.values():
        counts.pop("", None)
    return kept, facets


def _by_city(candidate: Candidate) -> tuple[object, ...]:
    facts = candidate.facts
    return (facts[CITY], -int(facts[YEAR]), facts[KEY])


def _newest(candidate: Candidate) -> tuple[object, ...]:
    facts = candidate.facts
    return (facts[YEAR], facts[PUBLISHED], candidate.score, facts[KEY])


def _best(candidate: Candidate) -> tuple[object, ...]:
    return (round(candidate.score, 9), *_newest(candidate))


def page(found: list[Candidate], request: Request) -> list[Candidate]:
    """Give the page that was asked for, in the order that was asked for."""
    end = request.offset + request.limit
    if request.sort == "city":
        ordered = sorted(found, key=_by_city)
        return ordered[request.offset : end]
    by_words = request.sort == "relevance" and request.query.wanted
    order: Callable[[Candidate], tuple[object, ...]] = _best if by_words else _newest
    return heapq.nlargest(end, found, key=order)[request.offset :]
