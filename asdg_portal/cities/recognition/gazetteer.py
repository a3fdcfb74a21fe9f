"""The list of cities, ready to be found in text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asdg_portal.cities.recognition.homonyms import (
    is_elsewhere,
    is_no_city,
    is_part_of_a_name,
    is_urban_district,
)
from asdg_portal.cities.recognition.names import (
    CityName,
    Form,
    Spelling,
    Words,
    short_spellings,
    spellings,
)
from asdg_portal.cities.recognition.phrases import what_for
from asdg_portal.cities.recognition.praise import ANSWER_REACH, Named, is_noticed, modifies
from asdg_portal.cities.recognition.reading import Text
from asdg_portal.cities.recognition.vocabulary import OFFICES
from asdg_portal.core.morphology import fold

JOINT = re.compile(r"\s*[\-\u2010-\u2015]?\s*")
# Twice the longest answer that the portal takes.
LONGEST_TEXT = 100_000
CITY_WORD = re.compile(r"\b(?:г(?:\.|\s)|гор\.|город[а-я]*|мэри[а-я]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A city that a text speaks well of.

    ``phrase`` says what for, in the words of the text, and may be empty; ``start`` and ``end``
    are where the text names the city.
    """

    city: str
    phrase: str
    start: int
    end: int


def _around(text: Text, named: Named, found: list[Named]) -> list[Named]:
    """Those named in the same sentence or soon after it; found are in order of appearance."""
    start, end = text.sentence_of(named.start)
    first = bisect_left(found, start, key=lambda n: n.start)
    last = bisect_left(found, end + ANSWER_REACH, key=lambda n: n.start)
    return found[first:last]


class Gazetteer:
    """Finds the cities of a list in Russian text: names, adjectives, inhabitants, any case."""

    def __init__(self, names: Iterable[CityName]) -> None:
        self._names = tuple(names)
        self._spellings: dict[str, list[tuple[Words, Spelling]]] = {}
        seen: set[tuple[Words, Form]] = set()
        for city in self._names:
            for words, spelling in spellings(city):
                # Two cities can have the same inhabitants; the first in the list is meant.
                if spelling.form is Form.NAME or (words, spelling.form) not in seen:
                    seen.add((words, spelling.form))
                    self._spellings.setdefault(words[0], []).append((words, spelling))
        self._add_short_names(seen)
        for found in self._spellings.values():
            found.sort(key=lambda pair: (-len(pair[0]), pair[1].form is not Form.NAME))

    def _add_short_names(self, seen: set[tuple[Words, Form]]) -> None:
        """«Комсомольск» is the one on the Amur, as long as no other city is called so."""
        for city in self._names:
            for words, spelling in short_spellings(city):
                if (words, Form.NAME) not in seen:
                    self._spellings.setdefault(words[0], []).append((words, spelling))

    def in_heading(self, line: str) -> str | None:
        """Name the city whose questionnaire a heading introduces, if it names exactly one."""
        text = Text(line)
        named = [n for n in self._find(text) if n.spelling.form is Form.NAME]
        named = [n for n in named if not is_elsewhere(text, n)]
        if len({n.city for n in named}) > 1:
            marked = [n for n in named if CITY_WORD.search(line[: n.start][-25:])]
            named = marked or named
        if not named:
            named = [n for n in self._find(text) if self._is_office(text, n)]
        return named[0].city if named else None

    @staticmethod
    def _is_office(text: Text, named: Named) -> bool:
        """«Омская городская дума», «Читинская администрация», «Артёмовский городской округ»."""
        return named.spelling.form is Form.ADJECTIVE and (
            modifies(text, named, OFFICES) or is_urban_district(text, named)
        )

    def mentions(self, text: str, own_city: str | None = None) -> list[Mention]:
        """List the other cities that an answer notices with approval, each once, in order."""
        read = Text(text[:LONGEST_TEXT])
        found = self._find(read)
        named = [n for n in found if not is_no_city(read, n, _around(read, n, found))]
        own = fold(own_city or "")
        chosen: dict[str, Mention] = {}
        for n in named:
            known = chosen.get(n.city)
            if known and known.phrase:
                continue  # the rest of a text that says one name over and over costs nothing
            near = _around(read, n, named)
            ours = [other for other in near if fold(other.city) == own]
            if n in ours or not is_noticed(read, n, near, ours):
                continue
            place = known or n
            chosen[n.city] = Mention(n.city, what_for(read, n, near), place.start, place.end)
        return list(chosen.values())

    def names(self, text: str) -> set[str]:
        """The cities that a text names at all, with approval or without."""
        read = Text(text)
        found = self._find(read)
        return {n.city for n in found if not is_no_city(read, n, _around(read, n, found))}

    def _find(self, text: Text) -> list[Named]:
        return list(self._scan(text))

    def _scan(self, text: Text) -> Iterator[Named]:
        position = 0
        while position < len(text.words):
            matched = self._match(text, position)
            if matched:
                length, spelling = matched
                yield Named(
                    spelling,
                    position,
                    position + length,
                    text.words[position].start,
                    text.words[position + length - 1].end,
                )
                position += length
            else:
                position += 1

    def _match(self, text: Text, position: int) -> tuple[int, Spelling] | None:
        for words, spelling in self._spellings.get(text.words[position].folded, ()):
            end = position + len(words)
            if end > len(text.words):
                continue
            if any(text.words[position + i].folded != word for i, word in enumerate(words)):
                continue
            if not all(JOINT.fullmatch(text.gap(i, i + 1)) for i in range(position, end - 1)):
                continue
            if not is_part_of_a_name(text, position, end):
                return len(words), spelling
        return None
