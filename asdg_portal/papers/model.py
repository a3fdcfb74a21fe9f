"""What a document consists of, whichever kind of file it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line; ``link`` is an address that it leads to, ``break_before`` a new line."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    break_before: bool = False


Runs: TypeAlias = "tuple[Run, ...]"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the largest under the title.

    ``name`` is a bookmark by which the place is found again when a Word file comes home.
    """

    level: int
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``style`` is a name of STYLES."""

    runs: Runs
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; each item holds blocks of its own. ``start`` is None for a list without numbers."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first ``heads`` rows are headings, repeated on each page.

    ``names`` are bookmarks of its rows, by which they are found again when a Word file comes home;
    ``widths`` are shares of the page's width, all the same if there are none.
    """

    rows: tuple[tuple[Runs, ...], ...]
    heads: int = 0
    names: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Blocks in a frame, to be read and not to be written in; ``name`` is its bookmark."""

    blocks: tuple[Block, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = "Heading | Paragraph | Items | Grid | Box | PageBreak"

# body text, small print, a note to whoever fills in, and the quiet lines of a letter's head.
STYLES = ("body", "small", "note", "right", "subtitle")


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. ``properties`` travel in the file unseen: names and texts (Word only).

    So do ``sources``: by the names of its parts, the texts as they are kept, which people can only
    see in the shape of the document.
    """

    title: str
    blocks: tuple[Block, ...]
    author: str = ""
    language: str = "ru"
    properties: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)


def line(text: str, style: str = "body") -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph((Run(text),) if text else (), style)
