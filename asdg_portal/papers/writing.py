"""Pieces written as the portal keeps text; read again, they are the same pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from asdg_portal.core.text import clean
from asdg_portal.papers.markdown import to_blocks
from asdg_portal.papers.model import Run, Runs
from asdg_portal.papers.pieces import Kind, Piece, pieces_of

# Reading is slow where brackets and stars stand by the thousand; beyond this nothing is tried out.
LONGEST_CHECKED = 10_000
_SPECIAL = re.compile(r"([\\*_\[\]|])")
_MARK = re.compile(r"(?m)^(\s*)([-+]|\d{1,9}(?=[.)]))")


def to_markdown(pieces: Sequence[Piece]) -> str:
    """Write pieces as a kept text (see core.text)."""
    return clean("".join(_Writer().write(pieces)))


@dataclass
class _Writer:
    """What has been written so far, as far as the next piece depends on it.

    ``widths`` are those of the marks of the lists that are open, ``ended`` the numbers of the last
    items of lists with numbers by their levels, ``signs`` the sign after each number.
    """

    widths: list[int] = field(default_factory=list)
    kinds: dict[int, Kind] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    signs: dict[int, str] = field(default_factory=dict)

    def write(self, pieces: Sequence[Piece]) -> Iterator[str]:
        last: Piece | None = None
        for piece in pieces:
            yield self._between(last, piece)
            yield self._piece(piece)
            if piece.kind is Kind.ROW and not _is_of_table(last, piece):
                yield f"\n|{' --- |' * len(piece.cells)}"
            last = piece

    def _between(self, last: Piece | None, piece: Piece) -> str:
        if last is None:
            return ""
        if _is_of_table(last, piece):
            return "\n"
        if last.is_item and piece.is_item and not self._begins_with_another(piece):
            return "\n"
        return "\n\n"

    def _begins_with_another(self, piece: Piece) -> bool:
        """Whether a list begins that needs an empty line above it, to be one or to be seen.

        Within a paragraph, none does with another number than 1.
        """
        if piece.level == 0 and self.kinds.get(0) is not piece.kind:
            return True
        return piece.kind is Kind.NUMBER and not self._goes_on(piece) and piece.number != 1

    def _goes_on(self, piece: Piece) -> bool:
        level = min(piece.level, len(self.widths))
        is_next = self.ended.get(level) == piece.number - 1
        return self.kinds.get(level) is piece.kind and (piece.kind is Kind.BULLET or is_next)

    def _piece(self, piece: Piece) -> str:
        if piece.kind is Kind.ROW:
            self._close(0)
            return f"| {' | '.join(_cell(cell) for cell in piece.cells)} |"
        level = min(piece.level, len(self.widths))
        text = _paragraph(piece.cells[0])
        if not piece.is_item:
            self._close(level)
            return _indented(text, " " * sum(self.widths), first=True)
        goes_on = self._goes_on(piece)
        sign = self.signs.get(level, ".")
        if self.kinds.get(level) is piece.kind and not goes_on:
            sign = ")" if sign == "." else "."
        self._close(level)
        indent = " " * sum(self.widths)
        mark = "- " if piece.kind is Kind.BULLET else f"{piece.number}{sign} "
        self.kinds[level], self.signs[level], self.ended[level] = piece.kind, sign, piece.number
        self.widths.append(len(mark))
        return f"{indent}{mark}{_indented(text, indent + ' ' * len(mark))}"

    def _close(self, level: int) -> None:
        """Close the lists from a level on."""
        del self.widths[level:]
        for table in (self.kinds, self.ended, self.signs):
            for deeper in [at for at in table if at >= level]:
                del table[deeper]


def _is_of_table(last: Piece | None, piece: Piece) -> bool:
    rows = last is not None and last.kind is piece.kind is Kind.ROW
    return bool(rows and last is not None and last.number == piece.number)


def _indented(text: str, indent: str, *, first: bool = False) -> str:
    return (indent if first else "") + text.replace("\n", f"\n{indent}")


def _cell(runs: Runs) -> str:
    text = _marked(runs, _escaped)
    # Elsewhere the sign stands for itself; in a row it would part a cell, escaped or not.
    return text if "|" in text else _plainest(text, runs)


def _plainest(text: str, runs: Runs) -> str:
    bare = _marked(runs, lambda words: words)
    return bare if _reads_as(bare, runs) else text


def _paragraph(runs: Runs) -> str:
    """Write a text as bare as it may be: what would be read as something else is escaped."""
    if sum(len(run.text) for run in runs) > LONGEST_CHECKED:
        return _marked(runs, _escaped)
    for escape in (lambda words: words, _escaped):
        text = _marked(runs, escape)
        if _reads_as(text, runs):
            return text
    for bold in (True, False):  # looks that no signs can say there are left out
        fewer = tuple(replace(run, italic=False, bold=run.bold and bold) for run in runs)
        text = _marked(fewer, _escaped)
        if [p.text for p in pieces_of(to_blocks(text))] == ["".join(run.text for run in runs)]:
            return text
    return _escaped("".join(run.text for run in runs))


def _reads_as(text: str, runs: Runs) -> bool:
    return pieces_of(to_blocks(text)) == [Piece(Kind.PARAGRAPH, (runs,))]


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    return _MARK.sub(_escape_mark, text)


def _escape_mark(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}\\{mark}" if mark in "-+" else f"{space}{mark}\\"


def _marked(runs: Runs, escape: Callable[[str], str]) -> str:
    """Write runs with the signs of their looks, opened and closed as they change."""
    written: list[str] = []
    opened: list[str] = []
    link = ""
    for place, run in enumerate(runs):
        wanted = _looks(run)
        while opened and (run.link != link or not set(opened) <= wanted):
            written.append(opened.pop())
        if run.link != link:
            written.append(f"]({_address(link)})" if link else "")
            written.append("[" if run.link else "")
            link = run.link
        for look in _longest_first(wanted - set(opened), runs[place:]):
            written.append(look)
            opened.append(look)
        written.append(escape(run.text))
    written += reversed(opened)
    if link:
        written.append(f"]({_address(link)})")
    return "".join(written)


def _address(link: str) -> str:
    return f"<{link}>" if set("()<>") & set(link) else link


def _looks(run: Run) -> set[str]:
    return {sign for sign, there in (("**", run.bold), ("*", run.italic)) if there}


def _longest_first(signs: set[str], runs: Sequence[Run]) -> list[str]:
    def lasts(sign: str) -> int:
        number = 0
        for run in runs:
            if sign not in _looks(run):
                break
            number += 1
        return number

    return sorted(signs, key=lambda sign: (-lasts(sign), sign != "**"))
