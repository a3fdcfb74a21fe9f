"""Published texts by the keys of their documents, as far as a person may read them now."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.core.db import db
from asdg_portal.core.text import to_plain
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.practices.search import document_key as practice_key
from asdg_portal.search.index import Kind
from asdg_portal.search.service import question_label
from asdg_portal.surveys.models import Answer, Report, ReportRevision
from asdg_portal.surveys.search import PREFACE, document_key as answer_key

# What document_key makes of numbers that a table can hold.
_KEY = re.compile(r"(practice):([0-9]{1,9})|(report):([0-9]{1,9}):([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a text under its heading; ``text`` is the Markdown that was written."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A published practice, or one answer of a report: what is read, and where it comes from.

    ``question`` is the number of the answer, 0 for a preface, None for a practice.
    """

    key: str
    title: str
    city: str
    region: str
    sector: str
    year: int
    question: int | None
    path: str
    published_at: datetime
    sections: tuple[Section, ...]

    @property
    def part(self) -> str:
        """Which answer it is, in a word or two; empty for a practice."""
        return "" if self.question is None else question_label(self.question)

    @property
    def plain(self) -> str:
        """The words alone, each section under its heading."""
        blocks = [f"{s.heading}\n{to_plain(s.text)}" for s in self.sections if s.text]
        return "\n\n".join(blocks)

    @property
    def excerpt(self) -> str:
        """The words of the first section that has any."""
        return next((to_plain(s.text) for s in self.sections if s.text), "")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Keys taken apart: practices by number, and for each report the wanted answers."""

    practices: frozenset[int]
    reports: Mapping[int, set[int]]

    @classmethod
    def of(cls, keys: Iterable[str]) -> Numbers:
        """Read keys; what is none is passed over."""
        practices, reports = set(), defaultdict(set)
        for match in filter(None, map(_KEY.fullmatch, keys)):
            if match[1]:
                practices.add(int(match[2]))
            else:
                reports[int(match[4])].add(int(match[5]))
        return cls(frozenset(practices), reports)


def readable(keys: Collection[str], viewer: Viewer) -> dict[str, Source]:
    """Read those of the texts that are published and open to ``viewer``, by their keys."""
    numbers, circles = Numbers.of(keys), audiences(viewer)
    found = {text.key: text for text in _practices(numbers)}
    found |= {text.key: text for text in _answers(numbers, circles)}
    return found


def _practices(numbers: Numbers) -> Iterator[Source]:
    if not numbers.practices:
        return
    revision = PracticeRevision
    place = joinedload(revision.submission.of_type(Practice)).options(
        joinedload(Practice.city), joinedload(Practice.sector)
    )
    query = select(revision).where(
        revision.is_public, revision.submission_id.in_(numbers.practices)
    )
    for text in db.session.scalars(query.options(place)):
        sections = [Section(p.heading, p.text) for p in text.parts() if p.name != "title"]
        yield _source(text, practice_key(text.submission_id), None, "", sections)


def _answers(numbers: Numbers, circles: frozenset[str]) -> Iterator[Source]:
    if not numbers.reports:
        return
    revision = ReportRevision
    place = joinedload(revision.submission.of_type(Report)).options(
        joinedload(Report.city), joinedload(Report.sector)
    )
    query = select(revision).where(revision.is_public, revision.submission_id.in_(numbers.reports))
    for text in db.session.scalars(query.options(place, selectinload(revision.answers))):
        parts = zip([PREFACE, *sorted(text.answers)], text.parts(), strict=True)
        for number, part in parts:
            wanted = number in numbers.reports[text.submission_id]
            if wanted and part.text and part.audience in circles:
                key = answer_key(text.submission_id, number)
                yield _source(text, key, number, part.name, [Section(part.heading, part.text)])


def _source(
    text: PracticeRevision | ReportRevision,
    key: str,
    question: int | None,
    anchor: str,
    sections: list[Section],
) -> Source:
    item = text.submission
    path = f"/{item.kind}s/{item.id}/" + (f"#{anchor}" if anchor else "")
    return Source(
        key=key,
        title=text.title,
        city=item.city.name,
        region=item.city.region,
        sector=item.sector.name,
        year=item.year,
        question=question,
        path=path,
        published_at=text.published_at or text.created_at,
        sections=tuple(sections),
    )


def first_readable(keys: Collection[str], viewer: Viewer) -> dict[str, datetime]:
    """Tell when each text could be read first by people with the rights that ``viewer`` has today.

    Every revision that was ever published counts: a text that comes again is not new by that.
    """
    numbers, circles = Numbers.of(keys), audiences(viewer)
    found: dict[str, datetime] = {}
    for kind, item_id, number, moment in _first_days(numbers, circles):
        key = practice_key(item_id) if kind is Kind.PRACTICE else answer_key(item_id, number)
        if moment is not None:
            found[key] = moment
    return {key: found[key] for key in keys if key in found}


def _first_days(
    numbers: Numbers, circles: frozenset[str]
) -> Iterator[tuple[Kind, int, int, datetime | None]]:
    practice, report = PracticeRevision, ReportRevision
    day = func.min(practice.published_at)
    query = select(practice.submission_id, day).group_by(practice.submission_id)
    for item_id, moment in db.session.execute(
        query.where(practice.submission_id.in_(numbers.practices))
    ):
        yield Kind.PRACTICE, item_id, 0, moment
    day = func.min(report.published_at)
    mine = report.submission_id.in_(numbers.reports)
    prefaces = select(report.submission_id, day).where(mine, report.preface != "")
    for item_id, moment in db.session.execute(prefaces.group_by(report.submission_id)):
        yield Kind.REPORT, item_id, PREFACE, moment
    open_ = and_(Answer.text != "", Answer.audience.in_(circles))
    answers = (
        select(report.submission_id, Answer.number, day)
        .join(Answer, Answer.revision_id == report.id)
        .where(mine, open_)
        .group_by(report.submission_id, Answer.number)
    )
    for item_id, number, moment in db.session.execute(answers):
        yield Kind.REPORT, item_id, number, moment
