"""A collection as a Word document and as a workbook, as far as its reader may read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from flask import current_app
from flask_babel import gettext as _

from asdg_portal.core.clock import today
from asdg_portal.core.excel import MEDIA_TYPE as EXCEL
from asdg_portal.core.formats import day, local_day
from asdg_portal.core.tables import Table, to_xlsx
from asdg_portal.core.text import to_plain
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import Block, Heading, Paper, line
from asdg_portal.papers.word import MEDIA_TYPE as WORD, to_docx
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
    made = _("Put together on the portal of the ASDG on %(day)s", day=day(today()))
    blocks: list[Block] = [line(made, "subtitle")]
    for one in kept:
        blocks += [line(gone())] if one.text is None else _blocks(one.text)
        if one.item.note:
            blocks.append(line(_("Note: %(note)s", note=one.item.note), "note"))
    return to_docx(Paper(collection.name, tuple(blocks), author))


def _blocks(text: Source) -> Iterator[Block]:
    yield Heading(1, text.title)
    source = (text.city, text.region, text.sector, str(text.year), text.part)
    yield line(" · ".join(filter(None, source)), "small")
    for section in text.sections:
        if section.text:
            yield Heading(2, section.heading)
            yield from to_blocks(section.text)
    published = local_day(text.published_at, OFFICE)
    yield line(_("Source: %(address)s, published on %(day)s", address=_address(text), day=published), "small")  # fmt: skip  # noqa: E501


def _address(text: Source) -> str:
    return f"{current_app.config['BASE_URL']}{text.path}"


def to_workbook(collection: Collection, kept: Sequence[Kept], author: str) -> bytes:
    """Write a row for each text: to be sorted, filtered and pasted elsewhere."""
    titles = ("№", _("Title"), _("City"), _("Region"), _("Direction"), _("Year"), _("Question"), _("Text"), _("Note on the text"), _("Address"), _("Published"))  # fmt: skip  # noqa: E501
    columns = list(zip(titles, WIDTHS, strict=True))
    rows = [[number, *_row(one)] for number, one in enumerate(kept, 1)]
    return to_xlsx([Table(_("Collection"), columns, rows)], collection.name, author)


def _row(one: Kept) -> tuple[str | int, ...]:
    text = one.text
    if text is None:
        return (gone(), "", "", "", "", "", "", one.item.note, "", "")
    is_practice = text.question is None
    words = text.plain if is_practice else to_plain(text.sections[0].text)
    question = "" if is_practice else text.sections[0].heading
    published = local_day(text.published_at, OFFICE)
    return (text.title, text.city, text.region, text.sector, text.year, question, words, one.item.note, _address(text), published)  # fmt: skip  # noqa: E501


Writer = Callable[[Collection, Sequence[Kept], str], bytes]
# By the ending of the file: how it is written, and what it is.
EXPORTS: Mapping[str, tuple[Writer, str]] = {
    "docx": (to_word, WORD),
    "xlsx": (to_workbook, EXCEL),
}
