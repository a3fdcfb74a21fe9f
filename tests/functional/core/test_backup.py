"""A backup restored into an empty folder answers as the old one; a broken one changes nothing."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from asdg_portal.core.db import Base, db
from asdg_portal.core.installation import Installation, identity
from asdg_portal.moderation.models import State
from asdg_portal.search.index import Request
from asdg_portal.search.query import parse
from asdg_portal.search.sources import get_index
from tests.factories import World
from tests.functional.moderation.test_desk import press
from tests.portal import make_app
from tests.postgres import Server

UPLOAD = bytes(range(256)) * 40
PUBLIC = frozenset({"public"})
NAME = Path("uploads", hashlib.sha256(UPLOAD).hexdigest())
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> World:
    """A world with something found, something hidden and a file."""
    kind = "world" if request.param == "sqlite" else "world_on_postgres"
    world: World = request.getfixturevalue(kind)
    item = world.report(State.SUBMITTED)
    assert press(world.browser("moderator"), world, item, "publish").status_code == 303
    world.report(State.DRAFT, sector="Культура")
    (world.folder / NAME).parent.mkdir()
    (world.folder / NAME).write_bytes(UPLOAD)
    with world.app.app_context():
        world.drain()
    return world


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> Iterator[Flask]:
    """A new installation on the same kind of database, with nobody in it."""
    folder = tmp_path / "elsewhere"
    with world.app.app_context():
        on_postgres = db.engine.dialect.name == "postgresql"
    server: Server | None = request.getfixturevalue("postgres") if on_postgres else None
    app = make_app(
        folder, **({"database_url": server.create(), "search_engine": "postgres"} if server else {})
    )
    app.extensions["prepare"]()
    yield app
    with app.app_context():
        db.engine.dispose()


def command(app: Flask, *words: str | Path) -> Result:
    """Give a command as one would in a shell."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def content(app: Flask) -> dict[str, object]:
    """What the portal knows: every row, what an anonymous visitor finds, and the files.

    But not what the database is called: a restored one is another, whose index is made anew.
    """
    with app.app_context():
        rows = {
            table.name: [tuple(row) for row in db.session.execute(select(table)).all()]
            for table in Base.metadata.sorted_tables
            if table.name != Installation.__tablename__
        }
        request = Request(query=parse("инструкции по делопроизводству"), audiences=PUBLIC)
        found = [hit.document for hit in get_index().search(request).hits]
        folder = app.extensions["portal_config"].data_dir
        files = {p.name: p.read_bytes() for p in folder.glob("uploads/*")}
    return {"rows": rows, "found": found, "files": files}


def test_what_is_restored_is_what_there_was(world: World, elsewhere: Flask, tmp_path: Path) -> None:
    archive, before = tmp_path / "backup.tar.gz", content(world.app)
    assert before["found"]
    assert command(world.app, "backup", archive).exit_code == 0
    restored = command(elsewhere, "restore", archive)
    assert restored.exit_code == 0, restored.output
    assert content(elsewhere) == before
    names = set()
    for app in (world.app, elsewhere):
        with app.app_context():
            names.add(identity())
    assert len(names) == 2
    page = "/reports/1/"
    texts = {app.test_client().get(page).text for app in (world.app, elsewhere)}
    assert len(texts) == 1
    assert "Принята новая инструкция" in texts.pop()


def test_a_portal_that_people_work_with_is_not_overwritten(world: World, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    command(world.app, "backup", archive)
    world.practice()
    before = content(world.app)
    refused = command(world.app, "restore", archive)
    assert refused.exit_code == 1
    assert content(world.app) == before
    assert command(world.app, "restore", archive, "--replace").exit_code == 0
    with world.app.app_context():
        table = Base.metadata.tables["practice_revision"]
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def _archive(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def _broken(world: World, folder: Path) -> dict[str, bytes]:
    """Files that are no backups of a portal, or no longer."""
    whole = folder / "whole.tar.gz"
    command(world.app, "backup", whole)
    evil = {"uploads/evil": b"x"}
    return {
        "empty": b"",
        "no archive": b"not an archive at all",
        "truncated": whole.read_bytes()[:-2000],
        "no database": _archive({"readme": b"nothing of ours"}),
        "no database inside": _archive({"database": b"neither SQLite nor a dump"} | evil),
        "a damaged one": _archive({"database": b"SQLite format 3\0" + b"\x10\0" * 100} | evil),
        "an empty one": _archive({"database": b""} | evil),
        "a stranger's": _archive({"database": _foreign_database(folder)} | evil),
        "one that breaks out": _archive({"../../outside": b"x", "database": b""}),
    }


def test_a_broken_backup_is_refused_and_nothing_changes(world: World, tmp_path: Path) -> None:
    archive, before = tmp_path / "backup.tar.gz", content(world.app)
    for what, data in _broken(world, tmp_path).items():
        archive.write_bytes(data)
        refused = command(world.app, "restore", archive, "--replace")
        assert refused.exit_code == 1, what
        assert refused.stderr.strip(), what
        assert "Traceback" not in refused.output, what
        assert content(world.app) == before, what
    assert not (tmp_path.parent / "outside").exists()
    assert not list(world.folder.glob("tmp*"))


def _foreign_database(folder: Path) -> bytes:
    """A good database of another program."""
    path = folder / "foreign.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE contacts (name TEXT)")
    other.close()
    return path.read_bytes()


def test_a_backup_that_cannot_be_written_says_so(world: World, tmp_path: Path) -> None:
    refused = command(world.app, "backup", tmp_path / "no-such-folder" / "backup.tar.gz")
    assert refused.exit_code == 1
    assert refused.stderr.strip()
