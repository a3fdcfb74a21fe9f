"""Reports that came after the deadline: marked once, when they come, and told to those who work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _, ngettext
from sqlalchemy import delete, select

from asdg_portal.core.clock import end_of_day, now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Submission
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.models import Report

MINUTE, HOUR, DAY = 60, 3600, 86_400


def note_arrival(report: Report) -> None:
    """Mark a report that comes for the first time, if the city's last day is over.

    What came on paper has come on the day on which it was received.
    """
    due, zone = report.campaign.due_day(report.city), report.city.timezone
    received = report.current.received_on
    if due is None or (received is not None and received <= due):
        return
    came = end_of_day(received, zone) if received else now()
    late_by = (came - end_of_day(due, zone)).total_seconds()
    if late_by >= 0:
        db.session.add(LateArrival(report_id=report.id, due_on=due, late_by=int(late_by)))


def forget_arrival(report: Report) -> None:
    """Take the mark away: the report was taken back and has not come at all yet."""
    db.session.execute(delete(LateArrival).where(LateArrival.report_id == report.id))


def late_marks(items: Sequence[Submission]) -> Mapping[int, str]:
    """Say of every report that came too late by how much, by their numbers."""
    query = select(LateArrival.report_id, LateArrival.late_by).where(
        LateArrival.report_id.in_([item.id for item in items])
    )
    return {
        report_id: _("came late: %(by)s after the deadline", by=how_late(late_by))
        for report_id, late_by in db.session.execute(query)
    }


def how_late(seconds: int) -> str:
    """Write a delay in its largest unit: days, hours or minutes."""
    if seconds >= DAY:
        return str(ngettext("%(num)s day", "%(num)s days", seconds // DAY))
    if seconds >= HOUR:
        return str(ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR))
    return str(ngettext("%(num)s minute", "%(num)s minutes", max(1, seconds // MINUTE)))
