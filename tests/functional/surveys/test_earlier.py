"""Last year beside this year: shown, compared, and taken as a beginning without losing a word."""

from __future__ import annotations

import re

import pytest

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Report, ReportRevision
from tests.factories import ANSWERS, YEAR, World

LAST, OLDER = YEAR - 1, YEAR - 3
FETCH = {"X-Requested-With": "fetch"}


def answers(world: World, report_id: int) -> dict[str, str]:
    with world.app.app_context():
        return {p.name: p.text for p in db.session.get_one(Report, report_id).current.parts()}


def years_of(page: str, name: str) -> list[str]:
    """The years beside a question, in their order."""
    return re.findall(rf'id="earlier-{name}-(\d+)"', page)


def test_every_earlier_year_stands_beside_its_question_the_newest_first(world: World) -> None:
    report = world.report(answers={1: "Ныне."})
    world.report(State.PUBLISHED, year=OLDER, answers={1: "Давно.", 2: "И это."})
    world.report(State.DRAFT, year=LAST, answers={1: "Недавно."})
    world.report(State.PUBLISHED, year=LAST, answers={1: "Чужое."}, sector="Культура")
    world.report(State.PUBLISHED, year=LAST, answers={1: "Чужой город."}, city="Томск")
    page = world.browser("omsk").get(f"/reports/{report}/edit").text
    assert years_of(page, "q1") == [str(LAST), str(OLDER)]
    assert years_of(page, "q2") == [str(OLDER)]
    assert years_of(page, "q3") == []
    assert page.index("Недавно.") < page.index("Давно.")
    assert "Чужо" not in page


def test_of_a_year_its_newest_submitted_revision_speaks(world: World) -> None:
    last, report = world.report(State.PUBLISHED, year=LAST), world.report()
    client = world.browser("omsk")
    client.post(f"/reports/{last}/revise")
    client.post(f"/reports/{last}/edit", data={"q1": "Ещё не отправлено никому."})
    page = client.get(f"/reports/{report}/edit").text
    assert "Ещё не отправлено" not in page
    client.post(f"/reports/{last}/submit")
    assert "Ещё не отправлено" in client.get(f"/reports/{report}/edit").text


def test_a_question_asked_otherwise_is_shown_as_it_was_asked(world: World) -> None:
    report, last = world.report(), world.report(State.PUBLISHED, year=LAST)
    with world.app.app_context():
        revision = db.session.get_one(Report, last).current
        assert isinstance(revision, ReportRevision)
        revision.answers[2].question_text = "Чей опыт вам пригодился?"
        db.session.commit()
    page = world.browser("omsk").get(f"/reports/{report}/edit").text
    assert page.count("Тогда спрашивали") == 1, "the other questions differ by their years alone"
    assert "Тогда спрашивали: «Чей опыт вам пригодился?»" in page


def test_what_has_changed_is_told_of_what_is_typed_and_of_what_is_saved(world: World) -> None:
    report = world.report(answers={1: "Открыт музей воды."})
    world.report(State.PUBLISHED, year=LAST, answers={1: "Открыт музей флота."})
    client, address = world.browser("omsk"), f"/reports/{report}/earlier/{LAST}/q1"
    saved = client.get(address)
    assert re.search(r"<del>.*флота.*</del>", saved.text)
    assert re.search(r"<ins>.*воды.*</ins>", saved.text)
    typed = client.post(address, data={"q1": "Открыт музей хлеба."}, headers=FETCH)
    assert re.search(r"<ins>.*хлеба.*</ins>", typed.text)
    assert "<html" not in typed.text
    same = client.post(address, data={"q1": "Открыт музей флота."}, headers=FETCH)
    assert f"Слово в слово ответ {LAST} года" in same.text
    assert answers(world, report)["q1"] == "Открыт музей воды.", "comparing saves nothing"


@pytest.mark.parametrize("path", [f"{LAST}/q9", f"{LAST}/author_name", "1999/q1"])
def test_what_is_not_there_is_not_compared(world: World, path: str) -> None:
    report, _last = world.report(), world.report(State.PUBLISHED, year=LAST)
    assert world.browser("omsk").get(f"/reports/{report}/earlier/{path}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("", "Прошлый текст."),
        ("Набрано мной.", "Набрано мной.\n\nПрошлый текст."),
        ("Да. Прошлый текст.", "Да. Прошлый текст."),
    ],
)
def test_last_years_words_fill_an_empty_answer_or_follow_what_stands_there(
    world: World, typed: str, then: str
) -> None:
    report = world.report(answers={2: "Второе."})
    world.report(State.PUBLISHED, year=LAST, answers={1: "Прошлый текст."})
    client, address = world.browser("omsk"), f"/reports/{report}/earlier/{LAST}/q1/take"
    asked = client.post(address, data={"q1": typed, "q2": "Набрано."}, headers=FETCH)
    assert asked.json is not None
    assert asked.json["text"] == then
    assert answers(world, report)["q2"] == "Второе.", "a page that asks saves nothing"
    sent = client.post(address, data={"q1": typed, "q2": "Набрано."})
    assert sent.status_code == 303
    assert sent.location.endswith(f"/reports/{report}/edit#q1")
    assert answers(world, report)["q1"] == then
    assert answers(world, report)["q2"] == "Набрано."


def test_taking_last_years_words_never_overwrites_a_colleague(world: World) -> None:
    report = world.report(answers={1: "Моё."})
    world.report(State.PUBLISHED, year=LAST, answers={1: "Прошлое."})
    world.browser("omsk2").post(f"/reports/{report}/edit", data={"q1": "Коллеги."})
    data = {"q1": "Моё новое.", "v_q1": "0"}
    page = world.browser("omsk").post(f"/reports/{report}/earlier/{LAST}/q1/take", data=data)
    assert page.status_code == 409
    assert "Моё новое." in page.text
    assert "Коллеги." in page.text
    assert answers(world, report)["q1"] == "Коллеги."


def test_the_form_takes_as_many_statements_for_many_years_as_for_one(world: World) -> None:
    report = world.report()
    world.report(State.PUBLISHED, year=LAST)
    few = world.statements(f"/reports/{report}/edit", "omsk")
    for year in range(2010, LAST):
        world.report(State.PUBLISHED, year=year)
    with world.app.app_context():
        assert db.session.query(Campaign).count() > 15
    assert world.statements(f"/reports/{report}/edit", "omsk") == few <= 10
    assert ANSWERS[1][:20] in world.browser("omsk").get(f"/reports/{report}/edit").text
