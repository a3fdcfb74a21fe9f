"""Workbooks: every cell is written as what it is, so that nobody's text becomes a formula."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from asdg_portal.core.text import without_controls

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
           "strings_to_numbers": False}  # fmt: skip
# Excel's own limit; XlsxWriter leaves a cell with more than that empty without a word.
LONGEST_CELL = 32_767


def write_text(page: Any, row: int, column: int, text: str, form: Any = None) -> None:
    """Write a text as a text; one that no cell can hold is cut, and says so."""
    text = without_controls(text)
    if len(text) > LONGEST_CELL:
        ending = "… " + _("(cut: a cell holds no more)")
        text = text[: LONGEST_CELL - len(ending)] + ending
    page.write_string(row, column, text, form)
