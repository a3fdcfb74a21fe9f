"""Whose sheet it is: city, direction and year from wherever a document says them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from flask_babel import gettext as _

from asdg_portal.cities.recognition import Gazetteer
from asdg_portal.surveys.documents.headings import Heading, year_in
from asdg_portal.surveys.documents.model import Line, ParsedReport, ParseWarning, Source
from asdg_portal.surveys.documents.questions import Asked
from asdg_portal.surveys.documents.sectors import Sectors

PREFACE_LINES = 3
ENOUGH_TO_GUESS = 200_000  # characters; what somebody writes of is clear by then
LONGEST_NAME = 300
IN_ANSWER = re.compile(r"В(?: течение)? (\d{4}) год")


@dataclass(slots=True)
class Place:
    """City, direction and year of a record, and what is doubtful about them."""

    city: str | None = None
    sector: str | None = None
    year: int | None = None
    doubts: list[ParseWarning] = field(default_factory=list)

    def doubt(self, name: str, code: str, message: str) -> None:
        """Say what a person should look at; ``code`` names the kind of doubt."""
        self.doubts.append(ParseWarning(None, name, message, code))


class Naming:
    """Names the records of one file."""

    def __init__(self, name: str, source: Source, gazetteer: Gazetteer, sectors: Sectors) -> None:
        self._source, self._gazetteer, self._sectors = source, gazetteer, sectors
        self._file = list(_words_of_name(name))

    def name(
        self,
        heading: Heading,
        preface: Sequence[Line],
        asked: Sequence[Asked],
        answers: Mapping[str, str],
        before: ParsedReport | None,
    ) -> Place:
        """Name a record; what is concluded and not read in its heading is doubtful."""
        place = Place()
        titles = [self._source.lines[position].text for position in heading.lines]
        self._name_city(place, heading, titles, preface, before)
        self._name_sector(place, heading, titles, preface, answers, before)
        self._name_year(place, heading, asked, answers, before)
        return place

    def _name_city(
        self,
        place: Place,
        heading: Heading,
        titles: Sequence[str],
        preface: Sequence[Line],
        before: ParsedReport | None,
    ) -> None:
        if heading.city:
            place.city = heading.city
            self._compare_city(place, before)
            return
        if before and before.city and heading.sector:
            place.city = before.city  # one city answers about several directions
            return
        for text in titles:
            if city := self._gazetteer.in_heading(text):
                place.city = city
                self._compare_city(place, before)
                return
        texts = [line.text for line in preface[:PREFACE_LINES]]
        for text in (*texts, *self._source.margins, *self._file):
            if city := self._gazetteer.in_heading(text):
                place.city = city
                place.doubt("city", "city_concluded", _("The city is taken from the text: %(city)s.", city=city) if text in texts else _("The city is taken from the head of the pages or the name of the file: %(city)s.", city=city))  # fmt: skip  # noqa: E501
                return
        place.doubt("city", "city_unknown", _("The city was not recognised, or is not in the list."))  # fmt: skip  # noqa: E501

    def _compare_city(self, place: Place, before: ParsedReport | None) -> None:
        """The name of the file can contradict the heading; a volume is not named after a city."""
        if before:
            return
        named = {city for text in self._file if (city := self._gazetteer.in_heading(text))}
        if named and place.city not in named:
            place.doubt("city", "city_contradicted", _("The name of the file speaks of another city: %(city)s.", city=", ".join(sorted(named))))  # fmt: skip  # noqa: E501

    def _name_sector(
        self,
        place: Place,
        heading: Heading,
        titles: Sequence[str],
        preface: Sequence[Line],
        answers: Mapping[str, str],
        before: ParsedReport | None,
    ) -> None:
        if heading.sector:
            place.sector = heading.sector
            return
        if before and before.sector and heading.city:
            place.sector = before.sector  # a volume about one direction
            return
        for text in titles:
            if sector := self._sectors.named_in(text):
                place.sector = sector
                return
        for text in (
            *(line.text for line in preface[:PREFACE_LINES]),
            *self._source.margins,
            *self._file,
        ):
            if sector := self._sectors.named_in(text) or self._sectors.find(text):
                place.sector = sector
                break
        else:
            texts = (line.text for line in preface)
            told = " ".join([*texts, answers["q1"], answers["q3"], answers["q5"]])
            place.sector = self._sectors.guess(told[:ENOUGH_TO_GUESS])
        if place.sector:
            place.doubt("sector", "sector_concluded", _("The direction is concluded from the text: %(name)s.", name=place.sector))  # fmt: skip  # noqa: E501
        else:
            place.doubt("sector", "sector_unknown", _("The direction was not recognised."))

    def _name_year(
        self,
        place: Place,
        heading: Heading,
        asked: Sequence[Asked],
        answers: Mapping[str, str],
        before: ParsedReport | None,
    ) -> None:
        years = {a.number: year_in(a.wording) for a in asked}
        first, third = years.get(1), years.get(3)
        if year := first or (third - 1 if third else None) or heading.year:
            place.year = year
            if third and third != year + 1:
                place.doubt("year", "years_differ", _("The questions speak of different years: %(year)s and then %(next)s.", year=year, next=third))  # fmt: skip  # noqa: E501
            elif heading.year and heading.year not in {year, year + 1}:
                place.doubt("year", "year_contradicted", _("The title speaks of another year: %(year)s.", year=heading.year))  # fmt: skip  # noqa: E501
            return
        if before and before.year:
            place.year = before.year
            return
        said = IN_ANSWER.match(answers["q1"])
        named = next((year for text in self._file if (year := year_in(text))), None)
        if year := int(said[1]) if said else named:
            place.year = year
            place.doubt("year", "year_concluded", _("The year is concluded from the answer or the name of the file: %(year)s.", year=year))  # fmt: skip  # noqa: E501
            return
        place.doubt("year", "year_unknown", _("The reporting year was not found."))


def _words_of_name(name: str) -> Iterator[str]:
    """The name of a file and those of its folders, nearest first, as headings."""
    path = PurePath(name[-LONGEST_NAME:].replace("\\", "/").replace("\0", " "))
    for part in (path.stem, *reversed(path.parts[:-1])):
        yield " ".join(re.split(r"[_\s.,()]+", part))
        yield from (piece for piece in re.split(r"[_.,()]+|\s[-\u2013\u2014]\s", part) if piece)
