"""Who may begin and read reports; what is common to all submissions stands in moderation."""

from __future__ import annotations

from asdg_portal.accounts.policies import Viewer, audiences, is_representative
from asdg_portal.cities.models import City
from asdg_portal.moderation.models import Audience
from asdg_portal.moderation.policies import (
    can_read,
    can_read_drafts,
    can_read_part,
    can_see_contact,
    is_author,
    is_helper,
    is_own_city,
)
from asdg_portal.surveys.models import Campaign, Report

__all__ = [
    "can_begin",
    "can_read",
    "can_read_drafts",
    "can_read_part",
    "can_see_contact",
    "can_write_part",
    "is_own_city",
    "open_circles",
    "works_on",
]


def works_on(user: Viewer, city_id: int) -> bool:
    """Who sees more of a published report of a city than its readers: the city, and the staff."""
    return user.is_staff or (is_representative(user) and user.city_id == city_id)


def open_circles(user: Viewer, city_id: int) -> frozenset[str]:
    """The circles whose answers of a published report somebody reads: of the own city, all."""
    return frozenset(Audience) if works_on(user, city_id) else audiences(user)


def can_begin(user: Viewer, campaign: Campaign, city: City) -> bool:
    """A representative begins reports of the own city while the campaign takes them."""
    return is_representative(user) and user.city_id == city.id and campaign.is_open(city)


def can_write_part(user: Viewer, report: Report, name: str) -> bool:
    """Whose words a part is: those of the report's authors, and of the colleague who was asked.

    ``name`` is that of a part (``preface``, ``q3``) or of a line such as ``author_name``. Whether
    anything can be written at all now is a matter of the workflow.
    """
    if is_author(user, report):
        return True
    handed = report.handed.get(name)
    return handed is not None and is_helper(user, report) and handed.person_id == user.id
