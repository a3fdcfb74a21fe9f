"""Every term of an index, in a file beside it, for engines that cannot list their own."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

NAME = "words.txt"


class Lexicon:
    """The terms of whichever index is current; a file of lines that only grows.

    It may hold terms of texts that are gone: whoever shows one looks it up first.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: tuple[Path, int] | None = None
        self._words: frozenset[str] = frozenset()

    def words(self, folder: Path) -> frozenset[str]:
        """Give the terms; the same object until there are more.

        :raises OSError: if there is no such file.
        """
        path = folder / NAME
        with self._lock:
            read = (path, path.stat().st_size)
            if read != self._read:
                # A line that is just being written is no term yet.
                lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
                self._read, self._words = read, frozenset(lines)
            return self._words

    def add(self, folder: Path, terms: Iterable[str]) -> None:
        """Note the terms of further texts; only who writes the index may do so."""
        path = folder / NAME
        known = self.words(folder) if path.exists() else frozenset()
        new = sorted(set(terms) - known)
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write("".join(f"{term}\n" for term in new))
