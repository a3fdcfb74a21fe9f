"""A question goes to an invited colleague, the report to the head of the city and on."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sqlalchemy import update

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from tests.browser.conftest import Site, Visitor
from tests.factories import PASSWORD


def letter_to(site: Site, email: str) -> str:
    """The newest letter to an address."""
    found = [m for m in site.world.letters() if email in str(m["To"])]
    return str(found[-1].get_content())


def invited(site: Site, email: str) -> Visitor:
    """Follow the letter as somebody without an account does."""
    link = re.search(r"http://localhost(/invitation/\S+)", letter_to(site, email))
    assert link
    assert "/hands/q3" in unquote(link[1])
    guest = site.visitor()
    guest.open(link[1])
    guest.page.get_by_label("Ваше имя").fill("Новикова Н. Н.")
    guest.page.get_by_label("Новый пароль").fill(PASSWORD)
    guest.page.get_by_role("checkbox").check()
    guest.press("Начать")
    return guest


def send(owner: Visitor) -> None:
    """Send a report off, whatever is thought to be worth another look."""
    owner.press("Отправить на согласование")
    if "check=1" in owner.page.url:
        owner.press("Отправить всё равно")


def test_from_the_owner_to_a_colleague_to_the_head_to_the_association(site: Site) -> None:
    with site.world.app.app_context():
        head_of = update(User).filter_by(email="omsk2@example.org").values(is_head=True)
        db.session.execute(head_of)
        db.session.execute(update(City).filter_by(slug="omsk").values(needs_approval=True))
        db.session.commit()
    report = site.world.report()
    owner = site.visitor("omsk")
    owner.open(f"/reports/{report}/edit")
    owner.page.locator("a[href$='/hands/q3/ask']").click()
    owner.page.get_by_label("или адрес электронной почты").fill("new@example.org")
    owner.page.get_by_label("Комментарий").fill("Возьмите у экономистов.")
    owner.press("Поручить")
    assert "new@example.org" in owner.page.get_by_role("main").inner_text()

    colleague = invited(site, "new@example.org")
    page = colleague.page
    assert page.url.endswith(f"/reports/{report}/edit#q3")
    assert "Возьмите у экономистов." in page.get_by_role("main").inner_text()
    assert page.locator("form[data-questionnaire] textarea").count() == 1
    assert page.locator("[name=q3]").evaluate("box => box.getBoundingClientRect().top") < 900
    page.locator("[name=q3]").fill("Ответ коллеги")
    colleague.press("Готово: сохранить и сообщить")
    colleague.open("/my/")
    assert "Какие задачи стоят" in page.get_by_role("main").inner_text()

    owner.open(f"/reports/{report}/edit")
    assert owner.page.locator("[name=q3]").input_value() == "Ответ коллеги"
    send(owner)
    assert site.world.state(report) is State.APPROVAL

    head = site.visitor("omsk2")
    head.open("/my/")
    head.follow("Прочитать и согласовать")
    head.follow("Вернуть на доработку")
    head.page.get_by_label("Что нужно изменить").fill("Добавьте сроки.")
    head.press("Вернуть")
    owner.open(f"/reports/{report}/edit")
    assert "Добавьте сроки." in owner.page.get_by_role("main").inner_text()
    send(owner)
    head.open(f"/reports/{report}/edit")
    head.press("Согласовать и отправить в ассоциацию")
    assert site.world.state(report) is State.SUBMITTED
    colleague.open(f"/reports/{report}/edit", status=404)
