"""A questionnaire that saves itself: nothing typed is lost, whatever happens to the browser."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import delete

from asdg_portal.accounts.models import SignIn
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report
from tests.browser.conftest import Site, Visitor
from tests.factories import ANSWERS

TEXT = "Открыт музей.\n\n- раз\n- два «ё» № 5"


def open_form(site: Site, name: str, report: int) -> Visitor:
    person = site.visitor(name)
    person.open(f"/reports/{report}/edit")
    return person


def write(person: Visitor, text: str, part: str = "q1") -> None:
    """Type over what stands there, as fast as a machine can."""
    field = person.page.locator(f"[name={part}]")
    field.fill("")
    field.press_sequentially(text)


def wait(person: Visitor, look: str, part: str = "q1") -> str:
    """Wait until the state of a part looks so; give its words."""
    box = person.page.locator(f"[data-part={part}][data-saving={look}]")
    box.wait_for()
    return box.locator("[data-state]").inner_text()


def stands(site: Site, report: int, part: str = "q1") -> str:
    with site.world.app.app_context():
        texts = {p.name: p.text for p in db.session.get_one(Report, report).current.parts()}
    return texts[part]


def end_sessions(site: Site) -> None:
    with site.world.app.app_context():
        db.session.execute(delete(SignIn))
        db.session.commit()


def copies(person: Visitor) -> int:
    """How many texts the browser keeps because the portal has not acknowledged them."""
    return int(person.page.evaluate("Object.keys(localStorage).length"))


def test_it_saves_itself_and_says_so(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    write(city, TEXT)
    assert "сохранено в" in wait(city, "saved")
    assert stands(site, report) == TEXT
    assert "Сохранено в" in city.page.locator("[data-saved]").inner_text()
    assert copies(city) == 0
    city.look()
    city.press("Сохранить")
    assert "Сохранено" in city.page.get_by_role("status").first.inner_text()


def test_without_a_network_it_tries_again_and_the_browser_keeps_the_text(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    city.page.context.set_offline(True)
    write(city, TEXT)
    assert "нет связи" in wait(city, "problem")
    city.page.context.set_offline(False)
    wait(city, "saved")
    assert stands(site, report) == TEXT


def test_a_session_that_is_over_and_another_person_at_that_computer(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    end_sessions(site)
    write(city, TEXT)
    wait(city, "problem")
    city.page.get_by_role("link", name="Войти снова").click()
    city.sign_in("omsk2")
    assert city.page.locator("[name=q1]").input_value() == ANSWERS[1], "a colleague sees none of it"
    wait_for_script(city)
    assert stands(site, report) == ANSWERS[1]
    end_sessions(site)
    city.open(f"/sign-in?next=/reports/{report}/edit")
    city.sign_in("omsk")
    wait(city, "saved")
    assert city.page.locator("[name=q1]").input_value() == TEXT
    assert stands(site, report) == TEXT
    assert copies(city) == 0


def wait_for_script(person: Visitor) -> None:
    """Wait until the script has said that somebody is here."""
    with person.page.expect_response(lambda answer: answer.url.endswith("/here")):
        person.page.locator("[name=q2]").focus()


def test_a_token_that_is_no_longer_valid_stops_nobody(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    city.page.evaluate("document.querySelector('[name=csrf_token]').value = 'expired'")
    write(city, TEXT)
    wait(city, "saved")
    assert stands(site, report) == TEXT


def test_a_page_that_is_closed_in_the_middle_of_a_word_comes_back_whole(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    city.page.route("**/parts/**", lambda route: route.abort())
    write(city, TEXT)
    again = city.page.context.new_page()
    city.page.close()
    again.goto(f"{site.address}/reports/{report}/edit")
    expect(again.locator("[name=q1]")).to_have_value(TEXT)
    expect(again.locator("[data-saved]")).to_contain_text("Сохранено")
    assert stands(site, report) == TEXT


def test_an_older_copy_in_the_browser_never_covers_what_was_saved(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    write(city, "Начало")
    city.page.evaluate("window.older = {...localStorage}")
    write(city, TEXT)
    wait(city, "saved")
    # A browser that dies may leave on the disk what it had kept a moment before.
    city.page.evaluate(
        "Object.entries(window.older).forEach(([k, v]) => localStorage.setItem(k, v))"
    )
    assert copies(city) == 1
    city.page.reload()
    expect(city.page.locator("[name=q1]")).to_be_editable()
    assert copies(city) == 0
    assert city.page.locator("[name=q1]").input_value() == TEXT
    assert stands(site, report) == TEXT


def test_two_colleagues_see_each_other_and_put_both_texts_together(site: Site) -> None:
    report = site.world.report(answers={1: "альфа бета гамма"})
    one, two = open_form(site, "omsk", report), open_form(site, "omsk2", report)
    one.page.locator("[name=q1]").focus()
    wait_for_script(one)
    two.page.reload()
    expect(two.page.locator("[data-here]")).to_contain_text("Здесь сейчас: Имя omsk, пишет ответ")
    write(one, "альфа бета ГАММА")
    wait(one, "saved")
    write(two, "АЛЬФА бета гамма")
    wait(two, "problem")
    box = two.page.locator("#q1-conflict")
    assert "Имя omsk: сохранено в" in box.inner_text()
    two.look()
    box.get_by_role("button", name="Объединить").click()
    wait(two, "saved")
    assert stands(site, report) == "АЛЬФА бета ГАММА"


def test_a_colleague_submits_while_somebody_writes(site: Site) -> None:
    report = site.world.report()
    city = open_form(site, "omsk", report)
    colleague = site.visitor("omsk2")
    colleague.open(f"/reports/{report}/edit")
    colleague.press("Отправить на проверку")
    write(city, TEXT)
    wait(city, "problem")
    assert "отчёт сейчас нельзя изменить" in city.page.get_by_role("alert").inner_text()
    city.page.on("dialog", lambda dialog: dialog.accept())
    city.open(f"/reports/{report}/edit")
    kept = city.page.locator("[data-leftovers] textarea")
    assert kept.input_value() == TEXT
    assert stands(site, report) == ANSWERS[1]
    assert site.world.state(report) is State.SUBMITTED
    colleague.open(f"/reports/{report}/edit")
    assert not colleague.page.locator("[data-leftovers]").is_visible()
