"""A new year made of the year before: what was asked, about what, by when, and of whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_representative
from asdg_portal.cities.models import City
from asdg_portal.cities.queries import sectors
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.surveys.models import Campaign, Duty, Question
from asdg_portal.surveys.wordings import standard_questions


class Dates(NamedTuple):
    """The days of a year in their order; each is a day in every city's own zone."""

    opens_on: date | None = None
    due_on: date | None = None
    closes_on: date | None = None


def inherit(campaign: Campaign, dates: Dates) -> None:
    """Fill a new year from the newest earlier one; the first year gets what is usual."""
    earlier = select(Campaign).where(Campaign.year < campaign.year)
    last = db.session.scalar(earlier.order_by(Campaign.year.desc()).limit(1))
    known = {name: day for name, day in dates._asdict().items() if day}
    proposed = _proposed(last, campaign.year)._asdict() if last and not known else {}
    for name, day in (proposed | known).items():
        setattr(campaign, name, day)
    campaign.questions = _questions(last) if last else standard_questions()
    campaign.sectors = [s for s in last.sectors if s.is_active] if last else list(sectors())
    db.session.flush()
    if last:
        db.session.add_all(_duties(last, campaign))


def _proposed(last: Campaign, year: int) -> Dates:
    """The days of the last year as many years later."""
    days = (last.opens_on, last.due_on, last.closes_on)
    return Dates(*(_later(day, year - last.year) if day else None for day in days))


def _later(day: date, years: int) -> date:
    """The same day of a later year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _questions(last: Campaign) -> list[Question]:
    return [
        Question(number=old.number, wording=old.wording, audience=old.audience)
        for old in last.questions
    ]


def _duties(last: Campaign, campaign: Campaign) -> Iterator[Duty]:
    """Who answers about what: cities that are members, people who still write for them."""
    query = (
        select(Duty)
        .filter_by(campaign_id=last.id)
        .options(joinedload(Duty.city), joinedload(Duty.person), joinedload(Duty.deputy))
    )
    found = [(old, _heir(old.city)) for old in db.session.scalars(query.order_by(Duty.id))]
    # What a city says of itself goes before what it takes over from one that joined it.
    found.sort(key=lambda pair: pair[0].city is not pair[1])
    asked, taken = {s.id for s in campaign.sectors}, set()
    for old, city in found:
        if city is None or old.sector_id not in asked or (city.id, old.sector_id) in taken:
            continue
        person, deputy = _still(old.person, city), _still(old.deputy, city)
        deputy = None if deputy is person else deputy
        if person or deputy or not old.expected:
            taken.add((city.id, old.sector_id))
            sheet = {"city": city, "sector_id": old.sector_id, "expected": old.expected}
            yield Duty(campaign=campaign, person=person, deputy=deputy, **sheet)


def _heir(city: City) -> City | None:
    """The member city that answers for what was this city's; None if there is none."""
    seen: set[int] = set()
    heir: City | None = city
    while heir is not None and heir.id not in seen:
        if heir.is_member(today()):
            return heir
        seen.add(heir.id)
        heir = heir.successor
    return None


def _still(person: User | None, city: City) -> User | None:
    """The person, or whoever has taken over, if that one writes for the city today."""
    seen: set[int] = set()
    while person is not None and not person.is_active and person.id not in seen:
        seen.add(person.id)
        person = person.replaced_by
    writes = person is not None and person.is_active and is_representative(person)
    return person if person is not None and writes and person.city_id == city.id else None
