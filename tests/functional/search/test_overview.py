"""Which engine works and when another is right, as commands and administrators see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asdg_portal.moderation.models import State
from asdg_portal.search import overview
from asdg_portal.search.sources import all_documents, get_index
from tests.factories import World
from tests.portal import inhabited, make_app


@pytest.fixture
def filled(world: World) -> World:
    """A world with some texts in the index."""
    world.report(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(all_documents())
    return world


def advice(world: World) -> str:
    done = world.app.test_cli_runner().invoke(args=["search", "status", "--json"])
    found: str = json.loads(done.stdout)["advice"]
    return found


def test_an_engine_that_is_right_is_left_alone(filled: World) -> None:
    assert advice(filled) == "Этот движок подходит для такого архива."


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "value"), [("MOST_FOR_WHOOSH", 3), ("SLOW", 0.0)])
def test_an_archive_outgrows_the_first_engine_by_number_or_by_time(
    filled: World, monkeypatch: pytest.MonkeyPatch, name: str, value: float
) -> None:
    monkeypatch.setattr(overview, name, value)
    assert "ASDG_SEARCH_ENGINE=tantivy" in advice(filled)


def test_several_machines_share_an_index_only_in_the_database(filled: World) -> None:
    filled.app.config["SEVERAL_MACHINES"] = True
    assert advice(filled) == "Этот движок подходит для такого архива."  # with SQLite there is none


@pytest.mark.postgres
def test_several_machines_on_postgres_are_told(world_on_postgres: World) -> None:
    url = world_on_postgres.app.config["SQLALCHEMY_DATABASE_URI"]
    app = make_app(world_on_postgres.folder, database_url=url, search_engine="whoosh")
    with inhabited(app) as world:
        app.config["SEVERAL_MACHINES"] = True
        assert "ASDG_SEARCH_ENGINE=postgres" in advice(world)


@pytest.mark.sqlite
def test_administrators_see_it_on_a_page(filled: World) -> None:
    page = filled.browser("admin").get("/admin/search/").text
    assert "whoosh" in page
    assert "Этот движок подходит" in page
    assert "МБ" in page
    index: Path = filled.folder / "index" / "current"
    index.unlink()
    page = filled.browser("admin").get("/admin/search/").text
    assert "построится заново" in page
    assert "there is no index yet" in page
