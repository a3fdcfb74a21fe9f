"""Documents as files: what was typed comes out as what it is, in Word and as PDF."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import (
    Block,
    Grid,
    Heading,
    Items,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    line,
)
from asdg_portal.papers.pdf import to_pdf
from asdg_portal.papers.word import to_docx

EVERYTHING = """Абзац с **важным** и *особым*
и второй строкой, [сайт](https://omsk.example/a).

3. третье
4. четвёртое
   - внутри
   - ещё

- пункт

  его второй абзац

| Год | Обращений |
| --- | --- |
| 2024 | **120** |

<b>не HTML</b> #let x = 1 $a$ @b"""


def word(*blocks: Block, author: str = "") -> Any:
    return docx.Document(io.BytesIO(to_docx(Paper("Отчёт", blocks, author))))


def pdf_text(*blocks: Block) -> str:
    reader = PdfReader(io.BytesIO(to_pdf(Paper("Отчёт", blocks))))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_typed_text_becomes_blocks() -> None:
    paragraph, numbered, bullets, table, last = to_blocks(EVERYTHING)
    assert isinstance(paragraph, Paragraph)
    assert [(r.text, r.bold, r.italic, r.break_before, r.link) for r in paragraph.runs] == [
        ("Абзац с ", False, False, False, ""),
        ("важным", True, False, False, ""),
        (" и ", False, False, False, ""),
        ("особым", False, True, False, ""),
        ("и второй строкой, ", False, False, True, ""),
        ("сайт", False, False, False, "https://omsk.example/a"),
        (".", False, False, False, ""),
    ]
    inner = Items(((line("внутри"),), (line("ещё"),)))
    assert numbered == Items(((line("третье"),), (line("четвёртое"), inner)), start=3)
    assert bullets == Items(((line("пункт"), line("его второй абзац")),))
    head, row = ((Run("Год"),), (Run("Обращений"),)), ((Run("2024"),), (Run("120", bold=True),))
    assert table == Grid((head, row), heads=1)
    assert last == line("<b>не HTML</b> #let x = 1 $a$ @b")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "\\\\host\\x"])
def test_links_lead_to_pages_only(address: str) -> None:
    for block in to_blocks(f"[сайт]({address})"):
        assert isinstance(block, Paragraph)
        assert {run.link for run in block.runs} == {""}


def test_word_has_real_headings_lists_and_tables() -> None:
    document = word(Heading(1, "1. Вопрос?", "asdg_q1"), *to_blocks(EVERYTHING), author="Омск")
    paragraphs = {p.text: p for p in document.paragraphs}
    assert paragraphs["Отчёт"].style.name == "Title"
    assert paragraphs["1. Вопрос?"].style.name == "Heading 1"
    marks = paragraphs["1. Вопрос?"]._p.findall(qn("w:bookmarkStart"))
    assert [mark.get(qn("w:name")) for mark in marks] == ["asdg_q1"]
    first = next(p for text, p in paragraphs.items() if text.startswith("Абзац"))
    assert first.text == "Абзац с важным и особым\nи второй строкой, сайт."
    assert [run.text for run in first.runs if run.bold] == ["важным"]
    assert [link.address for link in first.hyperlinks] == ["https://omsk.example/a"]
    levels = {
        text: paragraphs[text]._p.pPr.numPr.ilvl.val
        for text in ("третье", "четвёртое", "внутри", "пункт")
    }
    assert levels == {"третье": 0, "четвёртое": 0, "внутри": 1, "пункт": 0}
    assert paragraphs["его второй абзац"]._p.pPr.numPr is None
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Год", "Обращений"],
        ["2024", "120"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    about = document.core_properties
    assert (about.title, about.author, about.language) == ("Отчёт", "Омск", "ru-RU")


def test_each_list_with_numbers_begins_where_it_did() -> None:
    document = word(*to_blocks("1. а\n2. б"), line("между"), *to_blocks("7. в"))
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p._p.pPr.numPr is not None]
    assert numbers[0] == numbers[1] != numbers[2]
    starts = {
        number.get(qn("w:numId")): [s.get(qn("w:val")) for s in number.iter(qn("w:startOverride"))]
        for number in document.part.numbering_part.element.findall(qn("w:num"))
    }
    assert starts[str(numbers[0])] == ["1"]
    assert starts[str(numbers[2])] == ["7"]


def test_a_word_file_says_what_it_is_and_runs_nothing() -> None:
    data = to_docx(Paper("Отчёт", (), properties={"asdg-report": "17", "год": "2025 & <1>"}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        custom = archive.read("docProps/custom.xml").decode()
        assert 'name="asdg-report"' in custom
        assert "2025 &amp; &lt;1&gt;" in custom
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "Отчёт"


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800x", "\u202eкр", "а" * 100_000, "=СУММ(A1)", "🙂漢字"]
)
def test_odd_characters_break_no_file(text: str) -> None:
    assert word(line(text)).paragraphs[1].text == text.translate(dict.fromkeys((0, 0xD800), None))
    assert pdf_text(line(text[:50]))


def test_a_picture_in_the_text_stays_in_the_pdf_which_then_claims_less() -> None:
    data = to_pdf(Paper("Отчёт", (line("Готово 🙂"),)))
    assert "Готово" in PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert b"pdfuaid" not in data
    root: Any = PdfReader(io.BytesIO(data)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


def test_a_list_in_a_list_and_an_empty_item_stand_in_word() -> None:
    nested = Items((((Items(((line("глубоко"),),)),)), ()))
    texts = [p.text for p in word(nested).paragraphs]
    assert texts == ["Отчёт", "", "глубоко", ""]


def test_pdf_can_be_read_aloud_and_holds_the_text() -> None:
    data = to_pdf(Paper("Отчёт Омска", (Heading(2, "1. Вопрос?"), *to_blocks(EVERYTHING))))
    reader = PdfReader(io.BytesIO(data))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    assert reader.metadata is not None
    assert reader.metadata.title == "Отчёт Омска"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    text = "\n".join(page.extract_text() for page in reader.pages)
    for piece in ("1. Вопрос?", "четвёртое", "внутри", "Обращений", "<b>не HTML</b> #let x = 1"):
        assert piece in text


def test_headings_that_skip_a_level_are_mended_for_pdf() -> None:
    text = pdf_text(Heading(3, "Первый"), Heading(1, "Второй"), Heading(3, "Третий"), PageBreak())
    assert [text.count(name) for name in ("Первый", "Второй", "Третий")] == [1, 1, 1]
