"""Everything that cannot be made again, in one file: the database and the uploaded files.

The index and the queue are not in it: the index is rebuilt, the queue is part of the database.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import make_url

from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError

DATABASE, UPLOADS = "database", "uploads"
INDEX = "search"  # a schema that can be made again, as the folder of an index can
PATIENCE = 3600  # seconds for pg_dump and pg_restore


def back_up(target: Path, data_dir: Path) -> None:
    """Write a backup while the portal goes on working; a half-written one never has the name.

    :raises PortalError: if the file cannot be written or pg_dump is missing.
    """
    temporary = target.with_name(target.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            snapshot = Path(folder) / DATABASE
            _dump(snapshot)
            with tarfile.open(temporary, "w:gz", compresslevel=3) as archive:
                archive.add(snapshot, DATABASE)
                # Files are only ever added, so whatever the snapshot names is here by now.
                if (data_dir / UPLOADS).is_dir():
                    archive.add(data_dir / UPLOADS, UPLOADS)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise PortalError(_("The backup cannot be written: %(error)s", error=error)) from error


def restore(source: Path, data_dir: Path) -> None:
    """Put a backup in the place of an empty database and add its files.

    :raises PortalError: if this is no backup of the portal.
    """
    with tempfile.TemporaryDirectory(dir=data_dir) as folder:
        try:
            with tarfile.open(source) as archive:
                archive.extractall(folder, filter="data")
        except (OSError, tarfile.TarError, EOFError) as error:
            raise PortalError(_("This is not a backup: %(error)s", error=error)) from error
        snapshot = Path(folder) / DATABASE
        if not snapshot.is_file():
            raise PortalError(_("This is not a backup of the portal: there is no database in it."))
        _load(snapshot)
        if (Path(folder) / UPLOADS).is_dir():
            shutil.copytree(Path(folder) / UPLOADS, data_dir / UPLOADS, dirs_exist_ok=True)


def _dump(snapshot: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        path = str(db.engine.url.database)
        with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(snapshot)) as copy:
            live.backup(copy)
    else:
        _run("pg_dump", "--format=custom", f"--exclude-schema={INDEX}", f"--file={snapshot}",
             "--dbname", _address())  # fmt: skip


def _load(snapshot: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(snapshot)) as copy:
            if not _is_sound(copy):
                raise PortalError(_("The database in the backup is damaged."))
            with closing(sqlite3.connect(str(db.engine.url.database))) as live:
                copy.backup(live)
    else:
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
             "--dbname", _address(), str(snapshot))  # fmt: skip


def _is_sound(copy: sqlite3.Connection) -> bool:
    """Whether this is a whole database, and one of a portal: others have no such first table."""
    try:
        step = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        return step is not None and copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return False


def _address() -> str:
    url = make_url(db.engine.url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise PortalError(_("%(program)s is needed for this: install the PostgreSQL client.", program=program))  # fmt: skip  # noqa: E501
    done = subprocess.run(  # noqa: S603  a program of the system with our own arguments
        [path, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode != 0:
        raise PortalError(done.stderr.strip() or program)
