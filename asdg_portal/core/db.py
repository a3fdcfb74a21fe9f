"""The database: one declarative base, names that migrations can rely on, times in UTC."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Enum, Executable, MetaData, Result, String, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

intpk = Annotated[int, mapped_column(primary_key=True)]

# Seconds a writer waits for another one; SQLite has one writer at a time.
BUSY_TIMEOUT = 15

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# An enumeration is stored by its values, as text with room for longer ones.
ENUM = Enum(StrEnum, native_enum=False, length=32, values_callable=list)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in every database, SQLite included."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a naive time has no meaning here."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time; SQLite forgets the zone."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Base(DeclarativeBase):
    """The root of every mapping."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={StrEnum: ENUM, datetime: UtcDateTime(), str: String()},
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:  # ``db.Model`` is built at run time; type checkers see its base.
    Model = Base
else:
    Model = db.Model


def rows(query: Executable, wanted: Mapping[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
    """Ask for plain rows, past the bookkeeping of objects: half the time of a small question.

    Nothing that has been changed and not yet flushed is seen.
    """
    return db.session.connection().execute(query, wanted)


# What no database can keep or look for: PostgreSQL refuses a NUL, none takes half a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(value: Any) -> Any:
    """A parameter as it can be sent, those of a batch or of a row one by one."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value) if _UNSTORABLE.search(value) else value
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_storable(item) for item in value)
    return value


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _send_what_can_be_stored(
    _connection: object, _cursor: object, statement: str, parameters: Any, *_more: object
) -> tuple[str, Any]:
    """Whatever address, form or file a text comes from, it fails no statement."""
    return statement, _storable(parameters)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Readers beside a writer, foreign keys that hold, commits that survive a power cut."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT * 1000}")
