"""Cities in a query: «омичи» finds what is of their city, and what names it in any way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from asdg_portal.cities.models import City
from asdg_portal.cities.recognition.homonyms import OTHER_SENSE
from asdg_portal.cities.recognition.names import CityName, Form, spellings
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.morphology import fold, parses
from asdg_portal.search.query import Phrase, Word
from asdg_portal.search.vocabulary.thesaurus import Found, Option
from asdg_portal.search.words import STOP_WORDS, city_term, tokenize

# A text of the city itself, or one that names it; one that only has its adjective may be about
# the region, a street or a football club.
NAMED, HINTED = 0.9, 0.5
LONGEST = 3
LEAST_SCORE = 0.2
PROPER = {"Geox", "Name", "Surn", "Patr", "Orgn"}

Words = tuple[str, ...]


class PlaceNames:
    """The cities by every form of their names, adjectives and inhabitants."""

    def __init__(self, cities: Iterable[tuple[str, CityName]]) -> None:
        self._meant: dict[Words, list[int]] = {}
        self._options: list[list[Option]] = []
        for number, (slug, city) in enumerate(cities):
            clauses: dict[Word | Phrase, float] = {Word((city_term(slug),)): NAMED}
            for form, said in _said(city).items():
                weight = NAMED if form is Form.NAME else HINTED
                clauses |= dict.fromkeys(_clauses(said), weight)
                for words in said:
                    typed = tuple(word for word in words if word not in STOP_WORDS)
                    self._meant.setdefault(typed, []).append(number)
            self._options.append(list(clauses.items()))

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Find cities in consecutive words of a query, by the form in which they were typed."""
        start = 0
        while start < len(words):
            for length in range(min(LONGEST, len(words) - start), 0, -1):
                typed = tuple(word.exact for word in words[start : start + length])
                if cities := self._meant.get(typed):
                    own = {term for word in words[start : start + length] for term in word.terms}
                    options = [o for city in cities for o in self._options[city]]
                    yield Found(start, start + length, tuple(o for o in options if _adds(o, own)))
                    break
            start += length

    def knows(self, typed: str) -> bool:
        """Whether a word names a city in whatever way."""
        return (typed,) in self._meant


def _said(city: CityName) -> dict[Form, set[Words]]:
    """Give the ways to write a city, without those that are common words: «зима», «братский»."""
    said: dict[Form, set[Words]] = {}
    for words, spelling in spellings(city):
        said.setdefault(spelling.form, set()).add(words)
    if _is_common(city.name):
        said.pop(Form.NAME, None)
    if fold(city.adjective) in OTHER_SENSE:
        said.pop(Form.ADJECTIVE, None)
    return said


def _is_common(name: str) -> bool:
    """Whether a name is a word like any other, and not only a surname or a place."""
    if " " in name or "-" in name:
        return False
    return any(_is_common_word(reading) for reading in parses(name))


def _is_common_word(reading: Any) -> bool:
    signs = set(re.split("[ ,]", str(reading.tag)))
    return bool(
        reading.is_known
        and reading.score > LEAST_SCORE
        and signs & {"NOUN", "ADJF"}
        and not signs & PROPER
    )


def _clauses(said: Iterable[Words]) -> Iterator[Word | Phrase]:
    """Say how texts hold these forms: the words side by side, the last by all its terms."""
    found: dict[tuple[Words, ...], dict[str, None]] = {}
    for words in sorted(said):
        tokens = [token for word in words for token in tokenize(word)]
        if tokens:
            *first, last = (token.terms for token in tokens)
            found.setdefault(tuple(first), {}).update(dict.fromkeys(last))
    for before, ends in found.items():
        word = Word(tuple(ends))
        yield Phrase((*map(Word, before), word)) if before else word


def _adds(option: Option, own: set[str]) -> bool:
    """Whether an option finds more than the words that were typed."""
    clause = option[0]
    return isinstance(clause, Phrase) or not own.issuperset(clause.terms)


def load_place_names() -> PlaceNames:
    """Give the cities of the database as searches look them up."""
    return until_next_act("place names", lambda: _compile(_read_names()))


def _read_names() -> tuple[tuple[str, CityName], ...]:
    columns = (City.slug, City.name, City.adjective, City.demonym, City.region)
    rows = db.session.execute(select(*columns).order_by(City.id))
    return tuple((slug, CityName(*name)) for slug, *name in rows)


@lru_cache(maxsize=2)
def _compile(names: tuple[tuple[str, CityName], ...]) -> PlaceNames:
    return PlaceNames(names)
