"""The progress of a year as a workbook: the table, and the sheets one by one. Text stays text."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from asdg_portal.core.excel import OPTIONS, write_text
from asdg_portal.surveys.campaigns.matrix import OFFICE, Wanted, chosen, late_words, standing_names
from asdg_portal.surveys.campaigns.progress import count
from asdg_portal.surveys.campaigns.sheets import Board, Sheet

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
        _list(book, board, found)
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


def _list(book: Any, board: Board, found: dict[tuple[int, int], Sheet]) -> None:
    """One row a sheet, with all that is known of it: to be sorted and filtered."""
    page, names = book.add_worksheet(_("Sheets")), standing_names()
    head = book.add_format({"bold": True, "border": 1})
    when = book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
    titles = (_("City"), _("Region"), _("Direction"), _("State"), _("Late"), _("Responsible"), _("Deputy"), _("Last change"))  # fmt: skip  # noqa: E501
    for column, title in enumerate(titles):
        write_text(page, 0, column, title, head)
    cities, sectors = {c.id: c for c in board.cities}, {d.id: d.name for d in board.sectors}
    for row, (key, sheet) in enumerate(found.items(), 1):
        place = cities[key[0]]
        line = (place.name, place.region, sectors[key[1]], names.get(sheet.standing, sheet.standing), late_words(sheet), sheet.person, sheet.deputy)  # fmt: skip  # noqa: E501
        for column, text in enumerate(line):
            write_text(page, row, column, text)
        if sheet.changed_at:
            page.write_datetime(row, len(line), _office_time(sheet.changed_at), when)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(found)), len(titles) - 1)
    page.set_column(0, len(titles) - 1, 22)


def _office_time(moment: datetime) -> datetime:
    """The clock of the association's office; workbooks know no time zones."""
    return moment.astimezone(OFFICE).replace(tzinfo=None)
