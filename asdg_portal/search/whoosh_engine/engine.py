"""The index on disk: written by one at a time, read by all, made anew beside itself."""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zlib import error as ZlibError  # noqa: N812

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, IndexError as WhooshIndexError, LockError

from asdg_portal.search.files import Files, note_sums
from asdg_portal.search.generations import LOCK_TIMEOUT, Generations, size_of
from asdg_portal.search.index import Document, Found, Hit, IndexUnavailable, Request
from asdg_portal.search.whoosh_engine.ranking import candidates, narrow, page
from asdg_portal.search.whoosh_engine.schema import make_schema, to_fields
from asdg_portal.search.whoosh_engine.segment import CODED, Values
from asdg_portal.search.whoosh_engine.view import View

log = logging.getLogger(__name__)

BATCH = 5_000
OPENINGS = 4  # tries to open an index while others write to it
# whatever reading damaged files can end in; whoosh notices little by itself
DAMAGE = (
    OSError, EOFError, ValueError, KeyError, IndexError, AttributeError, TypeError, struct.error,
    WhooshIndexError, EmptyIndexError, ZlibError, ImportError, MemoryError, AssertionError,
)  # fmt: skip

ResultT = TypeVar("ResultT")


class WhooshIndex:
    """A SearchIndex in a folder of its own, which nothing else may write to.

    whoosh keeps pickled objects in it: whoever can write to the folder can run code here. ``owner``
    names the database that the index is made from.
    """

    def __init__(self, folder: Path, owner: Callable[[], str] = str) -> None:
        self._generations = Generations(folder, "whoosh", owner)
        self._lock = threading.Lock()
        self._view: View | None = None
        self._files = Files([])
        self._seen: tuple[str, int] | None = None
        self._values = {name: Values() for name in CODED}

    # Reading

    def search(self, request: Request) -> Found:
        """Find documents; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        return self._read(lambda view: self._search(view, request))

    @staticmethod
    def _search(view: View, request: Request) -> Found:
        kept, facets = narrow(view, candidates(view, request.query, request.until), request)
        hits = [Hit(view.document(number), score) for number, score in page(view, kept, request)]
        return Found(total=len(kept.numbers), hits=hits, facets=facets)

    def words(self) -> frozenset[str]:
        """Give every term of the texts; see SearchIndex.

        :raises IndexUnavailable: if the index is missing or damaged.
        """
        return self._read(lambda view: view.words())

    def hashes(self) -> Iterator[tuple[str, str]]:
        """Give key and content hash of every document, computed from what is stored."""
        yield from self._read(lambda view: [(d.key, d.content_hash) for d in view.documents()])

    def status(self) -> Mapping[str, object]:
        """Say what an administrator wants to know."""
        try:
            path = self._generations.current(anew=True)
            self._read(lambda _view: self._files.check())
            documents = self._read(lambda view: view.count)
            segments = self._read(lambda view: len(view.leaves))
        except IndexUnavailable as error:
            return {"engine": "whoosh", "healthy": False, "error": str(error)}
        return {
            "engine": "whoosh",
            "healthy": True,
            "documents": documents,
            "segments": segments,
            "bytes": size_of(path),
        }

    def _read(self, work: Callable[[View], ResultT]) -> ResultT:
        """Do something with the newest state, which may be superseded while it is opened."""
        for _again in range(OPENINGS - 1):
            with suppress(*DAMAGE), self._fresh_view() as view:
                return work(view)
            self._forget_view()
        try:
            with self._fresh_view() as view:
                return work(view)
        except DAMAGE as error:
            self._forget_view()
            raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def _forget_view(self) -> None:
        with self._lock:
            if self._view:
                self._view.retire()
            self._view = self._seen = None

    def _fresh_view(self) -> View:
        """Open the newest state, unless it is the one that is open; to be used in a ``with``.

        It is taken in use before the lock is let go: another thread that finds a newer state would
        close it otherwise.
        """
        path = self._generations.current()
        with self._lock:
            same = self._view is not None and self._seen is not None and self._seen[0] == path.name
            index = self._view.index if self._view and same else FileStorage(str(path)).open_index()
            generation = index.latest_generation()
            seen = (path.name, generation)
            if self._view is None or seen != self._seen:
                known = self._view.segments if self._view and same else {}
                sound = Files([*path.glob("*.seg"), *path.glob("*.toc")], self._files)
                sound.check(all_there=False)
                view = View(FileStorage(str(path)).open_index(), self._values, known)
                names = [f"_MAIN_{generation}.toc", *(f"{name}.seg" for name in view.segments)]
                self._files = Files([path / name for name in names], sound)
                if self._view:
                    self._view.retire()
                self._view, self._seen = view, seen
            # whoosh maps its files into memory.
            self._files.check(all_there=False)
            return self._view.in_use()

    # Writing

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents in one step; see SearchIndex.

        :raises IndexUnavailable: if there is no index that could be written to.
        """
        documents, keys = list(put), list(remove)
        with self._generations.writing():
            try:
                self._write(self._generations.current(), documents, keys)
            except LockError as error:
                raise IndexUnavailable("the index is being written by somebody else") from error
            except DAMAGE as error:
                raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one and swap them; see SearchIndex."""
        with self._generations.writing(), self._generations.next() as path:
            FileStorage(str(path)).create_index(make_schema()).close()
            return self._fill(path, documents)

    def _fill(self, path: Path, documents: Iterable[Document]) -> int:
        count, rest = 0, iter(documents)
        while batch := list(islice(rest, BATCH)):
            self._write(path, batch, [], new=True)
            count += len(batch)
        return count

    @staticmethod
    def _write(path: Path, put: list[Document], remove: list[str], *, new: bool = False) -> None:
        index = FileStorage(str(path)).open_index()
        writer = index.writer(timeout=LOCK_TIMEOUT, limitmb=256)
        try:
            if not new:
                for key in {*remove, *(document.key for document in put)}:
                    writer.delete_by_term("key", key)
            for document in put:
                writer.add_document(**to_fields(document))
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        index.close()
        note_sums(path, [*path.glob("*.seg"), *path.glob("*.toc")])
