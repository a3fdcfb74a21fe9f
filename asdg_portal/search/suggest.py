"""What somebody who types may have in mind: a city, a direction of work, a published text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select

from asdg_portal.cities.models import City, Sector
from asdg_portal.cities.recognition import CityName
from asdg_portal.cities.recognition.beginnings import MOST_WORDS, Beginnings
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.morphology import fold
from asdg_portal.core.text import clean_line
from asdg_portal.search.lookup import SHORTEST_BEGINNING, WORD, Lookup
from asdg_portal.search.query import MOST_CHARACTERS
from asdg_portal.search.titles import Title, begun_titles
from asdg_portal.search.words import STOP_WORDS

MOST = 8
MOST_OF_A_FACET = 3

# Whoever uses the grammar of queries knows what is looked for; words put aside by a minus are no
# wish for them.
_GRAMMAR = re.compile(r'["«»“”„‟*]|(?<!\S)[-−–]\S')


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A city or direction by which a search can be narrowed, and the words that then remain."""

    facet: str
    value: str
    label: str
    rest: str


@dataclass(frozen=True, slots=True)
class Names:
    """Cities by the beginnings of their names, directions by the words of theirs."""

    cities: Beginnings
    city_slugs: dict[str, str]
    sectors: Lookup[tuple[str, int]]
    sector_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the box, word by word: folded, and where each begins and ends."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]

    @classmethod
    def read(cls, text: str) -> Typed:
        """Cut what was typed into words."""
        found = list(WORD.finditer(text))
        return cls(text, [fold(m.group()) for m in found], [m.span() for m in found])

    def without(self, first: int, end: int) -> str:
        """Leave some of the words out, and the small words that only led to them."""
        while first and self.words[first - 1] in STOP_WORDS:
            first -= 1
        before, after = self.text[: self.spans[first][0]], self.text[self.spans[end - 1][1] :]
        return f"{before.rstrip()} {after.lstrip()}".strip()


def suggest(text: str) -> list[Narrowing | Title]:
    """Suggest what is meant by a text that may be only half typed; all of it is public.

    :returns: cities, then directions, then published texts; at most MOST together.
    """
    text = clean_line(text[: MOST_CHARACTERS + 1])
    typed = Typed.read(text)
    too_short = sum(map(len, typed.words)) < SHORTEST_BEGINNING
    if too_short or len(text) > MOST_CHARACTERS or _GRAMMAR.search(text):
        return []
    names = until_next_act("suggest:names", _read_names)
    found: list[Narrowing | Title] = [*_cities(typed, names), *_sectors(typed, names)]
    words = [word for word in typed.words if word not in STOP_WORDS]
    return [*found, *(begun_titles(words, MOST - len(found)) if words else ())]


def _cities(typed: Typed, names: Names) -> list[Narrowing]:
    for first, end in _stretches(typed.words):
        words, at_end = typed.words[first:end], end == len(typed.words)
        cities = names.cities.begun(words) if at_end else names.cities.called(words)
        if cities:
            rest = typed.without(first, end)
            return [
                Narrowing("city", names.city_slugs[name], name, rest)
                for name in cities[:MOST_OF_A_FACET]
            ]
    return []


def _sectors(typed: Typed, names: Names) -> list[Narrowing]:
    number = len(typed.words)
    for first in range(max(0, number - MOST_WORDS), number):
        words = [word for word in typed.words[first:] if word not in STOP_WORDS]
        if words and (found := names.sectors.find(words)):
            slugs = sorted({slug for slug, _n in found}, key=names.sector_names.__getitem__)
            return [
                Narrowing("sector", slug, names.sector_names[slug], typed.without(first, number))
                for slug in slugs[:MOST_OF_A_FACET]
            ]
    return []


def _stretches(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give the places where a name can stand: long ones first, the one just typed before others."""
    for length in range(min(MOST_WORDS, len(words)), 0, -1):
        for first in range(len(words) - length, -1, -1):
            alone = words[first] if length == 1 else ""
            if not alone or (len(alone) >= SHORTEST_BEGINNING and _says_something(alone, words)):
                yield first, first + length


def _says_something(word: str, words: Sequence[str]) -> bool:
    """«На» may be the beginning of Находка, but not in «Комсомольск на»."""
    return len(words) == 1 or word not in STOP_WORDS


def _read_names() -> Names:
    columns = (City.name, City.adjective, City.demonym, City.region, City.slug)
    # The larger city is the likelier one.
    size = func.coalesce(City.population, 0).desc()
    cities = db.session.execute(select(*columns).order_by(size, City.name)).all()
    sectors = db.session.execute(select(Sector.slug, Sector.name, Sector.synonyms)).all()
    labels = [
        ((slug, number), label)
        for slug, name, synonyms in sectors
        for number, label in enumerate((name, *synonyms))
    ]
    return Names(
        cities=_beginnings(tuple(CityName(*row[:4]) for row in cities)),
        city_slugs={row[0]: row[4] for row in cities},
        sectors=Lookup(labels),
        sector_names={slug: name for slug, name, _synonyms in sectors},
    )


@lru_cache(maxsize=2)
def _beginnings(names: tuple[CityName, ...]) -> Beginnings:
    """Decline the names; done anew only when one of them has changed."""
    return Beginnings(names)
