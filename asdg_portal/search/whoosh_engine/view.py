"""One state of the index, opened for reading: segments with their columns and postings.

A segment never changes once it is written, only documents in it are marked as deleted. What has
been read of a segment is therefore kept from one state to the next.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, TypeAlias

from whoosh.reading import TermNotFound

from asdg_portal.search.whoosh_engine.schema import BODY, TITLE

MOST_POSTINGS = 2_000  # terms a segment remembers
MOST_EXPANSIONS = 200  # words that a beginning may stand for

Postings: TypeAlias = "tuple[array[int], array[float]]"
NOTHING: Postings = (array("I"), array("f"))


class Segment:
    """What is known of one immutable part of the index."""

    def __init__(self, reader: Any) -> None:
        self.size = reader.doc_count_all()
        stored = [reader.stored_fields(number) for number in range(self.size)]
        self.facts: list[tuple[str, ...]] = [fields["facts"] for fields in stored]
        self.lengths = {
            field: array("f", (reader.doc_field_length(n, field, 0) for n in range(self.size)))
            for field in (TITLE, BODY)
        }
        self._postings: OrderedDict[tuple[str, str], Postings] = OrderedDict()

    def postings(self, reader: Any, field: str, term: str) -> Postings:
        """Which documents have a term, and how often; may still name deleted ones."""
        if (known := self._postings.get((field, term))) is not None:
            return known
        try:
            matcher = reader.postings(field, term)
        except TermNotFound:
            return NOTHING
        numbers, weights = array("I"), array("f")
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        if len(self._postings) >= MOST_POSTINGS:
            self._postings.popitem(last=False)
        self._postings[field, term] = (numbers, weights)
        return numbers, weights


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment in one state of the index: its reader and what is deleted in it."""

    segment: Segment
    reader: Any
    deleted: frozenset[int]


class View:
    """A state of the index that any number of threads read; closed when the last has done."""

    def __init__(self, index: Any, known: dict[str, Segment]) -> None:
        self.index = index
        self.reader = index.reader()
        self.leaves: list[Leaf] = []
        self.segments: dict[str, Segment] = {}
        for reader, _offset in self.reader.leaf_readers():
            if reader.segment() is None:  # an index without a document has a reader of nothing
                continue
            name = str(reader.segment().segment_id())
            segment = known.get(name) or Segment(reader)
            self.segments[name] = segment
            deleted = frozenset(reader.segment().deleted_docs())
            self.leaves.append(Leaf(segment, reader, deleted))
        self.count = sum(leaf.segment.size - len(leaf.deleted) for leaf in self.leaves)
        # whoosh readers share file positions; what has been read is kept, so this is brief.
        self.lock = threading.Lock()
        self._words: frozenset[str] | None = None
        self._users = 0
        self._retired = False

    def average_length(self, field: str) -> float:
        """How many terms a document has in a field."""
        total: float = sum(sum(leaf.segment.lengths[field]) for leaf in self.leaves)
        return max(1.0, float(total / max(1, sum(leaf.segment.size for leaf in self.leaves))))

    def postings(self, leaf: Leaf, field: str, term: str) -> Postings:
        """Postings of a term in one leaf."""
        with self.lock:
            return leaf.segment.postings(leaf.reader, field, term)

    def expand(self, stem: str) -> tuple[str, ...]:
        """The words of the index that begin with ``stem``, at most MOST_EXPANSIONS."""
        found: dict[str, None] = {}
        with self.lock:
            for field in (TITLE, BODY):
                for term in self.reader.expand_prefix(field, stem):
                    if len(found) >= MOST_EXPANSIONS:
                        break
                    found[term.decode() if isinstance(term, bytes) else term] = None
        return tuple(found)

    def words(self) -> frozenset[str]:
        """Every term of the two fields, read once."""
        with self.lock:
            if self._words is None:
                terms = (t for field in (TITLE, BODY) for t in self.reader.lexicon(field))
                self._words = frozenset(term.decode() for term in terms)
            return self._words

    def stored(self, leaf: Leaf, number: int) -> dict[str, Any]:
        """Everything that is kept of one document."""
        with self.lock:
            fields: dict[str, Any] = leaf.reader.stored_fields(number)
            return fields

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
