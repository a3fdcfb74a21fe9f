"""Lists of collections, and one of them as somebody may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.db import db
from asdg_portal.shelf.models import Collection, CollectionItem
from asdg_portal.shelf.texts import Source, readable


@dataclass(frozen=True, slots=True)
class Kept:
    """An item with its text; None where the text is not published, or not open to the reader."""

    item: CollectionItem
    text: Source | None


def collections_of(person: User) -> Sequence[tuple[Collection, int]]:
    """The collections of somebody, the one changed last first, with how many texts each has."""
    number = func.count(CollectionItem.id)
    query = (
        select(Collection, number)
        .outerjoin(CollectionItem)
        .filter(Collection.user_id == person.id)
        .group_by(Collection.id)
        .order_by(Collection.updated_at.desc(), Collection.id.desc())
    )
    return [(collection, count) for collection, count in db.session.execute(query)]


def kept_in(collection: Collection, viewer: Viewer) -> list[Kept]:
    """What is in a collection, in its order, read with the rights of ``viewer``."""
    texts = readable([item.key for item in collection.items], viewer)
    return [Kept(item, texts.get(item.key)) for item in collection.items]
