"""Words of one family: «обучение» and «обучать», «школа» and «школьный»."""

from __future__ import annotations

import re
from functools import lru_cache

from asdg_portal.core.morphology import fold, is_known, lemmas

SHORTEST_STEM = 4
MOST_RELATIVES = 16

# What is taken off the dictionary form of a word to get at what it shares with its family.
_SUFFIXES = (
    "изация", "ирование", "ировать", "изировать", "ационный", "ификация",
    "ированный", "ительный", "ительство", "ическая", "ический", "ование", "овать",
    "еский", "ование", "ивание", "ывание", "ивать", "ывать", "енность", "ённость", "ность",
    "ельный", "альный", "ение", "ание", "яние", "ация", "яция", "иция", "ский", "ской", "ство",
    "енный", "анный", "янный", "ённый", "ённый", "овый", "евый", "овой", "ивный",
    "ьник", "ник", "ница", "щик", "чик", "щица", "ист", "тель", "арь", "изм", "ость",
    "ный", "ной", "ний", "ать", "ять", "ить", "еть", "уть", "ыть", "нуть", "аться", "яться",
    "иться", "еться", "ция", "ия", "ие", "ье", "ок", "ек", "ка", "ец", "ик", "ый", "ий", "ой",
    "ть", "а", "я", "о", "е", "ь", "",
)  # fmt: skip
_ENDINGS = (
    "", "а", "я", "о", "е", "ь", "ие", "ия", "ка", "ок", "ец", "ик", "ник", "ница", "ьник",
    "ница", "ство", "ость", "ение", "ание", "ация", "ция", "ывание", "ивание", "ование",
    "ать", "ять", "ить", "еть", "овать", "ировать", "ывать", "ивать", "аться", "иться", "ться",
    "ный", "ной", "ний", "ский", "ской", "овый", "евый", "овой", "ический", "еский", "ельный",
    "ительный", "альный", "енный", "анный", "ованный", "щик", "чик", "ист", "тель", "итель",
    "атель", "ирование", "изация", "ационный", "ионный", "ьный", "ьский", "онный", "ительство",
)  # fmt: skip
# Consonants that change at the end of a stem: «дорога — дорожный», «очистка — очищать».
_CHANGES = (
    ("г", "ж"), ("к", "ч"), ("х", "ш"), ("ц", "ч"), ("ст", "щ"), ("ск", "щ"), ("т", "щ"),
    ("т", "ч"), ("д", "ж"), ("д", "жд"), ("с", "ш"), ("з", "ж"), ("б", "бл"), ("п", "пл"),
    ("в", "вл"), ("м", "мл"), ("ф", "фл"), ("зд", "зж"), ("л", "ль"), ("ч", "щ"),
)  # fmt: skip
_KINDS = {"NOUN", "ADJF", "INFN"}


@lru_cache(maxsize=20_000)
def relatives(terms: tuple[str, ...]) -> tuple[str, ...]:
    """Give the dictionary forms of words that are made of the same stem, without the words.

    Only words that the dictionary knows; none for short words and for what holds digits.
    """
    found: dict[str, None] = {}
    for term in terms:
        if re.fullmatch("[а-я]+", term):
            for stem in _stems(term):
                for ending in _ENDINGS:
                    word = stem + ending
                    if word not in terms and is_known(word) and fold(lemmas(word)[0]) == word:
                        found[word] = None
    return tuple(found)[:MOST_RELATIVES]


def _stems(word: str) -> list[str]:
    """The stem of a word, as it is and with its last consonant changed."""
    for suffix in _SUFFIXES:
        stem = word.removesuffix(suffix) if suffix else word
        if word.endswith(suffix) and len(stem) >= SHORTEST_STEM:
            break
    else:
        return []
    stems = [stem]
    for one, other in _CHANGES:
        for old, new in ((one, other), (other, one)):
            if stem.endswith(old):
                stems.append(stem.removesuffix(old) + new)
    return stems
