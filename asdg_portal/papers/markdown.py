"""What people typed, as the blocks of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from asdg_portal.core.text import clean, parse
from asdg_portal.papers.model import Block, Grid, Items, Paragraph, Run, Runs

_SAFE = ("http://", "https://", "mailto:", "tel:")


def to_blocks(text: str) -> tuple[Block, ...]:
    """Give the paragraphs, lists and tables of a kept text (see core.text)."""
    return tuple(_blocks(iter(parse(clean(text)))))


def _blocks(tokens: Iterator[Token], end: str = "") -> Iterator[Block]:
    for token in tokens:
        if token.type == end:
            return
        if token.type == "paragraph_open":
            yield Paragraph(_runs(next(tokens).children or ()))
            next(tokens)
        elif token.type == "bullet_list_open":
            yield Items(tuple(_items(tokens, "bullet_list_close")))
        elif token.type == "ordered_list_open":
            start = int(token.attrGet("start") or 1) if token.attrGet("start") != 0 else 0
            yield Items(tuple(_items(tokens, "ordered_list_close")), start)
        elif token.type == "table_open":
            yield _grid(tokens)


def _items(tokens: Iterator[Token], end: str) -> Iterator[tuple[Block, ...]]:
    for token in tokens:
        if token.type == end:
            return
        yield tuple(_blocks(tokens, "list_item_close"))


def _grid(tokens: Iterator[Token]) -> Grid:
    rows: list[list[Runs]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_runs(token.children or ()))
    return Grid(tuple(map(tuple, rows)), heads=1)


def _runs(children: Sequence[Token]) -> Runs:
    runs: list[Run] = []
    bold = italic = 0
    link, broken = "", False
    for token in children:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                address = str(token.attrGet("href") or "")
                link = address if address.startswith(_SAFE) else ""
            case "link_close":
                link = ""
            case "softbreak" | "hardbreak":
                broken = True
            case _ if token.content:
                runs.append(Run(token.content, bold > 0, italic > 0, link, broken))
                broken = False
    return tuple(runs)
