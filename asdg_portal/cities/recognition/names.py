"""How a city's name, its adjective and its inhabitants are spelled in every case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from asdg_portal.core.morphology import fold, parses

# «Комсомольск на Амуре» and «Комсомольск-на-Амуре» are one name.
PARTS = re.compile(r"[\s\-\u2010-\u2015]+")
SMALL_WORDS = {"на"}

Words = tuple[str, ...]


class Form(Enum):
    """By what a city is named."""

    NAME = "name"
    ADJECTIVE = "adjective"
    DEMONYM = "demonym"


@dataclass(frozen=True, slots=True)
class CityName:
    """A city as the list of cities gives it: «Омск», «омский», «омичи», «Омская область»."""

    name: str
    adjective: str = ""
    demonym: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a sequence of words can stand for; ``cases`` are the grammatical ones."""

    city: CityName
    form: Form
    cases: frozenset[str]


def split_name(text: str) -> Words:
    """Fold a name and part it: «Усть-Илимск» gives («усть», «илимск»)."""
    return tuple(part for part in PARTS.split(fold(text)) if part)


def spellings(city: CityName) -> Iterator[tuple[Words, Spelling]]:
    """Give every way to write a city, one for each case and form."""
    for words, cases in _name_forms(city.name):
        yield words, Spelling(city, Form.NAME, cases)
    if city.adjective:
        for words in _last_word_forms(city.adjective, _is_adjective):
            yield words, Spelling(city, Form.ADJECTIVE, frozenset())
    if city.demonym:
        for words in _last_word_forms(city.demonym, _is_plural_noun):
            yield words, Spelling(city, Form.DEMONYM, frozenset())
            # «улан-удэнцы» and «уланудэнцы»
            yield ("".join(words),), Spelling(city, Form.DEMONYM, frozenset())


def short_spellings(city: CityName) -> Iterator[tuple[Words, Spelling]]:
    """Give the first part of «Комсомольск-на-Амуре» or «Усолье-Сибирское», which people say too."""
    parts = split_name(city.name)
    if len(parts) > 1 and parts[0].endswith(("ск", "лье")):
        for words, cases in _name_forms(parts[0]):
            yield words, Spelling(city, Form.NAME, cases)


def _is_adjective(reading: Any) -> bool:
    return "ADJF" in reading.tag


def _is_plural_noun(reading: Any) -> bool:
    return "NOUN" in reading.tag and reading.tag.number == "plur"


def _last_word_forms(text: str, fits: Any) -> set[Words]:
    """Inflect the last word of a compound; what stands before it does not change."""
    *before, last = split_name(text)
    found = {(*before, last)}
    if last.endswith(("кий", "кой")) and fits is _is_adjective:
        # The dictionary knows some of them as surnames only: «Каменский».
        return found | {(*before, last[:-2] + ending) for ending in RELATIVE}
    for reading in parses(last):
        if fits(reading):
            for form in reading.lexeme:
                if fits(form):
                    found.add((*before, fold(form.word)))
            break
    return found


def _name_forms(name: str) -> list[tuple[Words, frozenset[str]]]:
    """Decline a name; the parts of a compound agree, or only one of them changes."""
    parts = split_name(name)
    forms: dict[Words, set[str]] = {parts: {"nomn"}}
    for case in ("nomn", "gent", "datv", "accs", "ablt", "loct"):
        for words in _in_case(parts, case):
            forms.setdefault(words, set()).add(case)
    return [(words, frozenset(cases)) for words, cases in forms.items()]


def _in_case(parts: Words, case: str) -> Iterable[Words]:
    if len(parts) > 2 and parts[1] in SMALL_WORDS:  # Комсомольск-на-Амуре
        return [(first, *parts[1:]) for first in _decline(parts[0], case)]
    if len(parts) == 1:
        return [(word,) for word in _decline(parts[0], case)]
    *first, last = parts
    whole = _decline(last, case)
    if len(first) == 1 and _agrees(first[0], last):
        heads = _decline(first[0], case) | ({first[0]} if last.endswith(("ий", "ое")) else set())
        return [(head, tail) for head in heads for tail in whole]
    return [(*first, tail) for tail in whole]


def _agrees(first: str, last: str) -> bool:
    """Whether both parts change: «Нового Уренгоя», «Ленинска-Кузнецкого», «Усолья-Сибирского»."""
    return first.endswith(("ый", "ой", "ий", "ая", "ое")) or last.endswith(("ий", "ое", "ый"))


def _decline(word: str, case: str) -> set[str]:
    """Put one word of a name into a case; names in «-ово» may also stay as they are."""
    adjectival = _adjectival(word, case)
    if adjectival:
        return adjectival
    found = {word} if word.endswith(("ово", "ево", "ино")) or not _changes(word) else set()
    best = sorted(parses(word), key=lambda r: ("Geox" not in r.tag, "NOUN" not in r.tag))
    for reading in best:
        number = {"plur"} if word.endswith(("ки", "цы")) else {"sing"}
        if reading.word != word and fold(reading.word) != word:
            continue
        if "NOUN" in reading.tag and "nomn" in reading.tag:
            form = reading.inflect({case} | number) or reading.inflect({case})
            if form:
                found.add(fold(form.word))
            break
    if not found and word[-1] in "бвгджзклмнпрстфхцчшщ":  # «Пыть-Ях»: no dictionary knows «Ях»
        found = {word + HARD[case]}
    return found or {word}


RELATIVE = ("ий", "ого", "ому", "им", "ом", "ая", "ой", "ую", "ое", "ие", "их", "ими")
HARD = {"nomn": "", "gent": "а", "datv": "у", "accs": "", "ablt": "ом", "loct": "е"}
ENDINGS = {
    "masc": {"nomn": "{}", "gent": "ого", "datv": "ому", "accs": "{}", "ablt": "ым", "loct": "ом"},
    "femn": {"nomn": "ая", "gent": "ой", "datv": "ой", "accs": "ую", "ablt": "ой", "loct": "ой"},
    "neut": {"nomn": "ое", "gent": "ого", "datv": "ому", "accs": "ое", "ablt": "ым", "loct": "ом"},
}


def _adjectival(word: str, case: str) -> set[str]:
    """Decline names that are adjectives: «Мирный», «Стрежевой», «Яровое», «Советская»."""
    genders = {"ый": "masc", "ий": "masc", "ой": "masc", "ая": "femn", "ое": "neut"}
    gender = genders.get(word[-2:])
    if gender is None or len(word) < 5 or word == "уренгой":
        return set()
    ending = ENDINGS[gender][case]
    if ending == "{}":
        return {word}
    soft_stem = word[-3] in "гкх"  # «Дальним», «Кузнецким»
    if soft_stem or word.endswith("ий"):
        ending = {"ым": "им"}.get(ending, ending)
    if word.endswith("ний"):
        ending = {"ого": "его", "ому": "ему", "ом": "ем"}.get(ending, ending)
    return {word[:-2] + ending}


def _changes(word: str) -> bool:
    return not word.endswith(("и", "э", "у", "ю", "о")) or word.endswith(("ки", "во", "но"))
