"""A Word file loaded into its report, as people do it: choosing, looking, correcting, accepting."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
from playwright.sync_api import FilePayload

from tests.browser.conftest import Site
from tests.factories import YEAR
from tests.functional.surveys.test_uploads import QUESTIONS, READ, SIGNED, stands

WORD, ZIP = "application/msword", "application/zip"


def word_file() -> bytes:
    """A sheet of Томск about culture, signed; its fourth answer is missing."""
    document = docx.Document()
    document.add_heading("Томск", 1)
    document.add_paragraph(f"Культура, {YEAR} год")
    document.add_paragraph("Город живёт у реки.")
    for number, (question, answer) in enumerate(zip(QUESTIONS, READ, strict=True), 1):
        document.add_paragraph().add_run(f"{number}. {question}").bold = True
        if number != 4:
            document.add_paragraph(answer)
    document.add_paragraph(SIGNED)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_file_is_looked_at_corrected_and_accepted(site: Site) -> None:
    report = site.world.report()
    for scripts in (True, False):
        city = site.visitor("omsk", java_script_enabled=scripts)
        city.open(f"/reports/{report}/edit")
        page = city.follow("Загрузить из файла Word")
        file: FilePayload = {
            "name": "анкета.docx",
            "mimeType": "application/msword",
            "buffer": word_file(),
        }
        page.get_by_label("Заполненная анкета").set_input_files(file)
        city.press("Прочитать файл")
        section = page.get_by_role("region", name="1. ")
        assert READ[0] in section.locator(".original").inner_text()
        assert SIGNED in page.get_by_role("region", name="Не вошло").inner_text()
        assert "Ответа нет" in page.get_by_role("region", name="4. ").inner_text()
        text = f"Исправлено {scripts}."
        page.locator("[name=q1]").fill(text)
        city.press("Принять в отчёт")
        assert "подтвердите" in page.get_by_role("alert").inner_text()
        assert page.locator("[name=q1]").input_value() == text
        page.get_by_label("Файл всё равно относится").check()
        section.get_by_label("Объединить вручную").check()
        city.press("Принять в отчёт")
        assert "Взято из файла частей: 1" in page.get_by_role("main").inner_text()
        assert page.locator("[name=q1]").input_value() == text
    assert stands(site.world, report)["q1"] == "Исправлено False."


def test_an_archive_is_uploaded_and_each_file_is_told_of(site: Site) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Томск.docx", word_file())
        archive.writestr("письмо.txt", "Письмо о погоде.")
    admin = site.visitor("admin")
    page = admin.open("/admin/archive/")
    file: FilePayload = {
        "name": "2026.zip",
        "mimeType": ZIP,
        "buffer": out.getvalue(),
    }
    page.get_by_label("Архив zip").set_input_files(file)
    page.get_by_label("Будут сразу опубликованы").check()
    admin.press("Загрузить и прочитать")
    page.wait_for_function(
        "() => document.body.innerText.includes('отказано: 1') || (location.reload(), false)",
        polling=500,
    )
    admin.look()
    assert "под вопросом: 1" in page.get_by_role("main").inner_text()
    admin.follow("Томск — Культура")
    assert "черновик" in page.get_by_role("main").inner_text()
