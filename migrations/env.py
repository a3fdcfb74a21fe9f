"""How Alembic reaches the database: through the application, in one transaction for all steps."""

from alembic import context
from flask import current_app
from sqlalchemy import Enum

from asdg_portal.core.db import UtcDateTime


def render_item(kind, item, autogen_context):
    """A step of today must not break when the application's own types change tomorrow."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


extension = current_app.extensions["migrate"]
database = extension.db


def run_all_or_nothing(connection):
    """Take the steps in one transaction: whoever is killed half-way begins anew as if never begun.

    SQLite changes a table by copying it and dropping the old one; rows that point to the old one
    would go with it if foreign keys were watched meanwhile, so they are looked at in the end.
    """
    sqlite = connection.dialect.name == "sqlite"
    with connection.begin():
        if sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # its driver begins none for tables
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            **extension.configure_args,
        )
        context.run_migrations()
        if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise RuntimeError(f"a row points to nothing after the change: {tuple(lost)}")


with database.engine.connect() as connection:
    if connection.dialect.name != "sqlite":
        run_all_or_nothing(connection)
    else:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.rollback()
        try:
            run_all_or_nothing(connection)
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
