"""The piece of a text that answers a query, with the words that were asked for marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from markupsafe import Markup

from asdg_portal.search.query import Beginning, Phrase, Query, Word, simple_clauses
from asdg_portal.search.words import Token, tokenize

WIDTH = 260
# A window is looked for in the beginning of a text; nobody reads on in a list of hits.
MOST_CHARACTERS = 20_000
ENDS = ".!?…\n"

# By the place of a word: the clauses that it meets, and how well.
Found = dict[int, dict[int, float]]


def snippet(text: str, query: Query, *, width: int = WIDTH) -> Markup:
    """Cut the part of ``text`` where most of the query stands, as safe HTML with ``<mark>``."""
    return Marker(query).snippet(text, width=width)


def mark(text: str, query: Query) -> Markup:
    """Show a whole short text, such as a title, with the words of the query marked."""
    return Marker(query).mark(text)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, and the places of each term among them."""

    tokens: tuple[Token, ...]
    places: Mapping[str, Sequence[int]]


@lru_cache(maxsize=512)
def _words(text: str) -> Words:
    tokens = tuple(tokenize(text))
    places: dict[str, list[int]] = {}
    for at, token in enumerate(tokens):
        for term in token.terms:
            places.setdefault(term, []).append(at)
    return Words(tokens, places)


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of a text that meets clauses of a query: which, and how well each."""

    start: int
    end: int
    meets: tuple[tuple[int, float], ...]


class Marker:
    """Marks what one query asks for, in as many texts as there are on a page."""

    def __init__(self, query: Query) -> None:
        self._terms: dict[str, dict[int, float]] = {}
        self._stems: list[tuple[str, int, float]] = []
        self._phrases: dict[str, list[tuple[Phrase, int, float]]] = {}
        for number, clause in enumerate(query.wanted):
            for option, weight in simple_clauses(clause):
                self._add(option, number, weight)

    def _add(self, option: Word | Beginning | Phrase, number: int, weight: float) -> None:
        if isinstance(option, Beginning):
            self._stems.append((option.stem, number, weight))
        elif isinstance(option, Phrase):
            for term in option.words[0].terms:
                self._phrases.setdefault(term, []).append((option, number, weight))
        else:
            for term in option.terms:
                best = self._terms.setdefault(term, {})
                best[number] = max(best.get(number, 0.0), weight)

    def snippet(self, text: str, *, width: int = WIDTH) -> Markup:
        """Cut the part of ``text`` where most of the query stands, as safe HTML."""
        text = text[:MOST_CHARACTERS]
        hits = self._hits(_words(text))
        start, end = _window(text, hits, width)
        marked = _mark(text, start, end, hits)
        lead, tail = ("… " if start else ""), (" …" if end < len(text.rstrip()) else "")
        return Markup("").join([lead, marked, tail])

    def mark(self, text: str) -> Markup:
        """Show a whole short text with the words of the query marked."""
        return _mark(text, 0, len(text), self._hits(_words(text)))

    def _hits(self, words: Words) -> list[Hit]:
        """Find the words that are asked for; those of a phrase only side by side."""
        found: Found = {}
        tokens, places = words.tokens, words.places
        for term, meets in self._meeting(places):
            for at in places[term]:
                for number, weight in meets:
                    _note(found, at, number, weight)
        for term in self._phrases.keys() & places.keys():
            for at in places[term]:
                self._note_phrases(found, tokens, at, term)
        return [
            Hit(tokens[at].start, tokens[at].end, tuple(meets.items()))
            for at, meets in sorted(found.items())
        ]

    def _meeting(
        self, places: Mapping[str, Sequence[int]]
    ) -> Iterator[tuple[str, Iterable[tuple[int, float]]]]:
        """Name the terms of a text that meet clauses: which, and how well each."""
        for term in self._terms.keys() & places.keys():
            yield term, self._terms[term].items()
        for stem, number, weight in self._stems:
            yield from ((term, [(number, weight)]) for term in places if term.startswith(stem))

    def _note_phrases(self, found: Found, tokens: Sequence[Token], at: int, term: str) -> None:
        for phrase, number, weight in self._phrases[term]:
            if _stands_at(phrase, tokens, at):
                for place in range(at, at + len(phrase.words)):
                    _note(found, place, number, weight)


def _note(found: Found, at: int, number: int, weight: float) -> None:
    meets = found.setdefault(at, {})
    meets[number] = max(meets.get(number, 0.0), weight)


def _stands_at(phrase: Phrase, tokens: Sequence[Token], at: int) -> bool:
    following = tokens[at : at + len(phrase.words)]
    return len(following) == len(phrase.words) and all(
        not set(word.terms).isdisjoint(token.terms)
        for word, token in zip(phrase.words, following, strict=True)
    )


def _window(text: str, hits: Sequence[Hit], width: int) -> tuple[int, int]:
    """Choose the stretch that meets most of the query; begin it where a sentence begins."""
    if not hits:
        return 0, _cut(text, min(len(text), width))
    best, most, last = hits[0].start, 0.0, 0
    all_there_is = _worth(Counter(meet for hit in hits for meet in hit.meets))
    inside: Counter[tuple[int, float]] = Counter()
    for i, first in enumerate(hits):
        last = max(last, i)
        while last < len(hits) and hits[last].end - first.start <= width:
            inside.update(hits[last].meets)
            last += 1
        if (worth := _worth(inside)) > most:
            best, most = first.start, worth
        if most >= all_there_is:
            break
        if last > i:
            inside.subtract(first.meets)
    sentence = max(text.rfind(end, 0, best) for end in ENDS) + 1
    start = sentence if best - sentence < width // 3 else text.rfind(" ", 0, best - width // 6) + 1
    start = max(start, 0)
    while start < best and text[start].isspace():
        start += 1
    return start, _cut(text, min(len(text), start + width))


def _worth(inside: Mapping[tuple[int, float], int]) -> float:
    """Add up how well each clause is met by what stands in a stretch."""
    best: dict[int, float] = {}
    for (number, weight), count in inside.items():
        if count:
            best[number] = max(best.get(number, 0.0), weight)
    return sum(best.values())


def _cut(text: str, end: int) -> int:
    """End at a space rather than inside a word, if there is one near."""
    if end == len(text) or text[end].isspace():
        return end
    space = text.rfind(" ", max(0, end - 40), end)
    return space if space > 0 else end


def _mark(text: str, start: int, end: int, hits: Sequence[Hit]) -> Markup:
    parts, at = [], start
    for hit in hits:
        if hit.start >= at and hit.end <= end:
            before, word = text[at : hit.start], text[hit.start : hit.end]
            parts += [escape(before), "<mark>", escape(word), "</mark>"]
            at = hit.end
    parts.append(escape(text[at:end]))
    return Markup("".join(parts))  # noqa: S704  every piece of the text is escaped
