"""What the staff can do with a reporting year: put it together, open it, close it, reopen it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select, update

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_staff
from asdg_portal.cities.queries import sectors
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError, WrongState
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.campaigns.inheriting import Dates, inherit
from asdg_portal.surveys.models import Campaign, Report

FIRST_YEAR, LAST_YEAR = 1986, 2200


def only_staff(actor: User | None) -> None:
    """Let the staff and commands pass.

    :raises NotAllowed: for anybody else.
    """
    if actor is not None and not is_staff(actor):
        raise NotAllowed(_("You may not do this."))


def one_at_a_time(campaign: Campaign) -> None:
    """Make others who change the same year wait until this transaction is over; read it anew."""
    same = update(Campaign).where(Campaign.id == campaign.id).values(year=Campaign.year)
    db.session.execute(same.execution_options(synchronize_session=False))
    db.session.refresh(campaign)


def has_reports(campaign: Campaign) -> bool:
    """Whether any city has begun to answer: then the questions are what they are."""
    report = select(Report.id).filter_by(campaign_id=campaign.id).limit(1)
    return db.session.scalar(report) is not None


def read_year(text: str) -> int:
    """Read a reporting year as people type it.

    :raises PortalError: if it is none.
    """
    if not (text.strip().isascii() and text.strip().isdigit()) or len(text.strip()) > 4:
        raise PortalError(_("%(year)s cannot be a reporting year.", year=text[:20]))
    return int(text)


def check_dates(dates: Dates) -> None:
    """Refuse days that do not follow one another.

    :raises PortalError: naming their order.
    """
    days = [day for day in dates if day]
    if days != sorted(days):
        raise PortalError(_("The dates must follow one another: opens, due, late answers until."))


def prepare(year: int, *, actor: User | None, dates: Dates = Dates()) -> Campaign:  # noqa: B008
    """Put a year together from the one before: questions, directions, duties, dates.

    No city sees it before it is opened. Days that are not given are proposed: a year after those
    of the year before.

    :raises PortalError: if the year is none, or is there already.
    """
    only_staff(actor)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PortalError(_("%(year)s cannot be a reporting year.", year=year))
    if db.session.scalar(select(Campaign).filter_by(year=year)):
        raise WrongState(_("The year %(year)s has been opened already.", year=year))
    check_dates(dates)
    with unit_of_work():
        campaign = Campaign(year=year, in_preparation=True)
        db.session.add(campaign)
        inherit(campaign, dates)
        audit.record("prepare_campaign", f"campaign:{year}", actor)
    return campaign


def open_campaign(
    year: int,
    *,
    actor: User | None,
    opens_on: date | None = None,
    due_on: date | None = None,
    closes_on: date | None = None,
) -> Campaign:
    """Open a reporting year to the cities, as it was prepared or as the year before was.

    :raises PortalError: if the year is none, has been opened already, or asks nothing.
    """
    only_staff(actor)
    dates = Dates(opens_on, due_on, closes_on)
    campaign = db.session.scalar(select(Campaign).filter_by(year=year))
    with unit_of_work():
        if campaign is None:
            campaign = prepare(year, actor=actor, dates=dates)
        elif any(dates):
            change_dates(campaign, dates, actor=actor)
        open_prepared(campaign, actor=actor)
    return campaign


def open_prepared(campaign: Campaign, *, actor: User | None) -> None:
    """Show a year that has been put together to the cities.

    :raises PortalError: if it is open already, or there is nothing to answer.
    """
    only_staff(actor)
    with unit_of_work():
        one_at_a_time(campaign)
        if not campaign.in_preparation:
            raise WrongState(_("The year %(year)s has been opened already.", year=campaign.year))
        if not campaign.questions or not campaign.sectors:
            raise PortalError(_("A year needs at least one question and one direction."))
        campaign.in_preparation = False
        audit.record("open_campaign", f"campaign:{campaign.year}", actor)


def discard(campaign: Campaign, *, actor: User) -> None:
    """Throw away a year that no city has seen yet.

    :raises WrongState: if it has been opened, or something has been filed for it.
    """
    only_staff(actor)
    with unit_of_work():
        one_at_a_time(campaign)
        if not campaign.in_preparation or has_reports(campaign):
            raise WrongState(_("The year %(year)s has been opened already.", year=campaign.year))
        audit.record("discard_campaign", f"campaign:{campaign.year}", actor)
        db.session.delete(campaign)


def change_dates(campaign: Campaign, dates: Dates, *, actor: User | None) -> None:
    """Move the dates of a reporting year; the audit log keeps the old ones.

    :raises PortalError: if they do not follow one another.
    """
    only_staff(actor)
    check_dates(dates)
    with unit_of_work():
        before = _days(campaign)
        campaign.opens_on, campaign.due_on, campaign.closes_on = dates
        audit.record(
            "change_campaign",
            f"campaign:{campaign.year}",
            actor,
            before=before,
            after=_days(campaign),
        )


def _days(campaign: Campaign) -> dict[str, str]:
    return {name: str(getattr(campaign, name) or "") for name in Dates._fields}


def change_sectors(campaign: Campaign, chosen: Iterable[int], *, actor: User) -> None:
    """Say which directions the year asks about; what has been begun about others stays.

    :raises PortalError: if none is left.
    """
    only_staff(actor)
    wanted = set(chosen)
    with unit_of_work():
        one_at_a_time(campaign)
        known = {s.id: s for s in (*campaign.sectors, *sectors())}
        asked = [sector for id_, sector in known.items() if id_ in wanted]
        if not asked:
            raise PortalError(_("Leave at least one direction."))
        before = sorted(s.slug for s in campaign.sectors)
        after = sorted(s.slug for s in asked)
        if before != after:
            campaign.sectors = asked
            audit.record(
                "change_campaign",
                f"campaign:{campaign.year}",
                actor,
                before={"sectors": before},
                after={"sectors": after},
            )


def is_over(campaign: Campaign) -> bool:
    """Whether the year takes no first answers any more, cities with more time left aside."""
    return bool(campaign.closed_at or (campaign.closes_on and campaign.closes_on < today()))


def close(campaign: Campaign, *, actor: User) -> None:
    """End a year now, for every city, whatever its dates say.

    :raises WrongState: if it is closed, or has not been opened.
    """
    only_staff(actor)
    with unit_of_work():
        one_at_a_time(campaign)
        if campaign.in_preparation or campaign.closed_at:
            raise WrongState(_("The year %(year)s is not open.", year=campaign.year))
        campaign.closed_at = now()
        audit.record("close_campaign", f"campaign:{campaign.year}", actor)


def reopen(campaign: Campaign, closes_on: date | None, *, actor: User) -> None:
    """Take answers again, until the end of a day or without an end.

    :raises PortalError: if the year is open, or the day is over or before the deadline.
    """
    only_staff(actor)
    check_dates(Dates(campaign.opens_on, campaign.due_on, closes_on))
    if closes_on and closes_on < today():
        raise PortalError(_("This day is over already: name a later one."))
    with unit_of_work():
        one_at_a_time(campaign)
        if campaign.in_preparation or not is_over(campaign):
            raise WrongState(_("The year %(year)s has been opened already.", year=campaign.year))
        before = _days(campaign)
        campaign.closed_at, campaign.closes_on = None, closes_on
        audit.record(
            "reopen_campaign",
            f"campaign:{campaign.year}",
            actor,
            before=before,
            after=_days(campaign),
        )
