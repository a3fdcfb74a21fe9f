"""Lists for the desk of the staff and for a representative's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, inspect, select, union_all
from sqlalchemy.orm import joinedload, selectinload, with_polymorphic
from sqlalchemy.orm.interfaces import LoaderOption

from asdg_portal.cities.models import City
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
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

    def apply(self, query: Select[int, int]) -> Select[int, int]:
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
    number = func.count().over()
    oldest = Submission.submitted_at.asc().nulls_last()
    newest = Submission.updated_at.desc()

    def ids(state: State, *order: object) -> Select[int, int]:
        listed = select(Submission.id, number).where(Submission.state == state)
        return filters.apply(listed).order_by(*order, Submission.id)  # type: ignore[arg-type]

    order = oldest if filters.state is State.SUBMITTED else newest
    rows = ids(filters.state, order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    main = db.session.execute(rows).all()
    short = [ids(s, newest).limit(SHORT).subquery() for s in (State.RETURNED, State.PUBLISHED)]
    lately = set(db.session.scalars(union_all(*(select(listed.c.id) for listed in short))))
    wanted = {row[0] for row in main} | lately
    query = select(Submission).where(Submission.id.in_(wanted)).options(*whole(texts=False))
    query = query.order_by(newest, Submission.id)
    found = {item.id: item for item in db.session.scalars(query)}

    def newest_first(state: State) -> list[Submission]:
        return [item for item in found.values() if item.id in lately and item.state is state]

    listed = [found[row[0]] for row in main if row[0] in found]
    total = main[0][1] if main else 0
    return Desk(listed, total, newest_first(State.RETURNED), newest_first(State.PUBLISHED))


def count_by_state() -> dict[State, int]:
    """How many submissions stand where; a state that nothing is in counts nought."""
    query = select(Submission.state, func.count()).group_by(Submission.state)
    rows = db.session.execute(query).all()
    return dict.fromkeys(State, 0) | {state: number for state, number in rows}  # noqa: C416


def count_waiting() -> int:
    """How many texts wait for the staff."""
    query = select(func.count()).select_from(Submission).filter_by(state=State.SUBMITTED)
    return db.session.scalar(query) or 0


def choices() -> tuple[list[tuple[str, str]], list[int]]:
    """The cities (slug and name) and years that anything has been filed for."""
    query = select(City.slug, City.name, Submission.year).join(Submission.city).distinct()
    rows = db.session.execute(query).all()
    cities = sorted({(slug, name) for slug, name, _year in rows}, key=lambda city: city[1])
    return cities, sorted({year for _slug, _name, year in rows}, reverse=True)


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
