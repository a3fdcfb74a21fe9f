"""A query with the other ways to say what it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from asdg_portal.search.families import relatives
from asdg_portal.search.query import AnyOf, Beginning, Clause, Phrase, Query, Word
from asdg_portal.search.vocabulary.thesaurus import Found

# Looking up a word costs little, words side by side cost more. Both are bounded for a whole query,
# so that the words themselves are answered in time; see MOST_TERMS.
MOST_OPTIONS = 60
MOST_PHRASES = 16
RELATIVE = 0.35

Simple = Word | Beginning | Phrase


class Finder(Protocol):
    """Knows expressions, and what says the same."""

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Find expressions in consecutive words of a query."""


def expand(query: Query, finders: Iterable[Finder]) -> Query:
    """Let each word of a query be met by what says the same, and by words of its family.

    A single word is met by its own forms and by what means the same; only beside others, where
    texts that meet more of them stand first, by its relatives too.
    """
    ways: dict[int, dict[Simple, float]] = {}
    for run in _runs(query.wanted):
        words = [word for _place, word in run]
        for found in (found for finder in finders for found in finder.find(words)):
            for place, _word in run[found.start : found.end]:
                ways.setdefault(place, {}).update(found.options)
    if len(query.wanted) > 1:
        for place, clause in enumerate(query.wanted):
            if isinstance(clause, Word) and (terms := relatives(clause.terms)):
                ways.setdefault(place, {})[Word(terms)] = RELATIVE
    return replace(query, wanted=_bounded(query.wanted, ways))


def _runs(clauses: Sequence[Clause]) -> list[list[tuple[int, Word]]]:
    """The plain words that stand beside one another, with their places in the query."""
    runs: list[list[tuple[int, Word]]] = [[]]
    for place, clause in enumerate(clauses):
        if isinstance(clause, Word):
            runs[-1].append((place, clause))
        else:
            runs.append([])
    return runs


def _bounded(clauses: Sequence[Clause], ways: dict[int, dict[Simple, float]]) -> tuple[Clause, ...]:
    """Put the best ways into the query, as many as can be answered in time."""
    every = sorted(
        ((weight, place, clause) for place, found in ways.items()
         for clause, weight in found.items()),
        key=lambda way: (-way[0], way[1]),
    )  # fmt: skip
    phrases = 0
    chosen: dict[int, list[tuple[Simple, float]]] = {}
    for weight, place, clause in every[:MOST_OPTIONS]:
        phrases += isinstance(clause, Phrase)
        if not isinstance(clause, Phrase) or phrases <= MOST_PHRASES:
            chosen.setdefault(place, []).append((clause, weight))
    return tuple(
        AnyOf(((clause, 1.0), *chosen[place])) if place in chosen and not isinstance(clause, AnyOf)
        else clause
        for place, clause in enumerate(clauses)
    )  # fmt: skip
