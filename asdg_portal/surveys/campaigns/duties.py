"""Who answers for a city about which direction, who stands in, and what is not to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer, is_representative, is_staff
from asdg_portal.accounts.queries import representatives
from asdg_portal.cities.models import City, Sector
from asdg_portal.core import audit
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError, Stale, WrongState
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.campaigns.services import is_over, one_at_a_time
from asdg_portal.surveys.models import Campaign, Duty


@dataclass(frozen=True, slots=True)
class Choice:
    """What is said of one sheet: who fills it in, who stands in, whether it is to come at all."""

    person_id: int | None = None
    deputy_id: int | None = None
    expected: bool = True


NOBODY = Choice()


def may_assign(user: Viewer, city: City) -> bool:
    """The staff share out the work of any city, its representatives that of their own."""
    return is_staff(user) or (is_representative(user) and user.city_id == city.id)


def see_duties(
    campaign: Campaign | None, city: City | None, *, actor: Viewer
) -> tuple[Campaign, City]:
    """Let those in whom the sharing out concerns; a year that is prepared is the staff's alone.

    :raises NotFound: for anybody else.
    """
    if campaign and city and may_assign(actor, city):  # noqa: SIM102
        if is_staff(actor) or not campaign.in_preparation:
            return campaign, city
    raise NotFound(_("There is no such page, or it is not open to you."))


def duties_of(campaign: Campaign, city: City) -> dict[int, Choice]:
    """What has been said of a city's sheets, by the directions' ids."""
    query = select(Duty).filter_by(campaign_id=campaign.id, city_id=city.id)
    return {d.sector_id: Choice(d.person_id, d.deputy_id, d.expected) for d in db.session.scalars(query)}  # fmt: skip  # noqa: E501


def change_duties(
    campaign: Campaign,
    city: City,
    chosen: Mapping[int, Choice],
    seen: Mapping[int, Choice],
    *,
    actor: User,
) -> int:
    """Share out the sheets of a city, by the directions' ids; return how many were changed.

    ``seen`` is what stood there when the page was opened: what somebody else has changed since
    is overwritten only where it says the same.

    :raises Stale: naming the directions that two people changed differently; nothing is stored.
    :raises PortalError: if somebody is named who does not write for the city, or twice.
    """
    see_duties(campaign, city, actor=actor)
    if not is_staff(actor) and is_over(campaign):
        raise WrongState(_("Reports for this year are no longer being taken from your city."))
    wanted = {
        sector: chosen[sector.id]
        for sector in campaign.sectors
        if sector.id in chosen and chosen[sector.id] != seen.get(sector.id, NOBODY)
    }
    _check_people(wanted, representatives(city.id))
    with unit_of_work():
        one_at_a_time(campaign)
        rows = select(Duty).filter_by(campaign_id=campaign.id, city_id=city.id)
        known = {duty.sector_id: duty for duty in db.session.scalars(rows)}
        _check_others(wanted, seen, {id_: _said(duty) for id_, duty in known.items()})
        changed = 0
        for sector, choice in wanted.items():
            duty = known.get(sector.id) or Duty(campaign=campaign, city=city, sector=sector)
            changed += _put(duty, choice, actor)
    return changed


def _said(duty: Duty) -> Choice:
    return Choice(duty.person_id, duty.deputy_id, duty.expected)


def _check_people(wanted: Mapping[Sector, Choice], people: Sequence[User]) -> None:
    known = {None, *(person.id for person in people)}
    for sector, choice in wanted.items():
        if not {choice.person_id, choice.deputy_id} <= known:
            raise PortalError(_("“%(name)s”: this person does not write for the city.", name=sector.name))  # fmt: skip  # noqa: E501
        if choice.deputy_id is not None and choice.deputy_id == choice.person_id:
            raise PortalError(_("“%(name)s”: nobody stands in for oneself.", name=sector.name))


def _check_others(
    wanted: Mapping[Sector, Choice],
    seen: Mapping[int, Choice],
    saved: Mapping[int, Choice],
) -> None:
    torn = [
        sector.name
        for sector, choice in wanted.items()
        if saved.get(sector.id, NOBODY) not in {choice, seen.get(sector.id, NOBODY)}
    ]
    if torn:
        names = ", ".join(f"«{name}»" for name in torn)
        raise Stale(_("Somebody else has changed this since you opened the page: %(names)s. Your choice is kept below; press the button again to let it stand.", names=names))  # fmt: skip  # noqa: E501


def _put(duty: Duty, choice: Choice, actor: User) -> bool:
    """Store what is said of one sheet, and who said so; tell whether that was new."""
    fresh, before = duty.id is None, _said(duty) if duty.id is not None else NOBODY
    if before == choice:
        return False
    duty.person_id, duty.deputy_id = choice.person_id, choice.deputy_id
    duty.expected = choice.expected
    if fresh:
        db.session.add(duty)
    subject = f"{_subject(duty.campaign, duty.city)}{duty.sector.slug}"
    audit.record("change_duty", subject, actor, before=_told(before), after=_told(choice))
    return True


def _subject(campaign: Campaign, city: City) -> str:
    return f"duty:{campaign.year}:{city.slug}:"


def _told(choice: Choice) -> dict[str, object]:
    return {
        "person": choice.person_id,
        "deputy": choice.deputy_id,
        "expected": choice.expected,
    }


def who_said_so(campaign: Campaign, city: City) -> dict[str, AuditEntry]:
    """Who last said what of each sheet of a city, by the directions' slugs."""
    start = _subject(campaign, city)
    query = select(AuditEntry).where(
        AuditEntry.action == "change_duty",
        AuditEntry.subject.startswith(start, autoescape=True),
    )
    entries = db.session.scalars(query.order_by(AuditEntry.id))
    return {entry.subject.removeprefix(start): entry for entry in entries}
