"""What the pages of the staff say of a reporting year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from asdg_portal.cities.models import Sector
from asdg_portal.cities.queries import sectors
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound
from asdg_portal.surveys.campaigns.services import has_reports, is_over
from asdg_portal.surveys.forms import AUDIENCES
from asdg_portal.surveys.models import Campaign, Duty


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a year stands, in a sentence, and what can be done with it now."""

    words: str
    may_open: bool = False
    may_close: bool = False
    may_reopen: bool = False


def every_year() -> Sequence[Campaign]:
    """Every reporting year, the newest first, those being prepared among them."""
    query = select(Campaign).options(selectinload(Campaign.extensions))
    return db.session.scalars(query.order_by(Campaign.year.desc())).all()


def get_year(year: int) -> Campaign:
    """Fetch a year for the staff.

    :raises NotFound: if there is none.
    """
    campaign = db.session.scalar(select(Campaign).filter_by(year=year))
    if campaign is None:
        raise NotFound(_("This year has not been opened."))
    return campaign


def standing(campaign: Campaign) -> Standing:
    """Say where a year stands."""
    if campaign.in_preparation:
        return Standing(_("Being prepared: the cities see nothing of it yet."), may_open=True)
    if campaign.closed_at:
        return Standing(_("Closed: no city can begin or hand in reports."), may_reopen=True)
    if is_over(campaign):
        words = _("Over since its last day; a city that has been given more time may still answer.")
        return Standing(words, may_close=True, may_reopen=True)
    if campaign.opens_on and today() < campaign.opens_on:
        day = format_date(campaign.opens_on, "long")
        return Standing(_("Opens to the cities on %(day)s.", day=day), may_close=True)
    if campaign.due_on and campaign.due_on < today():
        words = _("The last day for answers is over; late ones are still taken and marked.")
        return Standing(words, may_close=True)
    return Standing(_("Open: the cities are answering."), may_close=True)


def whole_year(campaign: Campaign) -> dict[str, Any]:
    """All that the page of a year shows."""
    asked = {sector.id for sector in campaign.sectors}
    return {
        "campaign": campaign,
        "standing": standing(campaign),
        "directions": [(s, s.id in asked) for s in _offered(campaign)],
        "may_ask_otherwise": not has_reports(campaign),
        "readers": AUDIENCES,
        "duties": _duties(campaign),
        "extensions": sorted(campaign.extensions.values(), key=lambda e: e.city.name),
    }


def _offered(campaign: Campaign) -> list[Sector]:
    """The directions in use, and those that the year asks about though they no longer are."""
    offered = {s.id: s for s in (*sectors(), *campaign.sectors)}
    return sorted(offered.values(), key=lambda s: (s.position, s.name))


def _duties(campaign: Campaign) -> Any:
    """How many sheets have somebody responsible, in how many cities, and how many will not come."""
    query = select(
        func.count(Duty.person_id).label("assigned"),
        func.count(Duty.city_id.distinct()).label("cities"),
        func.count(Duty.id).filter(Duty.expected.is_(False)).label("unexpected"),
    )
    return db.session.execute(query.where(Duty.campaign_id == campaign.id)).one()


def opened_years() -> Sequence[int]:
    """The years that have been opened, the newest first."""
    query = select(Campaign.year).filter_by(in_preparation=False)
    return db.session.scalars(query.order_by(Campaign.year.desc())).all()


def year_before(campaign: Campaign) -> Campaign | None:
    """The newest year before this one."""
    earlier = select(Campaign).where(Campaign.year < campaign.year)
    return db.session.scalar(earlier.order_by(Campaign.year.desc()).limit(1))
