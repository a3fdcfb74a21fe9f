"""One state of the index, opened for reading: what is known of its documents, as columns.

A segment never changes once it is written, only documents in it are marked as deleted. What has
been read of a segment is therefore kept from one state to the next. The documents of all segments
are numbered through, so that whoever ranks and counts works on whole columns of the state.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import TermNotFound

from asdg_portal.search.index import Document
from asdg_portal.search.profile import from_stored
from asdg_portal.search.query import Phrase
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.whoosh_engine.schema import EXACT, PLACE
from asdg_portal.search.whoosh_engine.segment import (
    CODED,
    NOTHING,
    Numbers,
    Postings,
    Segment,
    Values,
    Weights,
)


class Leaf:
    """A segment in one state of the index: its reader, and the number of its first document."""

    def __init__(self, segment: Segment, reader: Any, offset: int) -> None:
        self.segment, self.reader, self.offset = segment, reader, offset
        self.stored = reader.column_reader("document")


class View:
    """A state of the index that any number of threads read; closed when the last has done.

    ``codes`` are the values of FACETS and of the audience by their numbers in ``values``, ``age``
    orders by year and day of publication, ``alive`` says who is not deleted. All these and what
    the methods give are indexed by, or hold, numbers of documents from 0 to ``size``.
    """

    def __init__(self, index: Any, values: dict[str, Values], known: dict[str, Segment]) -> None:
        self.index = index
        self.values = values
        self.reader = index.reader()
        self.leaves: list[Leaf] = []
        self.segments: dict[str, Segment] = {}
        deleted: list[int] = []
        self.size = 0
        for reader, _offset in self.reader.leaf_readers():
            if reader.segment() is None:  # an index without a document has a reader of nothing
                continue
            name = str(reader.segment().segment_id())
            segment = known.get(name) or Segment(reader, values)
            self.segments[name] = segment
            deleted += [self.size + number for number in reader.segment().deleted_docs()]
            self.leaves.append(Leaf(segment, reader, self.size))
            self.size += segment.size
        self.alive = np.ones(self.size, bool)
        self.alive[deleted] = False
        self.count = self.size - len(deleted)
        parts = [leaf.segment for leaf in self.leaves]
        self.codes = {name: _join([part.codes[name] for part in parts]) for name in CODED}
        self.age: NDArray[np.int64] = _join([part.age for part in parts])
        self._lengths = {f: _join([part.lengths[f] for part in parts]) for f in (TITLE, BODY)}
        # whoosh readers share file positions; what has been read is kept, so this is brief.
        self.lock = threading.Lock()
        self._words: frozenset[str] | None = None
        self._users = 0
        self._retired = False

    @cached_property
    def relative_lengths(self) -> dict[str, Weights]:
        """How long each field of each document is, as a share of the average."""
        found = {}
        for field, lengths in self._lengths.items():
            average = max(1.0, float(lengths[self.alive].mean())) if self.count else 1.0
            found[field] = (lengths / average).astype(np.float32)
        return found

    def key(self, number: int) -> str:
        """The key of a document."""
        leaf = self._leaf(number)
        return leaf.segment.keys[number - leaf.offset]

    def numbers_of(self, keys: Iterable[str]) -> list[int]:
        """The documents with these keys, deleted ones included."""
        wanted = set(keys)
        return [
            leaf.offset + number
            for leaf in (self.leaves if wanted else ())
            for number, key in enumerate(leaf.segment.keys)
            if key in wanted
        ]

    def postings(self, field: str, term: str) -> tuple[Numbers, Numbers]:
        """Which documents have a term, deleted ones included, and how often."""
        parts = [(leaf, self._postings(leaf, field, term)) for leaf in self.leaves]
        if len(parts) == 1:
            return parts[0][1].numbers, parts[0][1].counts
        numbers = _join([found.numbers + leaf.offset for leaf, found in parts])
        return numbers, _join([found.counts for _leaf, found in parts])

    def _postings(self, leaf: Leaf, field: str, term: str) -> Postings:
        known = leaf.segment.known.get((field, term))
        return known or leaf.segment.remember((field, term), self._read(leaf, field, term))

    def _read(self, leaf: Leaf, field: str, term: str) -> Postings:
        numbers: list[int] = []
        values: list[bytes] = []
        with self.lock:
            try:
                matcher = leaf.reader.postings(field, term)
            except TermNotFound:
                return NOTHING
            while matcher.is_active():
                numbers.append(matcher.id())
                values.append(matcher.value() or b"")
                matcher.next()
        places = np.frombuffer(b"".join(values), PLACE)
        counts = np.fromiter(map(len, values), np.int32, len(values)) // PLACE.itemsize
        return Postings(np.array(numbers, np.int32), counts, places)

    def spelled(self, word: str) -> Numbers:
        """Which documents hold a word just as it is written here."""
        return self.postings(EXACT, word)[0]

    def with_phrase(self, phrase: Phrase, among: NDArray[np.bool_]) -> Numbers:
        """Which of the documents that have all the words have them side by side."""
        parts = []
        for leaf in self.leaves:
            found = leaf.segment.known.get(phrase)
            if found is None:
                here = among[leaf.offset : leaf.offset + leaf.segment.size]
                found = leaf.segment.remember(phrase, self._side_by_side(leaf, phrase, here))
            parts.append(found.numbers + leaf.offset)
        numbers: Numbers = _join(parts)
        return numbers

    def _side_by_side(self, leaf: Leaf, phrase: Phrase, among: NDArray[np.bool_]) -> Postings:
        if not among.any():
            return NOTHING
        fields = [self._in_field(leaf, field, phrase, among) for field in (TITLE, BODY)]
        return NOTHING._replace(numbers=np.unique(np.concatenate(fields)))

    def _in_field(
        self, leaf: Leaf, field: str, phrase: Phrase, among: NDArray[np.bool_]
    ) -> Numbers:
        """Which documents have the words side by side in one field.

        The places of all documents are numbered through, so that one look at a row of flags says
        which of the places of a word come after one of the word before.
        """
        firsts = leaf.segment.firsts[field]
        follows = np.ones(firsts[-1] + 1, bool)  # the first word may stand anywhere
        for word in phrase.words:
            found = [self._postings(leaf, field, term) for term in word.terms]
            places = np.concatenate([each.places_among(among, firsts) for each in found])
            places = places[follows[places]]
            follows = np.zeros_like(follows)
            follows[places + 1] = True
        return np.searchsorted(firsts, places, "right").astype(np.int32) - 1

    def expand(self, stem: str) -> tuple[str, ...]:
        """The words of the index that begin with ``stem``."""
        with self.lock:
            found = {w for field in (TITLE, BODY) for w in self.reader.expand_prefix(field, stem)}
        return tuple(word.decode() if isinstance(word, bytes) else word for word in found)

    def words(self) -> frozenset[str]:
        """Every term of the two fields, read once."""
        with self.lock:
            if self._words is None:
                terms = (t for field in (TITLE, BODY) for t in self.reader.lexicon(field))
                self._words = frozenset(term.decode() for term in terms)
            return self._words

    def document(self, number: int) -> Document:
        """A document as it was put in."""
        leaf = self._leaf(number)
        with self.lock:
            stored = leaf.stored[number - leaf.offset]
        return from_stored(zlib.decompress(stored).decode())

    def documents(self) -> Iterator[Document]:
        """All documents that are not deleted."""
        for number in np.flatnonzero(self.alive).tolist():
            yield self.document(number)

    def _leaf(self, number: int) -> Leaf:
        return next(leaf for leaf in reversed(self.leaves) if leaf.offset <= number)

    def in_use(self) -> View:
        """Count one reader more; the end of a ``with`` counts it off."""
        with self.lock:
            self._users += 1
        return self

    def __enter__(self) -> View:
        return self

    def __exit__(self, *_error: object) -> None:
        with self.lock:
            self._users -= 1
            done = self._retired and not self._users
        if done:
            self.reader.close()

    def retire(self) -> None:
        """No new readers come; close as soon as the present ones have done."""
        with self.lock:
            self._retired = True
            done = not self._users
        if done:
            self.reader.close()


def _join(parts: Sequence[NDArray[Any]]) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
