"""What became of each file of an archive as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.core.excel import OPTIONS, write_text
from asdg_portal.surveys.archive.models import ArchiveFile, Became

NAMES = {
    Became.TAKEN: _l("taken"),
    Became.DOUBTFUL: _l("doubtful"),
    Became.PRESENT: _l("was there already"),
    Became.REFUSED: _l("refused"),
}


def workbook(files: Iterable[ArchiveFile], address: str) -> bytes:
    """Write a row for each sheet, and for each file without any; ``address`` is the portal's."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        page, head = book.add_worksheet(_("Files")), book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        titles = (_("File"), _("What became of it"), _("Report"), _("Address"), _("Reasons"))
        rows = [row for file in files for row in _rows(file, address)]
        for column, (title, width) in enumerate(zip(titles, (40, 18, 50, 40, 80), strict=True)):
            page.set_column(column, column, width)
            write_text(page, 0, column, title, head)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                write_text(page, number, column, text, wrapped)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(titles) - 1)
    return out.getvalue()


def _rows(file: ArchiveFile, address: str) -> Iterable[tuple[str, ...]]:
    if not file.sheets:
        yield file.name, str(NAMES[file.became]), "", "", "\n".join(file.reasons)
    for sheet in file.sheets:
        link = f"{address}/reports/{sheet['report']}/preview" if sheet["report"] else ""
        became = str(NAMES[Became(sheet["became"])])
        yield file.name, became, sheet["label"], link, "\n".join(sheet["reasons"])
