"""Who may begin and read reports; what is common to all submissions stands in moderation."""

from __future__ import annotations

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.cities.models import City
from asdg_portal.moderation.policies import (
    can_read,
    can_read_drafts,
    can_read_part,
    can_see_contact,
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
]


def can_begin(user: Viewer, campaign: Campaign, city: City) -> bool:
    """A representative begins reports of the own city while the campaign takes them."""
    return is_representative(user) and user.city_id == city.id and campaign.is_open(city)


def can_write_part(user: Viewer, report: Report, name: str) -> bool:
    """The representatives of a city write every part of its report."""
    return is_own_city(user, report)
