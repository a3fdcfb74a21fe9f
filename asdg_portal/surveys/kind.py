"""What the shared pages must know of reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.cities.models import City
from asdg_portal.moderation.kinds import Kind, Starter
from asdg_portal.surveys import effects, queries
from asdg_portal.surveys.assignments.panels import asked_panels
from asdg_portal.surveys.campaigns.lateness import late_marks
from asdg_portal.surveys.campaigns.progress import year_totals
from asdg_portal.surveys.exhibits import exhibits
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.turns import day_left, terms


def starters(user: Viewer) -> list[Starter]:
    """A representative can begin a report for each year open for the city, the staff for a city."""
    if user.is_staff:
        hint = _("It came on paper or by mail: type it in, it goes the same way as the others.")
        return [Starter(_("File a report for a city"), url_for("filings.file"), hint)]
    if not is_representative(user) or user.city is None:
        return []
    city = user.city
    years = queries.open_campaigns(city)
    return [
        *(_starter(campaign, city) for campaign in years),
        *(_sharing(campaign) for campaign in years),
    ]


def _starter(campaign: Campaign, city: City) -> Starter:
    label = _("Answer the questionnaire of %(year)s", year=campaign.year)
    return Starter(label, url_for("surveys.new"), day_left(campaign, city))


def _sharing(campaign: Campaign) -> Starter:
    label = _("Who answers about what in %(year)s", year=campaign.year)
    hint = _("Name who is responsible, and what your city does not answer about.")
    return Starter(label, url_for("duties.own", year=campaign.year), hint)


def overview() -> tuple[str, Mapping[str, Any]] | None:
    """How far the year that runs now is, for the desk."""
    newest = queries.newest_campaign()
    if newest is None:
        return None
    sums = year_totals(newest)
    return "surveys/campaigns/_overview.html", {"campaign": newest, "totals": sums}


KIND = Kind(
    name="report",
    label=_l("Report"),
    path="/reports",
    after=effects.after,
    starters=starters,
    marks=late_marks,
    overview=overview,
    terms=terms,
    concerned=queries.in_charge,
    panels=asked_panels,
    exhibits=exhibits,
)
