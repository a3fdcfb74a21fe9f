"""What the portal writes as a Word file comes home as it went out, changed or not."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings, strategies as st

from asdg_portal.cities.recognition import Gazetteer
from asdg_portal.cities.services import DATA
from asdg_portal.core.text import clean
from asdg_portal.moderation.models import Part
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.pieces import pieces_of
from asdg_portal.papers.word import to_docx
from asdg_portal.surveys.documents import LONGEST_ANSWER, ParsedReport, Sectors, parse
from asdg_portal.surveys.papers.contents import Contents
from asdg_portal.surveys.papers.report import report_paper
from tests.unit.surveys.test_documents import (  # noqa: F401  fixtures
    _messages,
    gazetteer,
    sectors,
)

QUESTIONS = (
    "Что удалось сделать?",
    "Какие успехи коллег?",
    "Какие задачи?",
    "Какая помощь нужна?",
    "Нужна ли конференция?",
)
RICH = """Абзац с **важным** и *особым*
и второй строкой, [сайт](https://omsk.example/a).

3. третье
4. четвёртое
   - внутри
   - ещё
5. пятое

* пункт со звёздочкой

  его второй абзац

| Год | Итог |
|---|:-:|
| 2024 | **120** |
|  | a \\| b |

Знаки: 5 * 3 * 2, a_b_c, C:\\dir, # нет, 1 < 2 & 3, `код`, &amp;, \\*нет\\*.

2024\\. Год

\\- не пункт"""


def contents(texts: list[str], preface: str = "", details: tuple[Part, ...] = ()) -> Contents:
    parts = [Part("preface", "Преамбула", preface)]
    parts += [Part(f"q{n}", QUESTIONS[n - 1], text, number=n) for n, text in enumerate(texts, 1)]
    return Contents(7, "Омск", "Организационная работа", 2014, "", False, parts, [*details], None)


Reader = Callable[[bytes], ParsedReport]


@pytest.fixture
def read(gazetteer: Gazetteer, sectors: Sectors) -> Reader:  # noqa: F811
    return lambda data: _read(data, gazetteer, sectors)


def _read(data: bytes, cities: Gazetteer, directions: Sectors) -> ParsedReport:
    parsed = parse("отчёт.docx", data, cities, directions)
    assert parsed.error is None
    (record,) = parsed.records
    return record


def written(*texts: str, preface: str = "") -> bytes:
    return to_docx(report_paper(contents([*texts, *[""] * (5 - len(texts))], preface)))


def without_copy(data: bytes) -> bytes:
    """The same file without the texts as they are kept: what stands in it must do."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in source.infolist():
            if not part.filename.startswith("customXml/"):
                archive.writestr(part, source.read(part))
    return target.getvalue()


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    document = docx.Document(io.BytesIO(data))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def paragraph(document: Any, text: str) -> Any:
    return next(p for p in document.paragraphs if p.text == text)


def test_a_report_comes_home_as_it_was(read: Reader) -> None:
    table = "| а | б |\n|---|---|\n| в | г |"
    assert read(written(table, preface=table)).answers["q1"] == table
    record = read(written(RICH, "Опыт Томска.", preface="Слово **вперёд**."))
    assert (record.city, record.sector, record.year) == ("Омск", "Организационная работа", 2014)
    assert record.preface == "Слово **вперёд**."
    assert record.answers == {"q1": RICH, "q2": "Опыт Томска.", "q3": "", "q4": "", "q5": ""}
    assert record.questions == {f"q{n}": text for n, text in enumerate(QUESTIONS, 1)}
    assert record.mentions == ["Томск"]


def test_what_stands_in_the_file_says_it_all_without_the_copy(read: Reader) -> None:
    answer = read(without_copy(written(RICH))).answers["q1"]
    # A line that begins with a typed mark is a list to people, and so it is to the reader.
    expected = RICH.replace("\\- не пункт", "- не пункт")
    assert pieces_of(to_blocks(answer)) == pieces_of(to_blocks(expected))
    assert read(without_copy(written(answer))).answers["q1"] == answer


def test_what_people_change_in_word_comes_in_and_the_rest_keeps_its_letters(read: Reader) -> None:
    def change(document: Any) -> None:
        paragraph(document, "пункт со звёздочкой").add_run(" и добавка").bold = True
        last = paragraph(document, "- не пункт")
        for text in ("– первое", "• второе", "2) третье", "a*b*c [x](y) строкой"):
            last.insert_paragraph_before(text)
        paragraph(document, "Опыт Томска.").text = "Опыт Томска и Читы."

    record = read(edited(written(RICH, "Опыт Томска.", "Не тронут: * a *"), change))
    changed = RICH.replace("* пункт со звёздочкой", "- пункт со звёздочкой **и добавка**")
    added = "- первое\n- второе\n\n2. третье\n\na\\*b\\*c \\[x\\](y) строкой"
    assert record.answers["q1"] == changed.replace("\\- не", f"{added}\n\n\\- не")
    assert record.answers["q2"] == "Опыт Томска и Читы."
    assert record.answers["q3"] == "Не тронут: * a *"
    assert record.mentions == ["Томск", "Чита"]


def test_lists_of_word_itself_are_lists(read: Reader) -> None:
    def change(document: Any) -> None:
        place = paragraph(document, "конец")
        for style in ("List Bullet", "List Number", "List Number"):
            place.insert_paragraph_before(style, style=style)

    answer = read(edited(written("начало\n\nконец"), change)).answers["q1"]
    assert answer == "начало\n\n- List Bullet\n\n1. List Number\n2. List Number\n\nконец"


def test_a_heading_that_was_deleted_is_told(gazetteer: Gazetteer, sectors: Sectors) -> None:  # noqa: F811
    def change(document: Any) -> None:
        heading = paragraph(document, "2. Какие успехи коллег?")
        heading._p.getparent().remove(heading._p)

    data = edited(written("раз", "два", "три", "четыре", "пять"), change)
    parsed = parse("отчёт.docx", data, gazetteer, sectors)
    assert parsed.records[0].answers["q2"] == ""
    assert [(w.field, "удалён" in w.message) for w in parsed.warnings] == [("q2", True)]


def test_lines_and_places_show_where_everything_stands(
    gazetteer: Gazetteer,  # noqa: F811
    sectors: Sectors,  # noqa: F811
) -> None:
    parsed = parse("отчёт.docx", written("раз\n\n- два", "три", preface="нуль"), gazetteer, sectors)
    shown = {n: parsed.lines[slice(*place)] for n, place in parsed.records[0].places.items()}
    assert shown["heading"] == ["Омск — Организационная работа, 2014"]
    assert shown["preface"] == ["Преамбула", "нуль"]
    assert shown["q1"] == ["1. Что удалось сделать?", "раз", "два"]
    assert shown["q3"] == ["3. Какие задачи?"]
    assert {warning.code for warning in parsed.warnings} == {"answer_empty"}


@pytest.mark.parametrize("sign", ["[", "*a", "[a](", "\\", "a_"])
def test_signs_by_the_thousand_hold_nobody_up(sign: str, read: Reader) -> None:
    def change(document: Any) -> None:
        paragraph(document, "раз").text = sign * (LONGEST_ANSWER // len(sign))

    data = edited(written("раз"), change)
    begun = time.process_time()
    record = read(data)
    assert time.process_time() - begun < 10
    assert len(record.answers["q1"]) >= LONGEST_ANSWER - 10


def test_what_is_too_long_is_told_and_not_cut(gazetteer: Gazetteer, sectors: Sectors) -> None:  # noqa: F811
    data = edited(written("раз"), lambda document: setattr(paragraph(document, "раз"), "text", "*а" * LONGEST_ANSWER))  # fmt: skip  # noqa: E501
    parsed = parse("отчёт.docx", data, gazetteer, sectors)
    assert parsed.records[0].answers["q1"] == "*а" * LONGEST_ANSWER
    assert "answer_long" in {warning.code for warning in parsed.warnings}


def test_a_copy_that_is_not_what_the_file_shows_is_not_believed(read: Reader) -> None:
    """Nobody can show one text and hand in another."""
    source, target = zipfile.ZipFile(io.BytesIO(written("Видимое."))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in source.infolist():
            data = source.read(part)
            if part.filename.startswith("customXml/item2"):
                data = data.replace("Видимое".encode(), "Тайное".encode())
            archive.writestr(part.filename, data)
    assert read(target.getvalue()).answers["q1"] == "Видимое."


def test_a_form_made_into_that_of_another_city_is_told(
    gazetteer: Gazetteer,  # noqa: F811
    sectors: Sectors,  # noqa: F811
) -> None:
    def change(document: Any) -> None:
        paragraph(document, "Омск — Организационная работа, 2014").text = "Томск — Культура, 2015"

    data = edited(written("раз", "два", "три", "четыре", "пять"), change)
    parsed = parse("отчёт.docx", data, gazetteer, sectors)
    assert {warning.field for warning in parsed.warnings} == {"city", "sector", "year"}


def test_a_file_of_others_is_read_by_the_rule_for_all(read: Reader) -> None:
    def change(document: Any) -> None:
        for mark in [*document.element.iter(qn("w:bookmarkStart"))]:
            mark.getparent().remove(mark)

    data = edited(written(*["**Ответ** по делу."] * 5), change)
    assert read(data).answers["q1"] == "Ответ по делу."


def test_every_city_and_direction_of_the_list_is_known_again(
    gazetteer: Gazetteer,  # noqa: F811
    sectors: Sectors,  # noqa: F811
) -> None:
    with (DATA / "cities.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert [name for name in names if gazetteer.in_heading(name) != name] == []
    rows = json.loads((DATA / "sectors.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in rows if sectors.find(row["name"]) != row["name"]] == []


SIGNS = st.text(alphabet=" \n\t-*_|\\#<&>`1.)[]()!\"'йё№аб", max_size=60)
PIECES = st.sampled_from((
    "слово", "**важно**", "*особо*", "***оба***", "a_b", "1.", "- ", "[x](https://a.ru/b)", "|",
    "\n", "\n\n", "\n- пункт", "\n* другой", "\n1. раз", "\n   - внутри", "\n7) семь", "\\", "#",
    "\n\n   абзац пункта", "\n\n| а | б |\n|---|---|\n| в | *г* |\n\n", "<b>", "&lt;", "\\*", "``",
))  # fmt: skip
ROWS = st.lists(PIECES, max_size=16).map(" ".join)
TEXTS = st.one_of(SIGNS, ROWS, st.text(max_size=30)).map(clean)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(TEXTS, min_size=5, max_size=5), preface=TEXTS)
@example(texts=["0.\n0. 0", "1.\n2. а", "- а\n-\n- б", "2. а\n3.\n4. б", ""], preface="3.\n4. а")
def test_any_report_comes_home_as_it_was(
    texts: list[str],
    preface: str,
    gazetteer: Gazetteer,  # noqa: F811
    sectors: Sectors,  # noqa: F811
) -> None:
    cities, directions = gazetteer, sectors
    record = _read(to_docx(report_paper(contents(texts, preface))), cities, directions)
    assert [*record.answers.values()] == texts
    assert record.preface == preface
    # Out once more, it is the same document.
    again = to_docx(report_paper(contents([*record.answers.values()], record.preface)))
    assert _read(again, cities, directions) == record
