"""Which documents answer a request, how well, and how many there are of each value.

A document is its number in the view; everything about all of them is a column of numpy.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf

import numpy as np
from numpy.typing import NDArray

from asdg_portal.search.index import FACETS, Request
from asdg_portal.search.query import Beginning, Clause, Phrase, Query, Word, needed, simple_clauses
from asdg_portal.search.ranking import BODY, EXACT, LENGTH, SATURATION, TITLE, WEIGHT, rarity
from asdg_portal.search.whoosh_engine.view import View

Scores = NDArray[np.float64]
Documents = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Documents that answer a request, and how well, in no order."""

    numbers: Documents
    scores: Scores


def candidates(view: View, query: Query, until: float = inf) -> Ranked:
    """Find the documents that answer the words, before any filter.

    What was typed is looked up first, what stands for it as long as there is time.
    """
    admitted = view.alive.copy()
    for clause in query.unwanted:
        admitted &= _frequency(view, clause) == 0
    if not query.wanted:
        numbers = np.flatnonzero(admitted)
        return Ranked(numbers, np.zeros(len(numbers)))
    total = np.zeros(view.size)
    met = np.zeros(view.size, np.int16)
    typed = [_typed(view, clause) for clause in query.wanted]
    for clause, frequency in zip(query.wanted, typed, strict=True):
        _add_others(view, clause, frequency, until)
        meets = frequency > 0
        worth = rarity(view.count, int(np.count_nonzero(meets & view.alive)))
        total += worth * frequency / (SATURATION + frequency)
        for word, weight in _spelled(clause):
            spelled = view.spelled(word)
            # The parts of a date are spelled too, but whoever asks for one does not mean the day.
            total[spelled[meets[spelled]]] += EXACT * weight * worth
        met += meets
    numbers = np.flatnonzero(admitted & (met >= needed(len(query.wanted))))
    return Ranked(numbers, total[numbers] * met[numbers] / len(query.wanted))


def _spelled(clause: Clause) -> list[tuple[str, float]]:
    """The words of a clause as they were typed."""
    return [
        (option.exact, weight)
        for option, weight in simple_clauses(clause)
        if isinstance(option, Word) and option.exact
    ]


def _frequency(view: View, clause: Clause) -> Scores:
    """How often each document has what a clause asks, by field and length; 0 if it does not."""
    frequency = _typed(view, clause)
    _add_others(view, clause, frequency, inf)
    return frequency


def _typed(view: View, clause: Clause) -> Scores:
    option, weight = simple_clauses(clause)[0]
    return weight * _frequency_of(view, option)


def _add_others(view: View, clause: Clause, frequency: Scores, until: float) -> None:
    """Add what each document has of the other ways to say the same, the best ways first."""
    for option, weight in simple_clauses(clause)[1:]:
        if time.monotonic() > until:
            return
        frequency += weight * _frequency_of(view, option)


def _frequency_of(view: View, option: Word | Beginning | Phrase) -> Scores:
    if isinstance(option, Word):
        return _frequency_of_terms(view, option.terms)
    if isinstance(option, Beginning):
        return _frequency_of_terms(view, view.expand(option.stem))
    words = [_frequency_of_terms(view, word.terms) for word in option.words]
    rarest = reduce(np.minimum, words)
    found = np.zeros(view.size)
    numbers = view.with_phrase(option, rarest > 0)
    found[numbers] = rarest[numbers] * len(words)
    return found


def _frequency_of_terms(view: View, terms: Iterable[str]) -> Scores:
    found = np.zeros(view.size)
    for field in (TITLE, BODY):
        hold, lengths = LENGTH[field], view.relative_lengths[field]
        for term in terms:
            numbers, counts = view.postings(field, term)
            if len(numbers):
                found[numbers] += WEIGHT[field] * counts / (1 - hold + hold * lengths[numbers])
    return found


def narrow(view: View, found: Ranked, request: Request) -> tuple[Ranked, dict[str, dict[str, int]]]:
    """Keep what the viewer may see and the filters admit; count each facet under the others."""
    visible = _has(view, "audience", request.audiences, found.numbers)
    if request.without:
        visible &= ~np.isin(found.numbers, view.numbers_of(request.without))
    numbers = found.numbers[visible]
    passed = {
        name: _has(view, name, [str(value) for value in request.filters[name]], numbers)
        for name in FACETS
        if request.filters.get(name)
    }
    kept = _all(passed.values(), len(numbers))
    facets = {}
    for name in FACETS:
        others = kept
        if name in passed:
            others = _all([ok for facet, ok in passed.items() if facet != name], len(numbers))
        facets[name] = _counts(view, name, numbers[others])
    return Ranked(numbers[kept], found.scores[visible][kept]), facets


def _has(view: View, column: str, names: Iterable[str], numbers: Documents) -> NDArray[np.bool_]:
    """Which of the documents have one of the values in a column."""
    accepted = np.zeros(len(view.values[column].names), bool)
    accepted[view.values[column].known(names)] = True
    found: NDArray[np.bool_] = accepted[view.codes[column][numbers]]
    return found


def _all(conditions: Iterable[NDArray[np.bool_]], length: int) -> NDArray[np.bool_]:
    return reduce(np.logical_and, conditions, np.ones(length, bool))


def _counts(view: View, column: str, numbers: Documents) -> dict[str, int]:
    counts = np.bincount(view.codes[column][numbers]) if len(numbers) else np.empty(0, int)
    names = view.values[column].names
    found = {names[code]: int(counts[code]) for code in np.flatnonzero(counts)}
    found.pop("", None)
    return found


def page(view: View, found: Ranked, request: Request) -> list[tuple[int, float]]:
    """Give the page that was asked for, in the order that was asked for, with scores."""
    age = view.age[found.numbers]
    scores = np.round(found.scores, 9)
    if request.sort == "city":
        return _page(view, found, request, [-_city_order(view, found.numbers), age // 10_000_000])
    if request.sort == "relevance" and request.query.wanted:
        return _page(view, found, request, [scores, age])
    return _page(view, found, request, [age, scores])


def _city_order(view: View, numbers: Documents) -> NDArray[np.int64]:
    """Where the city of each document stands in the order of the alphabet."""
    names = view.values["city"].names
    place = np.empty(len(names), np.int64)
    place[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    found: NDArray[np.int64] = place[view.codes["city"][numbers]]
    return found


def _page(
    view: View, found: Ranked, request: Request, keys: Sequence[NDArray[np.generic]]
) -> list[tuple[int, float]]:
    """Order by ``keys``, greatest first, then by the documents' keys; sort no more than needed."""
    end = request.offset + request.limit
    chosen = np.arange(len(found.numbers))
    if len(chosen) > end:
        least = np.partition(keys[0], len(chosen) - end)[len(chosen) - end]
        chosen = np.flatnonzero(keys[0] >= least)
    names = [view.key(number) for number in found.numbers[chosen].tolist()]
    backwards = request.sort != "city"
    by_name = np.empty(len(chosen), np.int64)
    by_name[sorted(range(len(chosen)), key=names.__getitem__, reverse=not backwards)] = np.arange(
        len(chosen)
    )
    order = np.lexsort([by_name, *(key[chosen] for key in reversed(keys))])[::-1]
    picked = chosen[order[request.offset : end]]
    return [(int(found.numbers[i]), round(float(found.scores[i]), 6)) for i in picked]
