"""Words typed while the keyboard was set to the other language: «jgsn» is «опыт»."""

from __future__ import annotations

import re

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_TO_CYRILLIC = dict(zip(LATIN, CYRILLIC, strict=True))
_TO_LATIN = dict(zip(CYRILLIC, LATIN, strict=True))


def switch(text: str) -> str | None:
    """Give the text as the Russian keyboard would have written it; None if it is no such text."""
    lower = text.lower()
    if not any("a" <= letter <= "z" for letter in lower):
        return None
    if any("а" <= letter <= "я" for letter in lower):
        return None
    return "".join(_TO_CYRILLIC.get(letter, letter) for letter in lower)


def to_latin(word: str) -> str | None:
    """Give the Latin word that the same keys would have written; None if they write signs."""
    latin = "".join(_TO_LATIN.get(letter, letter) for letter in word.lower())
    return latin if re.fullmatch("[a-z]+", latin) else None
