"""Tables to take along: Cyrillic opens rightly, and nobody's text becomes a formula."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from asdg_portal.core.tables import Table, to_csv, to_xlsx

COLUMNS = (("Город", 20), ("Слова", 40), ("День", 12))


def table(*rows: tuple[str | int | date | None, ...], name: str = "Лист") -> Table:
    return Table(name, COLUMNS, rows)


def test_csv_opens_in_a_russian_excel() -> None:
    data = to_csv(table(("Омск", 'две\nстроки; "и" знак', date(2025, 12, 30)), ("Чита", 7, None)))
    assert data.startswith("\ufeffГород;Слова;День\r\n".encode())
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1:] == [["Омск", 'две\nстроки; "и" знак', "30.12.2025"], ["Чита", "7", ""]]


@pytest.mark.parametrize("sign", ["=1+1", "+7 (3812)", "-5", "@СУММ", "\t=1", "\x00=1"])
def test_no_cell_of_csv_is_a_formula(sign: str) -> None:
    line = to_csv(table(("Омск", sign, None))).decode("utf-8-sig").splitlines()[1]
    cell = next(csv.reader([line], delimiter=";"))[1]
    assert cell == "'" + sign.replace("\x00", "")


@pytest.mark.parametrize(
    "sign", ["=1+1", "+7", "-5", "@СУММ", "http://evil.example", "007", "\ud800x"]
)
def test_no_cell_of_a_workbook_is_anything_but_text(sign: str) -> None:
    data = to_xlsx([table((sign, sign, None))], "Книга")
    page = load_workbook(BytesIO(data)).worksheets[0]
    assert page["A2"].value == sign.replace("\ud800", "")
    assert page["A2"].data_type == "s"
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<hyperlink" not in sheet


def test_days_and_numbers_can_be_sorted() -> None:
    page = load_workbook(BytesIO(to_xlsx([table((5, "а", date(2025, 1, 2)))], "К"))).worksheets[0]
    assert page["A2"].value == 5
    assert page["C2"].is_date
    assert page.freeze_panes == "B2"


def test_sheets_have_names_that_excel_takes() -> None:
    names = ["Вопрос 1/2: [что]?", "вопрос 1 2 что", "", "Д" * 40, "Д" * 41, "'"]
    data = to_xlsx([table(name=name) for name in names], "К")
    found = load_workbook(BytesIO(data)).sheetnames
    assert found[0] == "Вопрос 1 2 что"
    assert found[1] == "вопрос 1 2 что 2"
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 for name in found)
