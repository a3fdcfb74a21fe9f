"""A text as its reader goes through it: words, sentences, and clauses that judge differently."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from asdg_portal.core.morphology import fold, lemmas

WORD = re.compile(r"[^\W_]+")
# A stop after «г.» or an initial ends no sentence.
SENTENCE_END = re.compile(
    r"(?<!\bг)(?<!\bГ)(?<!\bр)(?<!\bул)(?<!\bобл)(?<!\bим)(?<!\b[А-ЯЁ])[.!?…](?=\s+[«\"(]?[А-ЯЁ\d\-]|\s*$)|[.!?]?\n|;"
)
# What follows these words is judged by itself: «понравился опыт Томска, но применить не удалось».
TURN = re.compile(
    r"(?:,\s+|—\s+)(?=(?:но|а|зато|однако|хотя|тогда как|в то время как|при этом)\b)", re.IGNORECASE
)


# Nobody writes longer sentences; a text without stops must not be read as one.
LONGEST_SENTENCE = 1000


def _cut(span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for start in range(*span, LONGEST_SENTENCE):
        yield start, min(start + LONGEST_SENTENCE, span[1])


@dataclass(frozen=True)
class Word:
    """A word of a text and where it stands."""

    text: str
    start: int
    end: int

    @cached_property
    def folded(self) -> str:
        """The word as it is compared."""
        return fold(self.text)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """Its dictionary forms."""
        return frozenset(lemmas(self.text))

    @property
    def is_capital(self) -> bool:
        """Whether it is written as names are."""
        return self.text[:1].isupper()


class Text:
    """A text in words; the positions of ``spans`` are those of the words, ends excluded."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [Word(m.group(), m.start(), m.end()) for m in WORD.finditer(text)]
        self._starts = [word.start for word in self.words]
        self.sentences = [
            part for span in self._spans(SENTENCE_END, 0, len(text)) for part in _cut(span)
        ]
        self._beginnings = [start for start, _end in self.sentences]

    def _spans(self, border: re.Pattern[str], start: int, end: int) -> list[tuple[int, int]]:
        """Part a stretch of the text at its borders, in positions of characters."""
        cuts = [m.end() for m in border.finditer(self.text, start, end)]
        edges = [start, *cuts, end]
        return [(a, b) for a, b in itertools.pairwise(edges) if self.text[a:b].strip()]

    def sentence_of(self, position: int) -> tuple[int, int]:
        """Give the sentence around a character."""
        place = bisect_right(self._beginnings, position) - 1
        if place >= 0 and position < self.sentences[place][1]:
            return self.sentences[place]
        return (0, len(self.text))

    def clause_of(self, position: int) -> tuple[int, int]:
        """Give the part of a sentence that is judged as one."""
        sentence = self.sentence_of(position)
        clauses = self._spans(TURN, *sentence)
        return next((c for c in clauses if c[0] <= position < c[1]), sentence)

    def words_in(self, span: tuple[int, int]) -> list[Word]:
        """List the words of a stretch."""
        first, last = (bisect_left(self._starts, edge) for edge in span)
        return [w for w in self.words[first:last] if w.end <= span[1]]

    def gap(self, left: int, right: int) -> str:
        """What stands between the ends of two words, by their positions in ``words``."""
        return self.text[self.words[left].end : self.words[right].start]

    def quoted(self, position: int) -> bool:
        """Whether a character is inside quotation marks, as names of clubs and companies are."""
        start, end = self.sentence_of(position)
        before, after = self.text[start:position], self.text[position:end]
        return before.count("«") > before.count("»") and "»" in after
