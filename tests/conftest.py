"""A small world to test in: real tables made by the migrations, a real index, people to act as."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from asdg_portal.accounts import passwords
from tests.factories import QUICK, World
from tests.portal import ELSEWHERE, Anew, as_new, fill, inhabited, make_app
from tests.postgres import Server, database_name, on_postgres, running_server
from tests.redis_server import NOT_CHECKED

# What can be left out, by its mark: the option and what is then said aloud.
LEFT_OUT = {
    "browser": ("--no-browser", "страницы в браузере / pages in a browser"),
    "postgres": ("--no-postgres", "работа с PostgreSQL / work with PostgreSQL"),
}


def pytest_configure(config: pytest.Config) -> None:
    """Say of a connection that was left open nothing: SQLite's are left so, too, and silently."""
    if on_postgres():
        config.addinivalue_line("filterwarnings", "ignore:.*deleted while still open")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a machine without a browser or a PostgreSQL server check the rest."""
    for mark, (option, _what) in LEFT_OUT.items():
        parser.addoption(option, action="store_true", help=f"leave out what needs {mark}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the server, and deselect what has been left out."""
    if on_postgres():
        alone = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=alone)
        items[:] = [item for item in items if item not in set(alone)]
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
    skipped = terminalreporter.getreports("skipped")
    if any(NOT_CHECKED in str(report.longrepr) for report in skipped):
        line = f"НЕ ПРОВЕРЕНО / NOT CHECKED: {NOT_CHECKED}"
        terminalreporter.write_line(line, yellow=True, bold=True)


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a small population, made once by the real migrations, and an index."""
    folder = tmp_path_factory.mktemp("populated")
    fill(make_app(folder))
    return folder


@pytest.fixture(scope="session")
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application that the worlds of this process share, one after the other."""
    folder = tmp_path_factory.mktemp("portal")
    if not on_postgres():
        return make_app(folder)
    server: Server = request.getfixturevalue("postgres")
    return make_app(folder, database_url=server.create(), search_engine="postgres")


@pytest.fixture
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with less work; that the portal takes all of it is tested in ``test_passwords``."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)


@pytest.fixture(scope="session")
def anew(portal: Flask, request: pytest.FixtureRequest) -> Anew:
    """Begin the world of the shared portal anew, wherever it stands."""

    @contextmanager
    def begin() -> Iterator[World]:
        if not on_postgres():
            with as_new(portal, request.getfixturevalue("populated")) as world:
                yield world
            return
        url = portal.config["SQLALCHEMY_DATABASE_URI"]
        data: Path = request.getfixturevalue("populated_on_postgres")
        server: Server = request.getfixturevalue("postgres")
        server.renew(url, (data / "database").read_text())
        with as_new(portal, data) as world:
            (world.folder / ELSEWHERE).write_text(url)
            yield world

    return begin


@pytest.fixture
def world(anew: Anew, _quick_passwords: None) -> Iterator[World]:
    """A fresh copy of the population, with its own index and letters."""
    with anew() as world:
        yield world


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server; a test that asks for it is left out by ``--no-postgres``."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def populated_on_postgres(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same population in a PostgreSQL database, whose name lies beside its index."""
    url, folder = postgres.create(), tmp_path_factory.mktemp("populated-on-postgres")
    fill(make_app(folder, database_url=url, search_engine="postgres"))
    (folder / "database").write_text(database_name(url))
    return folder


@pytest.fixture
def world_on_postgres(
    postgres: Server, populated_on_postgres: Path, tmp_path: Path, _quick_passwords: None
) -> Iterator[World]:
    """The world of the tests in a PostgreSQL database and an application of its own."""
    folder = tmp_path / "var"
    shutil.copytree(populated_on_postgres, folder)
    url = postgres.create(template=(folder / "database").read_text())
    with inhabited(make_app(folder, database_url=url, search_engine="postgres")) as world:
        yield world
