"""Remarks while they are written: kept for their author, handed over with the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError
from asdg_portal.core.text import clean
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import (
    DETAILS,
    WHOLE,
    Remark,
    Review,
    Revision,
    State,
    Submission,
)
from asdg_portal.moderation.policies import is_staff
from asdg_portal.moderation.remarks.models import Note

LONGEST = 10_000
LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """A remark as it was typed; an empty text takes the draft of this ``key`` away."""

    key: str
    part: str
    text: str
    quote: str = ""


def notes_on(item: Submission) -> Sequence[Note]:
    """What the staff are about to say of a text, each remark with its author."""
    query = select(Note).filter_by(submission_id=item.id).options(joinedload(Note.author))
    return db.session.scalars(query.order_by(Note.id)).all()


def writers(item_ids: Iterable[int]) -> dict[int, list[str]]:
    """Who has unsent remarks on which of these texts, by the texts' numbers."""
    query = (
        select(Note.submission_id, func.coalesce(func.nullif(User.name, ""), User.email))
        .join(User, User.id == Note.author_id)
        .where(Note.submission_id.in_(list(item_ids)))
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for item_id, name in db.session.execute(query):
        found.setdefault(item_id, []).append(name)
    return found


def parts_of(item: Submission) -> list[str]:
    """What a remark can be about: each part, the lines beside them, the text as a whole."""
    return [*(part.name for part in item.current.parts()), DETAILS, WHOLE]


def save(item: Submission, typed: Sequence[Typed], *, actor: User) -> None:
    """Keep what a reviewer has typed; drafts that are not among it stay as they are.

    What has gone to the city meanwhile is not made a draft again by a second press.

    :raises PortalError: if a remark is longer than anybody would read.
    """
    if not is_staff(actor, item):
        raise NotAllowed(_("You may not do this."))
    known = set(parts_of(item))
    wanted = {t.key[:LONGEST_KEY]: t for t in typed if t.part in known}
    if not wanted:
        return
    with unit_of_work():
        own = {n.key: n for n in _own(item, actor)}
        sent = _sent(item, wanted)
        for key, new in wanted.items():
            if key not in sent:
                _keep(item, own.get(key), new, actor)


def _own(item: Submission, actor: User) -> Sequence[Note]:
    query = select(Note).filter_by(submission_id=item.id, author_id=actor.id).order_by(Note.id)
    return db.session.scalars(query).all()


def _sent(item: Submission, keys: Iterable[str]) -> set[str]:
    """Which of these drafts have become remarks already."""
    query = select(Remark.key).join(Review).join(Revision)
    query = query.where(Revision.submission_id == item.id, Remark.key.in_(list(keys)))
    return set(db.session.scalars(query))


def _keep(item: Submission, old: Note | None, new: Typed, actor: User) -> None:
    text, quote = clean(new.text), clean(new.quote)
    if max(len(text), len(quote)) > LONGEST:
        raise PortalError(_("A remark is longer than %(max)s characters.", max=LONGEST))
    if not text:
        if old is not None:
            db.session.delete(old)
    elif old is None:
        db.session.add(
            Note(
                submission_id=item.id,
                author_id=actor.id,
                key=new.key[:LONGEST_KEY],
                part=new.part,
                quote=quote,
                text=text,
            )
        )
    elif (old.text, old.quote) != (text, quote):
        old.text, old.quote, old.written_at = text, quote, now()


def repeat(remark: Remark, item: Submission, *, actor: User) -> None:
    """Say a remark again with one press: it becomes a draft, to be sent with the verdict."""
    if not is_staff(actor, item):
        raise NotAllowed(_("You may not do this."))
    key = f"repeat-{remark.id}"
    with unit_of_work():
        if key in {note.key for note in _own(item, actor)} or key in _sent(item, [key]):
            return
        words = {"part": remark.part, "quote": remark.quote, "text": remark.text}
        again = {"submission_id": item.id, "author_id": actor.id, "repeats_id": remark.id}
        db.session.add(Note(key=key, **words, **again))


def hand_over(item: Submission, former: User, actor: User) -> None:
    """Give the drafts of one reviewer to another, in the current transaction."""
    have = {note.key for note in _own(item, actor)}
    for note in _own(item, former):
        if note.key not in have:
            note.author = actor


def speak(
    item: Submission, review: Review, summary: str, remarks: Mapping[str, str], actor: User
) -> None:
    """Make remarks of the actor's drafts and of these words, in the current transaction.

    A remark that is said again replaces the one it repeats. What a publication leaves open from
    earlier rounds has been accepted with it.
    """
    names, repeated = set(parts_of(item)), set()
    for note in _own(item, actor):
        words = {"key": note.key, "part": note.part, "quote": note.quote, "text": note.text}
        review.remarks.append(Remark(repeats_id=note.repeats_id, **words))
        repeated |= {note.repeats_id} - {None}
        db.session.delete(note)
    for part, text in [(WHOLE, summary), *remarks.items()]:
        if part in names and clean(text):
            review.remarks.append(Remark(part=part, text=clean(text)))
    for remark in item.open_remarks:
        accepted = review.verdict is State.PUBLISHED and remark not in review.remarks
        if remark.id in repeated or accepted:
            remark.closed_at = now()
