"""One state of the index, opened for reading."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy

from asdg_portal.search.files import Damaged, Files, signature
from asdg_portal.search.query import Clause
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.tantivy_engine.schema import LENGTHS, make_schema

META = "meta.json"
_MOST_COUNTS = 5_000


class Superseded(Damaged):
    """The index was written to while a state of it was opened."""


class View:
    """A state of the index that any number of threads read.

    ``known`` are files that have been looked at before. It learns of those that are found to be
    right, also where opening fails: the next try does not begin by reading the whole index.

    :raises Superseded: if there is a newer state by now.
    """

    def __init__(self, path: Path, known: Files) -> None:
        self.path = path
        self._meta = str(path / META)
        self._state = signature(self._meta)
        self._meeting: dict[Clause, int] = {}
        try:
            self._open(known)
        finally:
            if not self.is_current():
                raise Superseded("the index has changed while it was opened")

    def _open(self, known: Files) -> None:
        self.files: Files = Files(files_of(self.path), known)
        try:
            self.files.check()
        finally:
            known.sound |= self.files.sound
        index = open_index(self.path)
        self.schema = index.schema
        self.searcher = index.searcher()
        self.size = sum(int(segment["max_doc"]) for segment in _segments(self.path))

    def is_current(self) -> bool:
        """Whether nothing has been written since."""
        return signature(self._meta) == self._state

    @property
    def count(self) -> int:
        """How many documents there are."""
        return int(self.searcher.num_docs)

    @cached_property
    def averages(self) -> dict[str, float]:
        """How many forms title and text have, on average."""
        wanted = {name: {"avg": {"field": column}} for name, column in LENGTHS.items()}
        found = self.searcher.aggregate(tantivy.Query.all_query(), wanted)
        return {name: float(found[name]["value"] or 0.0) for name in (TITLE, BODY)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every term of titles and texts, read once."""
        found = (self.searcher.terms_with_prefix(name, "") for name in (TITLE, BODY))
        return frozenset(term for terms in found for term, _count in terms)

    def meeting(self, clause: Clause, query: tantivy.Query) -> int:
        """Count the documents that meet a clause, whoever may read them."""
        count = self._meeting.get(clause)
        if count is None:
            if len(self._meeting) >= _MOST_COUNTS:
                self._meeting.clear()
            count = self._meeting[clause] = self.count_of(query)
        return count

    def count_of(self, query: tantivy.Query) -> int:
        """Count what a query finds."""
        return self.find(query, 1)[0]

    def find(
        self, query: tantivy.Query, limit: int, by: str | None = None, *, backwards: bool = True
    ) -> tuple[int, list[tuple[Any, tantivy.DocAddress]]]:
        """Count what a query finds, and give the first of it by score or by a column."""
        order = tantivy.Order.Desc if backwards else tantivy.Order.Asc
        found: Any = self.searcher.search(query, limit, order_by_field=by, order=order)
        return int(found.count), found.hits

    def stored(self, address: tantivy.DocAddress, field: str) -> str:
        """Give what is kept of a document in one field."""
        value = self.searcher.doc(address).get_first(field)
        if value is None:
            raise Damaged(f"a document has no {field}")
        return bytes(value).decode()


def open_index(path: Path) -> tantivy.Index:
    """Open an index so that it reads only when it is asked.

    By itself it reads everything once more in a thread of its own; a file that is cut short by
    then ends the process.
    """
    return _quiet(tantivy.Index.open(str(path)))


def new_index(path: Path) -> tantivy.Index:
    """Begin an index in an empty folder."""
    return _quiet(tantivy.Index(make_schema(), path=str(path)))


def _quiet(index: tantivy.Index) -> tantivy.Index:
    index.config_reader("manual")
    return index


def _segments(path: Path) -> list[dict[str, Any]]:
    segments: list[dict[str, Any]] = json.loads((path / META).read_text("utf-8"))["segments"]
    return segments


def files_of(path: Path) -> list[Path]:
    """Name the files of the present segments, and of what is deleted in them."""
    deleted = {}
    for segment in _segments(path):
        deletes = segment["deletes"]
        name = str(segment["segment_id"]).replace("-", "")
        deleted[name] = f".{deletes['opstamp']}.del" if deletes else ""
    return [
        file
        for file in sorted(path.iterdir())
        if (name := file.name.partition(".")[0]) in deleted
        and (file.suffix != ".del" or file.name == name + deleted[name])
    ]
