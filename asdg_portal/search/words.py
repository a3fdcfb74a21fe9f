"""Text as the search sees it: words with their dictionary forms and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asdg_portal.core.morphology import fold, lemmas

# A change here changes what is in the index: it is then made anew at the next start.
VERSION = 2

# A date or an amount; or letters and digits, joined by hyphens.
_TOKEN = re.compile(r"\d+(?:[.,/:]\d+)+|[^\W_]+(?:[-‑][^\W_]+)*")
_LONGEST_WORD = 64

STOP_WORDS = frozenset(
    (  # noqa: SIM905
        "и в во не на я с со как а то все но да по за от о об из у же вы к ко до мы для при "
        "над под без или бы ли если что чтобы это этот также так их его ее она они он был была "
        "было были быть который свой мочь еще уже только где когда чем нет про"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: its dictionary forms, and where it stands (offsets in the text)."""

    terms: tuple[str, ...]
    start: int
    end: int


def tokenize(text: str) -> Iterator[Token]:
    """Cut a text into words.

    What holds a digit stays whole, so that «440-р» never answers to «441-р»; other words are
    divided at their hyphens.
    """
    for match in _TOKEN.finditer(text):
        word, start = match.group(), match.start()
        if any(letter.isdigit() for letter in word):
            yield Token((_with_digits(word),), start, match.end())
            continue
        for part in re.finditer(r"[^-‑]+", word):
            terms = lemmas(part.group()[:_LONGEST_WORD])
            yield Token(terms, start + part.start(), start + part.end())


def _with_digits(word: str) -> str:
    """Spell «300-летию» by its dictionary form too; numbers of acts stay as they are."""
    head, hyphen, tail = fold(word[:_LONGEST_WORD]).replace("‑", "-").rpartition("-")
    if hyphen and len(tail) > 2 and tail.isalpha():
        return f"{head}-{lemmas(tail)[0]}"
    return f"{head}{hyphen}{tail}"


def is_stop_word(token: Token) -> bool:
    """Whether a word says nothing by itself."""
    return any(term in STOP_WORDS for term in token.terms)
