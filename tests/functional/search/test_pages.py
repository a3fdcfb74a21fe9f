"""The search page: what it finds for whom, and that nothing typed into it breaks it."""

from __future__ import annotations

import re

import pytest

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.search import health
from asdg_portal.search.sources import all_documents, get_index
from tests.factories import World
from tests.postgres import on_postgres


def index_all(world: World) -> None:
    with world.app.app_context():
        get_index().rebuild(all_documents())


def hits(world: World, query: str, name: str | None = None) -> list[str]:
    """The addresses that a search leads to."""
    page = world.browser(name).get(f"/search?{query}")
    assert page.status_code == 200
    return re.findall(r'<h3><a href="([^"]+)"', page.text)


def test_every_form_of_a_word_is_found_and_marked(world: World) -> None:
    report = world.report(State.PUBLISHED)
    index_all(world)
    assert hits(world, "q=инструкцией") == [f"/reports/{report}/#q1"]
    assert hits(world, "q=человеку") == []
    assert "<mark>инструкция</mark>" in world.browser().get("/search?q=инструкций").text


@pytest.mark.parametrize(
    ("name", "sees"),
    [(None, False), ("specialist", True), ("tomsk", True), ("moderator", True)],
)
def test_answers_for_members_are_found_by_members(
    world: World, name: str | None, *, sees: bool
) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    assert bool(hits(world, "q=архивам", name)) is sees
    page = world.browser(name).get("/search").text
    assert ("4. Помощь АСДГ" in page) is sees  # not even the count of a facet tells of them


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED])
def test_what_is_not_published_is_found_by_nobody(world: World, state: State) -> None:
    world.report(state)
    world.practice(state)
    index_all(world)
    assert hits(world, "q=инструкция приёмная", "moderator") == []


def test_a_withdrawn_text_is_gone_before_the_index_follows(world: World) -> None:
    report = world.report(State.PUBLISHED)
    index_all(world)
    with world.app.app_context():
        version = str(db.session.connection().exec_driver_sql(
            f"SELECT version FROM submission WHERE id = {report}").scalar())  # fmt: skip
    fields = {"act": "withdraw", "reason": "Проверяем", "version": version}
    assert world.browser("moderator").post(f"/desk/{report}/", data=fields).status_code == 303
    assert hits(world, "q=инструкция") == []
    with world.app.app_context():
        world.drain()
    assert hits(world, "q=инструкция") == []


FILTERS = [
    ("kind=report", 1), ("kind=practice", 0), ("city=omsk", 1), ("city=Омск", 1), ("city=tomsk", 0),
    ("region=omskaya-oblast", 1), ("sector=Организационная работа", 1), ("year=2026", 1),
    ("year=2025", 0), ("question=1", 1), ("question=2", 0), ("city=tomsk&city=omsk", 1),
    ("city=Казань", 0), ("kind=nothing", 0), ("year=давно", 0), ("question=99", 0),
]  # fmt: skip


@pytest.mark.parametrize(("narrowed", "found"), FILTERS)
def test_the_search_can_be_narrowed(world: World, narrowed: str, found: int) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    assert len(hits(world, f"q=инструкция&{narrowed}")) == found


def test_a_filter_is_a_chip_that_can_be_taken_off(world: World) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    page = world.browser().get("/search?q=инструкция&city=tomsk").text
    chip = re.search(r'<a class="chip" href="([^"]+)"', page)
    assert chip
    assert "city" not in chip[1]
    assert "С этими фильтрами ничего не найдено" in page
    unknown = world.browser().get("/search?q=инструкция&city=Казань").text
    assert "ничего с таким названием нет" in unknown


def test_words_typed_in_the_other_layout_are_understood(world: World) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    page = world.browser().get("/search?q=bycnherwbz").text
    assert "инструкция" in page
    assert "инструкция" not in world.browser().get("/search?q=qwerty").text


MANY_WORDS = " ".join(f"{n}-й" for n in range(21))
ODD = [
    "", "   ", '"', "-", "*", "a*", "AND OR NOT", "title:x", "(((", "\\", "%", "_", "\x00", "😀",
    "\u202e", "'; DROP TABLE submission; --", "<script>alert(1)</script>", "-" * 200,
    "а" * 200, '"' + "слово " * 15 + '"', "440-р", "ё", "и в на",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_any_text_is_a_question(world: World, text: str) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    page = world.browser().get("/search", query_string={"q": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("text", ["а" * 201, MANY_WORDS, "x" * 10_000])
def test_a_question_beyond_the_limits_is_refused_and_given_back(world: World, text: str) -> None:
    page = world.browser().get("/search", query_string={"q": text})
    assert page.status_code == 400
    assert "может быть не больше" in page.text
    assert text.strip()[:50] in page.text


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9999999", "2"])
def test_a_wrong_page_is_an_empty_one(world: World, page: str) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    assert world.browser().get(f"/search?q=инструкция&page={page}").status_code == 200


@pytest.mark.parametrize("sort", ["relevance", "newest", "city", "nonsense"])
def test_hits_come_in_the_order_asked_for(world: World, sort: str) -> None:
    for city in ("Томск", "Омск"):
        world.report(State.PUBLISHED, city=city)
    index_all(world)
    found = world.browser().get(f"/search?q=инструкция&sort={sort}").text
    cities = re.findall(r"<h3><a [^>]+>(\w+) —", found)
    assert sorted(cities) == ["Омск", "Томск"]
    if sort == "city":
        assert cities == ["Омск", "Томск"]


@pytest.mark.sqlite
def test_a_missing_index_is_said_and_healed(world: World) -> None:
    world.report(State.PUBLISHED)
    (world.folder / "index" / "current").unlink()
    page = world.browser().get("/search?q=инструкция")
    assert page.status_code == 503
    assert "строится заново" in page.text
    with world.app.app_context():
        assert health.heal()
        assert not health.heal()
    assert hits(world, "q=инструкция")


def test_a_search_needs_no_more_statements_for_more_hits(world: World) -> None:
    world.report(State.PUBLISHED)
    index_all(world)
    few = world.statements("/search?q=инструкция", "moderator")
    for city in ("Томск", "Чита", "Якутск", "Бийск"):
        world.report(State.PUBLISHED, city=city)
    index_all(world)
    most = 20 if on_postgres() else 12
    assert world.statements("/search?q=инструкция", "moderator") == few <= most
