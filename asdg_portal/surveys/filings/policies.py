"""When a report has come, and who may see the paper it came on."""

from __future__ import annotations

from asdg_portal.accounts.policies import Viewer
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.policies import is_own_city
from asdg_portal.surveys.models import Campaign, Report


def came_in_time(item: Submission, campaign: Campaign) -> bool:
    """Whether the year still takes a report: online until it closes, on paper if it had come."""
    received, last = item.current.received_on, campaign.last_day(item.city)
    if received is not None and last is not None:
        return received <= last
    return campaign.is_open(item.city)


def can_keep_scans(user: Viewer, report: Report) -> bool:
    """Whoever holds the paper: the staff."""
    return user.is_staff


def can_see_scans(user: Viewer, report: Report) -> bool:
    """The staff, and the representatives of the city whose sheet it is; no reader ever does."""
    return user.is_staff or is_own_city(user, report)
