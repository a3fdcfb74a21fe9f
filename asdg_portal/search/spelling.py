"""What somebody meant whose word stands in no text: slips, the other keyboard, stuck words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from asdg_portal.core.morphology import fold, is_known, lemmas, parses
from asdg_portal.search import layout
from asdg_portal.search.words import LOOKALIKES, tokenize, without_ending

LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
# Letters that are taken for one another: by ear, and by neighbouring keys.
CONFUSED = {
    frozenset(pair)
    for pair in (  # noqa: SIM905
        "ао еи ея еэ эи ыи йи щш шж чщ цс тд бп зс гк вф ьъ жш ую ыо йц цу ук ке ен нг гш щз зх "
        "фы ыв ва ап пр ро ол лд дж жэ яч чс см ми ит ть ьб бю"
    ).split()
}
SHORTEST, LONGEST = 4, 24
FAR = 7  # letters from which a word may have two slips
MOST_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a word may have been meant to be, how far it is from what was typed, and its terms."""

    text: str
    cost: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speller:
    """Finds words that are nearly what somebody typed, among those that texts hold."""

    words: Collection[str]
    _stems: list[tuple[int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Note which letters each word has: most words are ruled out by that alone."""
        for word in self.words:
            if re.fullmatch("[а-я]{4,}", word):
                stem = without_ending(word)
                self._stems.append((_mask(stem), stem, word))

    def candidates(self, typed: str) -> list[Candidate]:
        """Give what a word may have been meant to be, the likeliest first."""
        typed = fold(typed)
        if not SHORTEST <= len(typed) <= LONGEST or not re.fullmatch("[а-я]+", typed):
            return []
        found = [*self._one_slip(typed), *self._split(typed)]
        if not found and len(typed) >= FAR:
            found = [*self._two_slips(typed)]
        best: dict[tuple[str, ...], Candidate] = {}
        for candidate in sorted(found, key=lambda c: c.cost):
            best.setdefault(candidate.terms, candidate)
        return list(best.values())[:MOST_CANDIDATES]

    def _one_slip(self, typed: str) -> Iterator[Candidate]:
        """Words of the dictionary, in any form, that texts hold too; and words of texts alone."""
        for text, cost in _slips(typed):
            known = text in self.words or is_known(text)
            if known and (terms := self._held(lemmas(text))):
                yield Candidate(text, cost, terms)

    def _split(self, typed: str) -> Iterator[Candidate]:
        """Two words without the space between them."""
        for at in range(3, len(typed) - 2):
            one, other = typed[:at], typed[at:]
            if is_known(one) and is_known(other):
                first, last = self._held(lemmas(one)), self._held(lemmas(other))
                if first and last:
                    yield Candidate(f"{one} {other}", 1.5, (*first, *last))

    def _two_slips(self, typed: str) -> Iterator[Candidate]:
        """Words of texts whose stem is two slips away, in the form that is nearest."""
        typed_stem = without_ending(typed)
        mask = _mask(typed_stem)
        for other, stem, word in self._stems:
            near = (mask ^ other).bit_count() <= 4 and abs(len(stem) - len(typed_stem)) <= 2
            if near and distance(stem, typed_stem) <= 2:
                text = nearest_form(word, typed)
                if (slips := distance(text, typed)) <= 2:
                    yield Candidate(text, float(slips), (word,))

    def _held(self, terms: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(term for term in terms if term in self.words)


def _mask(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) & 31)
    return mask


def _slips(word: str) -> Iterator[tuple[str, float]]:
    """Every word that is one slip away, with how unlikely the slip is."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:], 0.8
        if after:
            doubled = bool(before) and before[-1] == after[0]
            yield before + after[1:], 0.7 if doubled else 1.1
        for letter in LETTERS:
            beside = letter in {before[-1:], after[:1]}
            yield before + letter + after, 0.7 if beside else 0.9
            if after and letter != after[0]:
                confused = frozenset((letter, after[0])) in CONFUSED
                yield before + letter + after[1:], 0.8 if confused else 1.2


def distance(one: str, other: str) -> int:
    """Count the slips between two words: letters left out, put in, changed or swapped."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, sought in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sought))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sought:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]


@lru_cache(maxsize=2_000)
def nearest_form(lemma: str, typed: str) -> str:
    """Put a word into the form that is nearest to what was typed."""
    forms = {fold(form.word) for reading in parses(lemma)[:2] for form in reading.lexeme}
    return min(sorted(forms | {lemma}), key=lambda form: distance(form, typed))


def other_layout(chunk: str, knows: Callable[[str], bool]) -> str | None:
    """Read a word that was typed with the keyboard in the other language, or in Latin letters.

    None if that makes no words that are known.
    """
    for read in (layout.switch(chunk), chunk.translate(LOOKALIKES)):
        words = [fold(read[token.start : token.end]) for token in tokenize(read)] if read else []
        if read and words and all(re.fullmatch("[а-я]+", word) and knows(word) for word in words):
            return read
    return None
