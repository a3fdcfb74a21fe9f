"""What of a document goes into which field, and how it comes back whole."""

from __future__ import annotations

import zlib
from typing import Any

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import VarBytesColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema
from whoosh.formats import Existence

from asdg_portal.search.index import FACETS, Document
from asdg_portal.search.profile import to_stored, words_of
from asdg_portal.search.words import Token

EXACT = "exact"
SEPARATOR = "\x1f"


def make_schema() -> Schema:
    """Fields to search in, and columns that are read by the number of a document."""
    words = SpaceSeparatedTokenizer()
    return Schema(
        key=ID(unique=True),
        # Dictionary forms, and the words just as they are written.
        title=TEXT(analyzer=words, phrase=False),
        body=TEXT(analyzer=words, phrase=False),
        exact=_Spellings(analyzer=words, phrase=False),
        # Small values by which a search is narrowed, counted, ordered and ranked: all read at once.
        facts=COLUMN(_column()),
        # The dictionary forms in reading order, to see whether words stand side by side.
        forms=COLUMN(_column()),
        document=COLUMN(_column()),
    )


def _column() -> VarBytesColumn:
    """A column that knows where each value begins, however few there are: it opens at once."""
    return VarBytesColumn(write_offsets_cutoff=-1)


class _Spellings(TEXT):
    """A field that only knows whether a word stands in a document."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.format = Existence()
        self.scorable = False


def to_fields(document: Document) -> dict[str, Any]:
    """Prepare a document for the writer."""
    words = words_of(document)
    title, body = _terms([*words.title, *words.about]), _terms(words.body)
    facts = [*facts_of(document), str(len(title)), str(len(body))]
    return {
        "key": document.key,
        "title": " ".join(title),
        "body": " ".join(body),
        "exact": " ".join(sorted(words.spellings)),
        "facts": SEPARATOR.join(facts).encode(),
        "forms": f" {_forms(words.title)}¶ {_forms(words.body)}".encode(),
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


def _terms(tokens: list[Token]) -> list[str]:
    return [term for token in tokens for term in token.terms]


def _forms(tokens: list[Token]) -> str:
    return " ".join("|".join(token.terms) for token in tokens) + " "
