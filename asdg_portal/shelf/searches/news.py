"""What is new for a saved search: readable for the first time, and never told of before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from asdg_portal.core.db import db
from asdg_portal.search.query import BadQuery
from asdg_portal.search.service import MOST_HITS, Wanted, find
from asdg_portal.shelf.models import SavedSearch, ToldText
from asdg_portal.shelf.texts import Source, first_readable, readable

# A look goes back behind the last one: a text can reach the index late, and none is told twice.
OVERLAP = timedelta(days=7)
MOST_NEW = 300


@dataclass(frozen=True, slots=True)
class News:
    """A search, and the texts that a letter would tell of, the newest first."""

    search: SavedSearch
    texts: Sequence[Source]


def news(search: SavedSearch) -> News:
    """Look what has come, with the rights that the search's person has at this moment.

    New is what became readable for the first time after letters were asked for, and was never told
    of. So a text that is published again is not new; one that was published and withdrawn between
    two looks is told of when it comes back.

    :raises IndexUnavailable: if the index is being made anew; look again later.
    """
    keys = list(_published_lately(search))
    query = select(ToldText.key).where(ToldText.search_id == search.id, ToldText.key.in_(keys))
    told = set(db.session.scalars(query))
    first = first_readable([key for key in keys if key not in told], search.user)
    fresh = [key for key, moment in first.items() if moment > search.since]
    texts = readable(fresh, search.user)
    return News(search, [texts[key] for key in fresh if key in texts])


def _published_lately(search: SavedSearch) -> Iterator[str]:
    """Give the keys of what matches and whose public revision is not older than the last look."""
    oldest = (search.looked_at - OVERLAP).date()
    for offset in range(0, MOST_NEW, MOST_HITS):
        wanted = Wanted(search.text, search.filters, "newest", offset, MOST_HITS)
        try:
            hits = find(wanted, search.user).hits
        except BadQuery:  # the rules have become stricter since it was saved
            return
        for hit in hits:
            if hit.document.published_on < oldest:
                return
            yield hit.document.key
        if len(hits) < MOST_HITS:
            return
