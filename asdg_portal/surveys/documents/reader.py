"""A filled questionnaire, or a volume of them, taken apart into records."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from flask_babel import gettext as _

from asdg_portal.cities.recognition import Gazetteer
from asdg_portal.surveys.documents.encodings import decode
from asdg_portal.surveys.documents.headings import Heading, HeadingReader, year_in
from asdg_portal.surveys.documents.model import (
    LONGEST_ANSWER,
    QUESTIONS,
    Line,
    ParsedFile,
    ParsedReport,
    ParseWarning,
    Unreadable,
)
from asdg_portal.surveys.documents.questions import Asked, find_numbers, find_questions
from asdg_portal.surveys.documents.sectors import Sectors
from asdg_portal.surveys.documents.text_file import read_lines, write_text
from asdg_portal.surveys.documents.word_file import read_paragraphs

MOST_BYTES = 20 * 1024 * 1024
FEWEST_QUESTIONS = 2
SIGNATURE = re.compile(
    r"^(?:исполнитель|исп\b|подготовил|ответственн|контактн|тел\b|телефон|e-?mail)|"
    r"^(?:и\.?\s?о\.?\s|врио\s)?(?:первый\s)?(?:начальник|директор|глава|заместитель|председатель|"
    r"руководитель|специалист|мэр|консультант|главный специалист)\b.*"
    r"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё-]+$|^[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё-]+$|"
    r"^[А-ЯЁ][а-яё-]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.$",
    re.IGNORECASE,
)
LABEL_ALONE = re.compile(r"(?:вопрос\s*)?(?:№\s*)?[1-9]\s*[.)]?", re.IGNORECASE)
ANSWER = re.compile(r"^ответ\s*[:.]\s*", re.IGNORECASE)
LONGEST_SIGNATURE = 160
PREFACE_LINES = 3
ENOUGH_TO_GUESS = 200_000  # characters; what somebody writes of is clear by then


@dataclass(slots=True)
class _Draft:
    """The lines of one record while it is put together."""

    heading: Heading
    preface: list[Line]
    asked: list[Asked]
    answers: dict[str, list[Line]] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def parse(name: str, data: bytes, gazetteer: Gazetteer, sectors: Sectors) -> ParsedFile:
    """Read one file; whatever is wrong with it is said in ``error`` or in the warnings."""
    try:
        lines = _read_lines(name, data)
        return _Reading(name, lines, gazetteer, sectors).result()
    except Unreadable as error:
        return ParsedFile(name, error=str(error))


def _read_lines(name: str, data: bytes) -> list[Line]:
    ending = PurePath(name).suffix.lower()
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 20 MB."))
    if not data:
        raise Unreadable(_("The file is empty."))
    if ending == ".txt":
        return _join_labels(read_lines(decode(data)))
    if ending == ".docx":
        return _join_labels(read_paragraphs(data))
    raise Unreadable(_("Files that end in «%(ending)s» are not read: save it as .docx or .txt.", ending=ending or name[-20:]))  # fmt: skip  # noqa: E501


def _join_labels(lines: Sequence[Line]) -> list[Line]:
    """Put «Вопрос 1.» or «1.» on a line or in a cell of its own before what it numbers."""
    joined: list[Line] = []
    for line in lines:
        if joined and LABEL_ALONE.fullmatch(joined[-1].text):
            label = joined.pop()
            text = f"{label.text.rstrip('.')}. {line.text}"
            joined.append(replace(line, text=text, item=False, strong=line.strong or label.strong))
        else:
            joined.append(line)
    return joined


class _Reading:
    """The reading of one document from its lines to its records."""

    def __init__(
        self, name: str, lines: Sequence[Line], gazetteer: Gazetteer, sectors: Sectors
    ) -> None:
        self._name, self._lines = name, lines
        self._gazetteer, self._sectors = gazetteer, sectors
        self._headings = HeadingReader(gazetteer, sectors)
        self._warnings: list[ParseWarning] = []

    def result(self) -> ParsedFile:
        asked = find_questions(self._lines)
        if len({a.number for a in asked}) < FEWEST_QUESTIONS:
            asked = find_numbers(self._lines)
        if not asked:
            raise Unreadable(_("There is no questionnaire in the file: none of the five questions was found."))  # fmt: skip  # noqa: E501
        drafts = self._drafts(self._groups(asked))
        records: list[ParsedReport] = []
        for number, draft in enumerate(drafts):
            records.append(self._record(number, draft, records[-1] if records else None))
        self._compare(records)
        lines = [line.text for line in self._lines]
        return ParsedFile(self._name, records, self._warnings, lines=lines)

    def _groups(self, asked: Sequence[Asked]) -> list[list[Asked]]:
        """Part the questions into records: a new one begins where a heading stands between."""
        groups: list[list[Asked]] = []
        for question in asked:
            if not groups or self._begins_record(groups[-1], question):
                groups.append([question])
            elif question.number not in {a.number for a in groups[-1]}:
                groups[-1].append(question)
            # otherwise somebody asked the question again within an answer
        return groups

    def _begins_record(self, group: Sequence[Asked], question: Asked) -> bool:
        """Whether a question belongs to the next city or direction."""
        seen = {a.number for a in group}
        enough = len(seen) >= len(QUESTIONS) - 1 and question.number == 1
        if question.number not in seen and not enough:
            return False
        last = group[-1].position + 1
        if self._headings.find_start(self._lines, last, question.position) is not None:
            return True
        return len(seen) == len(QUESTIONS) and question.number == 1

    def _drafts(self, groups: Sequence[Sequence[Asked]]) -> list[_Draft]:
        drafts: list[_Draft] = []
        starts = [0]
        for before, group in itertools.pairwise(groups):
            last = before[-1].position + 1
            start = self._headings.find_start(self._lines, last, group[0].position)
            starts.append(start if start is not None else group[0].position)
        for number, group in enumerate(groups):
            start, stop = starts[number], ([*starts, len(self._lines)])[number + 1]
            heading = self._headings.read(self._lines, start, group[0].position)
            preface = list(self._lines[heading.end : group[0].position])
            draft = _Draft(heading, preface, list(group))
            draft.places = {
                "heading": (start, heading.end),
                "preface": (heading.end, group[0].position),
            }
            for asked, following in zip(group, [*group[1:], None], strict=True):
                end = following.position if following else stop
                answer = list(self._lines[asked.position + 1 : end])
                if asked.answer:
                    answer.insert(0, Line(asked.answer))
                draft.answers[f"q{asked.number}"] = answer
                draft.places[f"q{asked.number}"] = (asked.position, end)
            drafts.append(draft)
        return drafts

    def _record(self, number: int, draft: _Draft, before: ParsedReport | None) -> ParsedReport:
        for name, lines in draft.answers.items():
            if signed := _drop_signature(lines):
                start, stop = draft.places[name]
                draft.places[name] = (start, stop - signed)
                draft.places["signature"] = (stop - signed, stop)
            if lines:
                lines[0] = replace(lines[0], text=ANSWER.sub("", lines[0].text))
        answers = {name: write_text(draft.answers.get(name, ())) for name in QUESTIONS}
        questions = {f"q{a.number}": a.wording for a in draft.asked}
        city = self._city(number, draft, before)
        sector = self._sector(number, draft, answers, before)
        year = self._year(number, draft, answers, before)
        for asked in QUESTIONS:
            if asked not in questions:
                self._warn(number, asked, _("The question was not found."))
            elif not answers[asked]:
                self._warn(number, asked, _("There is no answer."))
            elif len(answers[asked]) > LONGEST_ANSWER:
                self._warn(number, asked, _("An answer is longer than %(most)s characters: shorten it.", most=LONGEST_ANSWER))  # fmt: skip  # noqa: E501
        mentions = [m.city for m in self._gazetteer.mentions(answers["q2"], own_city=city)]
        preface = write_text(draft.preface)
        places = {name: place for name, place in draft.places.items() if place[0] < place[1]}
        return ParsedReport(city, sector, year, preface, answers, mentions, questions, places)

    def _compare(self, records: Sequence[ParsedReport]) -> None:
        """A city has one sheet about a direction in a year; two are told, not made one."""
        seen: dict[tuple[object, ...], int] = {}
        for number, record in enumerate(records):
            place = (record.city, record.sector, record.year)
            if None not in place and seen.setdefault(place, number) != number:
                self._warn(number, "sector", _("There are two sheets of this city about this direction and year in the file."))  # fmt: skip  # noqa: E501

    def _warn(self, record: int | None, name: str, message: str) -> None:
        self._warnings.append(ParseWarning(record, name, message))

    def _city(self, number: int, draft: _Draft, before: ParsedReport | None) -> str | None:
        if draft.heading.city:
            return draft.heading.city
        if before and before.city and draft.heading.sector:
            return before.city  # one city answers about several directions
        for line in draft.preface[:PREFACE_LINES]:
            if city := self._gazetteer.in_heading(line.text):
                self._warn(
                    number, "city", _("The city is taken from the text: %(city)s.", city=city)
                )
                return city
        self._warn(number, "city", _("The city was not recognised, or is not in the list."))
        return None

    def _sector(
        self, number: int, draft: _Draft, answers: dict[str, str], before: ParsedReport | None
    ) -> str | None:
        if draft.heading.sector:
            return draft.heading.sector
        if before and before.sector and draft.heading.city:
            return before.sector  # a volume about one direction
        texts = (line.text for line in draft.preface)
        text = " ".join([*texts, answers["q1"], answers["q3"], answers["q5"]])[:ENOUGH_TO_GUESS]
        if sector := self._sectors.guess(text):
            self._warn(
                number,
                "sector",
                _("The direction is concluded from the text: %(name)s.", name=sector),
            )
            return sector
        self._warn(number, "sector", _("The direction was not recognised."))
        return None

    def _year(
        self, number: int, draft: _Draft, answers: dict[str, str], before: ParsedReport | None
    ) -> int | None:
        asked = {a.number: year_in(a.wording) for a in draft.asked}
        if year := asked.get(1) or draft.heading.year:
            if (following := asked.get(3)) and following != year + 1:
                self._warn(number, "year", _("The questions speak of different years: %(year)s and then %(next)s.", year=year, next=following))  # fmt: skip  # noqa: E501
            return year
        if year := asked.get(3):
            return year - 1
        if before and before.year:
            return before.year
        if match := re.match(r"В(?: течение)? (\d{4}) год", answers["q1"]):
            year = int(match[1])
            self._warn(
                number, "year", _("The year is concluded from the answer: %(year)s.", year=year)
            )
            return year
        self._warn(number, "year", _("The reporting year was not found."))
        return None


def _drop_signature(lines: list[Line]) -> int:
    """Take off who signed the sheet: it belongs to no answer. Tell how many lines that were."""
    before = len(lines)
    while lines and len(lines[-1].text) <= LONGEST_SIGNATURE and SIGNATURE.search(lines[-1].text):
        lines.pop()
    return before - len(lines)
