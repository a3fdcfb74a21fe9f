"""What else says the same as the words of a query: the groups, ready to be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from asdg_portal.core.morphology import is_known, lemmas
from asdg_portal.search.query import Phrase, Word
from asdg_portal.search.vocabulary.groups import Group
from asdg_portal.search.words import STOP_WORDS, Token, is_abbreviation, is_stop_word, tokenize

# How well a word of a group stands for another one of it.
SAME, NEAR, BROADER = 0.9, 0.5, 0.3
WITHIN = 0.5
LONGEST = 5  # words of a query that can be one expression

MOST_KEPT = 20_000  # members that need not be read anew when a group is changed

Option = tuple[Word | Phrase, float]


@dataclass(frozen=True, slots=True)
class Found:
    """An expression of the vocabulary in a query: which of its words, and what says the same."""

    start: int
    end: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member of a group as it is recognised: for each of its words the terms it can have."""

    words: tuple[frozenset[str], ...]
    group: int
    weight: float


class Thesaurus:
    """The groups by the words of their members."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        self._members: list[tuple[tuple[Word | Phrase, float], ...]] = []
        for number, group in enumerate(groups):
            said = ((group.same, SAME), (group.near, NEAR), (group.broader, BROADER))
            members = [(text, weight) for texts, weight in said for text in texts]
            pairs = ((as_clause(text), weight) for text, weight in members)
            self._members.append(tuple((c, weight) for c, weight in pairs if c is not None))
            for text, weight in members:
                if weight != BROADER:
                    self._add(_Entry(_sought(text), number, weight))

    def _add(self, entry: _Entry) -> None:
        for term in entry.words[0] if entry.words else ():
            self._entries.setdefault(term, []).append(entry)

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Find expressions in consecutive words of a query, the longest first.

        Words within a longer expression say less by themselves: «жильё» in «аварийное жильё».
        """
        taken: set[int] = set()
        for length in range(min(LONGEST, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                places = range(start, start + length)
                if options := self._options(words, places):
                    held_back = 1.0 if taken.isdisjoint(places) else WITHIN
                    taken.update(places)
                    yield Found(
                        start, start + length, tuple((c, held_back * w) for c, w in options)
                    )

    @cached_property
    def words(self) -> frozenset[str]:
        """The terms by which expressions are recognised."""
        return frozenset(self._entries)

    def knows(self, terms: Iterable[str]) -> bool:
        """Whether a word stands in a group, alone or as the beginning of an expression."""
        return any(term in self._entries for term in terms)

    def _options(self, words: Sequence[Word], places: range) -> tuple[Option, ...]:
        asked = [frozenset(words[place].terms) for place in places]
        best: dict[Word | Phrase, float] = {}
        for entry in {e for terms in asked for term in terms for e in self._entries.get(term, ())}:
            if len(entry.words) == len(asked) and _is_said(entry.words, asked):
                for clause, weight in self._members[entry.group]:
                    # Two that are only near to a third need not be near to one another.
                    if SAME in {entry.weight, weight}:
                        best[clause] = max(best.get(clause, 0), min(weight, entry.weight))
        for clause in [c for c in best if _asks_for(c, asked)]:
            del best[clause]
        return tuple(sorted(best.items(), key=lambda pair: (-pair[1], str(pair[0]))))


@lru_cache(maxsize=MOST_KEPT)
def as_clause(text: str) -> Word | Phrase | None:
    """Say what a text must hold to say so: the word, or the words side by side.

    None if that could not be told from common words: «ПО» in small letters is a preposition.
    """
    words = tuple(Word(_told(token, text)) for token in tokenize(text))
    if len(words) > 1:
        return Phrase(words)
    return words[0] if words and words[0].terms else None


def key_of(text: str) -> tuple[tuple[str, ...], ...]:
    """By what a member is recognised; two with one key are the same to the search."""
    return tuple(sorted(tuple(sorted(terms)) for terms in _sought(text)))


def _told(token: Token, text: str) -> tuple[str, ...]:
    """The terms of a word of a group; an abbreviation only as such if it is a word besides."""
    word = text[token.start : token.end]
    if is_abbreviation(word) and _is_a_word(word):
        return (token.terms[-1],)
    return token.terms


def _is_a_word(abbreviation: str) -> bool:
    """Whether an abbreviation in small letters is another word: «РАС» and «раса»."""
    small = abbreviation.lower()
    return small in STOP_WORDS or lemmas(small) != (small,) or (len(small) < 4 and is_known(small))


@lru_cache(maxsize=MOST_KEPT)
def _sought(text: str) -> tuple[frozenset[str], ...]:
    """By which words of a query a member is recognised; function words do not count."""
    tokens = [t for t in tokenize(text) if not is_stop_word(t)]
    return tuple(frozenset(_told(token, text)) for token in tokens)


def _is_said(sought: Sequence[frozenset[str]], asked: Sequence[frozenset[str]]) -> bool:
    """Whether the words are those of an expression, in whatever order."""
    left = list(asked)
    for terms in sought:
        at = next((i for i, given in enumerate(left) if not terms.isdisjoint(given)), None)
        if at is None:
            return False
        del left[at]
    return True


def _asks_for(clause: Word | Phrase, asked: Sequence[frozenset[str]]) -> bool:
    """Whether a clause says no more than a word that was asked for itself."""
    return isinstance(clause, Word) and any(not t.isdisjoint(clause.terms) for t in asked)
