"""The list and the page of practices, and the import from a file."""

from __future__ import annotations

import json

import pytest

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Practice
from tests.factories import World

LINE = {
    "id": "p1",
    "city": "Омск",
    "sector": "Транспорт",
    "year": 2025,
    "title": "Ночные автобусы",
    "text": "Ввели ночные маршруты.",
}


def test_only_what_is_published_is_listed(world: World) -> None:
    world.practice(State.PUBLISHED, title="Видимая")
    for state in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        world.practice(state, title=f"Скрытая {state}")
    page = world.browser("moderator").get("/practices/").text
    assert "Видимая" in page
    assert "Скрытая" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("city=omsk", True),
        ("city=tomsk", False),
        ("sector=organizatsionnaya-rabota", True),
        ("year=2026", True),
        ("year=2025", False),
        ("year=abc", True),
        ("tag=Обращения граждан", True),
        ("tag=ОБРАЩЕНИЯ ГРАЖДАН", True),
        ("tag=обращения", False),
        ("tag=%25", False),
        ("page=999", False),
        ("page=-1", True),
    ],
)
def test_the_list_can_be_narrowed(world: World, query: str, found: bool) -> None:
    world.practice(State.PUBLISHED, title="Единое окно")
    page = world.browser().get(f"/practices/?{query}")
    assert page.status_code == 200
    assert ("Единое окно" in page.text) is found


def test_contacts_are_for_those_who_have_signed_in(world: World) -> None:
    practice = world.practice(State.PUBLISHED)
    assert "Сидорова" not in world.browser().get(f"/practices/{practice}/").text
    assert "Сидорова" in world.browser("specialist").get(f"/practices/{practice}/").text


def test_the_list_needs_no_more_statements_for_more_rows(world: World) -> None:
    few = world.statements("/practices/", "moderator")
    for number in range(12):
        world.practice(State.PUBLISHED, title=f"Практика {number}")
    assert world.statements("/practices/", "moderator") == few <= 12


def run(world: World, lines: list[object], *arguments: str) -> tuple[int, str, str]:
    file = world.folder / "practices.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = world.app.test_cli_runner().invoke(args=["practices", "import", str(file), *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_an_import_run_twice_stores_once_and_is_found_at_once(world: World) -> None:
    assert run(world, [LINE], "--state", "published")[0] == 0
    code, said, _ = run(world, [LINE], "--state", "published")
    assert code == 0
    assert "Сохранено: 0; уже были: 1" in said
    found = world.app.test_cli_runner().invoke(args=["search", "query", "ночной автобус", "--json"])
    hit = json.loads(found.stdout)["hits"][0]
    assert (hit["external_id"], hit["kind"], hit["question"]) == ("p1", "practice", None)


def test_an_unknown_direction_is_added_and_named(world: World) -> None:
    code, said, _ = run(world, [LINE | {"sector": "Туризм"}])
    assert code == 0
    assert "Туризм" in said
    with world.app.app_context():
        assert db.session.query(Practice).one().sector.name == "Туризм"


@pytest.mark.parametrize(
    "wrong",
    [
        {"city": "Казань"},
        {"year": "давно"},
        {"year": 1},
        {"title": " "},
        {"id": None, "title": ""},
        "текст",
        [],
    ],
)
def test_a_wrong_line_stores_nothing_of_the_file(world: World, wrong: object) -> None:
    line: object = LINE | wrong if isinstance(wrong, dict) else wrong
    code, _, problem = run(world, [LINE, line])
    assert code == 1
    assert "Строка 2" in problem
    with world.app.app_context():
        assert db.session.query(Practice).count() == 0


def test_tags_are_found_in_postgresql_too(world_on_postgres: World) -> None:
    world_on_postgres.practice(State.PUBLISHED, title="Единое окно")
    client = world_on_postgres.browser()
    assert "Единое окно" in client.get("/practices/?tag=обращения ГРАЖДАН").text
    assert "Единое окно" not in client.get("/practices/?tag=обращения").text
    for path in ("/", "/search?q=окно", "/cities/omsk/", "/feeds/practices.atom", "/sitemap.xml"):
        assert client.get(path).status_code == 200
