"""The portal that is tested: applications of a test's own, and one that all of them share."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from asdg_portal import create_app, init_background
from asdg_portal.accounts.models import SignIn
from asdg_portal.accounts.sessions import hash_token
from asdg_portal.config import Config
from asdg_portal.core.db import db
from asdg_portal.core.outbox import drain_all
from asdg_portal.search.sources import get_index
from tests.factories import World, populate

SECRET = "for tests only"
Anew = Callable[[], AbstractContextManager[World]]
ELSEWHERE = "database-url"  # a file that says where the database is if it is not beside it


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


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of a run."""

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


def make_config(folder: Path, **changes: Any) -> Config:
    """Settings of an installation in a folder of its own.

    The database is a file there, unless the world of that folder stands in PostgreSQL.
    """
    elsewhere = folder / ELSEWHERE
    url = elsewhere.read_text() if elsewhere.is_file() else f"sqlite:///{folder}/portal.db"
    settings: dict[str, Any] = {
        "data_dir": folder,
        "secret_key": SECRET,
        "database_url": url,
        "search_engine": "postgres" if elsewhere.is_file() else "whoosh",
        "redis_url": None,
        "mail_url": None,
        "mail_from": "portal@asdg.example",
        "base_url": "http://localhost",
        "production": False,
        "testing": True,
    }
    return Config(**settings | changes)


def make_app(folder: Path, **changes: Any) -> Flask:
    """An application whose clients behave like browsers; it takes a tenth of a second."""
    app = create_app(make_config(folder, **changes))
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = COMPILED
    return app


def fill(app: Flask) -> None:
    """Make the tables by the real migrations, an index, and a small population."""
    app.extensions["prepare"]()
    with app.app_context():
        populate()
        get_index().rebuild([])
        db.engine.dispose()


@contextmanager
def inhabited(app: Flask) -> Iterator[World]:
    """Give the people of an application to a test."""
    folder = app.extensions["portal_config"].data_dir
    try:
        yield World(app, folder, sign_in=lambda user_id: _sign_in(app, user_id), drain=drain_all)
        assert not has_app_context(), "what is done next would belong to this test's user"
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def as_new(app: Flask, data: Path) -> Iterator[World]:
    """Let an application begin with a copy of ``data``, knowing nothing of what has been before.

    What it does not know of its data (addresses, templates, statements already compiled) it keeps.
    All that it does know stands in its folder, its settings or its extensions.
    """
    config = app.extensions["portal_config"]
    settings, extensions, threads = {**app.config}, {**app.extensions}, {*threading.enumerate()}
    shutil.rmtree(config.data_dir, ignore_errors=True)
    shutil.copytree(data, config.data_dir)
    init_background(app, config)
    try:
        with inhabited(app) as world:
            yield world
        left = {thread for thread in threading.enumerate() if thread.is_alive()} - threads
        assert not left, "they would go on in the world of the next test"
    finally:
        for now, before in ((app.config, settings), (app.extensions, extensions)):
            now.clear()
            now.update(before)


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
