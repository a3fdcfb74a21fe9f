"""The index on disk: written by one at a time, read by all, made anew beside itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import tantivy

from asdg_portal.search.files import Files, note_sums
from asdg_portal.search.generations import Generations, size_of
from asdg_portal.search.index import FACETS, Document, Found, Hit, IndexUnavailable, Request
from asdg_portal.search.profile import Profile, from_stored, unpack
from asdg_portal.search.scoring import Scorer
from asdg_portal.search.tantivy_engine.asking import Asked
from asdg_portal.search.tantivy_engine.schema import BY_CITY, NEWEST, to_tantivy
from asdg_portal.search.tantivy_engine.view import Superseded, View, files_of, new_index, open_index

CANDIDATES = 60  # how many of the best are ranked by our own figures
OPENINGS = 4  # tries to read an index that may be made anew meanwhile
PATIENCE = 2.0  # seconds in which a state must be opened before the next one is written
MOST_VALUES = 10_000  # of one facet
HEAP = 64_000_000  # bytes the writer may use
DAMAGE = (ValueError, OSError, KeyError, IndexError, TypeError, AttributeError)

ResultT = TypeVar("ResultT")
# Where a document of the answer is, and how well it answers.
Place = tuple[tantivy.DocAddress, float]


class TantivyIndex:
    """A SearchIndex in a folder of its own, which nothing else may write to.

    ``owner`` names the database that the index is made from.
    """

    def __init__(self, folder: Path, owner: Callable[[], str] = str) -> None:
        self._generations = Generations(folder, "tantivy", owner)
        self._lock = threading.Lock()
        self._view: View | None = None
        self._files = Files([])

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
        return self._read(lambda view: view.words)

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give key and content hash of every document, computed from what is stored."""
        yield from self._read(_hashes)

    def status(self) -> Mapping[str, object]:
        """Say what an administrator wants to know."""
        try:
            path = self._generations.current(anew=True)
            self._read(lambda view: view.files.check())
            documents = self._read(lambda view: view.count)
            segments = self._read(lambda view: int(view.searcher.num_segments))
        except IndexUnavailable as error:
            return {"engine": "tantivy", "healthy": False, "error": str(error)}
        return {
            "engine": "tantivy",
            "healthy": True,
            "documents": documents,
            "segments": segments,
            "bytes": size_of(path),
        }

    def _read(self, work: Callable[[View], ResultT]) -> ResultT:
        """Do something with the newest state, which may be superseded while it is opened."""
        for _again in range(OPENINGS - 1):
            try:
                with _damage_noticed():
                    return work(self._fresh_view())
            except IndexUnavailable:
                self._view = None
        with _damage_noticed():
            return work(self._fresh_view())

    def _fresh_view(self) -> View:
        """Give the newest state, opened unless it is the one that is open, its files looked at."""
        path = self._generations.current()
        with self._lock:
            view = self._view
            if view is None or view.path != path or not view.is_current():
                view = self._view = self._open(path)
                self._files = view.files
        view.files.check(all_there=False)
        return view

    def _open(self, path: Path) -> View:
        """Open the newest state: again and again while somebody writes one after another."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return View(path, self._files)
            except Superseded:
                if time.monotonic() > until:
                    raise

    # Writing

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents in one step; see SearchIndex.

        :raises IndexUnavailable: if there is no index that could be written to.
        """
        documents = {document.key: to_tantivy(document) for document in put}
        with self._generations.writing(), _damage_noticed():
            path = self._generations.current()
            index = open_index(path)
            with _writer(index, path) as writer:
                for key in {*remove, *documents}:
                    writer.delete_documents_by_term("key", key)
                for document in documents.values():
                    writer.add_document(document)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one and swap them; see SearchIndex."""
        count = 0
        with (
            self._generations.writing(),
            self._generations.next() as path,
            _writer(new_index(path), path) as writer,
        ):
            for document in documents:
                writer.add_document(to_tantivy(document))
                count += 1
        return count


@contextmanager
def _writer(index: tantivy.Index, path: Path) -> Iterator[tantivy.IndexWriter]:
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
    note_sums(path, files_of(path))


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
        Hit(from_stored(view.stored(address, "document")), round(score, 6))
        for address, score in places
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
        addresses = [address for _theirs, address in found]
        best = ((at, _profile(view, at)) for at in addresses[:CANDIDATES])
        return total, scorer.rank(best, addresses[CANDIDATES:])[start:end]
    if request.sort == "city":
        total, found = view.find(query, end, BY_CITY, backwards=False)
    else:
        total, found = view.find(query, end, NEWEST)
    addresses = [address for _order, address in found[start:]]
    return total, [(address, scorer.score(_profile(view, address))) for address in addresses]


def _profile(view: View, address: tantivy.DocAddress) -> Profile:
    return unpack(view.stored(address, "profile"))


def _hashes(view: View) -> list[tuple[str, str]]:
    _total, found = view.find(tantivy.Query.all_query(), max(view.count, 1))
    documents = (from_stored(view.stored(address, "document")) for _score, address in found)
    return [(document.key, document.content_hash) for document in documents]
