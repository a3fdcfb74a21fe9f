"""The paragraphs of a .docx, as a reader sees them: lists, tables, accepted changes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask_babel import gettext as _

from asdg_portal.surveys.documents.model import Line, Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MOST_PARTS = 20_000
MOST_BYTES = 200 * 1024 * 1024  # unpacked
MOST_OF_ONE = 50 * 1024 * 1024
MOST_RATIO = 200  # text packs 10 to 20 times; a bomb a thousand times
DEEPEST_TABLE = 8
# Struck out, hidden, notes and the second reading of a drawing are not the text.
SKIPPED = {f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText", "sectPr")}
HEADER_CELLS = {"вопрос", "вопросы", "ответ", "ответы", "№", "№ п/п", "п/п"}


def read_paragraphs(data: bytes) -> list[Line]:
    """Read the paragraphs and table cells of a .docx in their order.

    :raises Unreadable: if it is damaged, encrypted, or made to do harm.
    """
    parts = _unpack(data)
    body = parts[DOCUMENT].find(f"{W}body")
    if body is None:
        raise Unreadable(_("The Word file is damaged: there is no text in it."))
    styles = _styles(parts.get(STYLES))
    lines: list[Line] = []
    blank = False
    for paragraph in _paragraphs(body, 0):
        line = _line(paragraph, styles, blank_before=blank)
        blank = line is None
        if line is not None:
            lines.append(line)
    return lines


def _unpack(data: bytes) -> dict[str, Element]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old or protected Word file: open it in Word and save it as .docx without a password."))  # fmt: skip  # noqa: E501
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            known = {info.filename: info for info in archive.infolist()}
            if DOCUMENT not in known:
                raise Unreadable(_("The ending says Word, but the content is of another kind."))
            _check(list(known.values()))
            wanted = [name for name in (DOCUMENT, STYLES) if name in known]
            return {name: _parse(archive.read(name)) for name in wanted}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError,
            NotImplementedError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]  # fmt: skip
        raise Unreadable(
            _("The Word file is damaged: open it in Word and save it again.")
        ) from error


def _check(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what would fill the memory before it is unpacked."""
    heavy = any(
        p.file_size > MOST_OF_ONE or p.file_size > MOST_RATIO * max(p.compress_size, 1024)
        for p in parts
    )
    if heavy or len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_BYTES:
        raise Unreadable(_("The Word file is too large inside."))
    if any(p.filename.lower().endswith("vbaproject.bin") for p in parts):
        raise Unreadable(_("There are macros in the Word file: save it as .docx without them."))
    if any(p.flag_bits & 1 for p in parts):
        raise Unreadable(_("The Word file is protected by a password: save it without one."))


def _parse(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable(
            _("The Word file is damaged: open it in Word and save it again.")
        ) from error
    return root


def _paragraphs(parent: Element, depth: int) -> Iterator[Element]:
    """Walk through the body; a table is read row by row, its heading row left out."""
    for child in parent:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{W}tbl" and depth < DEEPEST_TABLE:
            for row in child.iter(f"{W}tr"):
                cells = [list(_paragraphs(cell, depth + 1)) for cell in row.iterfind(f"{W}tc")]
                texts = {" ".join(_text(p) for p in cell).strip().lower() for cell in cells}
                if not texts <= HEADER_CELLS | {""}:
                    for cell in cells:
                        yield from cell
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"}:
            yield from _paragraphs(child, depth)


def _text(element: Element) -> str:
    """Put the visible words of a paragraph together."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in SKIPPED or _is_hidden(child):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
            yield " "
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"
        elif child.tag != f"{W}pPr":
            yield from _pieces(child)


def _is_hidden(run: Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish") if run.tag == f"{W}r" else None
    return vanish is not None and vanish.get(f"{W}val") not in {"0", "false"}


def _line(paragraph: Element, styles: dict[str, str], *, blank_before: bool) -> Line | None:
    text = " ".join(_text(paragraph).replace("\xa0", " ").split())
    if not text:
        return None
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    name = (
        styles.get(style.get(f"{W}val", ""), style.get(f"{W}val", "")) if style is not None else ""
    )
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
    return bool(runs) and all(
        m is not None and m.get(f"{W}val") not in {"0", "false"} for m in marks
    )


def _styles(root: Element | None) -> dict[str, str]:
    """Give the styles' names by their ids: a Russian Word numbers the ids."""
    found: dict[str, str] = {}
    for style in root.iterfind(f"{W}style") if root is not None else ():
        name = style.find(f"{W}name")
        if name is not None:
            found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return found
