"""What is the same for everybody until somebody acts: made once, kept until the next act."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g
from sqlalchemy import func, select

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db

ThingT = TypeVar("ThingT")

# Two acts at the same moment can be numbered in another order than they are committed.
LONGEST = 30.0  # seconds
MOST_THINGS = 500


def until_next_act(name: str, make: Callable[[], ThingT]) -> ThingT:
    """Give what ``make`` makes of the database, made anew once something has been done.

    Every change writes a row into the log, so the log's last number is the version of all that
    people see. Only for what does not depend on who looks, or in which language.
    """
    kept: dict[str, tuple[int, float, Any]] = current_app.extensions.setdefault("latest", {})
    version, moment = _last_act(), time.monotonic()
    known = kept.get(name)
    if known and known[0] == version and moment - known[1] < LONGEST:
        thing: ThingT = known[2]
        return thing
    thing = make()
    if len(kept) >= MOST_THINGS:
        kept.clear()
    kept[name] = (version, moment, thing)
    return thing


def _last_act() -> int:
    """Tell the number of the newest row of the log, looked up once in a request."""
    if "last_act" not in g:
        g.last_act = db.session.scalar(select(func.max(AuditEntry.id))) or 0
    number: int = g.last_act
    return number
