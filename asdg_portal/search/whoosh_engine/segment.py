"""What is known of one immutable part of the index: columns of its documents, postings of terms."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from asdg_portal.search.index import FACETS
from asdg_portal.search.profile import GAP
from asdg_portal.search.ranking import BODY, TITLE
from asdg_portal.search.whoosh_engine.schema import PLACE, SEPARATOR

MOST_POSTINGS = 2_000  # terms a segment remembers
CODED = (*FACETS, "audience")

Numbers: TypeAlias = "NDArray[np.int32]"
Weights: TypeAlias = "NDArray[np.float32]"


class Postings(NamedTuple):
    """The documents of a segment that have a term, how often, and where: all places in a row."""

    numbers: Numbers
    counts: Numbers
    places: NDArray[np.uint32]

    def places_among(
        self, among: NDArray[np.bool_], firsts: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Where the term stands in some of the documents, counted from the first of them all."""
        wanted = among[self.numbers]
        begins = np.repeat(firsts[self.numbers[wanted]], self.counts[wanted])
        found: NDArray[np.int64] = begins + self.places[np.repeat(wanted, self.counts)]
        return found


NOTHING = Postings(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, PLACE))


class Values:
    """The values of one column, each with a number; they only become more."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        """Number a value, a new one by the next number."""
        code = self._codes.get(name)
        if code is None:
            code = self._codes[name] = len(self.names)
            self.names.append(name)
        return code

    def known(self, names: Iterable[str]) -> list[int]:
        """Give the numbers of those values that any document has had."""
        return [self._codes[name] for name in names if name in self._codes]


class Segment:
    """What is known of one immutable part of the index."""

    def __init__(self, reader: Any, values: dict[str, Values]) -> None:
        self.size: int = reader.doc_count_all()
        column = reader.column_reader("facts")
        facts = [column[number].decode().split(SEPARATOR) for number in range(self.size)]
        columns = list(zip(*facts, strict=True)) or [()] * (len(CODED) + 4)
        self.codes = {
            name: np.array([values[name].code(value) for value in columns[at]], np.int32)
            for at, name in enumerate(CODED)
        }
        published, keys, *lengths = columns[len(CODED) :]
        self.keys: Sequence[str] = keys
        years = np.array(columns[FACETS.index("year")], np.int64)
        self.age = years * 10_000_000 + np.array(published, np.int64)
        self.lengths = {
            field: np.array(length, np.float32)
            for field, length in zip((TITLE, BODY), lengths, strict=True)
        }
        # Where the places of each document begin if those of all are numbered through: there are
        # no more words than forms, some in a title stand apart, and the last place stays free.
        self.firsts = {
            field: np.concatenate([[0], np.cumsum(apart * self.lengths[field].astype(int) + GAP)])
            for field, apart in ((TITLE, GAP), (BODY, 1))
        }
        self.known: OrderedDict[Hashable, Postings] = OrderedDict()

    def remember(self, what: Hashable, found: Postings) -> Postings:
        """Keep what was read for the next who asks."""
        if len(self.known) >= MOST_POSTINGS:
            self.known.popitem(last=False)
        self.known[what] = found
        return found
