"""Keeping collections: what may be put into them, in which order, and who else may look."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.text import clean, clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.shelf.models import Collection, CollectionItem, new_key
from asdg_portal.shelf.texts import Source, readable
from asdg_portal.shelf.tokens import Opens, make_token, read_token

MOST_COLLECTIONS = 50
MOST_ITEMS = 200
LONGEST_NAME = 120
LONGEST_NOTE = 2_000


def get_collection(collection_id: int, *, actor: Viewer) -> Collection:
    """Fetch one's own collection; those of others do not exist.

    :raises NotFound: if there is none.
    """
    collection = db.session.get(Collection, collection_id)
    if collection is None or collection.user_id != actor.id:
        raise _nothing()
    return collection


def get_item(collection: Collection, item_id: int) -> CollectionItem:
    """Fetch an item of a collection.

    :raises NotFound: if there is none.
    """
    for item in collection.items:
        if item.id == item_id:
            return item
    raise _nothing()


def get_text(key: str, *, actor: Viewer) -> Source:
    """Read the text that somebody wants to keep.

    :raises NotFound: if it is not published, or not open to ``actor``.
    """
    text = readable([key], actor).get(key)
    if text is None:
        raise _nothing()
    return text


def _nothing() -> NotFound:
    return NotFound(_("There is no such page, or it is not open to you."))


def create(name: str, *, actor: User) -> Collection:
    """Begin a collection.

    :raises PortalError: if the name is empty or taken, or there are too many collections already.
    """
    with unit_of_work():
        mine = select(func.count()).select_from(Collection).filter_by(user_id=actor.id)
        if (db.session.scalar(mine) or 0) >= MOST_COLLECTIONS:
            raise PortalError(_("You have %(most)s collections already: remove one that you no longer need.", most=MOST_COLLECTIONS))  # fmt: skip  # noqa: E501
        collection = Collection(user_id=actor.id, name=_free_name(name, actor, None))
        db.session.add(collection)
        db.session.flush()
    return collection


def rename(collection: Collection, name: str, *, actor: User) -> None:
    """Give a collection another name.

    :raises PortalError: if the name is empty or taken.
    """
    with unit_of_work():
        collection.name = _free_name(name, actor, collection)
        collection.updated_at = now()


def _free_name(name: str, actor: User, but: Collection | None) -> str:
    name = clean_line(name)
    if not name:
        raise PortalError(_("A collection needs a name."))
    if len(name) > LONGEST_NAME:
        raise PortalError(_("This is longer than %(max)d characters: shorten it, please.", max=LONGEST_NAME))  # fmt: skip  # noqa: E501
    same = select(Collection.id).filter_by(user_id=actor.id, name=name)
    if db.session.scalar(same) not in {None, but.id if but else None}:
        raise PortalError(_("You have a collection called so already: choose another name."))
    return name


def remove(collection: Collection) -> None:
    """Throw a collection away; the texts in it stay where they are published."""
    with unit_of_work():
        db.session.delete(collection)


def keep(key: str, note: str, collection: Collection, *, actor: User) -> CollectionItem:
    """Put a text at the end of a collection.

    :raises NotFound: if ``actor`` may not read the text.
    :raises PortalError: if it is there already, the collection is full, or the note too long.
    """
    get_text(key, actor=actor)
    note = _check_note(note)
    if any(item.key == key for item in collection.items):
        raise PortalError(_("This text is in the collection “%(name)s” already.", name=collection.name))  # fmt: skip  # noqa: E501
    if len(collection.items) >= MOST_ITEMS:
        raise PortalError(_("A collection holds %(most)s texts at the most: begin another one.", most=MOST_ITEMS))  # fmt: skip  # noqa: E501
    with unit_of_work():
        last = max((item.position for item in collection.items), default=0)
        item = CollectionItem(key=key, note=note, position=last + 1)
        collection.items.append(item)
        collection.updated_at = now()
    return item


def _check_note(note: str) -> str:
    note = clean(note)
    if len(note) > LONGEST_NOTE:
        raise PortalError(_("This is longer than %(max)d characters: shorten it, please.", max=LONGEST_NOTE))  # fmt: skip  # noqa: E501
    return note


def change_note(item: CollectionItem, note: str) -> None:
    """Write why a text is kept.

    :raises PortalError: if the note is too long.
    """
    with unit_of_work():
        item.note = _check_note(note)
        item.collection.updated_at = now()


def move(item: CollectionItem, *, down: bool) -> None:
    """Let an item change places with its neighbour; at the edge nothing happens."""
    items = list(item.collection.items)
    here = items.index(item)
    there = here + (1 if down else -1)
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
        with unit_of_work():
            for position, one in enumerate(items, 1):
                one.position = position
            item.collection.updated_at = now()


def take_out(item: CollectionItem) -> None:
    """Take a text out of a collection, and its note with it."""
    with unit_of_work():
        item.collection.updated_at = now()
        item.collection.items.remove(item)


def share(collection: Collection, *, actor: User) -> None:
    """Give a collection an address for colleagues: a new one each time."""
    with unit_of_work():
        collection.share_key = new_key()
        audit.record("share_collection", f"collection:{collection.id}", actor)


def stop_sharing(collection: Collection, *, actor: User) -> None:
    """Take the address for colleagues away."""
    with unit_of_work():
        collection.share_key = None
        audit.record("stop_sharing_collection", f"collection:{collection.id}", actor)


def share_token(collection: Collection) -> str:
    """Give what stands in the address for colleagues; empty while there is none."""
    if collection.share_key is None:
        return ""
    return make_token(Opens.COLLECTION, collection.id, collection.share_key)


def get_shared(token: str) -> Collection:
    """Find what an address for colleagues opens; whoever reads it reads with their own rights.

    :raises NotFound: if it is none of ours, is no longer shared, or its person's account is closed.
    """
    collection_id, key = [*read_token(Opens.COLLECTION, token), None, None][:2]
    collection = db.session.get(Collection, collection_id) if collection_id else None
    if collection is None or collection.share_key != key or not collection.user.is_active:
        raise _nothing()
    return collection
