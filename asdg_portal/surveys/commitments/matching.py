"""Recognising a task in other words: by the beginnings of its words' dictionary forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256

from asdg_portal.core.morphology import fold, lemmas, parses

# Two texts speak of one task from this share of common words on (Dice).
ENOUGH = 0.6
LEAST_COMMON = 2
# «Подготовить» and «подготовка» share a beginning, not a dictionary form.
BEGINNING = 5

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_NAMED = re.compile(r"№\s*\d+|«[^»]+»")
_NAME = re.compile(r"(?<=[\w,] )[А-ЯЁ][а-яё]{2,}")
_EMPTY = {"PREP", "CONJ", "PRCL", "NPRO", "INTJ"}
# Words of every second task, which tell none from another.
_EVERYWHERE = frozenset({"город", "городской", "год", "муниципальный", "администрация"})


def key_of(text: str) -> str:
    """Name a task by its words: the same words, however spaced or spelt, have the same key."""
    words = " ".join(_WORD.findall(fold(text)))
    return sha256(words.encode()).hexdigest()[:16]


def is_same(one: str, other: str) -> bool:
    """Whether two texts speak of the same task."""
    return likeness(one, other) >= ENOUGH


def likeness(one: str, other: str) -> float:
    """How much two tasks have in common, from 0 to 1; different names keep them apart."""
    if key_of(one) == key_of(other):
        return 1.0
    if _is_apart(_NAMED, one, other) or _is_apart(_NAME, one, other):
        return 0.0
    a, b = _words(one), _words(other)
    common = sum(1 for word in a if any(word & another for another in b))
    return 2 * common / (len(a) + len(b)) if common >= LEAST_COMMON else 0.0


def _is_apart(names: re.Pattern[str], one: str, other: str) -> bool:
    """Whether both name something, and nothing that they name is the same."""
    a, b = ({_stem(name) for name in names.findall(text)} for text in (one, other))
    return bool(a and b) and not a & b


def _stem(name: str) -> str:
    letters = "".join(_WORD.findall(fold(name)))
    return letters if letters[-1:].isdigit() else letters[: max(4, len(letters) - 2)]


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[frozenset[str], ...]:
    """Each word that says something as the beginnings of all its dictionary forms."""
    words = {
        frozenset(lemma[:BEGINNING] for lemma in lemmas(word))
        for word in _WORD.findall(text)
        if not word.isdigit() and len(word) > 2 and parses(word)[0].tag.POS not in _EMPTY
        if not _EVERYWHERE & {*lemmas(word)}
    }
    return tuple(sorted(words, key=sorted))


def pair(old: Mapping[str, str], new: Sequence[str]) -> dict[str, str]:
    """Find for each old task (its text by its key) the new text that speaks of it; each once."""
    scored = [
        (likeness(text, candidate), key, candidate)
        for key, text in old.items()
        for candidate in new
    ]
    pairs: dict[str, str] = {}
    for score, key, candidate in sorted(scored, key=lambda s: -s[0]):
        if score >= ENOUGH and key not in pairs and candidate not in pairs.values():
            pairs[key] = candidate
    return pairs
