"""One business act, one transaction; what follows the commit waits for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from asdg_portal.core.db import db
from asdg_portal.core.errors import Stale

log = logging.getLogger(__name__)


class UnitOfWork:
    """The effects that wait for the current transaction to succeed."""

    def __init__(self) -> None:
        self._effects: list[Callable[[], object]] = []

    def after_commit(self, effect: Callable[[], object]) -> None:
        """Run ``effect`` once the data is safely stored; asked for twice, it is run once."""
        if effect not in self._effects:
            self._effects.append(effect)

    def run_effects(self) -> None:
        """Run every effect; one that fails is logged and never undoes the work."""
        for effect in self._effects:
            try:
                effect()
            except Exception:
                log.exception("An effect failed after the commit: %r", effect)


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Commit at the end of the block, or roll back; an inner block joins the outer one.

    :raises Stale: if two people changed the same row at once; the second one learns of it.
    """
    info = db.session().info
    if outer := info.get("unit_of_work"):
        yield outer
        return
    work = info["unit_of_work"] = UnitOfWork()
    try:
        yield work
        db.session.commit()
    # The rules are checked before; what the database still refuses was done twice at once.
    except (StaleDataError, IntegrityError) as error:
        db.session.rollback()
        raise Stale(_("Somebody else has changed this at the same moment.")) from error
    except BaseException:
        db.session.rollback()
        raise
    finally:
        del info["unit_of_work"]
    work.run_effects()
