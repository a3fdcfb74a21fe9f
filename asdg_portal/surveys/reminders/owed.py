"""Who owes which sheets of a campaign today; reminders, preview and command share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import City
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.campaigns import sheets
from asdg_portal.surveys.campaigns.sheets import Key
from asdg_portal.surveys.models import Campaign, Duty

# What lies with the association or is published owes nothing, nor does a draft over what is public.
HANDED_IN = frozenset({State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that a city still owes; ``report_id`` is None while nobody has begun it."""

    sector: str
    sector_slug: str
    report_id: int | None = None
    standing: str = "none"
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
class Owed:
    """Who is to be told, city by city; and the cities that owe sheets with nobody to write to."""

    notices: list[Notice] = field(default_factory=list)
    nobody: list[City] = field(default_factory=list)


def owed(campaign: Campaign) -> Owed:
    """Look up, for every city that may still answer, who owes which sheets."""
    waited, people, found = _sheets(campaign), _People(campaign), Owed()
    cities = db.session.scalars(select(City).where(City.id.in_(waited)).order_by(City.name))
    for city in cities:
        if campaign.is_open(city):
            _tell(campaign, city, waited[city.id], people, found)
    return found


def _tell(
    campaign: Campaign,
    city: City,
    waited: Sequence[tuple[Key, Sheet]],
    people: _People,
    found: Owed,
) -> None:
    notices: dict[int, Notice] = {}
    for key, sheet in waited:
        those = people.of(key)
        if not those and city not in found.nobody:
            found.nobody.append(city)
        for person in those:
            notice = Notice(person, city, campaign.due_day(city))
            notices.setdefault(person.id, notice).sheets.append(sheet)
    found.notices.extend(notices.values())


def _sheets(campaign: Campaign) -> Mapping[int, Sequence[tuple[Key, Sheet]]]:
    """The sheets that are still to be handed in, by the cities' ids, in the order of the year."""
    board = sheets.boards([campaign])[campaign.id]
    waited: dict[int, list[tuple[Key, Sheet]]] = defaultdict(list)
    for city in board.cities:
        for direction in board.sectors:
            it = board.sheets[city.id, direction.id]
            if it.expected and not it.published and it.standing not in HANDED_IN:
                sheet = Sheet(
                    direction.name, direction.slug, it.report_id, it.standing, it.changed_at
                )
                waited[city.id].append(((city.id, direction.id), sheet))
    return waited


class _People:
    """Whoever fills in a sheet and stands in; nobody known: all who speak for the city."""

    def __init__(self, campaign: Campaign) -> None:
        named = (joinedload(Duty.person), joinedload(Duty.deputy))
        duties = select(Duty).filter_by(campaign_id=campaign.id).options(*named)
        self._duties = {(d.city_id, d.sector_id): d for d in db.session.scalars(duties)}
        speakers = select(User).where(
            User.role == Role.REPRESENTATIVE,
            User.blocked_at.is_(None),
            User.password_hash.is_not(None),
        )
        self._speakers: dict[int | None, list[User]] = defaultdict(list)
        for person in db.session.scalars(speakers.order_by(User.id)):
            self._speakers[person.city_id].append(person)

    def of(self, key: Key) -> list[User]:
        """Whom to write to about a sheet."""
        duty = self._duties.get(key)
        named = [p for p in (duty.person, duty.deputy) if p and p.is_active] if duty else []
        return named or self._speakers.get(key[0], [])
