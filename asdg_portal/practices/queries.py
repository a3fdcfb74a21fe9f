"""Lists and pages of practices, each in one or two light statements."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.core.paging import PER_PAGE
from asdg_portal.practices.models import (
    Attachment,
    Practice,
    PracticeRevision,
    revision_attachment,
)

MOST_TAGS = 30


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; an empty text leaves everything in.

    ``spellings`` are the ways in which the tag is written somewhere: «СЭД» and «сэд» are one.
    """

    city: str = ""
    sector: str = ""
    year: int | None = None
    tag: str = ""
    spellings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A practice as the list shows it."""

    id: int
    title: str
    summary: str
    tags: list[str]
    city: str
    city_slug: str
    sector: str
    year: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to: slugs with names, years, and the commonest tags."""

    cities: list[tuple[str, str]]
    sectors: list[tuple[str, str]]
    years: list[int]
    tags: list[str]
    every_tag: frozenset[str]

    def spellings(self, tag: str) -> frozenset[str]:
        """The ways in which a tag is written, however it is capitalised here."""
        return frozenset(t for t in self.every_tag if t.casefold() == tag.casefold())


def _public(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PracticeRevision)
        .join(Practice, Practice.id == PracticeRevision.submission_id)
        .join(City, City.id == Practice.city_id)
        .join(Sector, Sector.id == Practice.sector_id)
        .where(PracticeRevision.is_public)
    )


def _narrow(query: Select[Any], filters: Filters) -> Select[Any]:
    if filters.city:
        query = query.where(City.slug == filters.city)
    if filters.sector:
        query = query.where(Sector.slug == filters.sector)
    if filters.year is not None:
        query = query.where(Practice.year == filters.year)
    if filters.tag:
        # Tags are kept as JSON, which both databases show as the text that was written.
        kept = cast(PracticeRevision.tags, Text)
        ways = [kept.contains(json.dumps(tag), autoescape=True) for tag in filters.spellings]
        query = query.where(or_(false(), *ways))
    return query


def published(filters: Filters, page: int) -> tuple[list[Row], int]:
    """A page of the published practices, the newest first, and how many there are."""
    total = db.session.scalar(_narrow(_public(func.count()), filters)) or 0
    revision = PracticeRevision
    query = _public(
        Practice.id,
        revision.title,
        revision.summary,
        revision.tags,
        City.name,
        City.slug,
        Sector.name,
        Practice.year,
        revision.published_at,
    ).order_by(revision.published_at.desc(), Practice.id.desc())
    rows = _narrow(query, filters).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return [Row(*row) for row in db.session.execute(rows)], total


def choices() -> Choices:
    """What the published practices can be narrowed to."""
    query = _public(
        City.slug, City.name, Sector.slug, Sector.name, Practice.year, PracticeRevision.tags
    )
    rows = db.session.execute(query).all()
    tags = Counter(tag for row in rows for tag in row[5])
    return Choices(
        cities=sorted({(row[0], row[1]) for row in rows}, key=lambda city: city[1]),
        sectors=sorted({(row[2], row[3]) for row in rows}, key=lambda sector: sector[1]),
        years=sorted({row[4] for row in rows}, reverse=True),
        tags=[tag for tag, _number in tags.most_common(MOST_TAGS)],
        every_tag=frozenset(tags),
    )


def public_revision(practice_id: int) -> PracticeRevision | None:
    """Read the published text of a practice with all that its page shows."""
    submission = joinedload(PracticeRevision.submission.of_type(Practice))
    query = (
        select(PracticeRevision)
        .where(PracticeRevision.is_public, PracticeRevision.submission_id == practice_id)
        .options(
            submission.options(
                joinedload(Practice.city),
                joinedload(Practice.sector),
                joinedload(Practice.grown_from),
            ),
            selectinload(PracticeRevision.attachments),
        )
    )
    return db.session.scalar(query)


def published_of_city(city: City) -> Sequence[Any]:
    """The published practices of a city: id, title, direction and year."""
    query = _public(Practice.id, PracticeRevision.title, Sector.name, Practice.year)
    return db.session.execute(
        query.where(Practice.city_id == city.id).order_by(Practice.year.desc(), Practice.id)
    ).all()


def kept_files() -> Iterable[str]:
    """The hashes of all files that belong to practices."""
    return db.session.scalars(select(Attachment.sha256))


def find_attachment(practice_id: int, attachment_id: int) -> tuple[Attachment, bool] | None:
    """Fetch a file of a practice, and whether it belongs to the published text."""
    attachment = db.session.get(Attachment, attachment_id)
    if attachment is None or attachment.practice_id != practice_id:
        return None
    used = revision_attachment.c
    query = (
        select(func.count())
        .select_from(revision_attachment)
        .join(PracticeRevision, PracticeRevision.id == used.revision_id)
        .where(used.attachment_id == attachment_id, PracticeRevision.is_public)
    )
    return attachment, bool(db.session.scalar(query))


def find_by_external_id(external_id: str) -> Practice | None:
    """Look an imported practice up by its name in the file it came from."""
    return db.session.scalar(select(Practice).filter_by(external_id=external_id))
