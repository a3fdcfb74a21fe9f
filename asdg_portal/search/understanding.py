"""What somebody means by what they typed: words that stand in no text are put right."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from asdg_portal.core.morphology import fold, is_known
from asdg_portal.search import layout
from asdg_portal.search.expansion import expand
from asdg_portal.search.places import PlaceNames, load_place_names
from asdg_portal.search.query import BadQuery, Query, parse
from asdg_portal.search.sources import get_index
from asdg_portal.search.spelling import Candidate, Speller, other_layout
from asdg_portal.search.vocabulary.services import load_thesaurus
from asdg_portal.search.vocabulary.thesaurus import Thesaurus
from asdg_portal.search.words import Token, tokenize

# Putting right is a help: whoever types nonsense waits no longer for an answer.
MOST_SUSPECTS = 6
LONGEST_TIME = 0.25  # seconds
IN_NO_TEXT = 0.4  # how much less likely a word is that only the vocabulary has

_CHUNK = re.compile(r"[^\s\"«»“”„‟*]+")

# How many texts that the person may read hold any of the terms.
Count = Callable[[tuple[str, ...]], int]
Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """The query to be answered, a wider one for when it finds nothing, and what was typed alone.

    ``meant`` says, where words were put right, how it would be typed.
    """

    query: Query
    wider: Query
    plain: Query
    meant: str | None = None


def understand(text: str, count: Count) -> Understood:
    """Read a query, put right what is found nowhere, and add what says the same.

    :raises BadQuery: if it is beyond the limits.
    """
    query, meant = parse(text), None
    thesaurus, places = load_thesaurus(), load_place_names()
    if corrected := _Corrector(thesaurus, places, count).correct(query.text):
        try:
            query, meant = parse(corrected), corrected
        except BadQuery:  # a word parted in two can be one too many
            meant = None
    finders = (thesaurus, places)
    wider = expand(query, finders, widely=True)
    return Understood(expand(query, finders), wider, query, meant)


@lru_cache(maxsize=2)
def _speller(words: frozenset[str], known: frozenset[str]) -> Speller:
    return Speller(words | known)


class _Corrector:
    """Puts right the words of one query."""

    def __init__(self, thesaurus: Thesaurus, places: PlaceNames, count: Count) -> None:
        self._thesaurus, self._places, self._count = thesaurus, places, count
        self._until = time.monotonic() + LONGEST_TIME
        self._left = MOST_SUSPECTS

    def correct(self, text: str) -> str | None:
        """Give the text with what was meant; None if nothing is to be put right."""
        parts, at = [], 0
        for start, end, meant in self._corrections(text):
            if start >= at:
                parts += [text[at:start], meant]
                at = end
        return "".join([*parts, text[at:]]) if parts else None

    def _corrections(self, text: str) -> Iterator[tuple[int, int, str]]:
        for match in _CHUNK.finditer(text):
            chunk, start = match.group(), match.start() + (match.group()[0] == "-")
            tokens = list(tokenize(chunk := chunk.removeprefix("-")))
            if not self._may_go_on():
                return
            if re.search("[a-zA-Z]", chunk) and not re.search("[а-яё]", chunk.lower()):
                nowhere = tokens and not any(self._exists(token) for token in tokens)
                if nowhere and (meant := other_layout(chunk, self._knows)):
                    yield start, start + len(chunk), meant
                continue
            for token in tokens:
                typed = chunk[token.start : token.end]
                if self._is_suspect(typed, token):
                    yield from self._put_right(text, start + token.start, typed)

    def _may_go_on(self) -> bool:
        return self._left > 0 and time.monotonic() < self._until

    def _is_suspect(self, typed: str, token: Token) -> bool:
        """Whether a word is in no dictionary, no table, and no text that the person may read."""
        if not typed.isalpha() or self._knows(fold(typed)) or not self._may_go_on():
            return False
        self._left -= 1
        return not self._exists(token)

    def _exists(self, token: Token) -> bool:
        return self._count(token.asks or token.terms) > 0

    def _knows(self, word: str) -> bool:
        terms = [term for token in tokenize(word) for term in (*token.terms, word.upper())]
        return is_known(word) or self._places.knows(word) or self._thesaurus.knows(terms)

    def _put_right(self, text: str, start: int, typed: str) -> Iterator[tuple[int, int, str]]:
        end = start + len(typed)
        if best := self._best(self._speller().candidates(typed)):
            yield start, end, best
        elif (latin := layout.to_latin(fold(typed))) and self._count((latin,)):
            yield start, end, latin
        elif joined := self._joined(text, start, end):
            yield joined

    def _speller(self) -> Speller:
        """Words of the texts, and those that lead to others."""
        return _speller(get_index().words(), self._thesaurus.words)

    def _best(self, candidates: Sequence[Candidate]) -> str | None:
        """Choose what is likely, and what more texts hold; only what the person may read.

        A word of the vocabulary will do, too: it leads to others, and is no secret.
        """
        ranked = []
        for candidate in candidates:
            count = self._count(candidate.terms)
            if count or self._thesaurus.knows(candidate.terms):
                worth = 0.03 * count.bit_length() if count else -IN_NO_TEXT
                ranked.append((candidate.cost - worth, candidate.text))
        return min(ranked)[1] if ranked else None

    def _joined(self, text: str, start: int, end: int) -> tuple[int, int, str] | None:
        """Take a word together with the one beside it: «без надзорные»."""
        before = re.search(r"[^\W\d_]+\s$", text[:start])
        after = re.match(r"\s[^\W\d_]+", text[end:])
        spans = [(before.start(), end)] if before else []
        spans += [(start, end + after.end())] if after else []
        for first, last in spans:
            word = "".join(text[first:last].split())
            terms = [term for token in tokenize(word) for term in token.terms]
            if is_known(word) and self._count(tuple(terms)):
                return first, last, word
        return None
