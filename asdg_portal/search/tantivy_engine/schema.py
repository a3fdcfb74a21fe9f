"""What of a document goes into which field of tantivy."""

from __future__ import annotations

from collections.abc import Iterable

import tantivy

from asdg_portal.search.index import FACETS, Document
from asdg_portal.search.profile import profile_of, to_stored, words_of
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.words import Token

NEWEST, BY_CITY = "newest", "by_city"
LENGTHS = {TITLE: "title_length", BODY: "body_length"}


def make_schema() -> tantivy.Schema:
    """Fields to search in, columns to narrow, count and order by, and what is given back."""
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("key", tokenizer_name="raw", index_option="basic")
    # Dictionary forms with their places, several at one place, and the words as they are written.
    for name in (TITLE, BODY):
        schema.add_text_field(name, tokenizer_name="raw", index_option="position")
    schema.add_text_field("exact", tokenizer_name="raw", index_option="basic")
    for name in (*FACETS, "audience"):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (NEWEST, BY_CITY):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in LENGTHS.values():
        schema.add_unsigned_field(name, fast=True)
    schema.add_bytes_field("profile", stored=True)
    schema.add_bytes_field("document", stored=True)
    return schema.build()


def to_tantivy(document: Document) -> tantivy.Document:
    """Prepare a document for the writer."""
    words = words_of(document)
    profile = profile_of(document, words)
    fields = tantivy.Document()
    fields.add_text("key", document.key)
    fields.add_pre_tokenized_text(TITLE, _placed(words.placed_title()))
    fields.add_pre_tokenized_text(BODY, _placed(enumerate(words.body)))
    for spelling in profile.spellings.split():
        fields.add_text("exact", spelling)
    for name in (*FACETS, "audience"):
        value = getattr(document, name)
        if value is not None and str(value):
            fields.add_text(name, str(value))
    fields.add_text(NEWEST, f"{profile.age:012}{document.key}")
    fields.add_text(BY_CITY, f"{document.city}\x1f{9999 - document.year:04}{document.key}")
    fields.add_unsigned(LENGTHS[TITLE], profile.title_length)
    fields.add_unsigned(LENGTHS[BODY], profile.body_length)
    fields.add_bytes("profile", profile.pack().encode())
    fields.add_bytes("document", to_stored(document).encode())
    return fields


def _placed(tokens: Iterable[tuple[int, Token]]) -> tantivy.PreTokenizedString:
    return tantivy.PreTokenizedString(
        "", [tantivy.Token(term, at, 0, 0) for at, token in tokens for term in token.terms]
    )
