"""The sheets of the years as rows: the one place that says what is to come and what has come.

A *sheet* is what one city answers about one direction in one year. It is expected of every member
about every direction of the year, unless the city has said that it will not answer; a sheet that
has come counts as expected whatever was said. It has come once it has been handed in and not taken
back; what happens to it afterwards does not undo that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City, Membership, Sector
from asdg_portal.core.clock import end_of_day, now, today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.models import Campaign, Duty, Extension, Report, campaign_sector

Key = tuple[int, int]  # a city's id and a direction's


class Place(NamedTuple):
    """A city as a row."""

    id: int
    slug: str
    name: str
    region: str
    timezone: str


class Direction(NamedTuple):
    """A direction as a column."""

    id: int
    slug: str
    name: str


class Sheet(NamedTuple):
    """How far one sheet is.

    ``standing`` is the state of the report, ``none`` before there is one, ``off`` if none is to
    come. ``late_by`` counts seconds after the deadline; ``overdue`` is what has not come though
    its day is over.
    """

    city_id: int
    sector_id: int
    standing: str
    expected: bool
    person: str = ""
    deputy: str = ""
    report_id: int | None = None
    changed_at: datetime | None = None
    received: bool = False
    published: bool = False
    late_by: int | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """All the sheets of one year, by city and direction."""

    year: int
    cities: Sequence[Place]
    sectors: Sequence[Direction]
    sheets: Mapping[Key, Sheet]


def boards(campaigns: Sequence[Campaign]) -> dict[int, Board]:
    """Read the sheets of years in four statements, however many years; by the campaigns' ids."""
    ids = [campaign.id for campaign in campaigns]
    reports, asked, said, cities = _reports(ids), _sectors(ids), _duties(ids), _cities(ids)
    return {
        campaign.id: _board(
            campaign,
            cities,
            asked.get(campaign.id, []),
            {(row[1], row[2]): row for row in reports.get(campaign.id, ())},
            said.get(campaign.id, {}),
        )
        for campaign in campaigns
    }


@dataclass(frozen=True, slots=True)
class _City:
    """A city, when it was a member, and which years gave it a later day."""

    place: Place
    periods: set[tuple[date | None, date | None]]
    later: dict[int, date]

    def is_member(self, day: date) -> bool:
        return any((not a or a <= day) and (not b or day <= b) for a, b in self.periods)

    def is_over(self, campaign: Campaign) -> bool:
        """Whether the last day for answers is over by the clock of the city."""
        if campaign.due_on is None:
            return False
        due = max(campaign.due_on, self.later.get(campaign.id, campaign.due_on))
        return now() >= end_of_day(due, self.place.timezone)


def _cities(ids: Collection[int]) -> list[_City]:
    """Every city by name."""
    place = (City.id, City.slug, City.name, City.region, City.timezone)
    member = (Membership.id, Membership.since, Membership.until)
    own = (Extension.city_id == City.id) & Extension.campaign_id.in_(ids)
    query = (
        select(*place, *member, Extension.campaign_id, Extension.due_on)
        .outerjoin(Membership, Membership.city_id == City.id)
        .outerjoin(Extension, own)
        .order_by(City.name)
    )
    found: dict[int, _City] = {}
    for row in db.session.execute(query):
        city = found.setdefault(row[0], _City(Place(*row[:5]), set(), {}))
        if row[5] is not None:
            city.periods.add((row[6], row[7]))
        if row[8] is not None:
            city.later[row[8]] = row[9]
    return list(found.values())


def _sectors(ids: Collection[int]) -> dict[int, list[Direction]]:
    """The directions of years, in their order."""
    query = (
        select(campaign_sector.c.campaign_id, Sector.id, Sector.slug, Sector.name)
        .join(Sector, Sector.id == campaign_sector.c.sector_id)
        .where(campaign_sector.c.campaign_id.in_(ids))
        .order_by(Sector.position, Sector.name)
    )
    found: dict[int, list[Direction]] = {}
    for campaign_id, *direction in db.session.execute(query):
        found.setdefault(campaign_id, []).append(Direction(*direction))
    return found


