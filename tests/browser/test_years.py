"""Last year and the closed year in a browser: cards keep themselves, words go in and out."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from asdg_portal.moderation.models import State
from tests.browser.conftest import Site, Visitor
from tests.factories import ANSWERS, YEAR
from tests.functional.surveys.test_closed_year import FORUM, rows
from tests.functional.surveys.test_earlier import answers

LAST = YEAR - 1
OLD = "Открыт музей речного флота."


def form(site: Site, **options: object) -> tuple[Visitor, int]:
    """A representative before this year's form, after a year with two tasks."""
    site.world.report(State.PUBLISHED, year=LAST - 1, answers={1: "Давний ответ."})
    site.world.report(State.PUBLISHED, year=LAST, answers=ANSWERS | {1: OLD})
    report = site.world.report(answers=ANSWERS | {1: "", 3: ""})
    city = site.visitor("omsk", **options)
    city.open(f"/reports/{report}/edit")
    return city, report


def test_a_card_is_kept_when_it_is_touched_and_flows_into_answer_1(site: Site) -> None:
    city, report = form(site)
    page = city.page
    card = page.locator(".task", has_text=FORUM)
    card.get_by_text("выполнено", exact=True).click()
    expect(card.locator(".task-state")).to_have_text(re.compile(r"сохранено в \d\d:\d\d"))
    card.get_by_role("textbox").fill("300 участников")
    card.get_by_role("textbox").press("Enter")
    expect(card.locator(".task-state")).to_have_text(re.compile(r"сохранено в \d\d:\d\d"))
    expect(card.locator("[name$=_version]")).to_have_value("2")
    assert rows(site.world, report) == [(FORUM, "done", "300 участников")]
    box = page.locator("[name=q1]")
    box.fill("Год был добрым.")
    page.get_by_role("button", name="Вставить в ответ 1").click()
    whole = f"Год был добрым.\n\n- Выполнено: {FORUM} — 300 участников"
    expect(box).to_have_value(whole)
    page.get_by_role("button", name="Вставить в ответ 1").click()
    expect(page.locator("[data-put]")).to_have_text(re.compile("Нового нет"))
    expect(box).to_have_value(whole)
    card.get_by_text("перенесено", exact=True).click()
    page.get_by_role("button", name=f"Перенести в задачи {YEAR + 1} года").click()
    expect(page.locator("[name=q3]")).to_have_value(f"- {FORUM}")
    city.look()
    city.press("Сохранить")
    assert answers(site.world, report)["q1"] == whole
    assert rows(site.world, report) == [(FORUM, "moved", "300 участников")]


def test_last_years_words_are_put_in_undone_and_compared(site: Site) -> None:
    city, report = form(site)
    page, box = city.page, city.page.locator("[name=q1]")
    beside = page.locator(".earlier", has_text=OLD)
    take = beside.get_by_role("button", name="Взять за основу").first
    take.click()
    expect(box).to_have_value(OLD)
    box.press("Control+z")
    expect(box).to_have_value("")
    box.fill("Моё.")
    take.click()
    expect(box).to_have_value(f"Моё.\n\n{OLD}")
    page.get_by_role("button", name="Отменить").click()
    expect(box).to_have_value("Моё.")
    box.fill("Открыт музей хлеба.")
    beside.get_by_role("button", name="Что изменилось").first.click()
    expect(beside.locator("del").first).to_contain_text("речного")
    expect(beside.locator("ins").first).to_contain_text("хлеба")
    city.look()
    beside.get_by_text(str(LAST - 1), exact=True).click()
    expect(beside.get_by_text("Давний ответ.")).to_be_visible()
    expect(beside.get_by_text(OLD)).to_be_hidden()
    expect(page.locator("[data-part=q1] [data-state]")).to_contain_text("сохранено в")
    assert answers(site.world, report)["q1"] == "Открыт музей хлеба."


def test_what_is_typed_into_a_card_is_said_to_be_unsaved_without_a_network(site: Site) -> None:
    city, report = form(site)
    card = city.page.locator(".task", has_text=FORUM)
    city.page.context.set_offline(True)
    card.get_by_text("снято", exact=True).click()
    expect(card.locator(".task-state")).to_have_text(re.compile("не сохранено"))
    city.page.context.set_offline(False)
    expect(card.locator(".task-state")).to_have_text(re.compile(r"сохранено в \d\d:\d\d"))
    assert rows(site.world, report) == [(FORUM, "dropped", "")]


def test_all_of_it_works_without_a_script(site: Site) -> None:
    city, report = form(site, java_script_enabled=False)
    page = city.page
    page.locator("[name=q2]").fill("Отметим опыт Томска в работе с архивами.")
    card = page.locator(".task", has_text=FORUM)
    card.get_by_text("перенесено", exact=True).click()
    city.press("Вставить в ответ 1")
    city.press(f"Перенести в задачи {YEAR + 1} года")
    beside = page.locator(".earlier", has_text=OLD)
    beside.get_by_text(str(LAST - 1), exact=True).click()
    expect(beside.get_by_text("Давний ответ.")).to_be_visible()
    with page.expect_navigation():
        beside.get_by_role("button", name="Взять за основу").last.click()
    kept = answers(site.world, report)
    assert kept["q1"] == f"- Перенесено на {YEAR + 1} год: {FORUM}\n\nДавний ответ."
    assert kept["q2"] == "Отметим опыт Томска в работе с архивами."
    assert kept["q3"] == f"- {FORUM}"
    page.locator("[name=contact_name]").press("Enter")
    assert "Сохранено" in page.get_by_role("status").first.inner_text()
    assert site.world.state(report) is State.DRAFT


def test_a_look_before_sending_leads_to_the_places(site: Site) -> None:
    city, report = form(site)
    city.page.locator("[name=q1]").fill("Да.")
    city.page.locator("[name=q3]").fill("- открыть музей воды")
    city.press("Отправить на проверку")
    check = city.page.locator("#check")
    assert "2 прошлогодних задач" in check.inner_text()
    check.get_by_role("link", name="Вопрос 1").click()
    expect(city.page.locator("[name=q1]")).to_be_in_viewport()
    city.press("Отправить всё равно")
    assert site.world.state(report) is State.SUBMITTED
