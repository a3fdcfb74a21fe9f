"""Which database this is: a name by which what is kept elsewhere knows where it came from."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped

from asdg_portal.core.db import Model, db, intpk
from asdg_portal.core.unit_of_work import unit_of_work


class Installation(Model):
    """The only row of its table; a backup put in place of a database is another one."""

    __tablename__ = "installation"

    id: Mapped[intpk]
    identity: Mapped[str]


def identity() -> str:
    """Name the database, as it is at this moment; empty if it has no tables yet.

    Asked on a connection of its own, for it can be asked in the middle of anything.
    """
    try:
        with db.engine.connect() as connection:
            return connection.scalar(select(Installation.identity)) or ""
    except DBAPIError:
        return ""


def renew_identity() -> None:
    """Give the database another name: what was made from its former contents is of no use."""
    with unit_of_work():
        db.session.execute(delete(Installation))
        db.session.add(Installation(identity=secrets.token_hex(8)))
