"""What people typed, as paragraphs, lists and tables of a Word document; see ``core.text``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from markdown_it.token import Token

from asdg_portal.core.text import parse, without_controls

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DEEPEST_LIST = 3  # the levels that Word's own styles know


def new_document(title: str, author: str) -> Any:
    """Open an empty document on A4 with its title and author, in Russian."""
    document = Document()
    facts = document.core_properties
    facts.title, facts.author = without_controls(title)[:255], without_controls(author)[:255]
    facts.comments, facts.language = "", "ru-RU"
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(25), Mm(15)
    page.top_margin = page.bottom_margin = Mm(20)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    return document


def add_line(document: Any, text: str, style: str) -> None:
    """Add a paragraph of one line in a named style."""
    document.add_paragraph(without_controls(text), style=style)


def add_text(document: Any, text: str) -> None:
    """Add a kept text; its lists become lists of Word, its tables tables, its links stay words."""
    _Writer(document).write(parse(text))


@dataclass(slots=True)
class _List:
    """A list that is open: numbered by its own numbering, or with bullets."""

    numbering: int | None
    begun: bool = False  # whether the item that is open has its first paragraph


@dataclass(slots=True)
class _Writer:
    document: Any
    lists: list[_List] = field(default_factory=list)
    table: list[list[Token]] | None = None

    def write(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "inline":
                self._words(token)
            elif token.type == "bullet_list_open":
                self.lists.append(_List(None))
            elif token.type == "ordered_list_open":
                self.lists.append(_List(self._numbering(int(token.attrs.get("start", 1)))))
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                self.lists.pop()
            elif token.type == "list_item_open":
                self.lists[-1].begun = False
            else:
                self._table(token)

    def _table(self, token: Token) -> None:
        if token.type == "table_open":
            self.table = []
        elif token.type == "tr_open" and self.table is not None:
            self.table.append([])
        elif token.type == "table_close" and self.table:
            self._close_table(self.table)
            self.table = None

    def _close_table(self, rows: list[list[Token]]) -> None:
        drawn = self.document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
        for number, row in enumerate(rows):
            for column, words in enumerate(row):
                paragraph = drawn.cell(number, column).paragraphs[0]
                _add_runs(paragraph, words, bold=number == 0)
        self.document.add_paragraph()  # two tables side by side would be one

    def _words(self, token: Token) -> None:
        if self.table is not None:
            self.table[-1].append(token)
            return
        _add_runs(self._paragraph(), token)

    def _paragraph(self) -> Any:
        if not self.lists:
            return self.document.add_paragraph()
        inner, depth = self.lists[-1], min(len(self.lists), DEEPEST_LIST)
        level = f" {depth}" if depth > 1 else ""
        if inner.begun:
            return self.document.add_paragraph(style=f"List Continue{level}")
        inner.begun = True
        if inner.numbering is None:
            return self.document.add_paragraph(style=f"List Bullet{level}")
        paragraph = self.document.add_paragraph(style=f"List Number{level}")
        numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val = 0
        numbered.get_or_add_numId().val = inner.numbering
        return paragraph

    def _numbering(self, start: int) -> int:
        """Begin a numbering of its own: Word would go on where the last list ended."""
        level = f" {len(self.lists) + 1}" if 0 < len(self.lists) < DEEPEST_LIST else ""
        style = self.document.styles[f"List Number{level}"].element
        numbering = self.document.part.numbering_part.numbering_definitions._numbering
        kept = numbering.num_having_numId(style.pPr.numPr.numId.val)
        number = numbering.add_num(kept.abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(number.numId)


def _add_runs(paragraph: Any, words: Token, *, bold: bool = False) -> None:
    for text, strong, slanted in _runs(words.children or []):
        run = paragraph.add_run(without_controls(text))
        run.bold, run.italic = (bold or strong) or None, slanted or None


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[str, bool, bool]]:
    """Give the pieces of a line with whether they are strong or slanted; addresses behind links."""
    strong = slanted = 0
    address = ""
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            strong += token.nesting
        elif token.type in {"em_open", "em_close"}:
            slanted += token.nesting
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            yield f" ({address})", False, False
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n", False, False
        else:
            yield token.content, strong > 0, slanted > 0
