"""A folder of indexes that follow one another: one is current, the next is made beside it."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.words import VERSION

LOCK_TIMEOUT = 60.0  # seconds to wait for another process that writes
GRACE = 60.0  # seconds for which a superseded index stays, for readers who are just opening it


class Generations:
    """The indexes of one engine in a folder of its own, which nothing else may write to.

    ``current`` names the subfolder that counts, and its name says who made it: the engine, the
    rules of the words, and the database it was made from (``owner`` tells which that is now). An
    index with another name is none: it is made anew.
    """

    def __init__(self, folder: Path, engine: str, owner: Callable[[], str]) -> None:
        self._folder = folder
        self._engine = engine
        self._owner = owner
        self._prefix: str | None = None

    def current(self, *, anew: bool = False) -> Path:
        """Where the present index is; ``anew`` asks again which database this is.

        :raises IndexUnavailable: if there is none, or it was made by other rules or from another
            database.
        """
        try:
            name = (self._folder / "current").read_text(errors="replace")
        except OSError as error:
            raise IndexUnavailable("there is no index yet") from error
        if anew or self._prefix is None or not name.startswith(self._prefix):
            # A backup may have been put in the place of the database since.
            self._prefix = self._make_prefix()
        if not name.startswith(self._prefix) or "/" in name or "\0" in name:
            raise IndexUnavailable("the index was made by another version or another database")
        return self._folder / name

    def _make_prefix(self) -> str:
        return f"{self._engine}-{VERSION}-{self._owner()}-"

    @contextmanager
    def next(self) -> Iterator[Path]:
        """Lend a new folder; if all goes well, what was put there is the present index.

        Only who is ``writing`` may ask for it.
        """
        self._prefix = self._make_prefix()
        name = f"{self._prefix}{secrets.token_hex(6)}"
        path = self._folder / name
        path.mkdir(parents=True)
        try:
            yield path
            self._point_to(name)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        self._sweep(keep=name)

    def _point_to(self, name: str) -> None:
        """Swap the indexes; the clock of the superseded one begins to run."""
        pointer = self._folder / "current.new"
        with suppress(IndexUnavailable, OSError, ValueError):  # nothing, or damage, is superseded
            os.utime(self.current())
        pointer.write_text(name)
        pointer.replace(self._folder / "current")

    def _sweep(self, keep: str) -> None:
        """Remove what older rebuilds left, but for what a reader may be about to open."""
        long_ago = time.time() - GRACE
        for path in self._folder.iterdir():
            if path.is_dir() and path.name != keep and path.stat().st_mtime < long_ago:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes, among all processes of this machine.

        :raises IndexUnavailable: if another one writes for more than a minute.
        """
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


def size_of(path: Path) -> int:
    """Add up the bytes of a folder, in which files come and go."""
    total = 0
    for file in path.iterdir():
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total
