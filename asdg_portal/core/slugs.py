"""Addresses that people can read aloud: Russian names in Latin letters."""

from __future__ import annotations

import re

_RUSSIAN = "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я"
_LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya"
_LETTERS = dict(zip(_RUSSIAN.split(), _LATIN.split(), strict=True))


def slugify(name: str) -> str:
    """Spell a name for an address: «Улан-Удэ» becomes ``ulan-ude``."""
    latin = "".join(_LETTERS.get(letter, letter) for letter in name.lower()).replace("_", "")
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
