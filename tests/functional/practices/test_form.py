"""A practice as its city writes it: nothing typed is lost, and only its city writes."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Practice, PracticeRevision
from tests.factories import World, find_sector


def revision(world: World, practice_id: int) -> PracticeRevision:
    newest = db.session.get_one(Practice, practice_id).current
    assert isinstance(newest, PracticeRevision)
    return newest


def text(world: World, practice_id: int, name: str) -> str:
    with world.app.app_context():
        return str(getattr(revision(world, practice_id), name))


def version(page: TestResponse) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
    assert found
    return found[1]


def save(client: FlaskClient, practice_id: int, **fields: str) -> TestResponse:
    return client.post(f"/practices/{practice_id}/edit", data=fields)


def test_it_begins_with_a_name_and_goes_on_in_the_form(world: World) -> None:
    client = world.browser("omsk")
    with world.app.app_context():
        sector = find_sector("Транспорт").id
    fields = {"title": "Карта маршрутов", "sector": sector, "year": 2026}
    page = client.post("/practices/new", data=fields)
    assert page.status_code == 303
    form = client.get(page.location)
    assert "Карта маршрутов" in form.text
    assert "omsk@example.org" in form.text  # the contact begins with who writes


@pytest.mark.parametrize(
    "fields", [{}, {"title": " "}, {"title": "x", "sector": "999", "year": "1"}]
)
def test_a_beginning_without_a_name_is_given_back(world: World, fields: dict[str, str]) -> None:
    page = world.browser("omsk").post("/practices/new", data=fields)
    assert page.status_code == 400
    with world.app.app_context():
        assert db.session.query(Practice).count() == 0


@pytest.mark.parametrize("name", ["specialist", "moderator", "admin"])
def test_only_representatives_begin(world: World, name: str) -> None:
    assert world.browser(name).get("/practices/new").status_code == 404
    assert world.browser(name).post("/practices/new", data={"title": "x"}).status_code == 404


def test_a_save_keeps_what_was_not_sent(world: World) -> None:
    practice = world.practice()
    client = world.browser("omsk")
    assert save(client, practice, problem="Новая проблема.\r\n\r\n- раз").status_code == 303
    assert text(world, practice, "problem") == "Новая проблема.\n\n- раз"
    assert text(world, practice, "solution") == "Создана электронная приёмная."


def test_tags_are_tidied(world: World) -> None:
    practice = world.practice()
    save(world.browser("omsk"), practice, tags=" МФЦ, мфц ,#Обращения,, " + "я" * 90)
    with world.app.app_context():
        assert revision(world, practice).tags == ["МФЦ", "Обращения", "я" * 60]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("solution", "я" * 50_001), ("title", "я" * 201), ("year", "вчера"), ("sector", "0")],
)
def test_a_wrong_field_takes_no_other_with_it(world: World, field: str, wrong: str) -> None:
    practice, client = world.practice(), world.browser("omsk")
    page = save(client, practice, **{"results": "Верный итог", field: wrong})
    assert page.status_code == 422
    assert text(world, practice, "results") == "Верный итог"
    assert text(world, practice, "title") == "Электронная приёмная"


def test_two_colleagues_see_both_texts(world: World) -> None:
    practice = world.practice()
    one, two = world.browser("omsk"), world.browser("omsk2")
    opened = version(one.get(f"/practices/{practice}/edit"))
    assert save(two, practice, version=opened, summary="Слова коллеги").status_code == 303
    page = save(one, practice, version=opened, summary="Мои слова")
    assert page.status_code == 409
    assert "Мои слова" in page.text
    assert "Слова коллеги" in page.text
    assert text(world, practice, "summary") == "Слова коллеги"
    assert save(one, practice, version=version(page), summary="Мои слова").status_code == 303


def test_a_form_opened_before_a_submission_gives_the_text_back(world: World) -> None:
    practice = world.practice(State.SUBMITTED)
    page = save(world.browser("omsk"), practice, summary="Поздние слова")
    assert page.status_code == 409
    assert "Поздние слова" in page.text
    assert text(world, practice, "summary") == "Обращения принимаются в одном окне."


def test_a_forged_form_comes_back_filled(world: World) -> None:
    practice, client = world.practice(), world.browser("omsk")
    client.with_token = False  # type: ignore[attr-defined]
    page = save(client, practice, summary="Долго печатал")
    assert page.status_code == 400
    assert "Долго печатал" in page.text
    assert text(world, practice, "summary") != "Долго печатал"


def test_an_incomplete_practice_is_saved_and_says_what_is_missing(world: World) -> None:
    practice, client = world.practice(), world.browser("omsk")
    page = save(client, practice, results="", problem="Сохранено", then="submit")
    assert page.status_code == 422
    assert "Не описаны результаты" in page.text
    assert text(world, practice, "problem") == "Сохранено"
    assert world.state(practice) is State.DRAFT
    again = save(client, practice, results="Есть", version=version(page), then="submit")
    assert again.status_code == 303
    assert world.state(practice) is State.SUBMITTED


def test_it_grows_out_of_a_published_answer_of_the_own_city(world: World) -> None:
    report = world.report(State.PUBLISHED)
    client = world.browser("omsk")
    address = f"/practices/new?report={report}&question=1"
    assert "Принята новая инструкция" in client.get(address).text
    with world.app.app_context():
        sector = find_sector("Организационная работа").id
    fields = {"title": "Инструкция", "sector": sector, "year": 2026}
    location = client.post(address, data=fields).location
    number = int(location.split("/")[2])
    with world.app.app_context():
        practice = db.session.get_one(Practice, number)
        assert practice.grown_from_id == report
        assert practice.grown_from_question == 1
    assert "Принята новая инструкция" in text(world, number, "solution")


@pytest.mark.parametrize("name", ["tomsk", "omsk"])
@pytest.mark.parametrize("question", ["4", "9", "x"])
def test_it_grows_out_of_nothing_else(world: World, name: str, question: str) -> None:
    published, draft = world.report(State.PUBLISHED), world.report(sector="Транспорт")
    client = world.browser(name)
    for report in (draft, 999, "x", 10**12):
        assert client.get(f"/practices/new?report={report}&question=1").status_code == 404
    address = f"/practices/new?report={published}&question={question}"
    shown = name == "omsk" and question == "x"  # what is no number is the first question
    assert client.get(address).status_code == (200 if shown else 404)


def test_a_draft_can_be_deleted_and_a_submitted_one_cannot(world: World) -> None:
    draft, sent = world.practice(), world.practice(State.SUBMITTED, title="Другая")
    client = world.browser("omsk")
    assert client.post(f"/practices/{draft}/delete").status_code == 303
    assert client.post(f"/practices/{sent}/delete").status_code == 409
    assert world.state(sent) is State.SUBMITTED
    assert client.get(f"/practices/{draft}/").status_code == 404
