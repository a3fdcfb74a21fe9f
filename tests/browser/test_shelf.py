"""What somebody puts aside, in a browser: a search that is saved, a collection that goes along."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from docx import Document
from playwright.sync_api import expect

from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from tests.browser.conftest import Site


def published(site: Site) -> None:
    """A report and a practice of Omsk that can be found."""
    site.world.report(State.PUBLISHED)
    site.world.practice(State.PUBLISHED, title="Электронная инструкция")
    with site.world.app.app_context():
        get_index().rebuild(all_documents())


def test_a_search_is_saved_from_the_results_and_run_from_the_list(site: Site) -> None:
    published(site)
    specialist = site.visitor("specialist")
    page = specialist.open("/my/searches/")
    expect(page.get_by_role("main")).to_contain_text("Здесь будут поиски")
    specialist.open("/search?q=инструкция&city=omsk")
    specialist.follow("Сохранить этот поиск")
    page.get_by_label("Название поиска").fill("Инструкции Омска")
    page.get_by_label("Письма о новом").select_option("каждый день, если есть новое")
    specialist.press("Сохранить")
    expect(page.get_by_role("status")).to_have_text("Поиск сохранён.")
    specialist.follow("Показать письмо")
    expect(page.get_by_role("main")).to_contain_text("Нового пока нет")
    specialist.follow("Письма, лента, название")
    specialist.press("Сделать другой адрес")
    expect(page.locator("a[href*='/feeds/searches/']")).to_be_visible()
    page.get_by_text("Удалить поиск").first.click()
    expect(page.get_by_text("прекратятся письма и лента")).to_be_visible()
    specialist.look()
    specialist.open("/my/searches/")
    specialist.follow("Инструкции Омска")
    expect(page.get_by_role("combobox")).to_have_value("инструкция")
    expect(page.get_by_text("Найдено 2 текста")).to_be_visible()


def test_texts_are_kept_ordered_shared_and_taken_along(site: Site, tmp_path: Path) -> None:
    published(site)
    specialist = site.visitor("specialist")
    page = specialist.open("/search?q=инструкция")
    specialist.follow("В подборку")
    page.get_by_label("Название новой подборки").fill("Инструкции")
    page.get_by_label("Заметка").fill("Позвонить в Омск")
    specialist.press("Добавить")
    expect(page.get_by_role("status").first).to_have_text("Добавлено в подборку «Инструкции».")
    page.get_by_role("link", name="В подборку").nth(1).click()
    specialist.press("Добавить")
    specialist.open("/my/collections/")
    specialist.follow("Инструкции")
    titles = page.locator("ol.rows h2")
    first, second = titles.all_inner_texts()
    page.get_by_role("button", name=f"Ниже: {first}").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    specialist.look()
    assert titles.all_inner_texts() == [second, first]
    page.get_by_text("Убрать").first.click()
    expect(page.get_by_text("пропадёт заметка").first).to_be_visible()
    specialist.look()
    for name, read in (("Документ Word", _word), ("Таблица Excel", _excel)):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        text = read(file)
        assert text.index(second) < text.index(first)
        assert "Позвонить в Омск" in text
    assert sorted(file.name for file in tmp_path.glob("Инструкции.*")) == [
        "Инструкции.docx",
        "Инструкции.xlsx",
    ]
    specialist.press("Сделать адрес для коллег")
    address = page.locator("a[href^='http://localhost/collections/']").inner_text()
    colleague = site.visitor()
    colleague.open(address.replace("http://localhost", site.address))
    expect(colleague.page.locator("ol.rows h2")).to_have_count(2)


def _word(file: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)


def _excel(file: Path) -> str:
    rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    return "\n".join(str(value) for row in rows for value in row)


def test_all_of_it_works_without_a_script(site: Site) -> None:
    published(site)
    specialist = site.visitor("specialist", java_script_enabled=False)
    page = specialist.page
    specialist.open("/search?q=инструкция")
    specialist.follow("В подборку")
    page.get_by_label("Название новой подборки").fill("Без скриптов")
    specialist.press("Добавить")
    specialist.open("/my/collections/")
    specialist.follow("Без скриптов")
    specialist.follow("Написать заметку")
    page.get_by_label("Заметка").fill("Сроки!")
    specialist.press("Сохранить")
    expect(page.get_by_text("Сроки!")).to_be_visible()
    page.get_by_text("Удалить подборку").first.click()
    specialist.press("Удалить подборку")
    expect(page.get_by_role("status")).to_have_text("Подборка удалена.")
