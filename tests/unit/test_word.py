"""Kept texts as Word documents: real headings, lists and tables, and nothing that is fetched."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from docx import Document
from docx.shared import Mm

from asdg_portal.core.word import add_line, add_text, new_document

TEXT = """Первый абзац
со второй строкой, **важный** и *наклонный*, [сайт](https://omsk.example).

- один
- два
  1. вложенный
  2. ещё

1. раз
2. два

   продолжение
3. три

Между.

5. пять
6. шесть

| Город | Число |
|---|---|
| Омск | **7** |
| =1+1 | <b> |
"""


def written(text: str) -> tuple[Any, bytes]:
    """The text as a document that was kept and opened again."""
    document = new_document("Опись", "Иванов")
    add_text(document, text)
    file = BytesIO()
    document.save(file)
    return Document(BytesIO(file.getvalue())), file.getvalue()


def test_paragraphs_lists_and_tables_are_those_of_word() -> None:
    document, _data = written(TEXT)
    lines = [(p.style.name, p.text) for p in document.paragraphs]
    assert lines == [
        (
            "Normal",
            "Первый абзац\nсо второй строкой, важный и наклонный, сайт (https://omsk.example).",
        ),
        ("List Bullet", "один"),
        ("List Bullet", "два"),
        ("List Number 2", "вложенный"),
        ("List Number 2", "ещё"),
        ("List Number", "раз"),
        ("List Number", "два"),
        ("List Continue", "продолжение"),
        ("List Number", "три"),
        ("Normal", "Между."),
        ("List Number", "пять"),
        ("List Number", "шесть"),
        ("Normal", ""),
    ]
    strong = [run.text for run in document.paragraphs[0].runs if run.bold]
    slanted = [run.text for run in document.paragraphs[0].runs if run.italic]
    assert (strong, slanted) == (["важный"], ["наклонный"])
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [["Город", "Число"], ["Омск", "7"], ["=1+1", "<b>"]]
    assert table.cell(0, 0).paragraphs[0].runs[0].bold


def test_each_numbered_list_counts_for_itself() -> None:
    document, data = written(TEXT)
    numbers = [
        (p.text, p._p.pPr.numPr.numId.val)
        for p in document.paragraphs
        if p.style.name == "List Number"
    ]
    one, five = numbers[0][1], numbers[3][1]
    assert [number for _text, number in numbers] == [one] * 3 + [five] * 2
    assert one != five
    xml = zipfile.ZipFile(BytesIO(data)).read("word/numbering.xml").decode()
    start = re.search(rf'<w:num w:numId="{five}".*?startOverride w:val="(\d+)"', xml, re.DOTALL)
    assert start is not None
    assert start[1] == "5"


def test_nothing_is_fetched_and_nothing_breaks_the_file() -> None:
    text = "До \x0b\ud800после [x](javascript:alert(1)) ![](http://evil.example/x.png) {{ TEXT }}"
    document, data = written(text)
    assert document.paragraphs[0].text.startswith("До после [x]")
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            content = package.read(name).decode("utf-8", "replace")
            assert 'TargetMode="External"' not in content, name
            assert "fldSimple" not in content
            assert "instrText" not in content


def test_the_document_is_on_a4_in_russian_under_its_own_name() -> None:
    document = new_document("Имя\x00", "Я" * 300)
    add_line(document, "Глава\x07", "Heading 1")
    file = BytesIO()
    document.save(file)
    opened = Document(BytesIO(file.getvalue()))
    assert opened.core_properties.title == "Имя"
    assert opened.core_properties.author == "Я" * 255
    assert opened.paragraphs[0].text == "Глава"
    width = opened.sections[0].page_width
    assert width is not None
    assert Mm(209) < width < Mm(211)
    assert 'w:lang w:val="ru-RU"' in opened.styles["Normal"].element.xml


def test_a_deep_list_stays_a_list() -> None:
    text = "\n".join(f"{'  ' * depth}- {depth}" for depth in range(8))
    document, _data = written(text)
    assert {p.style.name for p in document.paragraphs} == {
        "List Bullet",
        "List Bullet 2",
        "List Bullet 3",
    }
