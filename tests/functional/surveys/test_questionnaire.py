"""The questionnaire as a representative meets it: nothing typed is ever lost."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report, ReportRevision
from tests.factories import World


def revision(world: World, report_id: int) -> dict[str, str]:
    """What is stored of the newest revision."""
    with world.app.app_context():
        newest = db.session.get_one(Report, report_id).current
        assert isinstance(newest, ReportRevision)
        texts = {part.name: part.text for part in newest.parts()}
        date = str(newest.outgoing_date or "")
        return texts | {"author_name": newest.author_name, "outgoing_date": date}


def seen(page: TestResponse) -> dict[str, str]:
    """The versions of the parts that stood before the person, as the form sends them back."""
    found = re.findall(r'name="(v_\w+|revision|key)"[^>]*value="(\w+)"', page.text)
    assert found
    return dict(found)


def save(client: FlaskClient, report_id: int, **fields: str) -> TestResponse:
    """Press a button of the form."""
    return client.post(f"/reports/{report_id}/edit", data=fields)


def test_a_save_says_so_and_keeps_what_was_not_sent(world: World) -> None:
    report, client = world.report(), world.browser("omsk")
    before = revision(world, report)
    assert save(client, report, q1="Новое.\r\n\r\n- раз\r\n- два").status_code == 303
    after = revision(world, report)
    assert after == before | {"q1": "Новое.\n\n- раз\n- два"}
    assert re.search(r'role="status">[^<]*\d\d:\d\d', client.get(f"/reports/{report}/edit").text)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("q1", "я" * 50_001), ("author_name", "я" * 300), ("outgoing_date", "вчера")],
)
def test_a_wrong_field_takes_no_other_with_it(world: World, field: str, wrong: str) -> None:
    report, client = world.report(), world.browser("omsk")
    before = revision(world, report)
    page = save(client, report, **{"q2": "Верный ответ", field: wrong})
    assert page.status_code == 422
    assert wrong in page.text
    assert revision(world, report) == before | {"q2": "Верный ответ"}
    again = save(client, report, **seen(page) | {field: "", "q3": "x"})
    assert again.status_code == 303


def test_a_two_megabyte_answer_is_given_back(world: World) -> None:
    report, long = world.report(), "ж" * 1_000_000
    page = save(world.browser("omsk"), report, q1=long, q2="цело")
    assert page.status_code == 422
    assert long in page.text
    assert revision(world, report)["q2"] == "цело"


def test_two_colleagues_see_both_texts(world: World) -> None:
    report = world.report()
    one, two = world.browser("omsk"), world.browser("omsk2")
    opened = seen(one.get(f"/reports/{report}/edit"))
    assert save(two, report, **opened, q1="Текст коллеги").status_code == 303
    page = save(one, report, **opened, q1="Мой текст", q2="Мой второй")
    assert page.status_code == 409
    assert "Мой текст" in page.text
    assert "Текст коллеги" in page.text
    assert "Имя omsk2" in page.text
    kept = revision(world, report)
    assert (kept["q1"], kept["q2"]) == ("Текст коллеги", "Мой второй")
    assert save(one, report, **seen(page), q1="Мой текст").status_code == 303
    assert revision(world, report)["q1"] == "Мой текст"


@pytest.mark.parametrize(
    ("choice", "left"),
    [("mine", "один ДВА три четыре"), ("theirs", "один два три ЧЕТЫРЕ"), ("merged", "")],
)
def test_the_second_saver_chooses_without_javascript(world: World, choice: str, left: str) -> None:
    report = world.report(answers={1: "один два три четыре"})
    one, two = world.browser("omsk"), world.browser("omsk2")
    opened = seen(one.get(f"/reports/{report}/edit"))
    save(two, report, **opened, q1="один два три ЧЕТЫРЕ")
    page = save(one, report, **opened, q1="один ДВА три четыре")
    assert 'value="merged"' in page.text
    assert "один ДВА три ЧЕТЫРЕ" in page.text
    chosen = {"choice_q1": choice, "merged_q1": "один ДВА три ЧЕТЫРЕ", "q1": "один ДВА три четыре"}
    assert save(one, report, **seen(page), **chosen).status_code == 303
    assert revision(world, report)["q1"] == (left or "один ДВА три ЧЕТЫРЕ")
    history = one.get(f"/reports/{report}/parts/q1/history").text
    assert "ЧЕТЫРЕ" in history, "what was saved first is in the history"


def test_a_field_that_was_not_touched_is_no_conflict_and_overwrites_nothing(world: World) -> None:
    report = world.report()
    one, two = world.browser("omsk"), world.browser("omsk2")
    opened = seen(one.get(f"/reports/{report}/edit"))
    untouched = revision(world, report)["q1"]
    save(two, report, **opened, q1="Текст коллеги")
    assert save(one, report, **opened, q1=untouched, q2="Моё").status_code == 303
    kept = revision(world, report)
    assert (kept["q1"], kept["q2"]) == ("Текст коллеги", "Моё")


def test_a_form_opened_before_a_submission_gives_the_text_back(world: World) -> None:
    report = world.report(State.SUBMITTED)
    before = revision(world, report)
    page = save(world.browser("omsk"), report, q1="Поздний текст", v_q1="1")
    assert page.status_code == 409
    assert "Поздний текст" in page.text
    assert revision(world, report) == before


def test_an_incomplete_submission_is_saved_and_says_what_is_missing(world: World) -> None:
    report, client = world.report(), world.browser("omsk")
    page = save(client, report, q5="", q1="Сохранено до проверки.", then="submit")
    assert page.status_code == 422
    assert "5" in page.text
    assert revision(world, report)["q1"] == "Сохранено до проверки."
    assert world.state(report) is State.DRAFT
    done = save(client, report, **seen(page), q5="Да, об архивах городов.", then="submit")
    assert done.status_code == 303
    assert world.state(report) is State.SUBMITTED
    assert save(client, report, q5="Да", then="submit").status_code == 409


def test_a_forged_or_expired_form_comes_back_filled(world: World) -> None:
    report, client = world.report(), world.browser("omsk")
    client.with_token = False  # type: ignore[attr-defined]
    page = save(client, report, q1="Долго печатал")
    assert page.status_code == 400
    assert "Долго печатал" in page.text
    assert revision(world, report)["q1"] != "Долго печатал"


def test_markup_is_shown_as_typed_and_invisible_characters_go(world: World) -> None:
    report, client = world.report(), world.browser("omsk")
    evil = "<script>alert(1)</script>"
    names = ("preface", "q1", "q2", "q3", "q4", "q5", "author_name", "author_post", "contact_name")
    sent = dict.fromkeys(names, evil) | {"q3": "а\x00б\u202eв"}
    assert save(client, report, **sent).status_code == 303
    assert revision(world, report)["q3"] == "абв"
    for page in ("edit", "preview", "history"):
        assert evil not in client.get(f"/reports/{report}/{page}").text
    assert "&lt;script&gt;alert(1)" in client.get(f"/reports/{report}/preview").text


def test_beginning_a_report_is_a_post_and_happens_once(world: World) -> None:
    client = world.browser("omsk")
    page = client.get("/reports/new")
    assert page.status_code == 200
    with world.app.app_context():
        assert db.session.query(Report).count() == 0
    found = re.search(r'name="campaign" value="(\d+)".*?name="sector" value="(\d+)"', page.text)
    assert found
    fields = {"campaign": found[1], "sector": found[2]}
    first, second = (client.post("/reports/new", data=fields) for _ in "ab")
    assert first.status_code == 303
    assert first.location == second.location
    assert client.post("/reports/new", data={"campaign": "x"}).status_code == 400