def _reports(ids: Collection[int]) -> dict[int, list[Any]]:
    """The reports of years, each with its direction, its first arrival and its marks."""
    first, public = aliased(Revision), aliased(Revision)
    query = (
        select(
            Report.campaign_id,
            Report.city_id,
            Report.sector_id,
            Sector.slug,
            Sector.name,
            Report.id,
            Report.state,
            Report.updated_at,
            first.submitted_at,
            public.id,
            LateArrival.late_by,
        )
        .join(Sector, Sector.id == Report.sector_id)
        .outerjoin(first, (first.submission_id == Report.id) & (first.number == 1))
        .outerjoin(public, (public.submission_id == Report.id) & public.is_public)
        .outerjoin(LateArrival, LateArrival.report_id == Report.id)
        .where(Report.campaign_id.in_(ids))
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0], []).append(row)
    return found


def _duties(ids: Collection[int]) -> dict[int, dict[Key, tuple[bool, str, str]]]:
    """What is said of sheets: whether they are to come, who fills them in, who stands in."""
    person, deputy = aliased(User), aliased(User)
    query = (
        select(
            Duty.campaign_id,
            Duty.city_id,
            Duty.sector_id,
            Duty.expected,
            person.name,
            person.email,
            deputy.name,
            deputy.email,
        )
        .outerjoin(person, person.id == Duty.person_id)
        .outerjoin(deputy, deputy.id == Duty.deputy_id)
        .where(Duty.campaign_id.in_(ids))
    )
    found: dict[int, dict[Key, tuple[bool, str, str]]] = {}
    for campaign_id, city_id, sector_id, expected, *names in db.session.execute(query):
        who, stands_in = names[0] or names[1] or "", names[2] or names[3] or ""
        found.setdefault(campaign_id, {})[city_id, sector_id] = (expected, who, stands_in)
    return found


def counted_on(campaign: Campaign) -> date:
    """The day whose members a year speaks of: today, or the last one of a year that is over."""
    ends = [campaign.closes_on, campaign.closed_at and campaign.closed_at.date()]
    return min([today(), *(day for day in ends if day)])


def _board(
    campaign: Campaign,
    cities: Sequence[_City],
    asked: Sequence[Direction],
    filed: Mapping[Key, Any],
    duties: Mapping[Key, tuple[bool, str, str]],
) -> Board:
    """Put a year together: the members and directions of the year, and whatever has been filed."""
    known, writers = {direction.id for direction in asked}, {key[0] for key in filed}
    others = {row[2]: Direction(*row[2:5]) for row in filed.values() if row[2] not in known}
    sectors = [*asked, *sorted(others.values(), key=lambda direction: direction.name)]
    day, places = counted_on(campaign), []
    sheets: dict[Key, Sheet] = {}
    for city in cities:
        member, id_ = city.is_member(day), city.place.id
        if not member and id_ not in writers:
            continue
        places.append(city.place)
        over = city.is_over(campaign)
        for direction in sectors:
            key = (id_, direction.id)
            usual = member and direction.id in known
            sheets[key] = _sheet(key, filed.get(key), duties.get(key), usual=usual, over=over)
    return Board(campaign.year, places, sectors, sheets)


def _sheet(
    key: Key, report: Any, duty: tuple[bool, str, str] | None, *, usual: bool, over: bool
) -> Sheet:
    wanted, person, deputy = duty or (True, "", "")
    if report is None:
        expected = wanted and usual
        standing = "none" if expected else "off"
        return Sheet(*key, standing, expected, person, deputy, overdue=over and expected)
    *_place, report_id, state, changed_at, submitted_at, public, late_by = report
    received = submitted_at is not None or public is not None
    expected = received or wanted
    return Sheet(
        *key,
        state.value if expected else "off",
        expected,
        person,
        deputy,
        report_id,
        changed_at,
        received,
        public is not None,
        late_by,
        over and expected and not received,
    )
