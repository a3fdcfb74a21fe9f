"""A look before sending: questions with links to their places, and never a wall."""

from __future__ import annotations

import re

import pytest

from asdg_portal.moderation.models import State
from tests.factories import ANSWERS, YEAR, World
from tests.functional.surveys.test_earlier import answers

LONG = "Построены две школы и отремонтирован мост через Омь."
GOOD = {f"q{number}": text for number, text in ANSWERS.items()}

DOUBTS = {
    "too short": ({"q1": "Да, есть."}, "q1", "очень коротко"),
    "nothing": ({"q4": "Нет."}, "q4", "только «Нет.»"),
    "a dash": ({"q5": "-"}, "q5", "только «-»"),
    "an annex": ({"q3": "См. приложение № 1"}, "q3", "сказать и правда нечего"),
    "a link": ({"q1": "https://admomsk.ru/news/itogi-2026"}, "q1", "ссылка вместо ответа"),
    "little but a link": ({"q1": "Подробнее см. на сайте: www.admomsk.ru"}, "q1", "ссылка"),
    "last year's words": ({"q1": "Прошлогодние  слова о городе."}, "q1", "слово в слово"),
    "no city": ({"q2": "Отметим опыт соседей в работе с обращениями."}, "q2", "ни один город"),
    "only the own city": ({"q2": "Отметим опыт Омска в работе."}, "q2", "ни один город"),
    "no contact": ({"contact_phone": ""}, "contact_email", "нет ни почты, ни телефона"),
}
FINE = {
    "a link beside words": {"q1": LONG + " Подробнее: https://admomsk.ru/news"},
    "a short sentence": {"q3": "Подготовить юбилей города."},
    "nothing of it": {},
}


def prepared(world: World) -> int:
    """A draft whose last year said one thing, with no tasks to close."""
    world.report(State.PUBLISHED, year=YEAR - 1, answers={1: "Прошлогодние слова о городе."})
    return world.report()


@pytest.mark.parametrize("name", DOUBTS)
def test_what_is_worth_a_look_is_asked_once_and_then_sent(world: World, name: str) -> None:
    changes, place, message = DOUBTS[name]
    report, client = prepared(world), world.browser("omsk")
    asked = client.post(f"/reports/{report}/edit", data=GOOD | changes | {"then": "submit"})
    assert asked.status_code == 303
    assert world.state(report) is State.DRAFT
    page = client.get(asked.location).text
    panel = page[page.index('id="check"') : page.index("Отправить всё равно")]
    assert re.search(rf'href="#{place}">[^<]*</a>: [^<]*{message}', panel)
    assert f'id="{place}"' in page
    kept = {name: text for name, text in changes.items() if name[0] == "q"}
    assert {n: answers(world, report)[n].split() for n in kept} == {
        n: text.split() for n, text in kept.items()
    }
    sent = client.post(f"/reports/{report}/edit", data=GOOD | changes | {"then": "send"})
    assert sent.status_code == 303
    assert world.state(report) is State.SUBMITTED


def test_who_sends_past_the_form_is_told_what_is_worth_a_look(world: World) -> None:
    report, client = prepared(world), world.browser("omsk")
    client.post(f"/reports/{report}/edit", data=GOOD | {"q1": "Да, есть."})
    page = client.post(f"/reports/{report}/submit", follow_redirects=True).text
    assert world.state(report) is State.SUBMITTED
    assert "Стоит взглянуть, пока отчёт можно взять назад: Вопрос 1 — очень коротко" in page
    client.post(f"/reports/{report}/take-back")
    client.post(f"/reports/{report}/edit", data={"q1": LONG, "q5": ""})
    page = client.post(f"/reports/{report}/submit", follow_redirects=True).text
    assert world.state(report) is State.DRAFT
    assert "Стоит взглянуть, пока отчёт" not in page
    client.post(f"/reports/{report}/edit", data=GOOD)
    page = client.post(f"/reports/{report}/submit", follow_redirects=True).text
    assert world.state(report) is State.SUBMITTED
    assert "Стоит взглянуть, пока отчёт" not in page


@pytest.mark.parametrize("name", FINE)
def test_what_is_in_order_is_sent_without_a_question(world: World, name: str) -> None:
    report, client = prepared(world), world.browser("omsk")
    client.post(f"/reports/{report}/edit", data=GOOD | FINE[name] | {"then": "submit"})
    assert world.state(report) is State.SUBMITTED


def test_tasks_without_an_outcome_are_asked_for(world: World) -> None:
    world.report(State.PUBLISHED, year=YEAR - 1)
    report, client = world.report(), world.browser("omsk")
    page = client.get(f"/reports/{report}/edit?check=1").text
    assert re.search(r'href="#closed-year">[^<]*</a>: у 2 прошлогодних задач не указан', page)


def test_what_is_a_wall_stays_one_and_the_rest_is_asked_beside_it(world: World) -> None:
    report, client = prepared(world), world.browser("omsk")
    for then in ("submit", "send"):
        page = client.post(f"/reports/{report}/edit", data={"q5": "", "q1": "Да.", "then": then})
        assert page.status_code == 422
        assert "вопрос 5" in page.text
        assert "очень коротко" in page.text
        assert "Отправить всё равно" not in page.text
        assert world.state(report) is State.DRAFT
    assert "Отправить всё равно" not in client.get(f"/reports/{report}/edit?check=1").text


def test_enter_in_a_line_saves_and_sends_nothing(world: World) -> None:
    report = prepared(world)
    page = world.browser("omsk").get(f"/reports/{report}/edit?check=1").text
    form = page[page.index("data-questionnaire") :]
    first = re.search(r"<button[^>]*>", form)
    assert first
    assert 'value="save"' in first[0]


def test_unanswered_questions_are_counted_without_a_script(world: World) -> None:
    report = world.report(answers={1: LONG, 2: " "})
    page = world.browser("omsk").get(f"/reports/{report}/edit").text
    assert re.search(r"data-counter[^>]*>Вопросов без ответа: 4<", page)


def test_the_preview_says_who_reads_what(world: World) -> None:
    report = world.report()
    page = world.browser("omsk").get(f"/reports/{report}/preview").text
    for name, reader in (("q1", "Прочтут все"), ("q3", "Прочтут все"), ("q4", "Прочтут участники")):
        assert re.search(rf'id="{name}"><h2>.*?</h2>\s*<p class="readers[^>]*>{reader}', page)
    assert "+7 (3812) 00-00-01" in page
