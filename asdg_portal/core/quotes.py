"""Words of a text that somebody points at: found again and marked, whatever markup is between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from markupsafe import Markup

# A tag with its attributes, or what stands between two tags; one character, however written.
_TOKEN = re.compile(r"<(?:[^<>\"]|\"[^\"]*\")*>|[^<]+|<")
_CHARACTER = re.compile(r"&#?\w{1,31};|.", re.DOTALL)
_INLINE = re.compile(r"</?(?:em|strong|a|span|ins|del|mark)\b")
AROUND = 90  # characters of context on either side


class _Place(NamedTuple):
    """Where a character of the text stands: in which token, from where to where."""

    token: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Quoted words with a little of what stands around them."""

    before: str
    words: str
    after: str


def excerpt(plain: str, quote: str) -> Excerpt | None:
    """Find the quoted words in a text without markup; None if they are no longer there."""
    words = " ".join(quote.split())
    # The paragraph that holds them is enough; words of several paragraphs need the whole text.
    texts = (" ".join(text.split()) for text in [*plain.splitlines(), plain])
    text = next((text for text in texts if words and words in text), None)
    if text is None:
        return None
    at = text.find(words)
    end = at + len(words)
    before, after = text[max(0, at - AROUND) : at], text[end : end + AROUND]
    cut_before, cut_after = at > AROUND, len(text) > end + AROUND
    return Excerpt("…" * cut_before + before, words, after + "…" * cut_after)


def mark(html: str, quotes: Iterable[str]) -> Markup:
    """Put every quote that is found in a piece of a page into ``<mark>``; the rest stays as it is.

    ``html`` must be safe already; nothing but the marks is added to it.
    """
    wanted = [words for quote in quotes if (words := " ".join(quote.split()))]
    if not wanted:
        return Markup(html)  # noqa: S704  the caller's, unchanged
    tokens = _TOKEN.findall(html)
    plain, places = _spell(tokens)
    ranges: dict[int, list[tuple[int, int]]] = {}
    for words in wanted:
        at = plain.find(words)
        if at >= 0:
            _note(ranges, places[at : at + len(words)])
    marked = [_marked(token, ranges.get(n, [])) for n, token in enumerate(tokens)]
    # Safe: what was safe before, and our own tags around whole characters of its text.
    return Markup("".join(marked))  # noqa: S704


def _spell(tokens: Sequence[str]) -> tuple[str, list[_Place]]:
    """Read the text of a piece of a page, blanks folded to one, with the place of each character.

    A tag that begins or ends a paragraph, an item or a cell reads as a blank.
    """
    letters: list[str] = []
    places: list[_Place] = []
    for number, token in enumerate(tokens):
        if token.startswith("<") and len(token) > 1:
            found = [] if _INLINE.match(token) else [(" ", 0, 0)]
        else:
            found = [(unescape(m[0])[:1], *m.span()) for m in _CHARACTER.finditer(token)]
        for letter, start, end in found:
            if not letter.isspace():
                letters.append(letter)
            elif letters and letters[-1] != " ":
                letters.append(" ")
            else:
                continue
            places.append(_Place(number, start, end))
    return "".join(letters), places


def _note(ranges: dict[int, list[tuple[int, int]]], places: Sequence[_Place]) -> None:
    """Add the stretch that a quote covers in each token."""
    for token in {place.token for place in places}:
        inside = [place for place in places if place.token == token and place.end > place.start]
        if inside:
            ranges.setdefault(token, []).append((inside[0].start, inside[-1].end))


def _marked(token: str, ranges: list[tuple[int, int]]) -> str:
    """Wrap stretches of one token; those that meet become one, blanks alone are left out."""
    done, text = 0, ""
    for start, end in sorted(ranges):
        if end > done and token[start:end].strip():
            begin = max(start, done)
            text += f"{token[done:begin]}<mark>{token[begin:end]}</mark>"
            done = end
    return text + token[done:]
