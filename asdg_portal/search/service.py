"""One search as people and scripts ask for it: by names or slugs, within what they may read."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.slugs import slugify
from asdg_portal.search.index import FACETS, Document, Found, Kind, Request
from asdg_portal.search.query import Query, TooSlow, Word
from asdg_portal.search.snippets import Marker
from asdg_portal.search.sources import get_index, outdated_keys
from asdg_portal.search.understanding import Understood, understand

SORTS = ("relevance", "newest", "city")
MOST_HITS = 100
LONGEST_TIME = 0.5  # seconds for what stands for the words; the words themselves always count
PREFACE = 0
QUESTIONS = range(PREFACE, 6)
_QUESTIONS = (
    _l("preface"),
    _l("1. What was achieved"),
    _l("2. Successes of colleagues"),
    _l("3. Tasks ahead"),
    _l("4. Help from the association"),
    _l("5. Is a conference needed"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks: a text, and for each of FACETS the values as they were given."""

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = SORTS[0]
    offset: int = 0
    limit: int = 20

    @property
    def is_question(self) -> bool:
        """Whether anything is asked, or all that is published is just listed."""
        return bool(self.text.strip() or any(self.filters.values()))


@dataclass(frozen=True, slots=True)
class Shown:
    """A hit as a page shows it: the title and a piece of the text with the words marked."""

    document: Document
    score: float
    title: Markup
    snippet: Markup


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: how addresses and people call it, and how many texts have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. ``unknown`` are filter values that name nothing, as (facet, value)."""

    wanted: Wanted
    total: int
    hits: Sequence[Shown]
    facets: Mapping[str, Sequence[Value]]
    suggestion: str | None
    took_ms: float
    unknown: Sequence[tuple[str, str]]


class Names:
    """What cities, regions and directions are called, and by which words they are accepted."""

    def __init__(self) -> None:
        labels, by_name = until_next_act("names", _read_names)
        self.labels: dict[str, dict[str, str]] = labels | {
            "kind": {Kind.REPORT: _("reports"), Kind.PRACTICE: _("practices")},
            "question": {str(n): question_label(n) for n in QUESTIONS},
        }
        self._by_name: dict[str, dict[str, str]] = by_name

    def label(self, facet: str, value: str) -> str:
        """Name a value of a facet for people."""
        return self.labels.get(facet, {}).get(value, value)

    def resolve(self, facet: str, given: str) -> str | None:
        """Find the value that a name or slug stands for; None if it names nothing."""
        given = given.strip()
        if facet == "year":
            return given if given.isascii() and given.isdigit() and len(given) == 4 else None
        if given in self.labels[facet]:
            return given
        return self._by_name.get(facet, {}).get(given.lower())


def _read_names() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Read what cities, regions and directions are called: by their slugs, and the reverse."""
    cities = db.session.execute(select(City.slug, City.name, City.region)).all()
    sectors = db.session.execute(select(Sector.slug, Sector.name, Sector.synonyms)).all()
    labels: dict[str, dict[str, str]] = {
        "city": {slug: name for slug, name, _region in cities},
        "region": {slugify(region): region for _slug, _name, region in cities if region},
        "sector": {slug: name for slug, name, _synonyms in sectors},
    }
    by_name = {
        facet: {label.lower(): value for value, label in named.items()}
        for facet, named in labels.items()
    }
    for slug, _name, synonyms in sectors:
        by_name["sector"] |= {synonym.lower(): slug for synonym in synonyms}
    return labels, by_name


def question_label(number: int) -> str:
    """Name a question of the questionnaire in a word or two."""
    return str(
        _QUESTIONS[number] if number in QUESTIONS else _("question %(number)s", number=number)
    )


