"""What became of each file of an archive as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.core.tables import Table, to_xlsx
from asdg_portal.surveys.archive.models import ArchiveFile, Became

NAMES = {
    Became.TAKEN: _l("taken"),
    Became.DOUBTFUL: _l("doubtful"),
    Became.PRESENT: _l("was there already"),
    Became.REFUSED: _l("refused"),
}


def workbook(files: Iterable[ArchiveFile], address: str) -> bytes:
    """Write a row for each sheet, and for each file without any; ``address`` is the portal's."""
    titles = (_("File"), _("What became of it"), _("Report"), _("Address"), _("Reasons"))
    columns = list(zip(titles, (40, 18, 50, 40, 80), strict=True))
    rows = [row for file in files for row in _rows(file, address)]
    return to_xlsx([Table(_("Files"), columns, rows)], _("Files"))


def _rows(file: ArchiveFile, address: str) -> Iterable[tuple[str, ...]]:
    if not file.sheets:
        yield file.name, str(NAMES[file.became]), "", "", "\n".join(file.reasons)
    for sheet in file.sheets:
        link = f"{address}/reports/{sheet['report']}/preview" if sheet["report"] else ""
        became = str(NAMES[Became(sheet["became"])])
        yield file.name, became, sheet["label"], link, "\n".join(sheet["reasons"])
