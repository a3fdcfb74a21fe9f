"""The index on disk: written by one at a time, read by all, made anew beside itself."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar
from zlib import error as ZlibError  # noqa: N812

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, IndexError as WhooshIndexError, LockError

from asdg_portal.search.index import Document, Found, Hit, IndexUnavailable, Request
from asdg_portal.search.whoosh_engine.ranking import candidates, narrow, page
from asdg_portal.search.whoosh_engine.schema import make_schema, to_fields
from asdg_portal.search.whoosh_engine.view import CODED, Values, View
from asdg_portal.search.words import VERSION

log = logging.getLogger(__name__)

LOCK_TIMEOUT = 60.0
GRACE = 60.0  # seconds for which a superseded index stays, for readers who are just opening it
BATCH = 5_000
# whatever reading damaged files can end in; whoosh notices little by itself
DAMAGE = (
    OSError, EOFError, ValueError, KeyError, IndexError, AttributeError, TypeError, struct.error,
    WhooshIndexError, EmptyIndexError, ZlibError, ImportError, MemoryError, AssertionError,
)  # fmt: skip

ResultT = TypeVar("ResultT")


class WhooshIndex:
    """A SearchIndex in a folder of its own, which nothing else may write to.

    ``current`` names the subfolder with the index. whoosh keeps pickled objects in it: whoever can
    write to the folder can run code here.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._view: View | None = None
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
        kept, facets = narrow(view, candidates(view, request.query), request)
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
            documents = self._read(lambda view: view.count)
            segments = self._read(lambda view: len(view.leaves))
        except IndexUnavailable as error:
            return {"engine": "whoosh", "healthy": False, "error": str(error)}
        size = sum(path.stat().st_size for path in self._path().iterdir())
        return {
            "engine": "whoosh",
            "healthy": True,
            "documents": documents,
            "segments": segments,
            "bytes": size,
        }

    def _read(self, work: Callable[[View], ResultT]) -> ResultT:
        try:
            with self._fresh_view() as view:
                return work(view)
        except DAMAGE:
            # The files may have been swapped under us: look once more before giving up.
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
        path = self._path()
        with self._lock:
            same = self._view is not None and self._seen is not None and self._seen[0] == path.name
            index = self._view.index if self._view and same else FileStorage(str(path)).open_index()
            generation = index.latest_generation()
            seen = (path.name, generation)
            if self._view is None or seen != self._seen:
                known = self._view.segments if self._view and same else {}
                view = View(FileStorage(str(path)).open_index(), self._values, known)
                if self._view:
                    self._view.retire()
                self._view, self._seen = view, seen
            return self._view.in_use()

    def _path(self) -> Path:
        """Where the present index is.

        :raises IndexUnavailable: if there is none, or it was made by other rules.
        """
        try:
            name = (self._folder / "current").read_text()
        except OSError as error:
            raise IndexUnavailable("there is no index yet") from error
        if not name.startswith(f"v{VERSION}-") or "/" in name:
            raise IndexUnavailable("the index was made by another version")
        return self._folder / name

    # Writing

    def update(self, put: Iterable[Document], remove: Iterable[str]) -> None:
        """Store and remove documents in one step; see SearchIndex.

        :raises IndexUnavailable: if there is no index that could be written to.
        """
        documents, keys = list(put), list(remove)
        with self._writing():
            try:
                self._write(self._path(), documents, keys)
            except LockError as error:
                raise IndexUnavailable("the index is being written by somebody else") from error
            except DAMAGE as error:
                raise IndexUnavailable(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the old one and swap them; see SearchIndex."""
        with self._writing():
            name = f"v{VERSION}-{secrets.token_hex(6)}"
            path = self._folder / name
            path.mkdir(parents=True)
            try:
                FileStorage(str(path)).create_index(make_schema()).close()
                count = self._fill(path, documents)
            except BaseException:
                shutil.rmtree(path, ignore_errors=True)
                raise
            self._point_to(name)
            self._sweep(keep=name)
            return count

    def _point_to(self, name: str) -> None:
        """Swap the indexes; the clock of the superseded one begins to run."""
        pointer = self._folder / "current.new"
        with suppress(IndexUnavailable, OSError, ValueError):  # nothing, or damage, is superseded
            os.utime(self._path())
        pointer.write_text(name)
        pointer.replace(self._folder / "current")

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

    def _sweep(self, keep: str) -> None:
        """Remove what older rebuilds left, but for what a reader may be about to open."""
        long_ago = time.time() - GRACE
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != keep and path.stat().st_mtime < long_ago:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the only one who writes, among all processes of this machine."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "writer.lock").open("w") as file:
            deadline = time.monotonic() + LOCK_TIMEOUT
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise IndexUnavailable("the index is being written") from None
                    time.sleep(0.02)
            yield
