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
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from asdg_portal.core.text import without_controls
from asdg_portal.papers.lists import STEP, Numbering
from asdg_portal.papers.model import (
    Block,
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
        return keep_properties(buffer.getvalue(), self._paper.properties)

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
                case PageBreak():
                    self._paragraph((), STYLES["body"]).add_run().add_break(WD_BREAK.PAGE)

    def _paragraph(self, runs: Runs, style: str) -> WordParagraph:
        paragraph = self._document.add_paragraph(style=style)
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
        paragraph.runs[0]._r.addprevious(start)
        paragraph._p.append(end)

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
        table = self._document.add_table(len(grid.rows), columns, style="Table Grid")
        for number, row in enumerate(grid.rows):
            if number < grid.heads:
                table.rows[number]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for place, runs in enumerate(row):
                paragraph = table.cell(number, place).paragraphs[0]
                paragraph.style = STYLES["cell"]
                heading = number < grid.heads
                self._runs(
                    paragraph, tuple(replace(r, bold=True) for r in runs) if heading else runs
                )
        self._paragraph((), STYLES["cell"])
