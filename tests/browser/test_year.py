"""A year from its preparation to its opening, shared out and looked at, in a real browser."""

from __future__ import annotations

from tests.browser.conftest import Site
from tests.factories import YEAR


def test_a_year_is_prepared_changed_opened_shared_out_and_followed(site: Site) -> None:
    moderator = site.visitor("moderator")
    moderator.open("/admin/campaigns/")
    page = moderator.press("Подготовить год")
    assert f"Кампания {YEAR + 1} года" in page.inner_text("h1")
    moderator.follow("Добавить вопрос")
    page.get_by_label("Формулировка").fill("Чем город удивил соседей?")
    moderator.press("Сохранить")
    page.get_by_label("Культура", exact=True).uncheck()
    moderator.press("Сохранить направления")
    page.get_by_label("Открывается").fill("2026-01-01")
    page.get_by_label("Ответы ждём").fill("2099-03-01")
    moderator.press("Сохранить даты")
    moderator.press("Открыть год для городов")
    assert "Чем город удивил соседей?" in page.inner_text("#questions")

    omsk = site.visitor("omsk")
    page = omsk.open("/my/")
    omsk.follow(f"Кто за что отвечает в {YEAR + 1} году")
    page.get_by_label("Ответственный: ЖКХ").select_option("Имя omsk")
    page.get_by_label("не отвечаем по этому направлению: Экономика").check()
    omsk.press("Сохранить")
    assert "не ожидается" in page.inner_text("main")
    page.goto("/reports/new")
    assert "Культура" not in page.inner_text(f"section:has(h2:text('{YEAR + 1}'))")

    page = moderator.open(f"/desk/progress/{YEAR + 1}/")
    row = page.get_by_role("row", name="Омск", exact=False).first
    assert row.get_by_role("link", name="не ожидается").count() == 1
    sheet = row.get_by_role("link", name="не начата").nth(1)
    assert "Имя omsk" in (sheet.get_attribute("title") or "")
    with page.expect_navigation():
        sheet.click()
    moderator.look()
    assert page.get_by_label("Ответственный: ЖКХ").input_value() != ""


def test_the_table_keeps_its_head_and_its_first_column_in_sight(site: Site) -> None:
    moderator = site.visitor("moderator")
    page = moderator.open(f"/desk/progress/{YEAR}/")
    frame = page.locator(".matrix-frame")
    frame.evaluate("box => { box.scrollTop = 600; box.scrollLeft = 200; }")
    box = frame.bounding_box()
    head = page.locator(".matrix thead th").nth(5).bounding_box()
    city = page.locator(".matrix tbody th").nth(25).bounding_box()
    assert box is not None
    assert head is not None
    assert city is not None
    assert abs(head["y"] - box["y"]) < 3
    assert abs(city["x"] - box["x"]) < 3


def test_a_phone_shows_the_cities_as_a_list(site: Site) -> None:
    page = site.visitor("moderator").page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/desk/progress/{YEAR}/")
    assert page.locator(".matrix tbody td:not(.sum)").first.is_hidden()
    assert page.locator(".matrix tbody th").first.is_visible()
    page.goto(f"/desk/progress/{YEAR}/?standing=none")
    cell = page.locator(".matrix tbody td:not(.sum)").first
    assert cell.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
