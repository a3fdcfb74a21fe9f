"""Tables that people take along: as an Excel workbook, or as CSV that a Russian Excel opens."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, TypeAlias

import xlsxwriter

from asdg_portal.core.excel import OPTIONS, write_text
from asdg_portal.core.text import without_controls

Cell: TypeAlias = "str | int | date | None"

CSV_TYPE = "text/csv; charset=utf-8"
# What a program of tables takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, a heading and a width (in letters) for each column, and its rows.

    Moments are by somebody's clock: tables know no time zones.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]


def to_xlsx(tables: Sequence[Table], title: str, author: str = "") -> bytes:
    """Write each table on a sheet of its own; headings stay in sight, columns can be filtered."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": without_controls(title), "author": without_controls(author)})
        taken: set[str] = set()
        for table in tables:
            add_table(book, replace(table, name=_sheet_name(table.name, taken)))
    return file.getvalue()


def add_table(book: Any, table: Table) -> None:
    """Write a table on a sheet of its own into a workbook that has other sheets, too."""
    page, text = book.add_worksheet(table.name), {"text_wrap": True, "valign": "top"}
    looks = {
        "head": book.add_format({"bold": True, "border": 1} | text),
        "text": book.add_format(text),
        "day": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top"}),
        "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm", "valign": "top"}),
    }
    for column, (heading, width) in enumerate(table.columns):
        write_text(page, 0, column, heading, looks["head"])
        page.set_column(column, column, width)
    for number, row in enumerate(table.rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                write_text(page, number, column, cell, looks["text"])
            elif isinstance(cell, date):
                look = looks["moment" if isinstance(cell, datetime) else "day"]
                page.write_datetime(number, column, cell, look)
            elif cell is not None:
                page.write_number(number, column, cell, looks["text"])
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(table.rows)), max(0, len(table.columns) - 1))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _sheet_name(name: str, taken: set[str]) -> str:
    """Give a name that Excel takes: short, without its signs, and used once."""
    plain = " ".join(without_controls(name).translate(_NOT_IN_NAMES).split()).strip("'")
    found, number = plain[:LONGEST_NAME].strip() or "1", 1
    while found.lower() in taken:
        number += 1
        found = f"{plain[: LONGEST_NAME - 4].strip()} {number}"
    taken.add(found.lower())
    return found


def to_csv(table: Table) -> bytes:
    """Write a table as CSV: with the mark by which Excel knows UTF-8, and parted by semicolons.

    A cell that would be taken for a formula begins with an apostrophe.
    """
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_harmless(heading) for heading, _width in table.columns)
    for row in table.rows:
        writer.writerow(_harmless(cell) for cell in row)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y %H:%M}" if isinstance(cell, datetime) else f"{cell:%d.%m.%Y}"
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = without_controls(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
