"""Who owes which sheets of a campaign today; reminders, preview and command share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision, State
from asdg_portal.surveys.models import Campaign, Duty, Report

# What has been handed in or published owes nothing; a draft over a published text does not either.
HANDED_IN = frozenset({State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that a city still owes; ``report_id`` is None while nobody has begun it."""

    sector: str
    sector_slug: str
    report_id: int | None = None
    state: State | None = None
    saved_at: datetime | None = None


@dataclass(slots=True)
class Notice:
    """All that one person is to be told of one campaign today."""

    person: User
    city: City
    due: date | None
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day in the city's own zone."""
        return today(self.city.timezone)

    @property
    def days_left(self) -> int | None:
        """Whole days to the last day for answers; negative after it."""
        return (self.due - self.today).days if self.due else None

    @property
    def begun(self) -> list[Sheet]:
        """Sheets that somebody has begun to fill in."""
        return [sheet for sheet in self.sheets if sheet.report_id]

    @property
    def not_begun(self) -> list[Sheet]:
        """Sheets that nobody has opened yet."""
        return [sheet for sheet in self.sheets if not sheet.report_id]


@dataclass(frozen=True, slots=True)
class _Books:
    """What is known of a campaign, read in a handful of statements."""

    begun: Mapping[tuple[int, int], Sheet | None]
    duties: Mapping[tuple[int, int], Duty]
    representatives: Mapping[int, Sequence[User]]
    sectors: Sequence[Sector]

    def people(self, city: City, sector: Sector) -> list[User]:
        """Whoever fills in a sheet and stands in; nobody known: all who speak for the city."""
        duty = self.duties.get((city.id, sector.id))
        named = [p for p in (duty.person, duty.deputy) if p and p.is_active] if duty else []
        return named or list(self.representatives.get(city.id, ()))

    def sheet(self, city: City, sector: Sector) -> Sheet | None:
        """What the city owes about a direction; None if nothing."""
        place = (city.id, sector.id)
        if place in self.begun:
            return self.begun[place]
        duty = self.duties.get(place)
        return Sheet(sector.name, sector.slug) if duty is None or duty.expected else None


@dataclass(frozen=True, slots=True)
class Owed:
    """Who is to be told, city by city; and the cities that owe sheets with nobody to write to."""

    notices: list[Notice] = field(default_factory=list)
    nobody: list[City] = field(default_factory=list)


def owed(campaign: Campaign) -> Owed:
    """Look up, for every member city that may still answer, who owes which sheets."""
    books, found = _read(campaign), Owed()
    for city in _cities():
        if campaign.is_open(city):
            people = _of_city(campaign, city, books, found.nobody)
            found.notices.extend(people.values())
    return found


def _of_city(
    campaign: Campaign, city: City, books: _Books, nobody: list[City]
) -> dict[int, Notice]:
    found: dict[int, Notice] = {}
    for sector in books.sectors:
        if sheet := books.sheet(city, sector):
            people = books.people(city, sector)
            if not people and city not in nobody:
                nobody.append(city)
            for person in people:
                notice = Notice(person, city, campaign.due_day(city))
                found.setdefault(person.id, notice).sheets.append(sheet)
    return found


def _cities() -> Iterator[City]:
    query = select(City).options(selectinload(City.memberships)).order_by(City.name)
    for city in db.session.scalars(query):
        if city.is_member(today(city.timezone)):
            yield city


def _read(campaign: Campaign) -> _Books:
    people = select(User).where(
        User.role == Role.REPRESENTATIVE,
        User.blocked_at.is_(None),
        User.password_hash.is_not(None),
    )
    representatives: dict[int, list[User]] = defaultdict(list)
    for person in db.session.scalars(people.order_by(User.id)):
        representatives[person.city_id or 0].append(person)
    duties = select(Duty).filter_by(campaign_id=campaign.id)
    named = (joinedload(Duty.person), joinedload(Duty.deputy))
    return _Books(
        _begun(campaign),
        {(d.city_id, d.sector_id): d for d in db.session.scalars(duties.options(*named))},
        representatives,
        campaign.sectors,
    )


def _begun(campaign: Campaign) -> dict[tuple[int, int], Sheet | None]:
    """Every report of the campaign by its place: what it still owes, or None."""
    published = exists().where(Revision.submission_id == Report.id, Revision.is_public)
    query = (
        select(Report.city_id, Sector, Report.id, Report.state, Report.updated_at, published)
        .join(Sector, Sector.id == Report.sector_id)
        .where(Report.campaign_id == campaign.id)
    )
    begun: dict[tuple[int, int], Sheet | None] = {}
    for city_id, sector, report_id, state, saved_at, is_public in db.session.execute(query):
        owes = not is_public and state not in HANDED_IN
        sheet = Sheet(sector.name, sector.slug, report_id, state, saved_at)
        begun[city_id, sector.id] = sheet if owes else None
    return begun
