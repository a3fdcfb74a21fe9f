"""What the portal asks of a full-text index, whichever engine stands behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from math import inf
from typing import Protocol

from asdg_portal.search.query import Query


class Kind(StrEnum):
    """What a hit leads to."""

    REPORT = "report"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Document:
    """A published text as the index sees it; a search page needs nothing else.

    One document is one answer of a report, its preface, or a practice, so that a hit is the right
    paragraph. ``city``, ``region`` and ``sector`` are slugs, the ``…_name`` fields are what people
    read. ``question`` is 1–5 for an answer, 0 for a preface, None for a practice. ``audience`` is
    the smallest circle that may read it: ``public``, ``members`` or ``staff``.
    """

    key: str
    kind: Kind
    title: str
    body: str
    city: str
    city_name: str
    region: str
    region_name: str
    sector: str
    sector_name: str
    year: int
    question: int | None
    url: str
    audience: str
    published_on: date
    external_id: str | None = None

    @property
    def content_hash(self) -> str:
        """A fingerprint of everything that is stored, to notice drift and damage."""
        content = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(content.encode()).hexdigest()


FACETS = ("kind", "city", "region", "sector", "year", "question")


@dataclass(frozen=True, slots=True)
class Request:
    """One search: what is asked, narrowed how, by a person who may read ``audiences``.

    ``filters`` maps names of FACETS to the accepted values (slugs; years and questions as digits);
    several values of one facet are alternatives, several facets must all hold. ``without`` are keys
    of documents that the index still holds but that must not be found: their removal is on its way.
    After the moment ``until`` (of ``time.monotonic``) an engine may leave out what only stands for
    what was typed, such as synonyms.
    """

    query: Query
    audiences: frozenset[str]
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    until: float = inf


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, and how well it answers (comparable within one search only)."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a request.

    ``total`` counts all that match, ``hits`` is the page asked for. ``facets`` counts, for each
    facet, the documents of every value under all the *other* facets' filters.
    """

    total: int
    hits: list[Hit]
    facets: Mapping[str, Mapping[str, int]]


class IndexUnavailable(RuntimeError):
    """The index is missing or damaged; a rebuild heals it."""


class SearchIndex(Protocol):
    """A full-text index of published texts; a cache that can be thrown away and rebuilt."""

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents by key in one step, seen by the next search."""

    def search(self, request: Request) -> Found:
        """Find documents; with an empty query, all that the filters admit, newest first."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one, swap them, and say how many were stored."""

    def words(self) -> frozenset[str]:
        """Give every term of the texts; it may still hold some of texts that are gone.

        As long as nothing has changed, it is the same object. What is shown to somebody is looked
        up for them first: a term may stand only in what they may not read.
        """

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give the key and the content hash (computed from what is stored) of every document."""

    def status(self) -> Mapping[str, object]:
        """Say what an administrator wants to know: engine, documents, size in bytes."""
