"""Two changes of one text put together, where they do not touch the same words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# A word with the spaces and line ends that follow it; the pieces spell the whole text.
_WORDS = re.compile(r"\S+\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Comparing is quadratic at its worst; longer texts are compared by lines.
MOST_WORDS = 4_000

Edit = tuple[int, int, list[str]]  # what stands from here to there becomes this


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Make the text that has both changes; None if they meet, and people must decide.

    Changes that touch each other meet: two halves of a sentence are nobody's sentence.
    """
    pieces = _WORDS if sum(len(t) for t in (base, mine, theirs)) < 6 * MOST_WORDS else _LINES
    words = pieces.findall(base)
    edits = _edits(words, pieces.findall(mine))
    for edit in _edits(words, pieces.findall(theirs)):
        if edit in edits:
            continue
        if any(_meet(edit, other) for other in edits):
            return None
        edits.append(edit)
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        words[start:end] = new
    return "".join(words)


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i1, i2, new[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]


def _meet(one: Edit, other: Edit) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
