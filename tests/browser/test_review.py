"""A review in a browser: words are selected, remarks keep themselves, the city answers them."""

from __future__ import annotations

from asdg_portal.core.db import db
from asdg_portal.moderation.models import Remark, State
from asdg_portal.moderation.remarks.models import Note
from tests.browser.conftest import Site, Visitor

SELECT = """(words) => {
  const box = document.querySelector("[data-part=q1]");
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


def select(visitor: Visitor, words: str) -> None:
    """Select words of the first answer, and press the button that comes."""
    visitor.page.evaluate(SELECT, words)
    visitor.page.get_by_role("button", name="Замечание к выделенному").click()


def test_remarks_on_selected_words_keep_themselves_and_are_answered(site: Site) -> None:
    item = site.world.report(State.SUBMITTED)
    moderator = site.visitor("moderator")
    page = moderator.open(f"/desk/{item}/")
    for words, remark in (("новая инструкция", "Какая именно?"), ("обновлён портал", "Чей?")):
        select(moderator, words)
        page.keyboard.type(remark)
    page.get_by_text("сохранено в").wait_for()
    with site.world.app.app_context():
        kept = [(note.quote, note.text) for note in db.session.query(Note).order_by(Note.id)]
    assert kept == [("новая инструкция", "Какая именно?"), ("обновлён портал", "Чей?")]

    second = site.visitor("moderator2")
    assert "Имя moderator" in second.open(f"/desk/{item}/").get_by_role("main").inner_text()
    # The page knows the version that its own saving made: the verdict is not refused.
    moderator.press("Вернуть с замечаниями")
    assert "Возвращено" in page.get_by_role("status").first.inner_text()

    city = site.visitor("omsk")
    form = city.open(f"/reports/{item}/edit")
    assert form.locator("mark").all_inner_texts() == ["новая инструкция", "обновлён портал"]
    form.get_by_label("Ваш ответ").first.fill("Общегородская.")
    with form.expect_response("**/remarks/*"):
        form.get_by_label("Ваш ответ").first.blur()
    with form.expect_response("**/remarks/*"):
        form.get_by_label("Исправлено").first.check()
    form.get_by_text("сохранено в").first.wait_for()
    with site.world.app.app_context():
        first = db.session.query(Remark).order_by(Remark.id).first()
        assert first is not None
        assert (first.answer, first.fixed_at is not None) == ("Общегородская.", True)
    form.locator("[name=q1]").fill("Принята общегородская инструкция.")
    city.press("Отправить на проверку")
    city.open(f"/reports/{item}/history")

    moderator.open(f"/desk/{item}/")
    moderator.press("Закрыть")
    moderator.press("Повторить")
    moderator.press("Опубликовать")


def test_all_of_it_works_without_javascript(site: Site) -> None:
    item = site.world.report(State.SUBMITTED)
    moderator = site.visitor("moderator", java_script_enabled=False)
    page = moderator.open(f"/desk/{item}/")
    part = page.locator("#part-q3")
    part.get_by_text("Сделать замечание").click()
    part.get_by_label("К каким словам").fill("провести форум")
    part.get_by_label("Замечание", exact=True).fill("Когда?")
    moderator.press("Сохранить замечания")
    assert page.locator("#part-q3 mark").inner_text() == "провести форум"
    moderator.press("Вернуть с замечаниями")

    city = site.visitor("omsk", java_script_enabled=False)
    form = city.open(f"/reports/{item}/edit")
    form.get_by_label("Ваш ответ").fill("В мае.")
    form.get_by_label("Исправлено").check()
    city.press("Сохранить")
    assert "Все замечания отмечены" in form.get_by_role("main").inner_text()


def test_the_desk_publishes_several_and_files_for_a_city(site: Site) -> None:
    for sector in ("Культура", "Образование"):
        site.world.report(State.SUBMITTED, sector=sector)
    staff = site.visitor("moderator")
    page = staff.open("/desk/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    staff.press("Опубликовать отмеченные")
    assert "Опубликовано 2 текста" in page.get_by_role("status").first.inner_text()
    staff.follow("Внести отчёт за город")
    page.get_by_label("Дата поступления").fill("2026-03-03")
    page.get_by_label("Входящий номер").fill("112/04")
    staff.press("К ответам")
    assert "вх. № 112/04" in page.get_by_role("main").inner_text()
