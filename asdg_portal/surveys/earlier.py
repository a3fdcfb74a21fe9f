"""What the same city answered about the same direction in earlier years, question by question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import bindparam, case, or_, select

from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.morphology import fold
from asdg_portal.moderation.models import Audience, Revision
from asdg_portal.surveys.commitments.cards import Task
from asdg_portal.surveys.commitments.models import Commitment
from asdg_portal.surveys.models import Answer, Report, ReportRevision

PREFACE = "preface"
_V = ReportRevision


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """An answer of an earlier year; ``question`` is its wording if it was asked otherwise then."""

    year: int
    text: str
    question: str = ""
    audience: Audience = Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class EarlierSheet:
    """What stands in an earlier year's report: its answers by the names of their parts.

    ``tasks`` is what last year's report says of the tasks it had to close itself.
    """

    year: int
    revision_id: int
    was_sent: bool
    answers: dict[str, EarlierAnswer] = field(default_factory=dict)
    tasks: list[Task] = field(default_factory=list)


def earlier_shown(report: Report) -> list[EarlierSheet]:
    """The earlier sheets as pages show them, kept until the next act.

    What was submitted does not change but by an act; a draft of an earlier year is read every time.
    """
    sheets = until_next_act(f"earlier:{report.id}", partial(earlier_sheets, report))
    return sheets if all(sheet.was_sent for sheet in sheets) else earlier_sheets(report)


def earlier_sheets(report: Report) -> list[EarlierSheet]:
    """The city's earlier reports about the direction, the newest first, in three statements.

    Of each year the newest revision that was ever submitted speaks, else the newest one.
    """
    sheets = {}
    for year, revision_id, preface, was_sent in _newest(report):
        sheets[revision_id] = sheet = EarlierSheet(year, revision_id, bool(was_sent))
        sheet.answers[PREFACE] = EarlierAnswer(year, preface)
    if sheets:
        _read_answers(report, sheets)
    for sheet in sheets.values():
        if sheet.year == report.year - 1:
            rows = db.session.execute(_TASKS, {"revision_id": sheet.revision_id})
            sheet.tasks.extend(Task(*row) for row in rows)
    return list(sheets.values())


def _read_answers(report: Report, sheets: Mapping[int, EarlierSheet]) -> None:
    asked = {a.number: a.question_text for a in report.current.answers.values()}
    columns = (Answer.revision_id, Answer.number, Answer.question_text, Answer.audience)
    query = select(*columns, Answer.text).where(Answer.revision_id.in_(sheets))
    for revision_id, number, question, audience, text in db.session.execute(query):
        sheet = sheets[revision_id]
        same = _without_years(question, sheet.year) == _without_years(
            asked.get(number, ""), report.year
        )
        answer = EarlierAnswer(sheet.year, text, "" if same else question, audience)
        sheet.answers[f"q{number}"] = answer


_SPEAKS = (
    select(Revision.id)
    .where(Revision.submission_id == Report.id)
    .order_by(
        case((or_(Revision.is_public, Revision.submitted_at.is_not(None)), 1), else_=0).desc(),
        Revision.number.desc(),
    )
    .limit(1)
    .correlate(Report)
    .scalar_subquery()
)
_EARLIER = (
    select(Report.year, _V.id, _V.preface, or_(_V.is_public, _V.submitted_at.is_not(None)))
    .join(_V, _V.id == _SPEAKS)
    .where(
        Report.city_id == bindparam("city_id"),
        Report.sector_id == bindparam("sector_id"),
        Report.year < bindparam("year"),
    )
    .order_by(Report.year.desc())
)


_TASKS = (
    select(
        Commitment.key,
        Commitment.text,
        Commitment.since_year,
        Commitment.audience,
        Commitment.outcome,
    )
    .where(Commitment.revision_id == bindparam("revision_id"))
    .order_by(Commitment.position)
)


def _newest(report: Report) -> Sequence[tuple[int, int, str, bool]]:
    """Of each earlier report the year, the revision that speaks for it, its preface, if sent."""
    wanted = {"city_id": report.city_id, "sector_id": report.sector_id, "year": report.year}
    return [tuple(row) for row in db.session.execute(_EARLIER, wanted)]  # type: ignore[misc]


def _without_years(question: str, year: int) -> str:
    """A wording without its years, so that it can be compared with another year's."""
    text = re.sub(rf"\b{year + 1}\b", "{next_year}", re.sub(rf"\b{year}\b", "{year}", question))
    return " ".join(fold(text).split())


def by_part(sheets: Sequence[EarlierSheet]) -> dict[str, list[EarlierAnswer]]:
    """The answers that say something, by the parts' names, the newest first."""
    found: dict[str, list[EarlierAnswer]] = {}
    for sheet in sheets:
        for name, answer in sheet.answers.items():
            if answer.text.strip():
                found.setdefault(name, []).append(answer)
    return found
