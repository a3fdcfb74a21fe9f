"""What of a document goes into which field, and how it comes back whole."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, STORED, TEXT, Schema

from asdg_portal.search.index import Document, Kind
from asdg_portal.search.words import Token, city_term, tokenize

TITLE, BODY = "title", "body"


def make_schema() -> Schema:
    """Two fields of dictionary forms to search in; everything else is kept as it came."""
    return Schema(
        key=ID(unique=True),
        title=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
        body=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False),
        # Small values by which a search is narrowed and counted, read all at once.
        facts=STORED,
        document=STORED,
        # The dictionary forms in reading order, to see whether words stand side by side.
        forms=STORED,
    )


def to_fields(document: Document) -> dict[str, Any]:
    """Prepare a document for the writer."""
    title, body = list(tokenize(document.title)), list(tokenize(document.body))
    # City and direction are part of what a text is about, though rarely repeated in it.
    about = [*title, *tokenize(f"{document.city_name} {document.sector_name}")]
    return {
        "key": document.key,
        "title": f"{_terms(about)} {city_term(document.city)}",
        "body": _terms(body),
        "facts": facts_of(document),
        "document": json.dumps(asdict(document), ensure_ascii=False, default=str),
        "forms": f"{_forms(title)}¶ {_forms(body)}",
    }


def facts_of(document: Document) -> tuple[str, ...]:
    """The values of FACETS in their order, then audience, key, and the day of publication."""
    question = "" if document.question is None else str(document.question)
    return (
        document.kind,
        document.city,
        document.region,
        document.sector,
        str(document.year),
        question,
        document.audience,
        document.key,
        document.published_on.isoformat(),
    )


def _terms(tokens: list[Token]) -> str:
    return " ".join(term for token in tokens for term in token.terms)


def _forms(tokens: list[Token]) -> str:
    return " ".join("|".join(token.terms) for token in tokens) + " "


def from_stored(text: str) -> Document:
    """Give a document back as it was put in."""
    fields = json.loads(text)
    fields["kind"] = Kind(fields["kind"])
    fields["published_on"] = date.fromisoformat(fields["published_on"])
    return Document(**fields)
