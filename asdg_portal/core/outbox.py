"""What must follow a commit, kept in the same transaction: index entries and letters.

A row is written together with the change it belongs to. A worker claims rows, hands them to the
handler of their topic and deletes them. A crash at any point leaves the rows: they are claimed
again when the claim has run out, and handlers are built so that doing a thing twice does no harm.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import (
    JSON,
    ColumnElement,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from asdg_portal.core.clock import now
from asdg_portal.core.db import Model, db, intpk
from asdg_portal.core.errors import PortalError
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore, background

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)
BATCH = 200
LONGEST_WAIT = timedelta(hours=1)
CHORE = "outbox"
# Seconds; a letter is tried again, or a lost queue noticed, at most so much later.
LOOK_EVERY = 1.0

Handler = Callable[[Sequence["OutboxRow"]], None]


class OutboxRow(Model):
    """One thing that is still to be done after a commit."""

    __tablename__ = "outbox"

    id: Mapped[intpk]
    topic: Mapped[str] = mapped_column(index=True)
    key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    not_before: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class Outbox:
    """The handlers of one application.

    What cannot be undone is handed over one by one: a letter that is refused must not have the
    letters before it sent again.
    """

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.one_by_one: frozenset[str] = frozenset()


def init_outbox(
    app: Any, handlers: dict[str, Handler], one_by_one: frozenset[str] = frozenset()
) -> None:
    """Tell the application who takes care of which topic, and what is taken one by one."""
    outbox = app.extensions["outbox"] = Outbox()
    outbox.handlers.update(handlers)
    outbox.one_by_one = one_by_one


def enqueue(topic: str, key: str, payload: dict[str, Any] | None = None) -> None:
    """Add a row to the current transaction, and wake the worker once it is committed."""
    with unit_of_work() as work:
        db.session.add(OutboxRow(topic=topic, key=key, payload=payload or {}))
        work.after_commit(_wake)


def _wake() -> None:
    background().wake(CHORE)


def pending(topic: str) -> list[dict[str, Any]]:
    """List the payloads that wait or are being worked on."""
    return list(db.session.scalars(select(OutboxRow.payload).filter_by(topic=topic)))


def count_pending(topic: str, up_to: int | None = None) -> int:
    """Count what is still to be done of a topic, optionally only rows up to an id."""
    query = select(func.count()).select_from(OutboxRow).filter_by(topic=topic)
    if up_to is not None:
        query = query.where(OutboxRow.id <= up_to)
    return db.session.scalar(query) or 0


def _is_free() -> ColumnElement[bool]:
    """Whether a row is due and no worker holds it."""
    moment = now()
    return and_(
        OutboxRow.not_before <= moment,
        or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until < moment),
    )


def is_due() -> bool:
    """Whether there is something to be done."""
    return bool(db.session.scalar(select(exists().where(_is_free()))))


def chore() -> Chore:
    """Work the outbox off: woken after each commit that has put something into it."""
    return Chore(CHORE, LOOK_EVERY, drain_all, waits=is_due)


def _claim(topic: str, most: int) -> list[OutboxRow]:
    """Take rows for this worker; two workers never hold the same row."""
    name, moment = secrets.token_hex(8), now()
    free = (
        select(OutboxRow.id)
        .where(OutboxRow.topic == topic, _is_free())
        .order_by(OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    with unit_of_work():
        db.session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(free.scalar_subquery()))
            .values(claimed_by=name, claimed_until=moment + CLAIM)
            .execution_options(synchronize_session=False)
        )
    mine = select(OutboxRow).filter_by(claimed_by=name).order_by(OutboxRow.id)
    return list(db.session.scalars(mine))


def _postpone(rows: Sequence[OutboxRow], error: Exception) -> None:
    """Try again later: after 2, 4, 8 … seconds, at most an hour."""
    with unit_of_work():
        for row in rows:
            row.attempts += 1
            row.not_before = now() + min(
                timedelta(seconds=2 ** min(row.attempts, 12)), LONGEST_WAIT
            )
            row.claimed_by = row.claimed_until = None
            row.error = f"{type(error).__name__}: {error}"[:1000]


def drain(topic: str) -> int:
    """Do what is due of a topic; return how many rows were done."""
    outbox: Outbox = current_app.extensions["outbox"]
    handler, most = outbox.handlers[topic], 1 if topic in outbox.one_by_one else BATCH
    done = 0
    while rows := _claim(topic, most):
        ids = [row.id for row in rows]
        try:
            handler(rows)
        except Exception as error:  # a handler may meet anything: a full disk, a dead server
            db.session.rollback()
            log.warning("%s of %r must wait: %s", len(ids), topic, error)
            _postpone(
                db.session.scalars(select(OutboxRow).where(OutboxRow.id.in_(ids))).all(), error
            )
            return done
        with unit_of_work():
            db.session.execute(delete(OutboxRow).where(OutboxRow.id.in_(ids)))
        done += len(ids)
    return done


def drain_all() -> int:
    """Do everything that is due."""
    return sum(drain(topic) for topic in current_app.extensions["outbox"].handlers)


def settle(topic: str, patience: float = 120.0) -> None:
    """Wait until everything that was due of a topic when this was called has been done.

    Another worker may be at it: its rows are waited for, not done twice.

    :raises PortalError: if it is still not done after ``patience`` seconds.
    """
    last = db.session.scalar(select(func.max(OutboxRow.id)).filter_by(topic=topic)) or 0
    give_up = time.monotonic() + patience
    while True:
        drain(topic)
        if not count_pending(topic, last):
            return
        if time.monotonic() > give_up:
            raise PortalError(_("The work after the commit is not done yet; it goes on by itself."))
        time.sleep(0.05)


def forget(topic: str) -> None:
    """Drop what waits of a topic, as part of the current transaction."""
    with unit_of_work():
        db.session.execute(delete(OutboxRow).filter_by(topic=topic))
