"""A collection taken along: a Word document and an Excel workbook that office programs open."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from docx import Document
from flask.testing import FlaskClient

from asdg_portal.core.excel import LONGEST_CELL
from asdg_portal.moderation.models import State
from tests.factories import World
from tests.functional.shelf.test_collections import GONE, begin, put, shared_at, withdraw

EVIL = '=HYPERLINK("http://evil.example";"+1")'


def collection(world: World, client: FlaskClient) -> tuple[str, int, int]:
    """A collection of a practice and an answer, with a note to the first."""
    practice = world.practice(State.PUBLISHED, title=EVIL)
    report = world.report(State.PUBLISHED)
    address = begin(client, "Опыт / городов")
    put(client, address, f"practice:{practice}", "=1+1 позвонить")
    put(client, address, f"report:{report}:1")
    return address, practice, report


def paragraphs(data: bytes) -> list[tuple[str, str]]:
    document: Any = Document(BytesIO(data))
    return [(p.style.name, p.text) for p in document.paragraphs]


def test_the_document_has_headings_lists_sources_and_notes(world: World) -> None:
    client = world.browser("specialist")
    address, practice, report = collection(world, client)
    answer = client.get(f"{address}file.docx")
    assert str(answer.mimetype).endswith("wordprocessingml.document")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    lines = paragraphs(answer.data)
    assert lines[0] == ("Title", "Опыт / городов")
    for line in [
        ("Heading 1", EVIL),
        ("Small", "Омск · Омская область · Организационная работа · 2026"),
        ("Heading 2", "Решение"),
        ("Normal", "Создана электронная приёмная."),
        ("Note", "Заметка: =1+1 позвонить"),
        ("Heading 1", "Омск — Организационная работа, 2026"),
        ("List Paragraph", "обучены сотрудники"),
    ]:
        assert line in lines, line
    text = "\n".join(words for _style, words in lines)
    assert f"Источник: http://localhost/practices/{practice}/, опубликовано" in text
    assert f"Источник: http://localhost/reports/{report}/#q1, опубликовано" in text
    assert "1. Что удалось сделать" in text
    questions = [words for style, words in lines if style == "Heading 2" and "2026" in words]
    assert questions  # the question as it was asked


def rows(data: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(BytesIO(data))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_the_workbook_holds_texts_and_no_formula(world: World) -> None:
    client = world.browser("specialist")
    address, practice, report = collection(world, client)
    answer = client.get(f"{address}file.xlsx")
    assert str(answer.mimetype).endswith("spreadsheetml.sheet")
    head, first, second = rows(answer.data)
    assert head[:3] == ["№", "Название", "Город"]
    assert first[:6] == [1, EVIL, "Омск", "Омская область", "Организационная работа", 2026]
    assert "Решение\nСоздана электронная приёмная." in str(first[7])
    assert first[8:10] == ["=1+1 позвонить", f"http://localhost/practices/{practice}/"]
    assert "в 2026 году" in str(second[6])
    assert "обучены сотрудники" in str(second[7])
    assert second[9] == f"http://localhost/reports/{report}/#q1"
    with zipfile.ZipFile(BytesIO(answer.data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        assert not [name for name in package.namelist() if "externalLink" in name]


def test_a_text_longer_than_a_cell_says_that_it_was_cut(world: World) -> None:
    client = world.browser("specialist")
    long = "слово " * 7_000
    report = world.report(State.PUBLISHED, answers=dict.fromkeys(range(1, 6), long))
    address = begin(client)
    put(client, address, f"report:{report}:1")
    cell = str(rows(client.get(f"{address}file.xlsx").data)[1][7])
    assert len(cell) == LONGEST_CELL
    assert cell.endswith("(обрезано: больше ячейка не вмещает)")
    assert long.strip() in "\n".join(
        w for _s, w in paragraphs(client.get(f"{address}file.docx").data)
    )


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_what_is_withdrawn_is_gone_from_the_files_at_once(world: World, ending: str) -> None:
    client = world.browser("specialist")
    address, practice, _report = collection(world, client)
    path = shared_at(client, address)
    assert _words(client.get(f"{address}file.{ending}").data, ending).count(GONE) == 0
    withdraw(world, practice)
    for reader, file in ((client, address), (world.browser(), path)):
        words = _words(reader.get(f"{file}file.{ending}").data, ending)
        assert words.count(GONE) == 1
        assert "evil" not in words
        assert "приёмная" not in words
        assert "обучены сотрудники" in words


def _words(data: bytes, ending: str) -> str:
    if ending == "docx":
        return "\n".join(words for _style, words in paragraphs(data))
    return "\n".join(str(value) for row in rows(data) for value in row)


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_file_holds_what_its_reader_may_read(world: World, ending: str) -> None:
    report, client = world.report(State.PUBLISHED), world.browser("specialist")
    address = begin(client)
    put(client, address, f"report:{report}:4")
    path = shared_at(client, address)
    for name, sees in ((None, False), ("tomsk", True)):
        answer = world.browser(name).get(f"{path}file.{ending}")
        assert ("методические рекомендации" in _words(answer.data, ending)) is sees
        package = zipfile.ZipFile(BytesIO(answer.data))
        assert ("Имя specialist" in package.read("docProps/core.xml").decode()) is sees
    assert client.get(f"{address}file.pdf").status_code == 404


def test_an_empty_collection_makes_files_too(world: World) -> None:
    client = world.browser("specialist")
    address = begin(client)
    for ending in ("docx", "xlsx"):
        assert client.get(f"{address}file.{ending}").status_code == 200
