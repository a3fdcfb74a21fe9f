"""When a report has come: what is on paper counts by the day on which it was received."""

from __future__ import annotations

from asdg_portal.core.clock import end_of_day
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.models import Report


def came_in_time(report: Report) -> bool:
    """Whether the year still takes the report: online until it closes, on paper if it had come."""
    received, last = report.current.received_on, report.campaign.last_day(report.city)
    if received is not None and last is not None:
        return received <= last
    return report.campaign.is_open(report.city)


def is_late(report: Report, revision: Revision) -> bool:
    """Whether a report first came after its last day, in the city's own time."""
    if revision.number > 1 or revision.submitted_at is None:
        return False
    due = report.campaign.due_day(report.city)
    if due is None:
        return False
    if revision.received_on is not None:
        return revision.received_on > due
    return revision.submitted_at >= end_of_day(due, report.city.timezone)
