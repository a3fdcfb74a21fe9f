"""The database brought up to date, by one process at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade

from asdg_portal.core.db import db


def init_migrations(app: Flask, folder: Path) -> None:
    """Tell the application where its steps are; SQLite changes tables by copying them."""
    Migrate(app, db, directory=str(folder), render_as_batch=True, compare_type=True)


def migrate(app: Flask, folder: Path) -> None:
    """Bring the database up to date; call it where no other process does the same."""
    with app.app_context():
        head = ScriptDirectory(str(folder)).get_current_head()
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current != head:
            upgrade()


@contextmanager
def one_at_a_time(data_dir: Path) -> Iterator[None]:
    """Keep other processes of this installation out while one prepares the database."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "migration.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
