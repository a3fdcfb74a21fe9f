"""More time for one city: given with a reason, changed, taken back; the city is told each time."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import format_date, gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.errors import PortalError, WrongState
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.campaigns import mails
from asdg_portal.surveys.campaigns.services import one_at_a_time, only_staff
from asdg_portal.surveys.models import Campaign, Extension


def give_more_time(
    campaign: Campaign, city: City, due_on: date | None, reason: str, *, actor: User
) -> None:
    """Let a city answer until the end of a later day; given again, the day is changed.

    :raises PortalError: if there is no deadline to move, the day is none, or no reason is given.
    """
    only_staff(actor)
    reason = clean_line(reason)
    with unit_of_work():
        one_at_a_time(campaign)
        day = _checked(campaign, city, due_on, reason)
        known = campaign.extensions.get(city.id)
        if known and (known.due_on, known.reason) == (day, reason):
            return  # the button was pressed twice
        before = _told(known)
        extension = known or Extension(city_id=city.id)
        extension.due_on, extension.reason = day, reason
        extension.given_at, extension.given_by_id = now(), actor.id
        campaign.extensions[city.id] = extension
        _record("give_more_time", campaign, city, actor, before=before, after=_told(extension))
        mails.more_time(campaign, city, extension)


def _checked(campaign: Campaign, city: City, due_on: date | None, reason: str) -> date:
    if campaign.in_preparation or campaign.closed_at:
        raise WrongState(_("The year %(year)s is not open.", year=campaign.year))
    if campaign.due_on is None:
        raise PortalError(_("This year has no last day for answers: there is nothing to move."))
    if due_on is None:
        raise PortalError(_("Name the day until which the city has time."))
    if due_on <= campaign.due_on:
        day = format_date(campaign.due_on, "long")
        raise PortalError(_("The day must be later than %(day)s, the day for everybody.", day=day))
    if due_on < today(city.timezone):
        raise PortalError(_("This day is over already: name a later one."))
    if not reason:
        raise PortalError(_("Say why the city gets more time: it will read the reason."))
    return due_on


def take_time_back(campaign: Campaign, city: City, *, actor: User) -> None:
    """Let the day of everybody hold for the city again.

    :raises WrongState: if it has no day of its own.
    """
    only_staff(actor)
    with unit_of_work():
        one_at_a_time(campaign)
        extension = campaign.extensions.pop(city.id, None)
        if extension is None:
            raise WrongState(_("The city has no more time than the others."))
        _record("take_time_back", campaign, city, actor, before=_told(extension))
        mails.time_taken_back(campaign, city)


def _told(extension: Extension | None) -> dict[str, str]:
    return {"due_on": str(extension.due_on), "reason": extension.reason} if extension else {}


def _record(act: str, campaign: Campaign, city: City, actor: User, **details: Any) -> None:
    audit.record(act, f"more-time:{campaign.year}:{city.slug}", actor, **details)
