"""The tasks of reports as pages show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from asdg_portal.core.db import db
from asdg_portal.moderation.models import Audience, Revision
from asdg_portal.surveys.commitments.cards import make_cards
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.earlier import EarlierSheet
from asdg_portal.surveys.models import Answer, Report

# Last year's answer 3 names the tasks, this year's answer 1 says what became of them.
ACHIEVEMENTS, TASKS = 1, 3


def cards_of(report: Report, sheets: Sequence[EarlierSheet]) -> list[Commitment]:
    """The tasks that a report closes, touched or not.

    What has been submitted stays as it was, whatever becomes of last year's report.
    """
    if report.current.submitted_at is None:
        return open_cards(report, sheets)
    return list(report.current.commitments)


def open_cards(report: Report, sheets: Sequence[EarlierSheet]) -> list[Commitment]:
    """The tasks that a report closes while it is being written."""
    last = next((sheet for sheet in sheets if sheet.year == report.year - 1), None)
    answer = last.answers.get(f"q{TASKS}") if last else None
    return make_cards(
        report.year,
        answer.text if answer else "",
        answer.audience if answer else Audience.STAFF,
        last.tasks if last else [],
        report.current.commitments,
    )


@dataclass(frozen=True, slots=True)
class ClosedTask:
    """A task as the readers of a published report see it; ``years`` from 3 on are worth a word."""

    text: str
    outcome: Outcome | None
    note: str
    years: int


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """What became of last year's promises, for those who may read all that it is made of."""

    tasks: tuple[ClosedTask, ...]
    audiences: frozenset[str]

    def is_open_to(self, circles: Collection[str]) -> bool:
        """Whether somebody who reads for these circles may see it."""
        return self.audiences <= {*circles}

    @property
    def narrowest(self) -> Audience:
        """The smallest circle of all: who reads the table."""
        return max((Audience(circle) for circle in self.audiences), key=[*Audience].index)


_TASKS = (
    select(
        Commitment.text,
        Commitment.outcome,
        Commitment.note,
        Commitment.since_year,
        Commitment.audience,
    )
    .where(Commitment.revision_id == bindparam("revision_id"))
    .order_by(Commitment.position)
)


def closed_year(year: int, revision_id: int, circles: Mapping[str, Audience]) -> ClosedYear | None:
    """Read how a revision closes its year; None if it says nothing of any task.

    ``circles`` are the audiences of the revision's own answers, by their names.
    """
    rows = db.session.execute(_TASKS, {"revision_id": revision_id}).all()
    return as_read(year, rows, circles) if any(row.outcome for row in rows) else None


def as_read(year: int, rows: Sequence[Any], circles: Mapping[str, Audience]) -> ClosedYear | None:
    """Show tasks, stored or not, as readers see them; None if there are none."""
    if not rows:
        return None
    own = {circles[name] for name in (f"q{ACHIEVEMENTS}", f"q{TASKS}") if name in circles}
    return ClosedYear(
        tuple(ClosedTask(r.text, r.outcome, r.note, year - r.since_year + 1) for r in rows),
        frozenset({*own, *(row.audience for row in rows)}),
    )


def newest_balance(city_id: int, circles: Collection[str]) -> tuple[int, dict[Outcome, int]] | None:
    """How many tasks of a city's newest closed year came to which end, over all its directions.

    Only what may be read in these circles is counted. None if there is nothing to count.
    """
    hidden = aliased(Answer)
    query = (
        select(Report.year, Commitment.outcome, func.count())
        .join(Revision, Revision.submission_id == Report.id)
        .join(Commitment, Commitment.revision_id == Revision.id)
        .where(
            Revision.is_public,
            Report.city_id == city_id,
            ~select(Commitment.id)
            .correlate(Revision)
            .where(Commitment.revision_id == Revision.id, Commitment.audience.not_in(circles))
            .exists(),
            ~select(hidden.id)
            .where(
                hidden.revision_id == Revision.id,
                hidden.number.in_((ACHIEVEMENTS, TASKS)),
                hidden.audience.not_in(circles),
            )
            .exists(),
        )
        .group_by(Report.year, Commitment.outcome)
    )
    years: dict[int, dict[Outcome, int]] = {}
    for year, outcome, number in db.session.execute(query):
        if outcome is not None:
            years.setdefault(year, {})[outcome] = number
    return max(years.items(), default=None)
