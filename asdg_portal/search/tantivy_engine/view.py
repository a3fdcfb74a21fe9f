"""One state of the index, opened for reading, and the watch over its files.

tantivy maps its files into memory: a page that is no longer there would end the whole process. No
file of a segment ever changes once it is written, so before each search their sizes and times are
looked at, and what has changed is never read again without its checksum. Every file ends with one.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy

from asdg_portal.search.query import Clause
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.tantivy_engine.schema import LENGTHS

META = "meta.json"
_MAGIC = 1337
_CHUNK = 1 << 20
_MOST_COUNTS = 5_000

Signature = tuple[int, int, int]


class Damaged(ValueError):
    """A file of the index is not what was written."""


def signature(path: str | Path) -> Signature:
    """Say by what a change of a file is noticed: its size, its time and which file it is."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino


class View:
    """A state of the index that any number of threads read."""

    def __init__(self, path: Path, known: dict[str, Signature]) -> None:
        self.path = path
        self._meta = str(path / META)
        self._state = signature(self._meta)
        segments = json.loads((path / META).read_text(encoding="utf-8"))["segments"]
        self._files = [str(file) for file in _files(path, segments)]
        # What has been found sound is not summed up again from one state to the next.
        self._sound = {file: known[file] for file in self._files if file in known}
        self.check_files()
        index = tantivy.Index.open(str(path))
        self.schema = index.schema
        self.searcher = index.searcher()
        if not self.is_current():
            raise Damaged("the index has changed while it was opened")
        self.size = sum(int(segment["max_doc"]) for segment in segments)
        self._meeting: dict[Clause, int] = {}

    def is_current(self) -> bool:
        """Whether nothing has been written since."""
        return signature(self._meta) == self._state

    @property
    def sound(self) -> dict[str, Signature]:
        """The files whose checksums were right, and how they looked then."""
        return self._sound

    def check_files(self) -> None:
        """Look whether the files are still those that were opened.

        :raises Damaged: if one is not.
        :raises OSError: if one is gone.
        """
        for file in self._files:
            now = signature(file)
            if self._sound.get(file) != now:
                _check_sum(Path(file))
                self._sound[file] = now

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


def _files(path: Path, segments: list[dict[str, object]]) -> list[Path]:
    """Name the files of the segments, and of what is deleted in them."""
    deleted = {}
    for segment in segments:
        deletes = segment["deletes"]
        opstamp = deletes["opstamp"] if isinstance(deletes, dict) else None
        deleted[str(segment["segment_id"]).replace("-", "")] = f".{opstamp}.del"
    return [
        file
        for file in sorted(path.iterdir())
        if (name := file.name.partition(".")[0]) in deleted
        and (file.suffix != ".del" or file.name.endswith(deleted[name]))
    ]


def _check_sum(file: Path) -> None:
    """Sum a file up and compare with what its last line says."""
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - 8))
        length, magic = struct.unpack("<II", opened.read(8))
        if magic != _MAGIC or length > size - 8:
            raise Damaged(f"{file.name} has no end")
        opened.seek(size - 8 - length)
        expected = json.loads(opened.read(length))["crc"]
        opened.seek(0)
        found, rest = 0, size - 8 - length
        while rest > 0:
            chunk = opened.read(min(rest, _CHUNK))
            if not chunk:
                break
            found = zlib.crc32(chunk, found)
            rest -= len(chunk)
    if found != expected:
        raise Damaged(f"{file.name} is not what was written")
