"""What the shared pages must know of reports."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.cities.models import City
from asdg_portal.moderation.kinds import Kind, Starter
from asdg_portal.surveys import effects, queries
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.turns import day_left, terms


def starters(user: Viewer) -> list[Starter]:
    """A representative can begin a report for each year that is open for the city."""
    if not is_representative(user) or user.city is None:
        return []
    city = user.city
    return [_starter(campaign, city) for campaign in queries.open_campaigns(city)]


def _starter(campaign: Campaign, city: City) -> Starter:
    label = _("Answer the questionnaire of %(year)s", year=campaign.year)
    return Starter(label, url_for("surveys.new"), day_left(campaign, city))


KIND = Kind(
    name="report",
    label=_l("Report"),
    path="/reports",
    after=effects.after,
    starters=starters,
    terms=terms,
)
