"""A document as .docx: plain styles that any office program knows, nothing that fetches or runs."""

from __future__ import annotations

import io
from dataclasses import replace

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor, Twips
from docx.table import Table, _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from asdg_portal.core.text import without_controls
from asdg_portal.papers.lists import STEP, Numbering
from asdg_portal.papers.model import (
    Block,
    Box,
    Grid,
    Heading,
    Items,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    Runs,
)
from asdg_portal.papers.properties import keep_properties
from asdg_portal.papers.styles import STYLES, number_pages, prepare_styles

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BLUE = RGBColor(0x0B, 0x4F, 0x9E)
LANGUAGES = {"ru": "ru-RU", "en": "en-GB"}
PAGE = 9355  # twentieths of a point between the margins
SMALL_TABLE = 12  # rows
HEAD_OF_A_BOX = 3  # paragraphs that stand with what follows them
SHADE = "F2F2F2"
HYPERLINK = RELATIONSHIP_TYPE.HYPERLINK


def to_docx(paper: Paper) -> bytes:
    """Write a document as a Word file."""
    return _Writer(paper).write()


class _Writer:
    """One document on its way into a file."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._document: WordDocument = Document()
        self._numbering = Numbering(self._document)
        self._bookmarks = 0
        # Where blocks are added: the document, or the cell of a box.
        self._place: WordDocument | Cell = self._document

    def write(self) -> bytes:
        language = LANGUAGES[self._paper.language]
        prepare_styles(self._document, language)
        core = self._document.core_properties
        # No property of a document may be longer.
        core.title = without_controls(self._paper.title)[:255]
        core.author = without_controls(self._paper.author)[:255]
        core.language, core.comments = language, ""
        self._paragraph((Run(self._paper.title),), "Title")
        self._blocks(self._paper.blocks)
        number_pages(self._document)
        buffer = io.BytesIO()
        self._document.save(buffer)
        return keep_properties(buffer.getvalue(), self._paper.properties, self._paper.sources)

    def _blocks(self, blocks: tuple[Block, ...], level: int = 0) -> None:
        for block in blocks:
            match block:
                case Heading():
                    heading = self._paragraph((Run(block.text),), f"Heading {block.level}")
                    self._bookmark(heading, block.name)
                case Paragraph():
                    self._paragraph(block.runs, STYLES[block.style])
                case Items():
                    self._items(block, level)
                case Grid():
                    self._grid(block)
                case Box():
                    self._box(block)
                case PageBreak():
                    self._paragraph((), STYLES["body"]).add_run().add_break(WD_BREAK.PAGE)

    def _paragraph(self, runs: Runs, style: str) -> WordParagraph:
        paragraph = self._place.add_paragraph(style=style)
        self._runs(paragraph, runs)
        return paragraph

    def _runs(self, paragraph: WordParagraph, runs: Runs) -> None:
        for run in runs:
            piece = paragraph.add_run()
            if run.break_before:
                piece.add_break()
            piece.add_text(without_controls(run.text))
            piece.bold, piece.italic = run.bold or None, run.italic or None
            if run.link:
                self._link(paragraph, piece, run.link)

    def _bookmark(self, paragraph: WordParagraph, name: str) -> None:
        if not name:
            return
        self._bookmarks += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(qn("w:name"), name)
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmarks))
        paragraph._p.append(end)
        if paragraph.runs:
            paragraph.runs[0]._r.addprevious(start)
        else:
            end.addprevious(start)

    def _link(self, paragraph: WordParagraph, piece: WordRun, address: str) -> None:
        known = paragraph.part.relate_to(address, HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), known)
        piece._r.addprevious(link)
        link.append(piece._r)
        piece.font.underline, piece.font.color.rgb = True, BLUE

    def _items(self, items: Items, level: int) -> None:
        numbering = self._numbering
        ordered = items.start is not None
        name = numbering.numbers(level, items.start or 0) if ordered else numbering.bullets()
        for blocks in items.items:
            first, *rest = blocks or (Paragraph(()),)
            runs, rest = (
                (first.runs, rest) if isinstance(first, Paragraph) else ((), [first, *rest])
            )
            numbering.mark(self._paragraph(runs, "List Paragraph"), name, level)
            for block in rest:
                if isinstance(block, Paragraph):
                    indent = Twips(STEP * (level + 1))
                    more = self._paragraph(block.runs, "List Paragraph")
                    more.paragraph_format.left_indent = indent
                else:
                    self._blocks((block,), level + 1)

    def _grid(self, grid: Grid) -> None:
        columns = max((len(row) for row in grid.rows), default=0)
        if not columns:
            return
        table = self._table(len(grid.rows), columns, grid.widths or (1,) * columns)
        is_small = len(grid.rows) <= SMALL_TABLE
        for number, (made, row) in enumerate(zip(table.rows, grid.rows, strict=True)):
            about = made._tr.get_or_add_trPr()
            about.append(OxmlElement("w:cantSplit"))
            if number < grid.heads:
                about.append(OxmlElement("w:tblHeader"))
            # A head stands with the first row, a small table on one page.
            stays = number < max(grid.heads, len(grid.rows) - 1 if is_small else 0)
            cells = made.cells
            for cell, runs in zip(cells, row, strict=False):
                paragraph = cell.paragraphs[0]
                paragraph.style = self._document.styles[STYLES["cell"]]
                paragraph.paragraph_format.keep_with_next = stays or None
                heading = number < grid.heads
                self._runs(
                    paragraph, tuple(replace(r, bold=True) for r in runs) if heading else runs
                )
            if number < len(grid.names):
                self._bookmark(cells[0].paragraphs[0], grid.names[number])
        self._paragraph((), STYLES["cell"])

    def _table(self, rows: int, columns: int, widths: tuple[int, ...]) -> Table:
        if isinstance(self._place, Cell):
            table = self._place.add_table(rows, columns)
        else:
            table = self._place.add_table(rows, columns)
        table.style = self._document.styles["Table Grid"]
        table.autofit = False
        measures = [Twips(PAGE * share // sum(widths)) for share in widths]
        for column, width in zip(table.columns, measures, strict=True):
            column.width = width
        for row in table.rows:
            for cell, width in zip(row.cells, measures, strict=True):
                cell.width = width
        return table

    def _box(self, box: Box) -> None:
        outside, table = self._place, self._table(1, 1, (1,))
        cell = table.cell(0, 0)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
        self._place = cell
        self._blocks(box.blocks)
        self._place = outside
        # A cell begins with a paragraph of its own, which nobody has asked for.
        empty, *others = cell.paragraphs
        if others:
            empty._p.getparent().remove(empty._p)
        for paragraph in cell.paragraphs[: HEAD_OF_A_BOX if len(cell.paragraphs) > 1 else 0]:
            paragraph.paragraph_format.keep_with_next = True
        self._bookmark(cell.paragraphs[0], box.name)
        self._paragraph((), STYLES["cell"])
