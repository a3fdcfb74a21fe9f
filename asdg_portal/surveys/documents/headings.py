"""The lines above a questionnaire: its title, its city, its direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from asdg_portal.core.morphology import lemmas
from asdg_portal.surveys.documents.model import Line
from asdg_portal.surveys.documents.sectors import Sectors

LONGEST = 120
YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d|21\d\d)(?!\d)")
TITLE = {
    "анкета", "итог", "информация", "отчет", "опросник", "вопросник", "ответ", "сведение",
    "материал", "доклад", "сборник", "опрос", "опросный",
}  # fmt: skip
OF_A_CITY = {
    "город", "г", "администрация", "мэрия", "городской", "округ", "муниципальный", "образование",
    "область", "край", "республика", "дума", "член", "асдг", "ассоциация", "название", "го", "мо",
    "и", "управление", "комитет", "департамент", "по", "автономный", "наименование", "представить",
    "анкета", "от", "кому", "городок",
}  # fmt: skip
MOST_OTHER_WORDS = 2
# The heading of a city that is in no list.
OFFICE = re.compile(r"(?:администрация|мэрия|г\.|город|городской округ)\s.{3,60}$", re.IGNORECASE)


class CityFinder(Protocol):
    """What is asked of the list of cities here."""

    def in_heading(self, line: str) -> str | None:
        """Name the city that a heading introduces."""


@dataclass(slots=True)
class Heading:
    """What the heading lines of a record say; ``end`` is the line after them."""

    city: str | None = None
    sector: str | None = None
    year: int | None = None
    end: int = 0
    lines: list[int] = field(default_factory=list)


class HeadingReader:
    """Tells headings from text, and reads them."""

    def __init__(self, cities: CityFinder, sectors: Sectors) -> None:
        self._cities, self._sectors = cities, sectors

    def city(self, line: Line) -> str | None:
        """Name the city if the line is the heading of its questionnaire."""
        text = line.text.strip()
        if line.item or len(text) > LONGEST or text.endswith((";", ",", "!", "?")):
            return None
        if text.endswith(".") and not re.search(r"\b(?:обл|г|р-н)\.$", text):
            return None
        if re.search(r"\s[–—-]\s|\(\w{4,}[^)]* ", text) and not line.strong:
            return None
        found = self._cities.in_heading(text)
        if found is None:
            return None
        own = len(re.findall(r"[^\W\d_]+", found))
        others = [w for w in re.findall(r"[^\W\d_]+", text) if not set(lemmas(w)) & OF_A_CITY]
        return found if len(others) - own <= MOST_OTHER_WORDS else None

    def sector(self, line: Line) -> str | None:
        """Name the direction if the line is a heading that names one."""
        if line.item or line.text.endswith((";", ",", "?")) or len(line.text.split()) > 9:
            return None
        return self._sectors.find(line.text)

    def is_title(self, line: Line) -> bool:
        """Whether the line only says what kind of paper this is: «Анкета АСДГ за 2014 год»."""
        text = line.text.strip()
        if len(text) > LONGEST or text.endswith((".", ";", ",", "?")) or line.item:
            return False
        first = re.findall(r"[^\W\d_]+", text)[:2]
        return any(set(lemmas(word)) & TITLE for word in first) or bool(
            YEAR.search(text) and len(text.split()) <= 4
        )

    def is_heading(self, line: Line) -> bool:
        """Whether the line belongs above a questionnaire and not into its text."""
        return bool(
            self.city(line)
            or self.sector(line)
            or self.is_title(line)
            or (OFFICE.match(line.text) and not line.text.endswith((".", ";", ":", ",")))
        )

    def read(self, lines: Sequence[Line], start: int, stop: int) -> Heading:
        """Read the heading lines that stand together from ``start``."""
        heading = Heading(end=start)
        for position in range(start, stop):
            line = lines[position]
            if not self.is_heading(line):
                break
            heading.city = heading.city or self.city(line)
            heading.sector = heading.sector or self.sector(line)
            heading.year = heading.year or year_in(line.text)
            heading.lines.append(position)
            heading.end = position + 1
        return heading

    def find_start(self, lines: Sequence[Line], start: int, stop: int) -> int | None:
        """Find where the next record begins between two of its neighbours' questions."""
        for position in range(start, stop):
            line = lines[position]
            if self.city(line) or self.sector(line):
                first = position
                while first > start and self.is_heading(lines[first - 1]):
                    first -= 1
                return first
        return None


def year_in(text: str) -> int | None:
    """Read the last year that a line names: a title can give the years from and to."""
    years = YEAR.findall(text)
    return int(years[-1]) if years else None
