"""What a group of words would find, before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.search.index import IndexUnavailable, Request
from asdg_portal.search.query import AnyOf, Clause, Query
from asdg_portal.search.sources import get_index, outdated_keys
from asdg_portal.search.vocabulary.groups import Group
from asdg_portal.search.vocabulary.thesaurus import as_clause


@dataclass(frozen=True, slots=True)
class Row:
    """How many texts a word of a group finds by itself; empty for all of the same together."""

    word: str
    texts: int


def what_is_found(group: Group, viewer: Viewer) -> list[Row]:
    """Count the texts of each word of a group, and of all that are the same together."""
    readable = Request(Query(""), audiences(viewer), without=outdated_keys(), limit=1)

    def count(clause: Clause) -> int:
        try:
            return get_index().search(_asking(readable, clause)).total
        except IndexUnavailable:  # it heals by itself; the words are kept all the same
            return 0

    rows, same = [], []
    for word in (*group.same, *group.near, *group.broader):
        if (clause := as_clause(word)) is not None:
            rows.append(Row(word, count(clause)))
            if word in group.same:
                same.append((clause, 1.0))
    return [Row("", count(AnyOf(tuple(same)))), *rows] if same else rows


def _asking(readable: Request, clause: Clause) -> Request:
    return Request(
        Query("", (clause,)), readable.audiences, without=readable.without, limit=readable.limit
    )
