"""The main job as its people do it, in a browser: from an empty questionnaire to a found answer."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

from asdg_portal.accounts.models import SignIn
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.outbox import settle
from asdg_portal.moderation.models import State
from asdg_portal.search.sources import TOPIC
from tests.browser.conftest import Site, Visitor

ANSWERS = {
    "q1": "Принята новая инструкция по делопроизводству.\n\n- обучены 86 человек\n- обновлён сайт",
    "q2": "Отметим опыт Новосибирска по работе с обращениями.",
    "q3": "Подготовить юбилей города.",
    "q4": "Нужны методические рекомендации по архивам.",
    "q5": "Да, о цифровом документообороте.",
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def fill(visitor: Visitor, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        visitor.page.locator(f"[name={name}]").fill(text)


def indexed(site: Site) -> None:
    """Wait until the worker has brought the index up to date."""
    with site.world.app.app_context():
        settle(TOPIC)


def answer_questionnaire(site: Site) -> tuple[Visitor, str]:
    """A representative answers and hands in; return her browser and the report's address."""
    city = site.visitor()
    city.open("/my/")
    city.sign_in("omsk")
    city.follow("Ответить на анкету")
    city.press("Начать: Организационная работа")
    address = city.page.url.removesuffix("edit")
    fill(city, {"q1": ANSWERS["q1"]})
    city.press("Сохранить")
    assert "Сохранено" in city.page.get_by_role("status").first.inner_text()
    city.press("Отправить на проверку")
    problem = city.page.get_by_role("alert").inner_text()
    assert "не хватает" in problem or "нет ответа" in problem.lower()
    fill(city, ANSWERS | {"contact_name": "Петров П. П.", "author_name": "Иванов И. И."})
    city.press("Отправить на проверку")
    assert "на проверк" in city.page.get_by_role("status").first.inner_text()
    return city, address


def test_a_report_is_written_returned_published_and_found(site: Site) -> None:
    city, address = answer_questionnaire(site)
    stranger = site.visitor()
    stranger.open(address, status=404)

    moderator = site.visitor("moderator")
    moderator.open("/desk/")
    moderator.follow("Омск — Организационная работа")
    moderator.press("Начать проверку")
    city.open(address + "edit")
    assert city.page.get_by_role("button", name="Отозвать").count() == 0
    moderator.page.locator("#part-q3").get_by_text("Сделать замечание").click()
    fill(moderator, {"remark_q3": "Назовите дату юбилея.", "summary": "Одно уточнение."})
    moderator.press("Вернуть с замечаниями")

    city.open("/my/")
    city.follow("Омск — Организационная работа")
    beside = city.page.locator(".question", has=city.page.locator("[name=q3]"))
    assert "Назовите дату юбилея." in beside.inner_text()
    fill(city, {"q3": "Подготовить юбилей города 2 августа."})
    city.press("Отправить на проверку")

    moderator.open("/desk/")
    moderator.follow("Омск — Организационная работа")
    moderator.press("Опубликовать")
    indexed(site)

    specialist = site.visitor("specialist")
    specialist.open("/")
    specialist.page.get_by_role("combobox").fill("инструкции по делопроизводству")
    specialist.press("Найти")
    assert specialist.page.locator("mark").first.inner_text().lower() == "инструкция"
    specialist.follow("Омск — Организационная работа")
    assert specialist.page.url.endswith("#q1")
    assert specialist.page.locator("#q1 li").count() == 2
    assert "архивам" in specialist.page.locator("#q4").inner_text()
    specialist.open("/search?q=архивам")
    assert specialist.page.locator(".hit").count() == 1

    stranger.open(address)
    text = stranger.page.get_by_role("main").inner_text()
    assert "делопроизводству" in text
    assert "архивам" not in text
    assert "Петров" not in text
    stranger.open("/search?q=архивам")
    assert stranger.page.locator(".hit").count() == 0
    stranger.open("/")
    assert "Омск — Организационная работа" in stranger.page.get_by_role("main").inner_text()


def test_a_practice_grows_out_of_an_answer_and_is_found_with_its_file(
    site: Site, tmp_path: Path
) -> None:
    file = tmp_path / "Регламент приёма.pdf"
    file.write_bytes(PDF)
    report = site.world.report(State.PUBLISHED)
    city = site.visitor("omsk")
    city.open(f"/reports/{report}/")
    city.follow("Описать как практику")
    city.page.get_by_label("Название").fill("Единое окно для обращений")
    city.press("Дальше")
    address = city.page.url.removesuffix("edit")
    assert "инструкция" in city.page.locator("[name=solution]").input_value()
    fill(city, {"results": "Срок ответа сократился до недели.", "tags": "обращения, МФЦ"})
    city.page.locator("[name=files]").set_input_files(file)
    city.press("Сохранить")
    city.press("Отправить на проверку")

    moderator = site.visitor("moderator")
    moderator.open("/desk/")
    moderator.follow("Единое окно для обращений")
    moderator.press("Опубликовать")
    indexed(site)

    anyone = site.visitor()
    anyone.open("/search?q=окном+обращения&kind=practice")
    anyone.follow("Единое окно для обращений")
    assert anyone.page.url == address
    with anyone.page.expect_download() as download:
        anyone.page.get_by_role("link", name="Регламент приёма.pdf").click()
    assert download.value.suggested_filename == "Регламент приёма.pdf"
    assert Path(download.value.path()).read_bytes() == PDF
    anyone.open("/practices/?tag=мфц")
    assert "Единое окно" in anyone.page.get_by_role("main").inner_text()


def test_a_published_report_stays_while_the_next_revision_is_written(site: Site) -> None:
    report = site.world.report(State.PUBLISHED)
    city, anyone = site.visitor("omsk"), site.visitor()
    city.open(f"/reports/{report}/preview")
    city.press("Написать новую редакцию")
    fill(city, {"q1": "Совсем другое."})
    city.press("Сохранить")
    anyone.open(f"/reports/{report}/")
    assert "делопроизводству" in anyone.page.locator("#q1").inner_text()
    city.page.locator("summary", has_text="Отказаться от этой редакции").click()
    city.press("Отказаться от этой редакции")
    city.open(f"/reports/{report}/history")
    assert "Совсем другое" not in city.page.get_by_role("main").inner_text()


def test_everything_works_without_javascript(site: Site) -> None:
    city = site.visitor(java_script_enabled=False)
    city.open("/reports/new")
    city.sign_in("omsk")
    city.press("Начать: Организационная работа")
    fill(city, ANSWERS | {"contact_name": "Петров П. П.", "author_name": "Иванов И. И."})
    city.press("Отправить на проверку")
    assert "на проверк" in city.page.get_by_role("status").first.inner_text()


def end_sessions(site: Site) -> None:
    """Let every sign-in be over, as after a long night."""
    with site.world.app.app_context():
        db.session.execute(update(SignIn).values(ended_at=now()))
        db.session.commit()


def test_what_is_typed_after_the_session_is_over_comes_back(site: Site) -> None:
    report = site.world.report()
    city = site.visitor("omsk")
    city.open(f"/reports/{report}/edit")
    end_sessions(site)
    fill(city, {"q1": "Долгий текст, набранный до утра."})
    city.press("Сохранить")
    assert "/sign-in" in city.page.url
    city.sign_in("omsk")
    assert city.page.locator("[name=q1]").input_value() == "Долгий текст, набранный до утра."
