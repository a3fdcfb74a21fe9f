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
from asdg_portal.surveys.documents.headings import Heading, HeadingReader
from asdg_portal.surveys.documents.model import (
    LONGEST_ANSWER,
    QUESTIONS,
    Line,
    ParsedFile,
    ParsedReport,
    ParseWarning,
    Source,
    Unreadable,
)
from asdg_portal.surveys.documents.naming import Naming
from asdg_portal.surveys.documents.questions import (
    Asked,
    find_numbers,
    find_questions,
    join_wrapped,
    may_ask,
)
from asdg_portal.surveys.documents.sectors import Sectors
from asdg_portal.surveys.documents.signatures import may_be_signed, signed_lines
from asdg_portal.surveys.documents.text_file import read_lines, write_text
from asdg_portal.surveys.documents.word_file import read_word

MOST_BYTES = 20 * 1024 * 1024
FEWEST_QUESTIONS = 2
ADVICE = {".doc", ".pdf", ".rtf", ".odt", ".xls", ".xlsx", ".pages", ".docm", ".dotm", ".html"}
MOST_LETTERHEAD = 12  # lines
LONGEST_LETTERHEAD = 70
LABEL_ALONE = re.compile(r"(?:вопрос\s*)?(?:№\s*)?[1-9]\s*[.)]?", re.IGNORECASE)
ANSWER = re.compile(r"^ответ\s*[:.]\s*", re.IGNORECASE)


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
        return _Reading(name, read_source(name, data), gazetteer, sectors).result()
    except Unreadable as error:
        return ParsedFile(name, error=str(error))


def read_source(name: str, data: bytes) -> Source:
    """Read the lines of a file by its ending."""
    ending = PurePath(name).suffix.lower()
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 20 MB."))
    if not data:
        raise Unreadable(_("The file is empty."))
    if ending == ".txt":
        source = Source(read_lines(decode(data)))
    elif ending == ".docx":
        source = read_word(data)
    elif ending in ADVICE:
        raise Unreadable(_("Files that end in «%(ending)s» are not read: open it in its program and save it as .docx.", ending=ending))  # fmt: skip  # noqa: E501
    else:
        raise Unreadable(_("Files that end in «%(ending)s» are not read: save it as .docx or .txt.", ending=ending or name[-20:]))  # fmt: skip  # noqa: E501
    return replace(source, lines=join_wrapped(_join_labels(source.lines)))


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

    def __init__(self, name: str, source: Source, gazetteer: Gazetteer, sectors: Sectors) -> None:
        self._name, self._lines, self._margins = name, source.lines, source.margins
        self._gazetteer, self._sectors = gazetteer, sectors
        self._headings = HeadingReader(gazetteer, sectors)
        self._naming = Naming(name, source, gazetteer, sectors)
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
            if number == 0:
                start = self._skip_letterhead(group[0].position)
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

    def _skip_letterhead(self, stop: int) -> int:
        """Go past «Приложение № 2» above the first heading; it is told, for it is left out."""
        first = self._headings.read(self._lines, 0, stop)
        if first.city or first.sector:
            return 0
        start = self._headings.find_start(self._lines, first.end, min(stop, MOST_LETTERHEAD))
        if start is None or any(len(x.text) > LONGEST_LETTERHEAD for x in self._lines[:start]):
            return 0
        if start > first.end:
            self._warn(0, "preface", "letterhead", _("What stands above the heading was left out."))
            return start
        return 0

    def _record(self, number: int, draft: _Draft, before: ParsedReport | None) -> ParsedReport:
        self._sign(number, draft)
        answers = {name: write_text(draft.answers.get(name, ())) for name in QUESTIONS}
        questions = {f"q{a.number}": a.wording for a in draft.asked}
        place = self._naming.name(draft.heading, draft.preface, draft.asked, answers, before)
        self._warnings += [replace(doubt, record=number) for doubt in place.doubts]
        city, sector, year = place.city, place.sector, place.year
        self._check(number, questions, answers)
        self._doubt_questions(number, draft)
        mentions = [m.city for m in self._gazetteer.mentions(answers["q2"], own_city=city)]
        preface = write_text(draft.preface)
        places = {name: place for name, place in draft.places.items() if place[0] < place[1]}
        return ParsedReport(city, sector, year, preface, answers, mentions, questions, places)

    def _sign(self, number: int, draft: _Draft) -> None:
        """Take off the answers who signed them, and «Ответ:» before them."""
        for name, lines in draft.answers.items():
            if signed := signed_lines(lines):
                del lines[-signed:]
                start, stop = draft.places[name]
                draft.places[name] = (start, stop - signed)
                draft.places["signature"] = (stop - signed, stop)
            elif may_be_signed(lines):
                self._warn(
                    number, name, "signature", _("The end of the answer looks like a signature.")
                )
            if lines:
                lines[0] = replace(lines[0], text=ANSWER.sub("", lines[0].text))

    def _check(self, number: int, questions: dict[str, str], answers: dict[str, str]) -> None:
        """Say what a person should look at in the answers."""
        for asked in QUESTIONS:
            if asked not in questions:
                self._warn(number, asked, "question_missing", _("The question was not found."))
            elif not answers[asked]:
                self._warn(number, asked, "answer_empty", _("There is no answer."))
            elif len(answers[asked]) > LONGEST_ANSWER:
                self._warn(number, asked, "answer_long", _("An answer is longer than %(most)s characters: shorten it.", most=LONGEST_ANSWER))  # fmt: skip  # noqa: E501

    def _doubt_questions(self, number: int, draft: _Draft) -> None:
        """Say which questions nobody asked in words, and where a missing one may be hidden."""
        found = {asked.number for asked in draft.asked}
        for asked in draft.asked:
            if not asked.sureness:
                self._warn(number, f"q{asked.number}", "by_number", _("The question is known by its number only."))  # fmt: skip  # noqa: E501
        for name, lines in (("preface", draft.preface), *draft.answers.items()):
            hidden = {n for line in lines if (n := may_ask(line)) and n not in found}
            for missing in sorted(hidden):
                self._warn(number, name, "question_hidden", _("A line of it looks like question %(number)s, which was not found.", number=missing))  # fmt: skip  # noqa: E501

    def _compare(self, records: Sequence[ParsedReport]) -> None:
        """A city has one sheet about a direction in a year; two are told, not made one."""
        seen: dict[tuple[object, ...], int] = {}
        for number, record in enumerate(records):
            place = (record.city, record.sector, record.year)
            if None not in place and seen.setdefault(place, number) != number:
                self._warn(number, "sector", "two_sheets", _("There are two sheets of this city about this direction and year in the file."))  # fmt: skip  # noqa: E501

    def _warn(self, record: int | None, name: str, code: str, message: str) -> None:
        self._warnings.append(ParseWarning(record, name, message, code))
