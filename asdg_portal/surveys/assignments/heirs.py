"""What a person leaves on the floor of the questionnaires: duties, and questions asked."""

from __future__ import annotations

from flask_babel import format_date, gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.heirs import Waiting
from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.surveys.assignments.mails import field_path
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.models import Duty
from asdg_portal.surveys.services import find_report


def hand_over(old: User, new: User) -> list[Waiting]:
    """Move the duties and the open questions; what is done or over keeps the old name."""
    return [*_hand_over_questions(old, new), *_hand_over_duties(old, new)]


def _hand_over_questions(old: User, new: User) -> list[Waiting]:
    mine = or_(Assignment.person_id == old.id, Assignment.asked_by_id == old.id)
    query = select(Assignment).where(mine, Assignment.ended_at.is_(None))
    waiting = []
    for asked in db.session.scalars(query.order_by(Assignment.due_on, Assignment.id)).all():
        if asked.asked_by_id == old.id:
            asked.asked_by = new
        if asked.person_id == old.id and asked.done_at is None:
            asked.person = new
            day = format_date(asked.due_on, "long")
            label = _("an answer by %(day)s: %(question)s", day=day, question=asked.heading)
            waiting.append(Waiting(str(label), field_path(asked.report, asked.part)))
    return waiting


def _hand_over_duties(old: User, new: User) -> list[Waiting]:
    """Move the duties of the years that still take answers; the past keeps the old name."""
    query = (
        select(Duty)
        .where(or_(Duty.person_id == old.id, Duty.deputy_id == old.id))
        .options(joinedload(Duty.campaign), joinedload(Duty.city), joinedload(Duty.sector))
    )
    waiting = []
    for duty in db.session.scalars(query.order_by(Duty.id)).all():
        if not duty.campaign.is_open(duty.city):
            continue
        if duty.person_id == old.id:
            duty.person = new
        else:
            duty.deputy = new
        begun = find_report(duty.campaign, duty.city, duty.sector)
        if begun is None and duty.expected:
            label = _("not begun yet: %(sector)s, %(year)s", sector=duty.sector.name, year=duty.campaign.year)  # fmt: skip  # noqa: E501
            waiting.append(Waiting(str(label), f"/reports/new?sector={duty.sector.slug}"))
    return waiting
