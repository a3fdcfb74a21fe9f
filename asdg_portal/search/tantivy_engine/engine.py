"""The index on disk: written by one at a time, read by all, made anew beside itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import tantivy

from asdg_portal.search.generations import Generations
from asdg_portal.search.index import FACETS, Document, Found, Hit, IndexUnavailable, Request
from asdg_portal.search.lexicon import Lexicon
from asdg_portal.search.profile import from_stored, unpack
from asdg_portal.search.scoring import Scorer
from asdg_portal.search.tantivy_engine.asking import Asked
from asdg_portal.search.tantivy_engine.schema import BY_CITY, NEWEST, make_schema, to_tantivy
from asdg_portal.search.tantivy_engine.view import View

CANDIDATES = 60  # how many of the best are ranked by our own figures
MOST_VALUES = 10_000  # of one facet
HEAP = 64_000_000  # bytes the writer may use
DAMAGE = (ValueError, OSError, KeyError, IndexError, TypeError, AttributeError)

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document of the answer is, and how well it answers."""

    address: tantivy.DocAddress
    score: float


class TantivyIndex:
    """A SearchIndex in a folder of its own, which nothing else may write to.

    ``owner`` names the database that the index is made from.
    """

    def __init__(self, folder: Path, owner: Callable[[], str] = str) -> None:
        self._generations = Generations(folder, "tantivy", owner)
        self._lock = threading.Lock()
        self._lexicon = Lexicon()
        self._view: View | None = None

    # Reading

    def search(self, request: Request) -> Found:
        """Find documents; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        return self._read(lambda view: _search(view, request))

    def words(self) -> frozenset[str]:
        """Give every term of the texts; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        with _damage_noticed():
            return self._lexicon.words(self._generations.current())

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give key and content hash of every document, computed from what is stored."""
        yield from self._read(_hashes)

    def status(self) -> Mapping[str, object]:
        """Say what an administrator wants to know."""
        try:
            documents = self._read(lambda view: view.count)
            segments = self._read(lambda view: int(view.searcher.num_segments))
            path = self._generations.current()
        except IndexUnavailable as error:
            return {"engine": "tantivy", "healthy": False, "error": str(error)}
        return {
            "engine": "tantivy",
            "healthy": True,
            "documents": documents,
            "segments": segments,
            "bytes": sum(file.stat().st_size for file in path.iterdir()),
        }

    def _read(self, work: Callable[[View], ResultT]) -> ResultT:
        try:
            with _damage_noticed():
                return work(self._fresh_view())
        except IndexUnavailable:
            # The files may have been swapped under us: look once more before giving up.
            self._view = None
        try:
            with _damage_noticed():
                return work(self._fresh_view())
        except IndexUnavailable:
            self._view = None
            raise

    def _fresh_view(self) -> View:
        """Give the newest state, opened unless it is the one that is open, its files looked at."""
        path = self._generations.current()
        with self._lock:
            view = self._view
            if view is None or view.path != path or not view.is_current():
                same = view is not None and view.path == path
                view = self._view = View(path, view.sound if view and same else {})
        view.check_files()
        return view

    # Writing

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents in one step; see SearchIndex.

        :raises IndexUnavailable: if there is no index that could be written to.
        """
        terms: set[str] = set()
        documents = {document.key: to_tantivy(document, terms) for document in put}
        with self._generations.writing(), _damage_noticed():
            path = self._generations.current()
            index = tantivy.Index.open(str(path))
            self._lexicon.add(path, terms)
            with _writer(index) as writer:
                for key in {*remove, *documents}:
                    writer.delete_documents_by_term("key", key)
                for document in documents.values():
                    writer.add_document(document)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one and swap them; see SearchIndex."""
        count = 0
        terms: set[str] = set()
        with self._generations.writing(), self._generations.next() as path:
            with _writer(tantivy.Index(make_schema(), path=str(path))) as writer:
                for document in documents:
                    writer.add_document(to_tantivy(document, terms))
                    count += 1
            self._lexicon.add(path, terms)
        return count


@contextmanager
def _writer(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """Lend a writer whose work is seen as a whole or not at all."""
    writer = index.writer(HEAP, num_threads=1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        with suppress(*DAMAGE):
            writer.rollback()
        raise
    # Small segments are joined to larger ones; whoever searches already sees the new state.
    writer.wait_merging_threads()


@contextmanager
def _damage_noticed() -> Iterator[None]:
    """Say of whatever reading or writing damaged files can end in that there is no index."""
    try:
        yield
    except IndexUnavailable:
        raise
    except DAMAGE as error:
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error
    except BaseException as error:
        # What Rust did not expect arrives as an error that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexUnavailable(f"{type(error).__name__}: {error}") from error


def _search(view: View, request: Request) -> Found:
    if not request.audiences:
        return Found(0, [], {name: {} for name in FACETS})
    asked = Asked(view, request)
    total, places = _page(view, asked, request)
    hits = [
        Hit(from_stored(view.stored(place.address, "document")), round(place.score, 6))
        for place in places
    ]
    return Found(total, hits, _facets(view, asked) if total or request.filters else _no_facets())


def _no_facets() -> dict[str, dict[str, int]]:
    return {name: {} for name in FACETS}


def _facets(view: View, asked: Asked) -> dict[str, dict[str, int]]:
    found = _no_facets()
    for query, names in asked.counted():
        wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        for name, values in view.searcher.aggregate(query, wanted).items():
            found[name] = {value["key"]: value["doc_count"] for value in values["buckets"]}
    return found


def _page(view: View, asked: Asked, request: Request) -> tuple[int, list[Place]]:
    """Count what is found, and give the page that was asked for in the order asked for."""
    scorer, query = Scorer(request.query, asked.figures), asked.everything()
    start, end = request.offset, request.offset + request.limit
    if request.sort == "relevance" and request.query.wanted:
        total, found = view.find(query, max(end, CANDIDATES))
        return total, _ranked(view, scorer, found)[start:end]
    if request.sort == "city":
        total, found = view.find(query, end, BY_CITY, backwards=False)
    else:
        total, found = view.find(query, end, NEWEST)
    addresses = [address for _order, address in found[start:]]
    return total, [
        Place(address, scorer.score(unpack(view.stored(address, "profile"))))
        for address in addresses
    ]


def _ranked(
    view: View, scorer: Scorer, found: list[tuple[float, tantivy.DocAddress]]
) -> list[Place]:
    """Rank the best by our own figures; the others follow as tantivy ordered them."""
    ranked = []
    for _theirs, address in found[:CANDIDATES]:
        profile = unpack(view.stored(address, "profile"))
        score = scorer.score(profile)
        ranked.append(((round(score, 9), profile.age, profile.key), Place(address, score)))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    places = [place for _order, place in ranked]
    least = places[-1].score if places else 0.0
    return places + [Place(address, least) for _theirs, address in found[CANDIDATES:]]


def _hashes(view: View) -> list[tuple[str, str]]:
    _total, found = view.find(tantivy.Query.all_query(), max(view.count, 1))
    documents = (from_stored(view.stored(address, "document")) for _score, address in found)
    return [(document.key, document.content_hash) for document in documents]
