"""Lists of saved searches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.shelf.models import SavedSearch


def searches_of(person: User) -> Sequence[SavedSearch]:
    """The searches that somebody has saved, by name."""
    query = select(SavedSearch).filter_by(user_id=person.id).order_by(SavedSearch.name)
    return db.session.scalars(query).all()
