"""Lists for the desk of the staff and for a representative's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, func, inspect, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload, with_polymorphic
from sqlalchemy.orm.interfaces import LoaderOption

from asdg_portal.cities.models import City
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.paging import PER_PAGE
from asdg_portal.moderation.models import Review, Revision, State, Submission

SHORT = 10
OWN_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """What the desk is narrowed to; None and an empty text leave everything in."""

    kind: str = ""
    city: str = ""
    year: int | None = None
    state: State = State.SUBMITTED

    def kept(self) -> dict[str, Any]:
        """The filters as they stand in an address."""
        named = {"kind": self.kind, "city": self.city, "year": self.year, "state": self.state.value}
        return {name: value for name, value in named.items() if value}

    def apply(self, query: Select[Any]) -> Select[Any]:
        """Narrow a list of submissions, whatever their state."""
        if self.kind:
            query = query.where(Submission.kind == self.kind)
        if self.city:
            query = query.where(Submission.city.has(City.slug == self.city))
        if self.year is not None:
            query = query.where(Submission.year == self.year)
        return query


@dataclass(frozen=True, slots=True)
class Desk:
    """What the staff see: one page of a list, and the two short lists beside it."""

    items: Sequence[Submission]
    total: int
    returned: Sequence[Submission]
    published: Sequence[Submission]


def whole(*, texts: bool) -> list[LoaderOption]:
    """Load all that a row of a list shows, in a number of statements that does not grow.

    ``texts`` adds what hangs on a revision of any kind, such as the answers of a report.
    """
    every = with_polymorphic(Revision, "*")
    revisions = selectinload(Submission.revisions.of_type(every))
    reviews = revisions.selectinload(every.reviews)
    options: list[LoaderOption] = [
        joinedload(Submission.city),
        joinedload(Submission.sector),
        joinedload(Submission.updated_by),
        revisions,
        revisions.joinedload(every.submitted_by),
        reviews.joinedload(Review.reviewer),
        reviews.selectinload(Review.remarks),
    ]
    if texts:
        for mapper in inspect(Revision).self_and_descendants:
            kind = getattr(every, mapper.class_.__name__, None)
            own = [r.key for r in mapper.relationships if r.parent is mapper]
            if kind is not None and mapper.class_ is not Revision:
                options += [revisions.selectinload(getattr(kind, key)) for key in own]
    return options


def find_whole(item_id: int) -> Submission | None:
    """Fetch a submission with all its revisions, reviews and remarks, however many there are."""
    query = select(Submission).filter_by(id=item_id).options(*whole(texts=True))
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def desk(filters: Filters, page: int) -> Desk:
    """The longest waiting first; what lies with the cities; what came out last."""
    oldest = Submission.submitted_at.asc().nulls_last()
    newest = Submission.updated_at.desc()
    order = oldest if filters.state is State.SUBMITTED else newest
    start = (page - 1) * PER_PAGE
    lists = (
        _places(0, filters, filters.state, order, start, PER_PAGE),
        _places(1, filters, State.RETURNED, newest, 0, SHORT),
        _places(2, filters, State.PUBLISHED, newest, 0, SHORT),
    )
    rows = db.session.execute(union_all(*lists)).all()
    query = select(Submission).where(Submission.id.in_({row[1] for row in rows}))
    items = db.session.scalars(query.options(*_as_listed())).unique()
    found = {item.id: item for item in items}
    listed = [[found[row[1]] for row in rows if row[0] == number] for number in range(3)]
    listed[0].sort(key=_longest_waiting if order is oldest else _newest)
    for short in listed[1:]:
        short.sort(key=_newest)
    return Desk(listed[0], rows[0][2] if listed[0] else 0, listed[1], listed[2])


def _longest_waiting(item: Submission) -> tuple[bool, float, int]:
    moment = item.submitted_at
    return (moment is None, moment.timestamp() if moment else 0, item.id)


def _newest(item: Submission) -> tuple[float, int]:
    return (-item.updated_at.timestamp(), item.id)


def _places(
    which: int, filters: Filters, state: State, order: Any, start: int, most: int
) -> Select[Any]:
    """Select the ids of one list of the desk, and of the main one how many there are in all."""
    query = filters.apply(select(Submission.id).where(Submission.state == state))
    in_all = filters.apply(select(func.count(Submission.id)).where(Submission.state == state))
    number = literal(0) if which else in_all.scalar_subquery()
    part = query.order_by(order, Submission.id).limit(most).offset(start).subquery()
    return select(literal(which).label("list"), part.c.id, number.label("number"))


def _as_listed() -> list[LoaderOption]:
    """Load what the desk shows of a few submissions, in one statement."""
    every = with_polymorphic(Revision, "*", flat=True)
    # There is always a revision; an outer join would have SQLite gather all of them first.
    revisions = joinedload(Submission.revisions.of_type(every), innerjoin=True)
    reviews = revisions.joinedload(every.reviews)
    return [
        joinedload(Submission.city),
        joinedload(Submission.sector),
        reviews.joinedload(Review.reviewer),
        reviews.joinedload(Review.remarks),
    ]


Tally = Sequence[tuple[State, str, str, int, int]]


def _count() -> Tally:
    place = (Submission.state, City.slug, City.name, Submission.year)
    query = select(*place, func.count()).join(Submission.city).group_by(*place)
    return [
        cast("tuple[State, str, str, int, int]", tuple(row)) for row in db.session.execute(query)
    ]


def _tally() -> Tally:
    """How many submissions of each city (slug, name) and year stand where, as of the last act."""
    counted: Tally = until_next_act("tally", _count)
    return counted


def states() -> dict[State, int]:
    """How many submissions stand where; a state that nothing is in counts nought."""
    counts = dict.fromkeys(State, 0)
    for state, _slug, _name, _year, number in _tally():
        counts[state] += number
    return counts


def count_waiting() -> int:
    """How many texts wait for the staff."""
    return states()[State.SUBMITTED]


def choices() -> tuple[list[tuple[str, str]], list[int]]:
    """The cities (slug and name) and years that anything has been filed for."""
    cities = {(slug, name) for _state, slug, name, _year, _number in _tally()}
    years = {year for _state, _slug, _name, year, _number in _tally()}
    return sorted(cities, key=lambda city: city[1]), sorted(years, reverse=True)


def of_city(city_id: int) -> Sequence[Submission]:
    """What a city has filed or is writing, the newest first."""
    query = (
        select(Submission)
        .filter_by(city_id=city_id)
        .options(*whole(texts=True))
        .order_by(Submission.updated_at.desc(), Submission.id.desc())
        .limit(OWN_LIMIT)
    )
    return db.session.scalars(query).all()


def acts_on(item: Submission) -> Sequence[AuditEntry]:
    """What has been done with a submission, in order; mere savings of the text are left out."""
    query = select(AuditEntry).where(
        AuditEntry.subject == f"{item.kind}:{item.id}", AuditEntry.action != "save"
    )
    return db.session.scalars(query.order_by(AuditEntry.id)).all()


def published_by_city() -> dict[int, int]:
    """How many texts of each city the public can read, by the city's id."""
    query = (
        select(Submission.city_id, func.count())
        .join(Revision, Revision.submission_id == Submission.id)
        .where(Revision.is_public)
        .group_by(Submission.city_id)
    )
    return {city_id: number for city_id, number in db.session.execute(query)}  # noqa: C416
