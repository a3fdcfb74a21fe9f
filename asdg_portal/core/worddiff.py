"""What has changed between two states of a text, word by word, for people to see at a glance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Words with the spaces that follow them; line ends stand for themselves.
_TOKEN = re.compile(r"\n|[^\S\n]*[^\s]+[^\S\n]*")
# Comparing is quadratic at its worst; longer stretches are shown as replaced whole.
MOST_WORDS = 2_000

SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the ``same`` in both states, ``removed`` or ``added``."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """Tell two states of a text apart: first by lines, then by words where lines differ.

    The pieces that are not ``added`` spell the old text, those not ``removed`` the new one.
    """
    pieces: list[Piece] = []
    for piece in _by_lines(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if pieces and pieces[-1].kind == piece.kind:
            pieces[-1] = Piece(piece.kind, pieces[-1].text + piece.text)
        elif piece.text:
            pieces.append(piece)
    return pieces


def is_changed(pieces: Sequence[Piece]) -> bool:
    """Whether there is anything to be seen."""
    return any(piece.kind != SAME for piece in pieces)


def _by_lines(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            yield Piece(SAME, "".join(old[i1:i2]))
        elif tag == "replace":
            yield from _by_words("".join(old[i1:i2]), "".join(new[j1:j2]))
        else:
            yield Piece(REMOVED, "".join(old[i1:i2]))
            yield Piece(ADDED, "".join(new[j1:j2]))


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > MOST_WORDS or "".join(before) != old or "".join(after) != new:
        yield Piece(REMOVED, old)
        yield Piece(ADDED, new)
        return
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        if tag == "equal":
            yield Piece(SAME, "".join(before[i1:i2]))
        else:
            yield Piece(REMOVED, "".join(before[i1:i2]))
            yield Piece(ADDED, "".join(after[j1:j2]))


def _opcodes(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
