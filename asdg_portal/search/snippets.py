"""The piece of a text that answers a query, with the words that were asked for marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from asdg_portal.search.query import Beginning, Phrase, Query, Word, simple_clauses
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
    tests = [
        test
        for clause in query.wanted
        for option, _weight in simple_clauses(clause)
        for test in _tests(option)
    ]
    return [t for t in _tokens(text) if any(test(t, text) for test in tests)] if tests else []


def _tests(clause: Word | Beginning | Phrase) -> Iterable[Callable[[Token, str], bool]]:
    if isinstance(clause, Beginning):
        stem = clause.stem
        return [lambda token, _text: any(term.startswith(stem) for term in token.terms)]
    words = clause.words if isinstance(clause, Phrase) else (clause,)
    return [_has_any(word) for word in words]


def _has_any(word: Word) -> Callable[[Token, str], bool]:
    terms = frozenset(word.terms)
    return lambda token, _text: not terms.isdisjoint(token.terms)


def _window(text: str, hits: Sequence[Token], width: int) -> tuple[int, int]:
    """Choose the stretch with the most different words; begin it where a sentence begins."""
    if not hits:
        return 0, _cut(text, min(len(text), width))
    best, most = hits[0].start, -1
    for i, first in enumerate(hits):
        inside = {t.terms for t in hits[i : i + 40] if t.end - first.start <= width}
        if len(inside) > most:
            best, most = first.start, len(inside)
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
            parts += [escape(text[at : token.start]), Markup("<mark>")]
            parts += [escape(text[token.start : token.end]), Markup("</mark>")]
            at = token.end
    return Markup("").join([*parts, escape(text[at:end])])
