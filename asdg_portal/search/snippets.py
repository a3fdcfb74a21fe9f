"""The piece of a text that answers a query, with the words that were asked for marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markupsafe import Markup

from asdg_portal.search.query import Beginning, Phrase, Query, simple_clauses
from asdg_portal.search.words import Token, tokenize

WIDTH = 260
# A window is looked for in the beginning of a text; nobody reads on in a list of hits.
MOST_CHARACTERS = 20_000
ENDS = ".!?…\n"


def snippet(text: str, query: Query, *, width: int = WIDTH) -> Markup:
    """Cut the part of ``text`` where most of the query stands, as safe HTML with ``<mark>``."""
    text = text[:MOST_CHARACTERS]
    hits = _hits(text, query)
    start, end = _window(text, hits, width)
    marked = _mark(text, start, end, hits)
    lead, tail = ("… " if start else ""), (" …" if end < len(text.rstrip()) else "")
    return Markup("").join([lead, marked, tail])


def mark(text: str, query: Query) -> Markup:
    """Show a whole short text, such as a title, with the words of the query marked."""
    return _mark(text, 0, len(text), _hits(text, query))


@lru_cache(maxsize=512)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(tokenize(text))


def _hits(text: str, query: Query) -> list[Token]:
    """Find the words of a text that a query asks for, in any of the ways in which it does."""
    terms: set[str] = set()
    stems: tuple[str, ...] = ()
    for clause in query.wanted:
        for option, _weight in simple_clauses(clause):
            if isinstance(option, Beginning):
                stems += (option.stem,)
            else:
                words = option.words if isinstance(option, Phrase) else (option,)
                terms.update(term for word in words for term in word.terms)
    return [
        token
        for token in (_tokens(text) if terms or stems else ())
        if not terms.isdisjoint(token.terms)
        or (stems and any(term.startswith(stems) for term in token.terms))
    ]


def _window(text: str, hits: Sequence[Token], width: int) -> tuple[int, int]:
    """Choose the stretch with the most different words; begin it where a sentence begins."""
    if not hits:
        return 0, _cut(text, min(len(text), width))
    best, most, last = hits[0].start, 0, 0
    inside: Counter[tuple[str, ...]] = Counter()
    for i, first in enumerate(hits):
        last = max(last, i)
        while last < len(hits) and hits[last].end - first.start <= width:
            inside[hits[last].terms] += 1
            last += 1
        if len(inside) > most:
            best, most = first.start, len(inside)
        if last > i:
            inside[first.terms] -= 1
            if not inside[first.terms]:
                del inside[first.terms]
    sentence = max(text.rfind(end, 0, best) for end in ENDS) + 1
    start = sentence if best - sentence < width // 3 else text.rfind(" ", 0, best - width // 6) + 1
    start = max(start, 0)
    while start < best and text[start].isspace():
        start += 1
    return start, _cut(text, min(len(text), start + width))


def _cut(text: str, end: int) -> int:
    """End at a space rather than inside a word, if there is one near."""
    if end == len(text) or text[end].isspace():
        return end
    space = text.rfind(" ", max(0, end - 40), end)
    return space if space > 0 else end


def _mark(text: str, start: int, end: int, hits: Sequence[Token]) -> Markup:
    parts, at = [], start
    for token in hits:
        if token.start >= at and token.end <= end:
            before, word = text[at : token.start], text[token.start : token.end]
            parts += [escape(before), "<mark>", escape(word), "</mark>"]
            at = token.end
    parts.append(escape(text[at:end]))
    return Markup("".join(parts))  # noqa: S704  every piece of the text is escaped
