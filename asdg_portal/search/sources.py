"""From the database to the index: who describes what, and the way of a change to the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.outbox import OutboxRow, enqueue, pending
from asdg_portal.search.index import Document, IndexUnavailable, SearchIndex

TOPIC = "index"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of published texts: all of them for a rebuild, or those of one item."""

    kind: str
    everything: Callable[[], Iterable[Document]]
    of_item: Callable[[int], list[Document]]


def place(city: City, sector: Sector) -> dict[str, str]:
    """Say where a text belongs, in the words of a Document."""
    return {
        "city": city.slug,
        "city_name": city.name,
        "region": city.region_slug,
        "region_name": city.region,
        "sector": sector.slug,
        "sector_name": sector.name,
    }


def init_sources(app: Flask, index: SearchIndex, sources: Iterable[Source]) -> None:
    """Tell the application which index it has and who feeds it."""
    app.extensions["search_index"] = index
    app.extensions["search_sources"] = {source.kind: source for source in sources}


def get_index() -> SearchIndex:
    """Return the index of the current application."""
    index: SearchIndex = current_app.extensions["search_index"]
    return index


def item_changed(kind: str, item_id: int, keys: Iterable[str]) -> None:
    """Note, in the transaction of the change, that these documents must be looked at again."""
    enqueue(TOPIC, f"{kind}:{item_id}", {"kind": kind, "id": item_id, "keys": list(keys)})


def outdated_keys() -> frozenset[str]:
    """Name the documents that the index may hold in a state that is no longer true.

    Searches leave them out, so that a text which was withdrawn a moment ago is gone at once.
    """
    return frozenset(key for payload in pending(TOPIC) for key in payload["keys"])


def index_rows(rows: Sequence[OutboxRow]) -> None:
    """Bring the index up to date with the database for the items that changed."""
    sources: dict[str, Source] = current_app.extensions["search_sources"]
    documents: dict[str, Document] = {}
    for kind, item_id in {(row.payload["kind"], row.payload["id"]) for row in rows}:
        documents |= {document.key: document for document in sources[kind].of_item(item_id)}
    stale = {key for row in rows for key in row.payload["keys"]} - documents.keys()
    try:
        get_index().update(put=documents.values(), remove=stale)
    except IndexUnavailable:
        # The first text ever published, or a damaged index: everything is described anew.
        get_index().rebuild(all_documents())


def all_documents() -> Iterable[Document]:
    """Describe everything that is published."""
    for source in current_app.extensions["search_sources"].values():
        yield from source.everything()


def published_document(key: str) -> Document | None:
    """Describe the published text that has this key in the index; None if there is none."""
    kind, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    source = current_app.extensions["search_sources"].get(kind)
    if source is None or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return next((d for d in source.of_item(int(number)) if d.key == key), None)
