"""The commands of the search, as scripts rely on them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from tests.factories import World


def run(world: World, *arguments: str, text: str = "") -> tuple[int, str, str]:
    done = world.app.test_cli_runner().invoke(args=["search", *arguments], input=text)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def filled(world: World) -> World:
    world.report(State.PUBLISHED)
    world.practice(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(all_documents())
    return world


def ask(world: World, *arguments: str) -> dict[str, Any]:
    code, said, problem = run(world, "query", *arguments, "--json")
    assert code == 0, problem
    answer: dict[str, Any] = json.loads(said)
    return answer


def test_the_shape_for_scripts(filled: World) -> None:
    answer = ask(filled, "инструкции по делопроизводству")
    assert set(answer) == {"total", "took_ms", "hits", "facets", "suggestion"}
    hit = answer["hits"][0]
    assert set(hit) == {
        "key", "external_id", "kind", "title", "city", "year", "sector", "question", "url",
        "snippet", "score",
    }  # fmt: skip
    assert (hit["kind"], hit["question"], hit["city"]) == ("report", 1, "Омск")
    assert "инструкция" in hit["snippet"]
    assert "<" not in hit["snippet"]
    assert answer["facets"]["city"] == {"omsk": answer["total"]}


def test_it_sees_what_an_anonymous_visitor_sees_unless_it_is_somebody(filled: World) -> None:
    assert ask(filled, "архивам")["total"] == 0
    assert ask(filled, "архивам", "--as", "specialist@example.org")["total"] == 1


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        (["--kind", "practice"], 1),
        (["--city", "Омск"], 5),
        (["--city", "tomsk", "--city", "omsk"], 5),
        (["--question", "0"], 1),
        (["--year", "2026", "--kind", "report"], 4),
        (["--region", "Омская область", "--limit", "1"], 5),
    ],
)
def test_filters_take_names_and_slugs(filled: World, arguments: list[str], total: int) -> None:
    assert ask(filled, "", *arguments)["total"] == total


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "x", "--city", "Казань"], 1),
        (["query", "x", "--as", "nobody@example.org"], 1),
        (["query", "а" * 201], 1),
        (["query", "x", "--limit", "0"], 2),
        (["query", "x", "--kind", "city"], 2),
        (["query", "--batch", "/no/such/file"], 1),
        (["nonsense"], 2),
    ],
)
def test_what_makes_no_sense_is_refused_on_stderr(
    filled: World, arguments: list[str], code: int
) -> None:
    exit_code, said, problem = run(filled, *arguments)
    assert exit_code == code
    assert said == ""
    assert problem


def test_a_batch_answers_line_by_line(filled: World) -> None:
    lines = [
        {"id": "a", "query": "инструкция"},
        {"id": "b", "query": "приёмная", "kind": "practice", "limit": 1},
        {"id": "c", "query": "x", "city": ["Казань"]},
    ]
    code, said, _ = run(filled, "query", "--batch", "-", text="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in said.splitlines()]
    assert [a["id"] for a in answers] == ["a", "b", "c"]
    assert [a.get("total") for a in answers] == [1, 1, None]
    assert answers[2]["error"]
    assert code == 1


def test_a_batch_that_is_no_batch_is_refused(filled: World) -> None:
    assert run(filled, "query", "--batch", "-", text="{}")[0] == 1


def test_people_can_read_the_answer_too(filled: World) -> None:
    code, said, _ = run(filled, "query", "инструкция")
    assert code == 0
    assert said.startswith("Найдено: 1")


def test_drift_is_found_and_put_right(filled: World) -> None:
    assert run(filled, "check") == (0, "Индекс и база данных совпадают.\n", "")
    with filled.app.app_context():
        keys = [key for key, _hash in get_index().hashes()]
        ghost = next(iter(all_documents()))
        get_index().update(put=[], remove=keys[:1])
        get_index().update(put=[_renamed(ghost)], remove=[])
    code, said, _ = run(filled, "check")
    assert code == 1
    assert "лишнее: report:999:1" in said
    assert "нет в индексе" in said
    assert run(filled, "check", "--repair")[0] == 0
    assert run(filled, "check")[0] == 0


def _renamed(document: Any) -> Any:
    return type(document)(
        **{n: getattr(document, n) for n in document.__dataclass_fields__} | {"key": "report:999:1"}
    )


def test_rebuild_and_status(filled: World) -> None:
    assert "7" in run(filled, "rebuild")[1]
    status = json.loads(run(filled, "status", "--json")[1])
    assert status["documents"] == 7
    assert status["healthy"] is True
    assert status["waiting"] == 0
    assert "documents: 7" in run(filled, "status")[1]
