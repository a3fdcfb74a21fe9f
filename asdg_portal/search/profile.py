"""A published text as an engine keeps it: its words, the sum of them to rank by, and itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from asdg_portal.core.morphology import fold
from asdg_portal.search.index import Document, Kind
from asdg_portal.search.words import Token, about, tokenize

# Between the places of words that no phrase may join.
GAP = 2
_DAYS = 10_000_000  # more than there are days in the calendar


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document: of its title, of its city and direction, of its text.

    City and direction are part of what a text is about, though rarely repeated in it: they count
    as words of the title, but no phrase reaches from one to the other. ``spellings`` are the words
    of title and text just as they are written.
    """

    title: list[Token]
    about: list[Token]
    body: list[Token]
    spellings: frozenset[str]

    def placed_title(self) -> Iterator[tuple[int, Token]]:
        """Give the words of title, city and direction with their places, far enough apart."""
        yield from enumerate(self.title)
        start = len(self.title) + GAP
        yield from ((start + GAP * number, token) for number, token in enumerate(self.about))


def words_of(document: Document) -> Words:
    """Cut a document into its words."""
    title, body = list(tokenize(document.title)), list(tokenize(document.body))
    place = about(document.city, document.city_name, document.sector_name)
    written = [document.title[token.start : token.end] for token in title]
    written += [document.body[token.start : token.end] for token in body]
    # A date is one word to the search, but written as several.
    spellings = frozenset(part for word in written for part in fold(word).split())
    return Words(title, place, body, spellings)


@dataclass(frozen=True, slots=True)
class Profile:
    """What ranking needs to know of a document.

    ``age`` orders by year and day of publication. ``title``, ``about`` and ``body`` are dictionary
    forms in reading order, a blank at both sides of each, `` | `` between those of one word;
    ``spellings`` are the words just as they are written. Lengths are counted in forms.
    """

    age: int
    title_length: int
    body_length: int
    title: str
    about: str
    body: str
    spellings: str
    key: str

    def pack(self) -> str:
        """Write it down, to be read back by ``unpack``."""
        numbers = (self.age, self.title_length, self.body_length)
        texts = (self.title, self.about, self.body, self.spellings, self.key)
        return "\n".join([*map(str, numbers), *texts])


def unpack(text: str) -> Profile:
    """Read a profile back; whatever else a damaged one holds is a ValueError or TypeError."""
    age, title_length, body_length, *texts = text.split("\n", 7)
    return Profile(int(age), int(title_length), int(body_length), *texts)


def profile_of(document: Document, words: Words) -> Profile:
    """Sum up a document."""
    return Profile(
        age_of(document),
        length_of(words.title) + length_of(words.about),
        length_of(words.body),
        _forms(words.title),
        _forms(words.about),
        _forms(words.body),
        "".join(f" {spelling} " for spelling in sorted(words.spellings)),
        document.key,
    )


def age_of(document: Document) -> int:
    """Order documents by year, then by day of publication: the newest is the greatest."""
    return document.year * _DAYS + document.published_on.toordinal()


def length_of(tokens: list[Token]) -> int:
    """How long a text is, in forms."""
    return sum(len(token.terms) for token in tokens)


def _forms(tokens: list[Token]) -> str:
    return "".join(f" {' | '.join(token.terms)} " for token in tokens)


def to_stored(document: Document) -> str:
    """Write a document down whole; every character survives, those no database takes too."""
    return json.dumps(asdict(document), ensure_ascii=True, default=str)


def from_stored(text: str) -> Document:
    """Give a document back as it was put in."""
    fields = json.loads(text)
    fields["kind"] = Kind(fields["kind"])
    fields["published_on"] = date.fromisoformat(fields["published_on"])
    return Document(**fields)
