"""Saved searches and what their letters have told; collections and what is kept in them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, intpk


def new_key() -> str:
    """Make what a private address is known by; renewing it ends the address that was."""
    return secrets.token_hex(8)


class Rhythm(StrEnum):
    """How often a search writes to its person, if there is something new."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class SavedSearch(Model):
    """A search that somebody keeps under a name of their own.

    ``filters`` maps facets to values, as in ``Wanted``. Letters tell of what became readable after
    ``since``, when they were asked for; ``looked_at`` is when the portal looked last.
    """

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("user_id", "name", name="uq_saved_search_one_name"),)

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    filters: Mapped[dict[str, Sequence[str]]] = mapped_column(JSON, default=dict)
    sort: Mapped[str]
    letters: Mapped[Rhythm] = mapped_column(default=Rhythm.NEVER)
    created_at: Mapped[datetime] = mapped_column(default=now)
    since: Mapped[datetime] = mapped_column(default=now)
    looked_at: Mapped[datetime] = mapped_column(default=now)
    feed_key: Mapped[str] = mapped_column(default=new_key)

    user: Mapped[User] = relationship()


class ToldText(Model):
    """A text that a letter about a search has told of; it is not told again, whatever comes.

    ``key`` is that of the text's document in the index.
    """

    __tablename__ = "told_text"

    search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)


class SearchLetter(Model):
    """A letter to one person about all their searches; one a day at most, in their own zone."""

    __tablename__ = "search_letter"
    __table_args__ = (UniqueConstraint("user_id", "day", name="uq_search_letter_one_a_day"),)

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    day: Mapped[date]
    sent_at: Mapped[datetime] = mapped_column(default=now)
    texts: Mapped[int]


class Collection(Model):
    """Texts that somebody has put together, in an order of their own.

    ``share_key`` is part of the address for colleagues; without one there is no such address.
    """

    __table_args__ = (UniqueConstraint("user_id", "name", name="uq_collection_one_name"),)

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    share_key: Mapped[str | None]

    user: Mapped[User] = relationship()
    items: Mapped[list[CollectionItem]] = relationship(
        back_populates="collection",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(CollectionItem.position, CollectionItem.id)",
    )


class CollectionItem(Model):
    """A text in a collection, by the key of its document, with the note of whoever put it there.

    The text itself is read anew whenever it is shown: what is withdrawn is gone from here, too.
    """

    __tablename__ = "collection_item"
    __table_args__ = (UniqueConstraint("collection_id", "key", name="uq_collection_item_once"),)

    id: Mapped[intpk]
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    key: Mapped[str]
    position: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime] = mapped_column(default=now)

    collection: Mapped[Collection] = relationship(back_populates="items")
