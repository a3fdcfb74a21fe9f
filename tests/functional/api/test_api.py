"""The addresses for scripts and for those who run the portal."""

from __future__ import annotations

import json
import re

import pytest

from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from tests.factories import World


@pytest.fixture
def filled(world: World) -> World:
    world.report(State.PUBLISHED)
    world.practice(State.PUBLISHED)
    world.report(State.SUBMITTED, city="Томск")
    with world.app.app_context():
        get_index().rebuild(all_documents())
    return world


def test_the_search_answers_as_the_command_does(filled: World) -> None:
    answer = filled.browser().get("/api/v1/search?q=инструкции&city=Омск&limit=1").json
    command = filled.app.test_cli_runner().invoke(
        args=["search", "query", "инструкции", "--city", "Омск", "--limit", "1", "--json"]
    )
    said = json.loads(command.stdout)
    assert answer is not None
    assert answer | {"took_ms": 0} == said | {"took_ms": 0}


@pytest.mark.parametrize(("name", "total"), [(None, 0), ("specialist", 1)])
def test_the_search_obeys_who_asks(filled: World, name: str | None, total: int) -> None:
    answer = filled.browser(name).get("/api/v1/search?q=архивам").json
    assert answer is not None
    assert answer["total"] == total


@pytest.mark.parametrize("kind", ["reports", "practices"])
def test_published_texts_are_listed_and_given(filled: World, kind: str) -> None:
    listed = filled.browser("moderator").get(f"/api/v1/{kind}").json
    assert listed is not None
    assert listed["total"] == 1
    assert listed["next"] is None
    one = filled.browser().get(f"/api/v1/{kind}/{listed['items'][0]['id']}").json
    assert one is not None
    assert one["city"] == "Омск"
    assert "Нужны методические рекомендации" not in json.dumps(one, ensure_ascii=False)
    assert one["parts"]


def test_members_are_given_the_answers_for_members(filled: World) -> None:
    listed = filled.browser().get("/api/v1/reports").json
    assert listed is not None
    one = filled.browser("specialist").get(f"/api/v1/reports/{listed['items'][0]['id']}").text
    assert "методические рекомендации" in json.dumps(json.loads(one), ensure_ascii=False)


def test_a_long_list_has_pages(world: World) -> None:
    for city in ("Омск", "Томск", "Чита"):
        world.practice(State.PUBLISHED, city=city)
    client, seen = world.browser(), []
    address: str | None = "/api/v1/practices?limit=1"
    while address:
        page = client.get(address).json
        assert page is not None
        seen += [item["city"] for item in page["items"]]
        address = page["next"]
    assert sorted(seen) == ["Омск", "Томск", "Чита"]


@pytest.mark.parametrize("path", ["cities", "sectors", "campaigns"])
def test_the_lists_of_the_portal(world: World, path: str) -> None:
    answer = world.browser().get(f"/api/v1/{path}").json
    assert isinstance(answer, list)
    assert answer


@pytest.mark.parametrize(
    "path",
    [
        "search?limit=0", "search?limit=101", "search?limit=x", "search?page=-1",
        "search?sort=random", "search?city=Казань", "search?year=давно", "search?question=77",
        "search?kind=city", "search?query=x", "search?q=" + "а" * 201,
        "reports?city=Казань", "reports?sector=Астрономия", "reports?year=x", "reports?q=x",
        "practices?limit=1.5", "cities?x=1",
    ],
)  # fmt: skip
def test_malformed_input_is_a_problem(filled: World, path: str) -> None:
    answer = filled.browser().get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    problem = json.loads(answer.text)
    assert problem["status"] == 400
    assert re.search("[а-я]", problem["detail"])


def test_a_problem_is_told_in_english_too(world: World) -> None:
    answer = world.browser().get("/api/v1/search?limit=0&lang=en")
    assert "must be a number" in answer.text


@pytest.mark.parametrize("path", ["reports/999", "practices/999", "reports/99999999999"])
def test_what_is_not_published_does_not_exist(filled: World, path: str) -> None:
    assert filled.browser("moderator").get(f"/api/v1/{path}").status_code == 404


def test_a_report_is_no_practice(world: World) -> None:
    report = world.report(State.PUBLISHED)
    assert world.browser().get(f"/api/v1/practices/{report}").status_code == 404


def test_the_description_names_every_address(world: World) -> None:
    described = world.browser().get("/api/v1/openapi.json").json
    assert described is not None
    rules = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert set(described["paths"]) == rules
    assert all(path["get"]["summary"] for path in described["paths"].values())


@pytest.mark.sqlite
def test_health(filled: World) -> None:
    client = filled.browser()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json == {"status": "ok", "database": True, "index": True}
    assert 'portal_submissions{state="published"} 2' in client.get("/metrics").text
    (filled.folder / "index" / "current").unlink()
    assert client.get("/readyz").status_code == 503
    assert client.get("/api/v1/search?q=x").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_json_is_written_in_russian_letters_and_iso_moments(filled: World) -> None:
    client = filled.browser()
    assert "Омск" in client.get("/api/v1/search?q=инструкции").text
    listed = client.get("/api/v1/reports").text
    assert re.search(r'"published_at": ?"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^"]*\+00:00"', listed)
    assert "\\u04" not in client.get("/api/v1/search?bad=1").text
