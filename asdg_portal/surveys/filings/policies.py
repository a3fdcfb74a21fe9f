"""When a report has come: what is on paper counts by the day on which it was received."""

from __future__ import annotations

from asdg_portal.surveys.models import Report


def came_in_time(report: Report) -> bool:
    """Whether the year still takes the report: online until it closes, on paper if it had come."""
    received, last = report.current.received_on, report.campaign.last_day(report.city)
    if received is not None and last is not None:
        return received <= last
    return report.campaign.is_open(report.city)
