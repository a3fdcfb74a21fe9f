"""Cutting answers into quotes: a list item, a row of a table, or some sentences of a paragraph."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from hashlib import sha256
from itertools import takewhile

from markdown_it.token import Token

from asdg_portal.core.morphology import fold
from asdg_portal.core.text import parse
from asdg_portal.surveys.commitments.sentences import sentences
from asdg_portal.surveys.commitments.splitting import says_nothing

# A quote stands for one thought; a paragraph that is longer is cut between its sentences.
LONGEST = 420


def quotes_of(text: str) -> list[str]:
    """Cut an answer (Markdown, see core.text) into quotes in its order, as plain text.

    A line that only leads up to a list («Проведены:») is left out, and so is «нет».
    """
    return list(dict.fromkeys(piece for piece in _pieces(text) if not says_nothing(piece)))


def mark_of(quote: str) -> str:
    """Name a quote by its words, so that it is known again in a later revision of the answer."""
    words = re.findall(r"\w+", fold(quote))
    return sha256(" ".join(words).encode()).hexdigest()[:16]


def _pieces(text: str) -> Iterator[str]:
    tokens, depth = iter(parse(text)), 0
    for token in tokens:
        if token.type in {"list_item_open", "list_item_close"}:
            depth += token.nesting
        elif token.type == "tbody_open":
            yield from _rows(tokens)
        elif token.type == "thead_open":  # headings of columns are no thought
            deque(takewhile(lambda t: t.type != "thead_close", tokens), maxlen=0)
        elif token.type == "inline":
            yield from _of_paragraph(_plain(token), is_item=depth > 0)


def _rows(tokens: Iterator[Token]) -> Iterator[str]:
    cells: list[str] = []
    for token in takewhile(lambda t: t.type != "tbody_close", tokens):
        if token.type == "inline":
            cells.append(_plain(token))
        elif token.type == "tr_close":
            yield " — ".join(filter(None, cells))
            cells = []


def _plain(token: Token) -> str:
    breaks = {"softbreak", "hardbreak"}
    words = (" " if t.type in breaks else t.content for t in token.children or ())
    return " ".join("".join(words).split())


def _of_paragraph(text: str, *, is_item: bool) -> Iterator[str]:
    if text.endswith(":"):
        return
    if is_item or len(text) <= LONGEST:
        yield text
        return
    gathered = ""
    for sentence in sentences(text):
        if gathered and len(gathered) + len(sentence) >= LONGEST:
            yield gathered
            gathered = ""
        gathered = f"{gathered} {sentence}".strip()
    if gathered:
        yield gathered
