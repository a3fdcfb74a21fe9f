"""The tables of the index: one that says which is current, and one of documents each time anew.

They stand in a schema of their own and are made by the engine, as other engines make their folders:
they are no part of the portal's data and in no backup of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from asdg_portal.search.index import Document
from asdg_portal.search.profile import Words, profile_of, to_stored, words_of
from asdg_portal.search.words import Token

SCHEMA = "search"
POINTER = f"{SCHEMA}.generation"
# Before the forms of a title, beside the same forms without it.
TITLED = "^"
COLUMNS = (
    "key", "kind", "city", "region", "sector", "year", "question", "audience", "age",
    "title_length", "body_length", "words", "long_forms", "profile", "document",
)  # fmt: skip

# What PostgreSQL can keep: the place of the last word, places of one form, bytes of all forms.
_LAST_PLACE = 16_383
_MOST_PLACES = 255
_MOST_BYTES = 1_000_000
_GAP = 2

PREPARE = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {POINTER} (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    made_by text NOT NULL,
    documents bigint NOT NULL,
    title_length bigint NOT NULL,
    body_length bigint NOT NULL,
    edition bigint NOT NULL DEFAULT 0,
    superseded_at timestamptz
)
"""
# What is searched, counted and ordered by stays in narrow rows, texts lie apart from them.
CREATE = """
CREATE TABLE {table} (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    city text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    sector text COLLATE "C" NOT NULL,
    year text COLLATE "C" NOT NULL,
    question text COLLATE "C",
    audience text COLLATE "C" NOT NULL,
    age bigint NOT NULL,
    title_length integer NOT NULL,
    body_length integer NOT NULL,
    words tsvector NOT NULL,
    long_forms text,
    profile text NOT NULL,
    document text NOT NULL
) WITH (toast_tuple_target = 256)
"""
CREATE_TERMS = """
CREATE TABLE {table}_terms (term text COLLATE "C" PRIMARY KEY)
"""
FINISH = """
CREATE UNIQUE INDEX ON {table} (key);
CREATE INDEX ON {table} USING gin (words) WITH (fastupdate = off);
ANALYZE {table}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A document for its table: the values of COLUMNS, and the terms it is found by."""

    values: tuple[object, ...]
    terms: frozenset[str]
    title_length: int
    body_length: int


def to_row(document: Document) -> Row:
    """Prepare a document for its table."""
    words = words_of(document)
    profile = profile_of(document, words)
    vector, is_whole = _vector(words)
    values = (
        document.key,
        str(document.kind),
        document.city,
        document.region,
        document.sector,
        str(document.year),
        None if document.question is None else str(document.question),
        document.audience,
        profile.age,
        profile.title_length,
        profile.body_length,
        vector,
        None if is_whole else f"{profile.title}\n{profile.body}",
        profile.pack(),
        to_stored(document),
    )
    tokens = (*words.title, *words.about, *words.body)
    terms = frozenset(term for token in tokens for term in token.terms)
    return Row(values, terms, profile.title_length, profile.body_length)


def _vector(words: Words) -> tuple[str, bool]:
    """Write the forms with their places as a tsvector, and say whether all places are in it."""
    places: dict[str, list[int]] = defaultdict(list)
    last = 0
    for last, term in _placed(words):
        places[term].append(last)
    whole = last <= _LAST_PLACE and all(len(p) <= _MOST_PLACES for p in places.values())
    size = sum(len(term.encode()) + 8 + 2 * len(p) for term, p in places.items())
    whole = whole and size <= _MOST_BYTES
    titled = {TITLED + term for token in (*words.title, *words.about) for term in token.terms}
    forms: Iterable[str] = (*places, *titled)
    if not whole:
        places = {}
        forms = _as_many_as_fit(forms)
    return " ".join(_form(term, places.get(term, ())) for term in forms), whole


def _placed(words: Words) -> Iterator[tuple[int, str]]:
    """Number the places of the words, with gaps where no phrase may reach across."""
    places = count(1)

    def put(tokens: Iterable[Token], gap: int) -> Iterator[tuple[int, str]]:
        for token in tokens:
            place = next(places)
            yield from ((place, term) for term in token.terms)
            next(islice(places, gap, gap), None)

    yield from put(words.title, 0)
    next(places)
    yield from put(words.about, 1)
    yield from put(words.body, 0)


def _as_many_as_fit(forms: Iterable[str]) -> Iterator[str]:
    size = 0
    for form in forms:
        size += len(form.encode()) + 8
        if size > _MOST_BYTES:
            return
        yield form


def _form(term: str, places: Sequence[int]) -> str:
    return f"{quoted(term)}:{','.join(map(str, places))}" if places else quoted(term)


def quoted(term: str) -> str:
    """Write a form so that a tsvector or tsquery takes it as it is."""
    text = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"
