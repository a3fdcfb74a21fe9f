"""Lists of cities and directions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db


def all_cities() -> Sequence[City]:
    """Every city with its membership, by region and name."""
    query = select(City).options(selectinload(City.memberships))
    return db.session.scalars(query.order_by(City.region, City.name)).all()


def find_city(name_or_slug: str) -> City | None:
    """Look a city up by what people call it or by its address."""
    known = name_or_slug.strip()
    return db.session.scalar(select(City).where((City.name == known) | (City.slug == known)))


def predecessors(city: City) -> Sequence[City]:
    """The cities that became part of this one."""
    query = select(City).filter_by(successor_id=city.id).order_by(City.name)
    return db.session.scalars(query).all()


def sectors(*, active_only: bool = True) -> Sequence[Sector]:
    """The directions in their order."""
    query = select(Sector).order_by(Sector.position, Sector.name)
    return db.session.scalars(query.filter_by(is_active=True) if active_only else query).all()


def find_sector(name_or_slug: str) -> Sector | None:
    """Look a direction up by its name, its address or a synonym."""
    known = name_or_slug.strip().lower()
    for sector in sectors(active_only=False):
        names = {sector.name.lower(), sector.slug, *(s.lower() for s in sector.synonyms)}
        if known in names:
            return sector
    return None
