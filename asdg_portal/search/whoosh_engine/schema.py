"""What of a document goes into which field, and how it comes back whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.formats import Existence, Format

from asdg_portal.search.index import FACETS, Document
from asdg_portal.search.profile import length_of, to_stored, words_of
from asdg_portal.search.words import Token

EXACT = "exact"
SEPARATOR = "\x1f"
PLACE = np.dtype("<u4")


def make_schema() -> Schema:
    """Fields to search in, and columns that are read by the number of a document."""
    words = SpaceSeparatedTokenizer()
    return Schema(
        key=ID(unique=True),
        # Dictionary forms with their places, and the words just as they are written.
        title=_Forms(analyzer=words, phrase=False),
        body=_Forms(analyzer=words, phrase=False),
        exact=_Spellings(analyzer=words, phrase=False),
        # Small values by which a search is narrowed, counted, ordered and ranked: all read at once.
        facts=COLUMN(_column()),
        document=COLUMN(_column()),
    )


def _column() -> VarBytesColumn:
    """A column that knows where each value begins, however few there are: it opens at once."""
    return VarBytesColumn(write_offsets_cutoff=-1)


class _Places(Format):
    """With each document of a term goes where the term stands in it, as numbers of PLACE."""

    posting_size = -1


class _Forms(TEXT):
    """A field of forms and their places: two of one word have the same.

    How often a document has a term is the number of its places. whoosh's own format of places
    pickles them one document at a time, and takes longer to read than the rest of a search.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.format = _Places()
        self.scorable = False

    def index(
        self, value: list[tuple[int, Token]], **_options: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Give each term of a document with its places."""
        places: dict[str, list[int]] = {}
        for place, token in value:
            for term in token.terms:
                places.setdefault(term, []).append(place)
        for term, found in places.items():
            yield term.encode(), len(found), 1.0, np.array(found, PLACE).tobytes()


class _Spellings(TEXT):
    """A field that only knows whether a word stands in a document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.format = Existence()
        self.scorable = False


def to_fields(document: Document) -> dict[str, Any]:
    """Prepare a document for the writer."""
    words = words_of(document)
    lengths = length_of([*words.title, *words.about]), length_of(words.body)
    facts = [*facts_of(document), *map(str, lengths)]
    return {
        "key": document.key,
        "title": list(words.placed_title()),
        "body": list(enumerate(words.body)),
        "exact": " ".join(sorted(words.spellings)),
        "facts": SEPARATOR.join(facts).encode(),
        "document": zlib.compress(to_stored(document).encode(), level=1),
    }


def facts_of(document: Document) -> tuple[str, ...]:
    """The values of FACETS in their order, then audience, day of publication and key."""
    question = "" if document.question is None else str(document.question)
    facets = {
        "kind": str(document.kind),
        "city": document.city,
        "region": document.region,
        "sector": document.sector,
        "year": str(document.year),
        "question": question,
    }
    about = (document.audience, str(document.published_on.toordinal()), document.key)
    return (*(facets[name] for name in FACETS), *about)
