"""What is the same for everybody until somebody acts: made once, kept until the next act."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g
from sqlalchemy import func, select

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import rows

ThingT = TypeVar("ThingT")

# Two acts at the same moment can be numbered in another order than they are committed. Whoever
# comes late shows among the newest rows; should more than these have overtaken it, by the clock.
NEWEST = 20
LONGEST = 30.0  # seconds
MOST_THINGS = 500

# The sum grows with each row that joins the newest, at the end or in between. Asked in every
# request, so it is put together once.
_id = AuditEntry.__table__.c.id
_newest = select(_id).order_by(_id.desc()).limit(NEWEST).subquery()
_VERSION = select(func.sum(_newest.c.id))


def until_next_act(name: str, make: Callable[[], ThingT]) -> ThingT:
    """Give what ``make`` makes of the database, made anew once something has been done.

    Every change writes a row into the log, so the log's newest rows are the version of all that
    people see. Only for what does not depend on who looks; what depends on the language or the
    day has it in its name. Saving a part of a questionnaire is no act: no typed text belongs here.
    """
    kept: dict[str, tuple[int, float, Any]] = current_app.extensions.setdefault("latest", {})
    version, moment = _version(), time.monotonic()
    known = kept.get(name)
    if known and known[0] == version and moment - known[1] < LONGEST:
        thing: ThingT = known[2]
        return thing
    thing = make()
    if len(kept) >= MOST_THINGS:
        kept.clear()
    kept[name] = (version, moment, thing)
    return thing


def _version() -> int:
    """Tell by a number how far the log has come, looked up once in a request."""
    if "log_version" not in g:
        g.log_version = int(rows(_VERSION).scalar() or 0)
    number: int = g.log_version
    return number
