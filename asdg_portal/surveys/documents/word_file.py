"""The paragraphs of a .docx, as a reader sees them: lists, tables, accepted changes."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, DTDForbidden
from flask_babel import gettext as _

from asdg_portal.surveys.documents.model import Line, Source, Unreadable
from asdg_portal.surveys.documents.paragraphs import split_paragraph
from asdg_portal.surveys.documents.tables import arrange
from asdg_portal.surveys.documents.word_xml import Styles, W, is_on, read_xml

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MOST_PARTS = 20_000
MOST_BYTES = 200 * 1024 * 1024  # unpacked
MOST_OF_ONE = 50 * 1024 * 1024  # of a part that is read
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError,
          NotImplementedError, ValueError, zlib.error)  # fmt: skip
# Struck out, hidden, notes and the second reading of a drawing are not the text.
SKIPPED = {
    f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText", "sectPr", "pPr")
}
# What stands for a sign; a soft break is a line feed. The text itself is said by the element.
SIGNS = {
    f"{W}t": "",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "-",
}
AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WRAPPERS = {
    f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")
}
HEADERS = "word/header*.xml"
HEADER = re.compile(r"word/header\d{1,3}\.xml")


def read_word(data: bytes) -> Source:
    """Read the paragraphs and table cells of a .docx in their order.

    :raises Unreadable: if it is damaged, encrypted, or made to do harm.
    """
    parts = unpack(data)
    body = parts[DOCUMENT].find(f"{W}body")
    if body is None:
        raise Unreadable(_("The Word file is damaged: there is no text in it."))
    styles = Styles(parts.get(STYLES))
    margins = [
        line.text
        for name, part in sorted(parts.items())
        if HEADER.fullmatch(name)
        for line in _lines(part, styles)
    ]
    return Source(_lines(body, styles), margins)


def mentions(data: bytes, word: bytes) -> bool:
    """Whether a word stands in the text of a .docx as it lies there; broken files have none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            part = archive.getinfo(DOCUMENT)
            return part.file_size <= MOST_OF_ONE and word in archive.read(part)
    except (*BROKEN, KeyError):
        return False


def unpack(data: bytes, names: Sequence[str] = (DOCUMENT, STYLES, HEADERS)) -> dict[str, Element]:
    """Read the parts of a .docx whose names fit, ``*`` standing for anything.

    :raises Unreadable: if it is damaged, encrypted, or made to do harm.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old or protected Word file: open it in Word and save it as .docx without a password."))  # fmt: skip  # noqa: E501
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            known = {info.filename: info for info in archive.infolist()}
            if DOCUMENT not in known:
                raise Unreadable(_("The ending says Word, but the content is of another kind."))
            wanted = [name for name in known if any(fnmatchcase(name, n) for n in names)]
            _check(list(known.values()))
            if sum(known[name].file_size for name in wanted) > 2 * MOST_OF_ONE:
                raise Unreadable(_("The Word file is too large inside."))
            return {name: _parse(archive, name) for name in wanted}
    except BROKEN as error:
        raise Unreadable(
            _("The Word file is damaged: open it in Word and save it again.")
        ) from error


def _check(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what would fill the memory before it is unpacked."""
    heavy = any(p.file_size > MOST_OF_ONE for p in parts if p.filename.endswith(".xml"))
    if heavy or len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_BYTES:
        raise Unreadable(_("The Word file is too large inside."))
    if any(p.filename.lower().endswith("vbaproject.bin") for p in parts):
        raise Unreadable(_("There are macros in the Word file: save it as .docx without them."))
    if any(p.flag_bits & 1 for p in parts):
        raise Unreadable(_("The Word file is protected by a password: save it without one."))


def _parse(archive: zipfile.ZipFile, name: str) -> Element:
    try:
        with archive.open(name) as part:
            return read_xml(part)
    except DTDForbidden as error:
        raise Unreadable(_("The Word file defines a document type of its own, as no Word does: open it in Word and save it again.")) from error  # fmt: skip  # noqa: E501
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(
            _("The Word file is damaged: open it in Word and save it again.")
        ) from error


def _lines(parent: Element, styles: Styles) -> list[Line]:
    """Read what stands in a body, a cell or a text box."""
    lines: list[Line] = []
    blank = False
    for block in _blocks(parent):
        if block.tag == f"{W}tbl":
            rows = [[_lines(c, styles) for c in _inside(r, f"{W}tc")] for r in _rows(block)]
            lines += arrange(rows)
            blank = False
            continue
        found = _paragraph(block, styles, blank_before=blank)
        for box in _boxes(block):
            found += _lines(box, styles)
        blank = not found
        lines += found
    return lines


def _blocks(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables of a body, those in content controls too."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in WRAPPERS and not _is_placeholder(child):
            yield from _blocks(child)


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table; those whose deletion is tracked are gone."""
    for row in _inside(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield row


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those of a table within it left out."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _is_placeholder(element: Element) -> bool:
    """Whether a content control shows only what is to be typed into it."""
    shown = element.find(f"{W}sdtPr/{W}showingPlcHdr") if element.tag == f"{W}sdt" else None
    return shown is not None and is_on(shown)


def _boxes(parent: Element) -> Iterator[Element]:
    """The text boxes of a paragraph; each is written twice, for two ages of Word."""
    for child in parent:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != AGAIN and child.tag not in SKIPPED:
            yield from _boxes(child)


def _pieces(
    element: Element, styles: Styles, *, strong: bool = False
) -> Iterator[tuple[str, bool]]:
    """The visible words of a paragraph, and whether they are bold; a soft break is a line feed."""
    for child in element:
        if child.tag in SKIPPED or child.tag == AGAIN or _is_placeholder(child):
            continue
        if child.tag == f"{W}r":
            if not styles.hides_run(child):
                yield from _pieces(child, styles, strong=styles.is_bold(child))
        elif child.tag in SIGNS:
            yield SIGNS[child.tag] or child.text or "", strong
        else:
            yield from _pieces(child, styles, strong=strong)


def _paragraph(paragraph: Element, styles: Styles, *, blank_before: bool) -> list[Line]:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    known_as = style.get(f"{W}val", "") if style is not None else ""
    if styles.hides(known_as):
        return []
    name = styles.name(known_as)
    heading = bool(re.match(r"heading|title|заголов|назван", name, re.I))
    item = not heading and (
        bool(re.match(r"list|список|марк", name, re.I)) or (styles.is_numbered(paragraph, known_as))
    )
    strong = heading or styles.makes_bold(known_as)
    return split_paragraph(
        _pieces(paragraph, styles, strong=False),
        item=item,
        strong=strong,
        blank_before=blank_before,
    )
