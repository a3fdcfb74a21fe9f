"""A Word file that the portal wrote, as it comes home: its parts by their bookmarks.

Whatever people have changed in it counts: words, lists, tables, bold and italic are read from what
stands in the file. What stands in a frame is to be read by people, not by us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from asdg_portal.papers.lists import STEP
from asdg_portal.papers.model import Run
from asdg_portal.papers.pieces import Kind, Piece, row_piece, tidy
from asdg_portal.papers.properties import CUSTOM, SOURCES_NAMESPACE
from asdg_portal.surveys.documents.numbers import Numbers, whole
from asdg_portal.surveys.documents.word_file import AGAIN, DOCUMENT, SKIPPED, STYLES, WRAPPERS
from asdg_portal.surveys.documents.word_xml import R, Styles, W, is_on

NUMBERING, RELATIONS = "word/numbering.xml", "word/_rels/document.xml.rels"
COPIES = "customXml/item*.xml"
PARTS = (DOCUMENT, STYLES, NUMBERING, RELATIONS, CUSTOM, COPIES)
# Bookmarks: of a part's heading; of a frame; of a row of a table with fields.
PART, FRAME, ROW = "asdg_", "asdg_read_", "asdg_row_"
_HEADING = re.compile(r"heading|title|заголов|назван", re.IGNORECASE)


@dataclass
class OwnFile:
    """What stands in a file of ours.

    ``headings`` and ``parts`` go by the names of the parts (``preface``, ``q1``), ``rows`` by
    those of rows: the texts of their cells; ``frames`` are the words in the frames. ``properties``
    and ``sources`` are what the file says of itself unseen.
    """

    properties: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    parts: dict[str, list[Piece]] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    title: str = ""


def read_word(found: dict[str, Element]) -> OwnFile | None:
    """Read the parts of a file by their bookmarks; None if there are none in it."""
    body = found[DOCUMENT].find(f"{W}body")
    if body is None or not any(n[0] == "q" for e in body.iter() for n in _part_names([e])):
        return None
    own = OwnFile(_properties(found.get(CUSTOM)))
    for name, root in found.items():
        if name.startswith("customXml/") and root.tag == f"{{{SOURCES_NAMESPACE}}}texts":
            own.sources = {text.get("name", ""): text.text or "" for text in root}
    _Body(own, found).read(body)
    return own


def _properties(root: Element | None) -> dict[str, str]:
    every = root if root is not None else ()
    return {one.get("name", ""): "".join(one.itertext()) for one in every}


def _names(elements: Iterable[Element], beginning: str) -> list[str]:
    marks = (e.get(f"{W}name", "") for e in elements if e.tag == f"{W}bookmarkStart")
    return [name.removeprefix(beginning) for name in marks if name.startswith(beginning)]


def _part_names(elements: Iterable[Element]) -> list[str]:
    others = (FRAME.removeprefix(PART), ROW.removeprefix(PART))
    return [name for name in _names(elements, PART) if name and not name.startswith(others)]


class _Body:
    """The body of a file, read from above to below."""

    def __init__(self, own: OwnFile, found: dict[str, Element]) -> None:
        self._own = own
        self._styles = Styles(found.get(STYLES))
        self._numbers = Numbers(found.get(NUMBERING), found.get(STYLES))
        links = found.get(RELATIONS)
        self._links = {
            one.get("Id", ""): one.get("Target", "") for one in (links if links is not None else ())
        }
        self._part = ""
        self._tables = 0
        self._in_list = False

    def read(self, body: Element) -> None:
        loose: list[Element] = []  # bookmarks between paragraphs belong to what follows
        for element in _elements(body):
            if element.tag == f"{W}bookmarkStart":
                loose.append(element)
            elif element.tag == f"{W}tbl":
                self._table(element, loose)
            else:
                self._paragraph(element, loose)
                loose = []

    def _paragraph(self, paragraph: Element, loose: list[Element]) -> None:
        runs = tidy(self._runs(paragraph))
        text = "".join(run.text for run in runs)
        names = _part_names([*loose, *paragraph.iter(f"{W}bookmarkStart")])
        if names:
            self._part, self._in_list, self._tables = names[0], False, 0
            self._own.headings[self._part] = text
            self._own.parts.setdefault(self._part, [])
            return
        is_heading = bool(_HEADING.match(self._style(paragraph)))
        if not self._part:
            self._own.title = self._own.title or text
        elif is_heading and not self._own.headings[self._part]:
            self._own.headings[self._part] = text  # a line was put in before the heading
        elif text:
            self._own.parts[self._part].append(self._piece(paragraph, tuple(runs)))
        else:
            self._numbers.item(paragraph)  # an item without words has its number, too

    def _piece(self, paragraph: Element, runs: tuple[Run, ...]) -> Piece:
        item = self._numbers.item(paragraph)
        if item is not None:
            self._in_list = True
            return Piece(item.kind, (runs,), item.level, item.number)
        indent = paragraph.find(f"{W}pPr/{W}ind")
        place = indent if indent is not None else paragraph
        left = whole(place.get(f"{W}left") or place.get(f"{W}start") or "0", 0)
        level = round(left / STEP) if self._in_list else 0
        self._in_list = level > 0
        return Piece(Kind.PARAGRAPH, (runs,), level)

    def _table(self, table: Element, loose: list[Element]) -> None:
        marks = [*loose, *table.iter(f"{W}bookmarkStart")]
        if frames := _names(marks, FRAME):
            self._own.frames[frames[0]] = " ".join(self._all_text(table).split())
            return
        rows = [list(_elements(row, f"{W}tc")) for row in _elements(table, f"{W}tr")]
        if _names(marks, ROW):
            self._fields(rows)
        elif self._part:
            self._tables += 1
            for place, row in enumerate(rows):
                cells = [tidy(self._cell(cell)) for cell in row]
                self._own.parts[self._part].append(row_piece(cells, place, self._tables))

    def _fields(self, rows: list[list[Element]]) -> None:
        for row in rows:
            named = [name for cell in row for name in _names(cell.iter(), ROW)]
            for name in named[:1]:
                self._own.rows[name] = [self._all_text(cell).strip() for cell in row]

    def _cell(self, cell: Element) -> Iterator[Run]:
        """The words of a cell; its paragraphs are parted by a space."""
        for paragraph in cell.iter(f"{W}p"):
            yield from self._runs(paragraph)
            yield Run(" ")

    def _all_text(self, element: Element) -> str:
        return "".join(run.text for run in self._cell(element))

    def _style(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._styles.name(style.get(f"{W}val", "")) if style is not None else ""

    def _runs(self, element: Element, link: str = "") -> Iterator[Run]:
        """The visible words of a paragraph with their looks."""
        for child in element:
            if child.tag in SKIPPED or child.tag == AGAIN:
                continue
            if child.tag == f"{W}r":
                yield from self._run(child, link)
            elif child.tag == f"{W}hyperlink":
                yield from self._runs(child, self._links.get(child.get(f"{R}id", ""), ""))
            elif child.tag != f"{W}pPr":
                yield from self._runs(child, link)

    def _run(self, run: Element, link: str) -> Iterator[Run]:
        looks = run.find(f"{W}rPr")
        known_as = ""
        if looks is not None:
            style = looks.find(f"{W}rStyle")
            known_as = style.get(f"{W}val", "") if style is not None else ""
            hidden = looks.find(f"{W}vanish")
            if is_on(hidden) if hidden is not None else self._styles.hides(known_as):
                return
        text = "".join(_letters(run))
        if text:
            yield Run(text, _is(looks, "b"), _is(looks, "i"), link)


def _is(looks: Element | None, name: str) -> bool:
    switch = looks.find(f"{W}{name}") if looks is not None else None
    return switch is not None and is_on(switch)


def _letters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag == f"{W}tab":
            yield "\t"
        elif child.tag in {f"{W}br", f"{W}cr"}:
            yield "\n"
        elif child.tag == f"{W}noBreakHyphen":
            yield "-"


def _elements(parent: Element, *tags: str) -> Iterator[Element]:
    """What stands in an element one below the other, whatever wraps it."""
    wanted = tags or (f"{W}p", f"{W}tbl", f"{W}bookmarkStart")
    for child in parent:
        if child.tag in wanted:
            yield child
        elif child.tag in WRAPPERS:
            yield from _elements(child, *tags)