def find(wanted: Wanted, viewer: Viewer) -> Answer:
    """Search in what ``viewer`` may read.

    :raises BadQuery: if the text is beyond the limits.
    :raises IndexUnavailable: if the index is missing or damaged; it heals by itself.
    """
    started = time.perf_counter()
    readable = Request(Query(""), audiences(viewer), without=outdated_keys(), limit=1)
    understood = understand(wanted.text, lambda terms: _count(readable, terms))
    names = Names()
    filters, unknown = _resolve(wanted, names)
    request = replace(
        readable,
        filters=filters,
        sort=wanted.sort if wanted.sort in SORTS else SORTS[0],
        offset=wanted.offset,
        limit=min(wanted.limit, MOST_HITS),
        until=time.monotonic() + LONGEST_TIME,
    )
    # A name that is nobody's has no texts; ignoring it would show everybody's.
    found, query = (Found(0, [], {}), understood.query) if unknown else _search(request, understood)
    asked = Marker(query)
    hits = [
        Shown(h.document, h.score, asked.mark(h.document.title), asked.snippet(h.document.body))
        for h in found.hits
    ]
    facets = {name: _values(name, found, filters, names) for name in FACETS}
    took = (time.perf_counter() - started) * 1000
    return Answer(wanted, found.total, hits, facets, understood.meant, took, unknown)


def _search(request: Request, understood: Understood) -> tuple[Found, Query]:
    """Answer a query, more widely if nothing is found, by its own words if that takes too long."""
    index, query = get_index(), understood.query
    try:
        found = index.search(replace(request, query=query))
        if not found.total and understood.wider != query:
            query = understood.wider
            found = index.search(replace(request, query=query))
    except TooSlow:
        if query == understood.plain:
            raise
        query = understood.plain
        found = index.search(replace(request, query=query))
    return found, query


def _count(readable: Request, terms: tuple[str, ...]) -> int:
    """How many of the texts that a person may read hold any of the terms."""
    return get_index().search(replace(readable, query=Query("", (Word(terms),)))).total


def _resolve(
    wanted: Wanted, names: Names
) -> tuple[dict[str, Collection[str]], list[tuple[str, str]]]:
    filters: dict[str, Collection[str]] = {}
    unknown: list[tuple[str, str]] = []
    for facet in FACETS:
        for given in wanted.filters.get(facet, ()):
            value = names.resolve(facet, given)
            if value is None:
                unknown.append((facet, given))
            else:
                filters[facet] = [*filters.get(facet, ()), value]
    return filters, unknown


def _values(
    facet: str, found: Found, filters: Mapping[str, Collection[str]], names: Names
) -> list[Value]:
    """List a facet's values as people look for them: years newest first, the rest by number."""
    chosen = set(filters.get(facet, ()))
    counts = dict.fromkeys(chosen, 0) | dict(found.facets.get(facet, {}))
    values = [Value(v, names.label(facet, v), n, v in chosen) for v, n in counts.items()]
    if facet == "year":
        return sorted(values, key=lambda v: v.value, reverse=True)
    if facet == "question":
        return sorted(values, key=lambda v: int(v.value))
    return sorted(values, key=lambda v: (not v.chosen, -v.count, v.label))


def to_json(answer: Answer) -> dict[str, object]:
    """Give an answer in the shape of ``search query --json`` and ``/api/v1/search``."""
    return {
        "total": answer.total,
        "took_ms": round(answer.took_ms, 1),
        "hits": [_hit(hit) for hit in answer.hits],
        "facets": {
            name: {value.value: value.count for value in values if value.count}
            for name, values in answer.facets.items()
        },
        "suggestion": answer.suggestion,
    }


def _hit(hit: Shown) -> dict[str, object]:
    document = hit.document
    return {
        "key": document.key,
        "external_id": document.external_id,
        "kind": str(document.kind),
        "title": document.title,
        "city": document.city_name,
        "year": document.year,
        "sector": document.sector_name,
        "question": document.question,
        "url": document.url,
        "snippet": hit.snippet.striptags(),
        "score": hit.score,
    }
