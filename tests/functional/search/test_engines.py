"""The portal with each engine: switching is one setting, and what breaks comes back by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from asdg_portal.core.db import db
from asdg_portal.core.installation import renew_identity
from asdg_portal.moderation.models import State
from asdg_portal.search import health, sources
from asdg_portal.search.index import IndexUnavailable, Request
from asdg_portal.search.postgres_engine.tables import POINTER, SCHEMA
from asdg_portal.search.query import parse
from asdg_portal.search.sources import get_index
from tests.factories import World
from tests.functional.moderation.test_desk import press
from tests.portal import inhabited, make_app

Worlds = Callable[[str], World]


@pytest.fixture(params=["whoosh", "tantivy", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A world that was set up with another engine and now starts with this one."""
    engine = request.param
    if engine == "postgres":
        before: World = request.getfixturevalue("world_on_postgres")
        settings = {"database_url": before.app.config["SQLALCHEMY_DATABASE_URI"]}
        with before.app.app_context():
            db.session.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
            db.session.commit()
    else:
        before = request.getfixturevalue("world_of_another_engine")(engine)
        settings = {}
    app = make_app(before.folder, search_engine=engine, **settings)
    app.extensions["prepare"]()
    with inhabited(app) as world:
        yield world


@pytest.fixture
def world_of_another_engine(populated: Path, tmp_path: Path) -> Iterator[Worlds]:
    """A world whose index was made by tantivy for whoosh, and the other way round."""
    with ExitStack() as stack:

        def make(engine: str) -> World:
            shutil.copytree(populated, tmp_path / "var")
            other = {"whoosh": "tantivy", "tantivy": "whoosh"}[engine]
            app = make_app(tmp_path / "var", search_engine=other)
            app.extensions["prepare"]()
            return stack.enter_context(inhabited(app))

        yield make


def found(world: World, words: str) -> set[str]:
    """The addresses an anonymous visitor finds."""
    with world.app.app_context():
        request = Request(parse(words), frozenset({"public"}))
        return {hit.document.url for hit in get_index().search(request).hits}


def test_a_text_is_found_once_published_and_gone_once_withdrawn(world: World) -> None:
    report, staff = world.report(State.SUBMITTED), world.browser("moderator")
    assert press(staff, world, report, "publish").status_code == 303
    with world.app.app_context():
        world.drain()
    assert found(world, "инструкциями") == {f"/reports/{report}/#q1"}
    page = world.browser().get("/search?q=инструкциями&sort=newest").text
    assert f"/reports/{report}/#q1" in page
    assert press(staff, world, report, "withdraw", reason="Ошибка").status_code == 303
    assert f"/reports/{report}/#q1" not in world.browser().get("/search?q=инструкциями").text
    with world.app.app_context():
        world.drain()
    assert found(world, "инструкциями") == set()


def test_who_dies_between_the_index_and_the_outbox_loses_and_doubles_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, report, "publish")
    index = world.app.extensions["search_index"]
    update = index.update

    def die_after(put: object, remove: object) -> None:
        update(put, remove)
        raise KeyboardInterrupt

    with world.app.app_context():
        monkeypatch.setattr(index, "update", die_after)
        with pytest.raises(KeyboardInterrupt):
            world.drain()
        db.session.rollback()
        monkeypatch.undo()
        db.session.execute(text("UPDATE outbox SET claimed_until = NULL"))  # its claim runs out
        db.session.commit()
        assert sources.outdated_keys()
        world.drain()
        assert not sources.outdated_keys()
        assert not health.find_drift()
    assert found(world, "инструкциями") == {f"/reports/{report}/#q1"}


def spoil(world: World) -> None:
    """Break the index of a portal that is at work."""
    with world.app.app_context():
        if world.app.extensions["portal_config"].search_engine == "postgres":
            name = db.session.scalar(
                text(f"SELECT name FROM {POINTER} WHERE superseded_at IS NULL")
            )
            db.session.execute(text(f"TRUNCATE {SCHEMA}.{name}"))
            db.session.commit()
        for path in (world.folder / "index").rglob("*"):
            if path.suffix in {".seg", ".store", ".idx"}:
                path.write_bytes(b"garbage")


def test_damage_is_healed_while_people_search(world: World) -> None:
    report = world.report(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(sources.all_documents())
    browser = world.browser()
    assert f"/reports/{report}/#q1" in browser.get("/search?q=инструкция").text
    spoil(world)
    assert browser.get("/search?q=инструкция").status_code in (200, 503)
    with world.app.app_context():
        health.chore().do()
    assert f"/reports/{report}/#q1" in browser.get("/search?q=инструкция").text


def test_an_index_of_another_database_is_made_anew_at_the_next_look(world: World) -> None:
    with world.app.app_context():
        assert not health.heal()
        renew_identity()
        assert health.heal()
        assert not health.heal()


def test_a_check_finds_what_was_altered_and_repairs_it(world: World) -> None:
    world.report(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(sources.all_documents())
        assert not health.find_drift()
        spoil(world)
        try:
            health.find_drift(repair=True)
        except IndexUnavailable:
            pytest.fail("a damaged index is made anew by the check itself")
        assert not health.find_drift()
