"""A collection as a Word document and as a workbook, as far as its reader may read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from flask import current_app
from flask_babel import gettext as _

from asdg_portal.core import excel, word
from asdg_portal.core.clock import today
from asdg_portal.core.excel import write_text
from asdg_portal.core.formats import day, local_day
from asdg_portal.core.text import to_plain
from asdg_portal.shelf.collections.queries import Kept
from asdg_portal.shelf.models import Collection
from asdg_portal.shelf.texts import Source

OFFICE = "Asia/Novosibirsk"
WIDTHS = (5, 40, 20, 24, 24, 8, 30, 80, 40, 40, 20)


def gone() -> str:
    """What stands in the place of a text that its reader may not read now."""
    return str(_("This text is no longer published, or is not open to you."))


def to_word(collection: Collection, kept: Sequence[Kept], author: str) -> bytes:
    """Write the texts one after the other, each under its title and with its source."""
    document = word.new_document(collection.name, author)
    word.add_line(document, collection.name, "Title")
    word.add_line(document, _("Put together on the portal of the ASDG on %(day)s", day=day(today())), "Subtitle")  # fmt: skip  # noqa: E501
    for one in kept:
        if one.text is None:
            word.add_line(document, gone(), "Normal")
        else:
            _write_text(document, one.text)
        if one.item.note:
            word.add_line(document, _("Note: %(note)s", note=one.item.note), "Quote")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _write_text(document: Any, text: Source) -> None:
    word.add_line(document, text.title, "Heading 1")
    source = (text.city, text.region, text.sector, str(text.year), text.part)
    word.add_line(document, " · ".join(filter(None, source)), "Normal")
    for section in text.sections:
        if section.text:
            word.add_line(document, section.heading, "Heading 2")
            word.add_text(document, section.text)
    published = local_day(text.published_at, OFFICE)
    word.add_line(document, _("Source: %(address)s, published on %(day)s", address=_address(text), day=published), "Normal")  # fmt: skip  # noqa: E501


def _address(text: Source) -> str:
    return f"{current_app.config['BASE_URL']}{text.path}"


def to_workbook(collection: Collection, kept: Sequence[Kept], author: str) -> bytes:
    """Write a row for each text: to be sorted, filtered and pasted elsewhere."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, excel.OPTIONS) as book:
        book.set_properties({"title": collection.name, "author": author})
        page = book.add_worksheet(_("Collection"))
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        titles = ("№", _("Title"), _("City"), _("Region"), _("Direction"), _("Year"), _("Question"), _("Text"), _("Note on the text"), _("Address"), _("Published"))  # fmt: skip  # noqa: E501
        for column, title in enumerate(titles):
            write_text(page, 0, column, title, head)
            page.set_column(column, column, WIDTHS[column])
        for row, one in enumerate(kept, 1):
            page.write_number(row, 0, row, cell)
            for column, words in enumerate(_row(one), 1):
                write_text(page, row, column, words, cell)
            if one.text:
                page.write_number(row, 5, one.text.year, cell)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, max(1, len(kept)), len(titles) - 1)
    return file.getvalue()


def _row(one: Kept) -> tuple[str, ...]:
    text = one.text
    if text is None:
        return (gone(), "", "", "", "", "", "", one.item.note, "", "")
    is_practice = text.question is None
    words = text.plain if is_practice else to_plain(text.sections[0].text)
    question = "" if is_practice else text.sections[0].heading
    published = local_day(text.published_at, OFFICE)
    return (text.title, text.city, text.region, text.sector, "", question, words, one.item.note, _address(text), published)  # fmt: skip  # noqa: E501


Writer = Callable[[Collection, Sequence[Kept], str], bytes]
# By the ending of the file: how it is written, and what it is.
EXPORTS: Mapping[str, tuple[Writer, str]] = {
    "docx": (to_word, word.MEDIA_TYPE),
    "xlsx": (to_workbook, excel.MEDIA_TYPE),
}
