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
MOST_OPTIONS = 100
MOST_PHRASES = 24
RELATIVE = 0.35
STRONG = 0.85  # as much as the same

Simple = Word | Beginning | Phrase


class Finder(Protocol):
    """Knows expressions, and what says the same."""

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Find expressions in consecutive words of a query."""


def expand(query: Query, finders: Iterable[Finder], *, widely: bool = False) -> Query:
    """Let each word of a query be met by what says the same, and by words of its family.

    A single word is met by its own forms and by what means the same, unless it is to be met
    ``widely``. Beside other words, where texts that meet more of them stand first, or if nothing
    was found, what is near to it and its relatives do as well.
    """
    widely = widely or len(query.wanted) > 1
    ways: dict[int, dict[Simple, float]] = {}
    for run in _runs(query.wanted):
        words = [word for _place, word in run]
        for found in (found for finder in finders for found in finder.find(words)):
            options = [way for way in found.options if widely or way[1] >= STRONG]
            for place, _word in run[found.start : found.end]:
                _add(ways.setdefault(place, {}), options)
    for place, clause in enumerate(query.wanted if widely else ()):
        if isinstance(clause, Word) and (terms := relatives(clause.terms)):
            _add(ways.setdefault(place, {}), [(Word(terms), RELATIVE)])
    return replace(query, wanted=_bounded(query.wanted, ways))


def _add(ways: dict[Simple, float], options: Iterable[tuple[Simple, float]]) -> None:
    """Keep the best weight of each way."""
    for clause, weight in options:
        ways[clause] = max(ways.get(clause, 0.0), weight)


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
    """Put the best ways into the query, each word its share of what can be answered in time."""
    words = max(len(ways), 1)
    most, most_phrases = max(MOST_OPTIONS // words, 3), max(MOST_PHRASES // words, 1)
    found: list[Clause] = []
    for place, clause in enumerate(clauses):
        chosen: list[tuple[Simple, float]] = []
        phrases = 0
        for way in sorted(ways.get(place, {}).items(), key=lambda way: -way[1]):
            phrases += isinstance(way[0], Phrase)
            if len(chosen) < most and not (isinstance(way[0], Phrase) and phrases > most_phrases):
                chosen.append(way)
        if isinstance(clause, AnyOf) or not chosen:
            found.append(clause)
        else:
            found.append(AnyOf(((clause, 1.0), *chosen)))
    return tuple(found)
