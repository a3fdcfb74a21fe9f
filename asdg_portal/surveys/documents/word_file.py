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

from asdg_portal.surveys.documents.model import Line, Unreadable
from asdg_portal.surveys.documents.text_file import unspaced
from asdg_portal.surveys.documents.word_xml import Styles, W, is_on, read_xml

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MOST_PARTS = 20_000
MOST_BYTES = 200 * 1024 * 1024  # unpacked
MOST_OF_ONE = 50 * 1024 * 1024  # of a part that is read
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError,
          NotImplementedError, ValueError, zlib.error)  # fmt: skip
# Struck out, hidden, notes and the second reading of a drawing are not the text.
SKIPPED = {f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText", "sectPr")}
AGAIN = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml")}
HEADER_CELLS = {"вопрос", "вопросы", "ответ", "ответы", "№", "№ п/п", "п/п"}


def read_paragraphs(data: bytes) -> list[Line]:
    """Read the paragraphs and table cells of a .docx in their order.

    :raises Unreadable: if it is damaged, encrypted, or made to do harm.
    """
    parts = unpack(data)
    body = parts[DOCUMENT].find(f"{W}body")
    if body is None:
        raise Unreadable(_("The Word file is damaged: there is no text in it."))
    styles = Styles(parts.get(STYLES))
    lines: list[Line] = []
    blank = False
    for paragraph in _paragraphs(body):
        line = _line(paragraph, styles, blank_before=blank)
        blank = line is None
        if line is not None:
            lines.append(line)
    return lines


def mentions(data: bytes, word: bytes) -> bool:
    """Whether a word stands in the text of a .docx as it lies there; broken files have none."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            part = archive.getinfo(DOCUMENT)
            return part.file_size <= MOST_OF_ONE and word in archive.read(part)
    except (*BROKEN, KeyError):
        return False


def unpack(data: bytes, names: Sequence[str] = (DOCUMENT, STYLES)) -> dict[str, Element]:
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
            _check(list(known.values()), wanted)
            if sum(known[name].file_size for name in wanted) > 2 * MOST_OF_ONE:
                raise Unreadable(_("The Word file is too large inside."))
            return {name: _parse(archive, name) for name in wanted}
    except BROKEN as error:
        raise Unreadable(
            _("The Word file is damaged: open it in Word and save it again.")
        ) from error


def _check(parts: list[zipfile.ZipInfo], wanted: Sequence[str]) -> None:
    """Refuse what would fill the memory before it is unpacked."""
    heavy = any(p.file_size > MOST_OF_ONE for p in parts if p.filename in wanted)
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


def _paragraphs(parent: Element) -> Iterator[Element]:
    """Walk through the body; a table is read row by row, its heading row left out."""
    for child in parent:
        if child.tag == f"{W}p":
            yield child
            yield from _boxes(child)
        elif child.tag == f"{W}tbl":
            for row in _inside(child, f"{W}tr"):
                yield from _cells(row)
        elif child.tag in WRAPPERS:
            yield from _paragraphs(child)


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those of a table within it left out."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _cells(row: Element) -> Iterator[Element]:
    cells = [list(_paragraphs(cell)) for cell in _inside(row, f"{W}tc")]
    texts = {" ".join(_text(p) for p in cell).strip().lower() for cell in cells}
    if not texts <= HEADER_CELLS | {""}:
        for cell in cells:
            yield from cell


def _boxes(parent: Element) -> Iterator[Element]:
    """The paragraphs of a paragraph's text boxes; each is written twice, for two ages of Word."""
    for child in parent:
        if child.tag == f"{W}txbxContent":
            yield from _paragraphs(child)
        elif child.tag != AGAIN and child.tag not in SKIPPED:
            yield from _boxes(child)


def _text(element: Element, styles: Styles | None = None) -> str:
    """Put the visible words of a paragraph together."""
    return "".join(_pieces(element, styles))


def _pieces(element: Element, styles: Styles | None) -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED or child.tag == AGAIN or _is_hidden(child, styles):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
            yield " "
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag != f"{W}pPr":
            yield from _pieces(child, styles)


def _is_hidden(run: Element, styles: Styles | None) -> bool:
    """Whether a run is hidden, by itself or by its style; what is said of itself counts."""
    if run.tag != f"{W}r":
        return False
    own = run.find(f"{W}rPr/{W}vanish")
    if own is not None:
        return is_on(own)
    style = run.find(f"{W}rPr/{W}rStyle")
    return bool(styles and style is not None and styles.hides(style.get(f"{W}val", "")))


def _line(paragraph: Element, styles: Styles, *, blank_before: bool) -> Line | None:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    known_as = style.get(f"{W}val", "") if style is not None else ""
    if styles.hides(known_as):
        return None
    text = " ".join(unspaced(_text(paragraph, styles)).split())
    if not text:
        return None
    name = styles.name(known_as)
    number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    item = bool(re.match(r"list|список|марк", name, re.I)) or (
        number is not None and number.get(f"{W}val") != "0"
    )
    heading = bool(re.match(r"heading|title|заголов|назван", name, re.I))
    return Line(text, item and not heading, heading or _is_bold(paragraph), blank_before)


def _is_bold(paragraph: Element) -> bool:
    """Whether all its words are bold; a bold word within a sentence makes no heading."""
    runs = [run for run in paragraph.iter(f"{W}r") if _text(run).strip()]
    marks = [run.find(f"{W}rPr/{W}b") for run in runs]
    return bool(runs) and all(m is not None and is_on(m) for m in marks)
