"""What people typed as a row of pieces: what an office program makes of it, and gives back.

An office program knows paragraphs one below the other, each with its level and mark, and rows of
tables. Two texts with the same pieces look the same in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from asdg_portal.papers.lists import LEVELS
from asdg_portal.papers.model import Block, Grid, Items, Paragraph, Run, Runs

_SPACE = re.compile(r"(\s+)")
_AROUND_BREAKS = re.compile(r"[^\S\n]*\n\s*")


class Kind(StrEnum):
    """What a piece is."""

    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBER = "number"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, an item of a list or a row of a table.

    ``cells`` has one text, of a row one for each column; line breaks in it are letters. ``level``
    counts the lists around it from 0; of a paragraph, those whose items it goes on with.
    ``number`` is that of an item, of a row the number of its table.
    """

    kind: Kind
    cells: tuple[Runs, ...]
    level: int = 0
    number: int = 0

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return self.kind in {Kind.BULLET, Kind.NUMBER}

    @property
    def text(self) -> str:
        """Its words without their look."""
        return " | ".join("".join(run.text for run in cell) for cell in self.cells)


def pieces_of(blocks: Iterable[Block]) -> list[Piece]:
    """Lay the blocks of a text out one below the other."""
    tables = 0
    found: list[Piece] = []
    for piece in _pieces(blocks, 0):
        if piece.kind is Kind.ROW:
            tables += piece.number  # its first row says 1, the others 0
            piece = replace(piece, number=tables)  # noqa: PLW2901
        if piece.kind is Kind.ROW or piece.text:
            found.append(piece)
    return found


def _pieces(blocks: Iterable[Block], level: int) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Paragraph():
                yield Piece(Kind.PARAGRAPH, (tidy(block.runs),), level)
            case Items():
                for place, item in enumerate(block.items):
                    yield from _item(item, level, block.start, place)
            case Grid():
                for place, row in enumerate(block.rows):
                    yield row_piece(row, place, 1 - min(place, 1))


def _item(item: tuple[Block, ...], level: int, start: int | None, place: int) -> Iterator[Piece]:
    first, *rest = item or (Paragraph(()),)
    runs, rest = (first.runs, rest) if isinstance(first, Paragraph) else ((), [first, *rest])
    at = min(level, LEVELS - 1)
    if start is None:
        yield Piece(Kind.BULLET, (tidy(runs),), at)
    else:
        yield Piece(Kind.NUMBER, (tidy(runs),), at, start + place)
    yield from _pieces(rest, level + 1)


def row_piece(cells: Iterable[Runs], place: int, table: int) -> Piece:
    """A row of a table; the words of its first one are bold whatever is said of them."""
    tidied = [tidy(runs) for runs in cells]
    if place == 0:
        tidied = [tidy(tuple(replace(run, bold=False) for run in runs)) for runs in tidied]
    lines = (
        tuple(replace(run, text=run.text.replace("\n", " ")) for run in runs) for runs in tidied
    )
    return Piece(Kind.ROW, tuple(lines), 0, table)


def tidy(runs: Iterable[Run]) -> Runs:
    """Put together what looks the same, as programs part and join it as they like.

    Breaks become letters of the text; spaces between words of different looks have none themselves,
    and there are none at the ends.
    """
    return _trim(_join(_even(list(_words(runs)))))


def _words(runs: Iterable[Run]) -> Iterator[Run]:
    """Part runs at their spaces."""
    for run in runs:
        text = f"\n{run.text}" if run.break_before else run.text
        for word in _SPACE.split(text):
            if word:
                yield replace(run, text=word, break_before=False)


def _even(words: list[Run]) -> Iterator[Run]:
    """Let spaces look as the words on both sides do, or like nothing."""
    following: list[Run] = []
    last = Run("")
    for word in reversed(words):
        following.append(last)
        if not word.text.isspace():
            last = word
    before = Run("")
    for word, after in zip(words, reversed(following), strict=True):
        if not word.text.isspace():
            before = word
            yield word
        elif _look(before) == _look(after):
            yield replace(before, text=word.text)
        else:
            yield Run(word.text)


def _look(run: Run) -> tuple[bool, bool, str]:
    return run.bold, run.italic, run.link.rstrip("/")


def _join(words: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    texts: list[list[str]] = []
    for word in words:
        if joined and _look(joined[-1]) == _look(word):
            texts[-1].append(word.text)
        else:
            joined.append(replace(word, link=word.link.rstrip("/")))
            texts.append([word.text])
    return [replace(run, text="".join(t)) for run, t in zip(joined, texts, strict=True)]


def _trim(runs: list[Run]) -> Runs:
    trimmed = [replace(run, text=_AROUND_BREAKS.sub("\n", run.text)) for run in runs]
    if trimmed:
        trimmed[0] = replace(trimmed[0], text=trimmed[0].text.lstrip())
        trimmed[-1] = replace(trimmed[-1], text=trimmed[-1].text.rstrip())
    return tuple(run for run in trimmed if run.text)
