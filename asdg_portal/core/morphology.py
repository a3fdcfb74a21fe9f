"""Russian words by their dictionary forms: what recognition of cities and search both stand on."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache
from typing import Any

import pymorphy3

# A dictionary form less likely than this is noise: «стали» is a noun or a verb, not a name.
LEAST_SCORE = 0.1
MOST_WORDS = 300_000

_lock = threading.Lock()
_known: dict[str, tuple[str, ...]] = {}


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return pymorphy3.MorphAnalyzer(lang="ru")


def _analyser() -> Any:
    """Load the dictionary once in a process, whoever asks first; it takes half a second."""
    with _lock:
        return _dictionary()


def fold(text: str) -> str:
    """Spell a text the one way in which it is compared: composed, lower case, ё as е."""
    return unicodedata.normalize("NFC", text).lower().replace("ё", "е")


def parses(word: str) -> list[Any]:
    """All readings of a word with their grammemes, the likeliest first."""
    readings: list[Any] = _analyser().parse(word.lower())
    return readings


def lemmas(word: str) -> tuple[str, ...]:
    """All dictionary forms that a word can have; a word in other letters is its own.

    «людям» gives «человек»; «стали» gives both «сталь» and «стать».
    """
    word = word.lower()
    found = _known.get(word)
    if found is None:
        if len(_known) >= MOST_WORDS:
            _known.clear()
        found = _known[word] = _look_up(word)
    return found


def is_known(word: str) -> bool:
    """Whether the dictionary has a word in this form; words in other letters it has none of."""
    return bool(_analyser().word_is_known(word.lower()))


def _look_up(word: str) -> tuple[str, ...]:
    # A word of mixed scripts is no Russian word either, and some letters break the analyser.
    if not all("а" <= letter <= "я" or letter in "ё-" for letter in word):
        return (fold(word),)
    readings = _analyser().parse(word)
    good = [fold(r.normal_form) for r in readings if r.score >= LEAST_SCORE]
    return tuple(dict.fromkeys(good or [fold(readings[0].normal_form)]))
