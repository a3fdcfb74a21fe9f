"""A small world to test in: real tables made by the migrations, a real index, people to act as."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from asdg_portal import create_app
from asdg_portal.accounts.models import SignIn
from asdg_portal.accounts.sessions import hash_token
from asdg_portal.config import Config
from asdg_portal.core.db import db
from asdg_portal.core.outbox import drain_all
from asdg_portal.search.sources import get_index
from tests.factories import World, populate
from tests.postgres import Server, database_name, running_server

SECRET = "for tests only"

# What can be left out, by its mark: the option and what is then said aloud.
LEFT_OUT = {
    "browser": ("--no-browser", "страницы в браузере / pages in a browser"),
    "postgres": ("--no-postgres", "работа с PostgreSQL / work with PostgreSQL"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a machine without a browser or a PostgreSQL server check the rest."""
    for mark, (option, _what) in LEFT_OUT.items():
        parser.addoption(option, action="store_true", help=f"leave out what needs {mark}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the server, and deselect what has been left out."""
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
    for mark, (option, _what) in LEFT_OUT.items():
        if config.getoption(option):
            out = [item for item in items if item.get_closest_marker(mark)]
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if item not in set(out)]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say aloud what a green line does not speak of."""
    for option, what in LEFT_OUT.values():
        if config.getoption(option):
            line = f"НЕ ПРОВЕРЕНО / NOT CHECKED ({option}): {what}"
            terminalreporter.write_line(line, yellow=True, bold=True)


class Browser(FlaskClient):
    """A client that sends the token of its own session with every change, as a page would."""

    with_token = True

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Make a request."""
        changes = kwargs.get("method", "GET") not in {"GET", "HEAD"}
        if changes and self.with_token:
            with self.session_transaction() as session:
                session["csrf_token"] = "known"
            token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("known")
            kwargs["headers"] = {"X-CSRFToken": str(token)} | dict(kwargs.get("headers") or {})
        return super().open(*args, **kwargs)


def make_config(folder: Path, **changes: Any) -> Config:
    """Settings of an installation in a folder of its own."""
    settings: dict[str, Any] = {
        "data_dir": folder,
        "secret_key": SECRET,
        "database_url": f"sqlite:///{folder}/portal.db",
        "search_engine": "whoosh",
        "redis_url": None,
        "mail_url": None,
        "mail_from": "portal@asdg.example",
        "base_url": "http://localhost",
        "production": False,
        "testing": True,
    }
    return Config(**settings | changes)


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of a run: every test has its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """Keep the languages apart: their templates differ by the words in them."""
        language = getattr(environment, "language", "")
        return super().get_bucket(environment, f"{language}/{name}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is known of a template; it is checked against the template's text."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has been compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_app(folder: Path, **changes: Any) -> Flask:
    """An application whose clients behave like browsers."""
    app = create_app(make_config(folder, **changes))
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small population, made once by the real migrations, and an index."""
    folder = tmp_path_factory.mktemp("populated")
    _populate(make_app(folder))
    return folder


def _populate(app: Flask) -> None:
    app.extensions["prepare"]()
    with app.app_context():
        populate()
        get_index().rebuild([])
        db.engine.dispose()


@pytest.fixture
def world(populated: Path, tmp_path: Path) -> Iterator[World]:
    """A fresh copy of the population, with its own index and letters."""
    folder = tmp_path / "var"
    shutil.copytree(populated, folder)
    yield from _world(make_app(folder), folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; a test that asks for it is left out by ``--no-postgres``."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def populated_on_postgres(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same population in a PostgreSQL database, whose name lies beside its index."""
    url, folder = postgres.create(), tmp_path_factory.mktemp("populated-on-postgres")
    _populate(make_app(folder, database_url=url))
    (folder / "database").write_text(database_name(url))
    return folder


@pytest.fixture
def world_on_postgres(
    postgres: Server, populated_on_postgres: Path, tmp_path: Path
) -> Iterator[World]:
    """The world of the tests in a PostgreSQL database of its own."""
    folder = tmp_path / "var"
    shutil.copytree(populated_on_postgres, folder)
    url = postgres.create(template=(folder / "database").read_text())
    yield from _world(make_app(folder, database_url=url), folder)


def _world(app: Flask, folder: Path) -> Iterator[World]:
    yield World(app, folder, sign_in=lambda user_id: _sign_in(app, user_id), drain=drain_all)
    with app.app_context():
        db.engine.dispose()


def _sign_in(app: Flask, user_id: int | None) -> FlaskClient:
    client = app.test_client()
    if user_id is not None:
        token = f"token of {user_id}"
        with app.app_context():
            if db.session.query(SignIn).filter_by(token_hash=hash_token(token)).first() is None:
                db.session.add(SignIn(token_hash=hash_token(token), user_id=user_id))
                db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
    return client
