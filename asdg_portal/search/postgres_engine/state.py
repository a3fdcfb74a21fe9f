"""Which table is the index now, and the ways to read and to write it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.postgres_engine.tables import (
    COLUMNS,
    CREATE,
    CREATE_TERMS,
    FINISH,
    POINTER,
    PREPARE,
    SCHEMA,
    Row,
)
from asdg_portal.search.query import TooSlow
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.words import VERSION

GRACE = "1 minute"  # for which a superseded table stays, for whoever is just reading it
LOCK = 0x5EA2C4  # the number under which writers keep one another out
# How a search is run: it takes no longer than it can be worth, and is planned for what is asked.
SETTINGS = {
    "statement_timeout": "1s",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "32MB",
}
# Frequent words are looked up too: reading every row would unpack the words of all texts.
BY_INDEX = "SELECT set_config('enable_seqscan', 'off', true)"


@dataclass(frozen=True, slots=True)
class Sums:
    """Documents of a table, and the lengths of their titles and texts added up."""

    documents: int = 0
    title_length: int = 0
    body_length: int = 0

    def __sub__(self, other: Sums) -> Sums:
        return Sums(
            self.documents - other.documents,
            self.title_length - other.title_length,
            self.body_length - other.body_length,
        )

    def as_parameters(self) -> dict[str, int]:
        """Give them by the names of the columns."""
        return {
            "documents": self.documents,
            "title_length": self.title_length,
            "body_length": self.body_length,
        }


@dataclass(frozen=True, slots=True)
class Generation:
    """A table of documents; ``edition`` counts what has been written to it."""

    name: str
    edition: int
    sums: Sums

    @property
    def table(self) -> str:
        """The table by its whole name."""
        return f"{SCHEMA}.{self.name}"

    @property
    def averages(self) -> dict[str, float]:
        """How many forms title and text have, on average."""
        documents = max(1, self.sums.documents)
        return {
            TITLE: self.sums.title_length / documents,
            BODY: self.sums.body_length / documents,
        }


class State:
    """The index in a database; ``owner`` names the contents from which it is made."""

    def __init__(self, engine: Callable[[], Engine], owner: Callable[[], str]) -> None:
        self._engine = engine
        self._owner = owner
        self._made_by: str | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that sees one state of the index.

        :raises IndexUnavailable: if something is missing or damaged.
        :raises TooSlow: if a statement takes too long.
        """
        with _damage_noticed(), self._engine().connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                parts = ", ".join(f"set_config('{n}', '{v}', true)" for n, v in SETTINGS.items())
                connection.execute(text(f"SELECT {parts}"))
                yield connection

    def current(self, connection: Connection, *, anew: bool = False) -> Generation:
        """Say which table is the index; ``anew`` asks again which database this is.

        :raises IndexUnavailable: if there is none, or it was made by other rules or from another
            database.
        """
        row = connection.execute(
            text(f"""
                SELECT name, made_by, edition, documents, title_length, body_length
                FROM {POINTER} WHERE superseded_at IS NULL
            """)
        ).one_or_none()
        if row is None:
            raise IndexUnavailable("there is no index yet")
        if anew or row.made_by != self._made_by:
            # A backup may have been put in the place of the contents since.
            self._made_by = self._maker()
        if row.made_by != self._made_by or not re.fullmatch(r"documents_[0-9a-f]+", row.name):
            raise IndexUnavailable("the index was made by another version or another database")
        sums = Sums(row.documents, row.title_length, row.body_length)
        return Generation(row.name, row.edition, sums)

    def look_over(self, connection: Connection, current: Generation) -> int:
        """See that the table holds what it should, and say how many bytes it takes.

        :raises IndexUnavailable: if documents are missing from it.
        """
        columns = ", ".join(COLUMNS)
        connection.execute(text(f"SELECT {columns} FROM {current.table} LIMIT 1"))
        count, size = connection.execute(
            text(f"SELECT count(*), pg_total_relation_size(:name) FROM {current.table}"),
            {"name": current.table},
        ).one()
        if count != current.sums.documents:
            raise IndexUnavailable("documents have gone from the index")
        return int(size)

    def _maker(self) -> str:
        return f"{VERSION}-{self._owner()}"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Be the only one who writes, among all machines; all is done at the end, or nothing.

        :raises IndexUnavailable: if something is missing or damaged, or another one writes for
            more than a minute.
        """
        with _damage_noticed(), self._engine().begin() as connection:
            connection.execute(text("SELECT set_config('lock_timeout', '60s', true)"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection

    def note(self, connection: Connection, current: Generation, change: Sums) -> None:
        """Take note of what has been added to and taken from a table."""
        connection.execute(
            text(f"""
                UPDATE {POINTER} SET documents = documents + :documents,
                    title_length = title_length + :title_length,
                    body_length = body_length + :body_length, edition = edition + 1
                WHERE name = :name
            """),
            {"name": current.name, **change.as_parameters()},
        )

    def replace(self, connection: Connection, rows: Iterable[Row]) -> Sums:
        """Make a new table and let it be the index, once the connection has committed."""
        name = f"documents_{secrets.token_hex(6)}"
        table = f"{SCHEMA}.{name}"
        self._made_by = self._maker()
        connection.execute(text(PREPARE))
        for statement in (CREATE, CREATE_TERMS):
            connection.execute(text(statement.format(table=table)))
        sums = copy(connection, table, rows)
        connection.execute(text(FINISH.format(table=table)))
        connection.execute(
            text(f"UPDATE {POINTER} SET superseded_at = now() WHERE superseded_at IS NULL")
        )
        connection.execute(
            text(f"""
                INSERT INTO {POINTER} (name, made_by, documents, title_length, body_length)
                VALUES (:name, :made_by, :documents, :title_length, :body_length)
            """),
            {"name": name, "made_by": self._made_by, **sums.as_parameters()},
        )
        return sums

    def sweep(self) -> None:
        """Drop what older rebuilds left, but for what somebody may just be reading."""
        with self.writing() as connection:
            old = connection.scalars(
                text(f"""
                    DELETE FROM {POINTER} WHERE superseded_at < now() - interval '{GRACE}'
                    RETURNING name
                """)
            ).all()
            for name in old:
                table = f"{SCHEMA}.{name}"
                connection.execute(text(f"DROP TABLE IF EXISTS {table}, {table}_terms"))


def copy(connection: Connection, table: str, rows: Iterable[Row]) -> Sums:
    """Copy rows into a table, their terms into the one beside it, and sum them up."""
    count, lengths, terms = 0, [0, 0], set[str]()
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row(row.values)
            terms |= row.terms
            count += 1
            lengths[0] += row.title_length
            lengths[1] += row.body_length
    put = f"INSERT INTO {table}_terms SELECT unnest(CAST(:terms AS text[])) ON CONFLICT DO NOTHING"
    connection.execute(text(put), {"terms": sorted(terms)})
    return Sums(count, *lengths)


@contextmanager
def _damage_noticed() -> Iterator[None]:
    """Say of whatever the database refuses that there is no index, and what takes too long."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, psycopg.errors.QueryCanceled):
            raise TooSlow(_l("This search takes too long. Ask for fewer words.")) from error
        raise IndexUnavailable(f"{type(cause).__name__}: {cause}") from error
