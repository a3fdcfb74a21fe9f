"""The index as an administrator sees it: what works, how much it holds, when to take another."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from asdg_portal.core import outbox
from asdg_portal.core.db import db
from asdg_portal.search.index import IndexUnavailable, Request
from asdg_portal.search.query import parse
from asdg_portal.search.sources import TOPIC, get_index

# The embedded engine of the first years is quick enough up to here; measured, see benchmarks/.
MOST_FOR_WHOOSH = 20_000
SLOW = 300.0  # milliseconds
# Words that stand in most texts of any archive, which is what takes longest.
USUAL = ("опыт города", "работа", "развитие участия жителей", '"опыт работы"')


@dataclass(frozen=True, slots=True)
class Overview:
    """What the engine says of itself, and what follows from it.

    ``slowest`` is how long the slowest of some usual searches takes now, in milliseconds; None if
    there is no index to ask. ``advice`` is for whoever runs the portal.
    """

    facts: Mapping[str, object]
    waiting: int
    slowest: float | None
    advice: str

    def to_json(self) -> dict[str, object]:
        """Give it to scripts."""
        return {
            **self.facts,
            "waiting": self.waiting,
            "slowest_ms": None if self.slowest is None else round(self.slowest, 1),
            "advice": self.advice,
        }


def look() -> Overview:
    """Look at the index and ask it something."""
    facts = get_index().status()
    slowest = _slowest() if facts["healthy"] else None
    return Overview(facts, outbox.count_pending(TOPIC), slowest, _advice(facts, slowest))


def _slowest() -> float | None:
    """Time usual searches, each the second time: the first one opens files."""
    worst = 0.0
    try:
        for text in USUAL:
            request = Request(parse(text), frozenset({"public", "members", "staff"}))
            get_index().search(request)
            started = time.perf_counter()
            get_index().search(request)
            worst = max(worst, time.perf_counter() - started)
    except IndexUnavailable:
        return None
    return worst * 1000


def _advice(facts: Mapping[str, object], slowest: float | None) -> str:
    """Say when another engine is right: one setting, and the index is made anew by itself."""
    on_postgres = db.engine.dialect.name == "postgresql"
    several = bool(current_app.config["SEVERAL_MACHINES"])
    documents = facts.get("documents")
    if not facts["healthy"]:
        return str(_("The index is missing or damaged; it is made anew by itself within a minute."))
    if facts["engine"] != "postgres" and several and on_postgres:
        return str(_("Each machine keeps an index of its own. One for all of them: ASDG_SEARCH_ENGINE=postgres and a restart; the index is made anew by itself."))  # fmt: skip  # noqa: E501
    many = isinstance(documents, int) and documents > MOST_FOR_WHOOSH
    if facts["engine"] == "whoosh" and (many or (slowest or 0) > SLOW):
        return str(_("The archive has outgrown this engine. Set ASDG_SEARCH_ENGINE=tantivy and restart; the index is made anew by itself."))  # fmt: skip  # noqa: E501
    return str(_("This engine is right for this archive."))
