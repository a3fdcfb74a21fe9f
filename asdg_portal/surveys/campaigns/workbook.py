"""The progress of a year as a workbook: the table, and the sheets one by one. Text stays text."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from asdg_portal.core.excel import OPTIONS, write_text
from asdg_portal.core.tables import add_table
from asdg_portal.surveys.campaigns.matrix import Wanted, chosen, standing_names
from asdg_portal.surveys.campaigns.progress import count
from asdg_portal.surveys.campaigns.sheets import Board, Sheet
from asdg_portal.surveys.campaigns.year_tables import progress_table

COLOURS = {
    "none": "#FFFFFF",
    "off": "#EEF1F4",
    "draft": "#EEF1F4",
    "approval": "#FDF4D8",
    "submitted": "#E3EEF8",
    "returned": "#FCEFE5",
    "published": "#E5F4E9",
    "withdrawn": "#F5EAF4",
}


def workbook(board: Board, wanted: Wanted) -> bytes:
    """Write the sheets that are looked for into a workbook."""
    file = BytesIO()
    found = chosen(board, wanted)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        _table(book, board, found)
        add_table(book, progress_table(board, found))
    return file.getvalue()


def file_name(board: Board) -> str:
    """What the file is called when it is kept."""
    return str(_("Progress of the questionnaire of %(year)s", year=board.year)) + ".xlsx"


def _table(book: Any, board: Board, found: dict[tuple[int, int], Sheet]) -> None:
    """Cities by directions, as the page shows them, with the totals at the edges."""
    page, names = book.add_worksheet(_("Table")), standing_names()
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
    looks = {k: book.add_format({"bg_color": c, "border": 1}) for k, c in COLOURS.items()}
    sectors = [d for d in board.sectors if any(key[1] == d.id for key in found)]
    cities = [c for c in board.cities if any(key[0] == c.id for key in found)]
    last = len(sectors) + 1
    for column, title in enumerate((_("City"), *(d.name for d in sectors), _("Received"), _("Expected"))):  # fmt: skip  # noqa: E501
        write_text(page, 0, column, title, head)
    for row, place in enumerate(cities, 1):
        write_text(page, row, 0, place.name, head)
        for column, direction in enumerate(sectors, 1):
            if sheet := found.get((place.id, direction.id)):
                look = looks.get(sheet.standing)
                write_text(page, row, column, names.get(sheet.standing, sheet.standing), look)
        totals = count(sheet for key, sheet in found.items() if key[0] == place.id)
        page.write_number(row, last, totals.received, head)
        page.write_number(row, last + 1, totals.expected, head)
    _sums(page, head, found, [d.id for d in sectors], len(cities) + 1)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, len(cities), last + 1)
    page.set_column(0, 0, 26)
    page.set_column(1, last - 1, 16)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _sums(
    page: Any, head: Any, found: dict[tuple[int, int], Sheet], sectors: list[int], row: int
) -> None:
    write_text(page, row, 0, _("Received"), head)
    write_text(page, row + 1, 0, _("Expected"), head)
    parts = [[s for key, s in found.items() if key[1] == id_] for id_ in sectors]
    for column, part in enumerate((*parts, list(found.values())), 1):
        totals = count(part)
        page.write_number(row, column, totals.received, head)
        page.write_number(row + 1, column, totals.expected, head)
