"""The index looked after: it is a cache, and whatever is wrong is made right from the database."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from asdg_portal.core.worker import Chore
from asdg_portal.search.index import Document
from asdg_portal.search.sources import all_documents, get_index, outdated_keys

log = logging.getLogger(__name__)

LOOK_EVERY = 15.0


@dataclass(slots=True)
class Drift:
    """How index and database differ; keys of documents."""

    missing: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    superfluous: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.outdated or self.superfluous or self.doubled)


def chore() -> Chore:
    """Look at the index when the portal starts and every quarter of a minute."""
    return Chore("search index", LOOK_EVERY, heal)


def heal() -> bool:
    """Make the index anew if it is missing, damaged or of another version; tell whether it was."""
    status = get_index().status()
    if status["healthy"]:
        return False
    log.info("The index is made anew: %s", status.get("error"))
    get_index().rebuild(all_documents())
    return True


def find_drift(*, repair: bool = False) -> Drift:
    """Compare what is published with what the index holds, by key and content.

    What is just on its way to the index is no drift. ``repair`` puts the rest right.
    """
    heal()
    on_the_way = outdated_keys()
    wanted: dict[str, Document] = {document.key: document for document in all_documents()}
    drift, seen = Drift(), set[str]()
    for key, content_hash in get_index().hashes():
        if key in seen:
            drift.doubled.append(key)
        elif key not in wanted and key not in on_the_way:
            drift.superfluous.append(key)
        elif key in wanted and content_hash != wanted[key].content_hash and key not in on_the_way:
            drift.outdated.append(key)
        seen.add(key)
    drift.missing = [key for key in wanted if key not in seen and key not in on_the_way]
    if repair and drift:
        put = [wanted[key] for key in (*drift.missing, *drift.outdated, *drift.doubled)]
        get_index().update(put=put, remove=drift.superfluous)
    return drift
