"""Who owes what: to a person, and to a city."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, select, true
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import Role, User
from asdg_portal.accounts.policies import is_representative
from asdg_portal.core.db import db
from asdg_portal.moderation.workflow import WRITING
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.models import Report, ReportRevision

MOST = 200


def owed(person: User) -> tuple[list[Assignment], list[Assignment]]:
    """What a person is asked to write, and what lies with colleagues of the city they speak for.

    Both come in one statement, the most urgent first.
    """
    mine = and_(Assignment.person_id == person.id, Report.state.in_(WRITING))
    wanted = true() if is_representative(person) else mine
    found = db.session.scalars(_open().where(Report.city_id == person.city_id, wanted)).all()
    asked = [one for one in found if one.person_id == person.id and one.report.state in WRITING]
    return asked, [one for one in found if one.person_id != person.id]


def colleagues(report: Report, actor: User) -> Sequence[User]:
    """Whom in the city one can ask."""
    query = select(User).where(
        User.city_id == report.city_id,
        User.role.in_((Role.REPRESENTATIVE, Role.SPECIALIST)),
        User.blocked_at.is_(None),
        User.id != actor.id,
    )
    return db.session.scalars(query.order_by(User.name, User.email)).all()


def _open() -> Select[Assignment]:
    report = joinedload(Assignment.report)
    texts = report.selectinload(Report.revisions.of_type(ReportRevision))
    return (
        select(Assignment)
        .join(Assignment.report)
        .where(Assignment.ended_at.is_(None))
        .options(
            report.joinedload(Report.city),
            report.joinedload(Report.sector),
            texts.selectinload(ReportRevision.answers),
            joinedload(Assignment.person),
            joinedload(Assignment.asked_by),
        )
        .order_by(Assignment.done_at.is_not(None), Assignment.due_on, Assignment.id)
        .limit(MOST)
    )


def was_asked(person: User, report_id: int) -> bool:
    """Whether somebody was ever asked to write something of a report."""
    query = select(Assignment.id).filter_by(person_id=person.id, report_id=report_id).limit(1)
    return db.session.scalar(query) is not None
