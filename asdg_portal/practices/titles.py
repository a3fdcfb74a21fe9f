"""Titles of published practices, for whoever types into the search box."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import func, select

from asdg_portal.cities.models import City
from asdg_portal.core.db import db
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.search.index import Kind
from asdg_portal.search.titles import Title, Titles


def _mark() -> object:
    """Publishing puts another revision in, withdrawing takes one out: the sums tell."""
    sums = (func.count(), func.sum(PracticeRevision.id), func.max(PracticeRevision.published_at))
    query = select(*sums).select_from(PracticeRevision).where(PracticeRevision.is_public)
    return tuple(db.session.execute(query).one())


def _everything() -> Iterable[tuple[int, str]]:
    columns = (PracticeRevision.submission_id, PracticeRevision.title)
    rows = db.session.execute(select(*columns).where(PracticeRevision.is_public))
    return [(item_id, title) for item_id, title in rows]


def _published(ids: Collection[int]) -> Mapping[int, Title]:
    query = (
        select(Practice.id, PracticeRevision.title, City.name)
        .join(PracticeRevision, PracticeRevision.submission_id == Practice.id)
        .join(City, City.id == Practice.city_id)
        .where(PracticeRevision.is_public, Practice.id.in_(ids))
    )
    rows = db.session.execute(query)
    return {item_id: Title(title, city, f"/practices/{item_id}/") for item_id, title, city in rows}


TITLES = Titles(Kind.PRACTICE, _mark, _everything, _published)
