"""The names of the cities in the database, ready to be recognised in Russian text."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select

from asdg_portal.cities.models import City
from asdg_portal.cities.recognition import CityName, Gazetteer
from asdg_portal.core.db import db


def load_gazetteer() -> Gazetteer:
    """Build the gazetteer; built anew only when a name has changed."""
    rows = db.session.execute(
        select(City.name, City.adjective, City.demonym, City.region).order_by(City.id)
    )
    return _build(tuple(CityName(*row) for row in rows))


@lru_cache(maxsize=2)
def _build(names: tuple[CityName, ...]) -> Gazetteer:
    return Gazetteer(names)
