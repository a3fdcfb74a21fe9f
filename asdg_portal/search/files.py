"""Watch over the files of an index, none of which ever changes once it is written.

Embedded engines map their files into memory: a page that is no longer there would end the whole
process. So before each search the sizes and times of the files are looked at, and what has changed
is not read again unless it still has the sum that was noted when it was written.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

SUMS = "sums.json"
_CHUNK = 1 << 20

Signature = tuple[int, int, int]


class Damaged(ValueError):
    """A file of the index is not what was written."""


def signature(path: str) -> Signature:
    """Say by what a change of a file is noticed: its size, its time and which file it is."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino


class Files:
    """The files that one state of an index consists of.

    ``sound`` are files whose sums were right, and how they looked then: they are not summed up
    again from one state to the next.
    """

    def __init__(self, paths: Iterable[Path], known: Files | None = None) -> None:
        self._paths = [str(path) for path in paths]
        before = known.sound if known else {}
        self.sound: dict[str, Signature] = {
            path: before[path] for path in self._paths if path in before
        }

    def check(self, *, all_there: bool = True) -> None:
        """See that the files are what was written.

        Those that are gone are still in memory; ``all_there`` says whether they may not be gone.

        :raises Damaged: if one is not.
        """
        for path in self._paths:
            try:
                now = signature(path)
            except FileNotFoundError as error:
                if all_there:
                    raise Damaged(f"{path} is gone") from error
                continue
            if self.sound.get(path) != now:
                _compare(Path(path))
                self.sound[path] = now


def note_sums(folder: Path, paths: Iterable[Path]) -> None:
    """Note the sums of the files that were just written; only who writes may ask for it."""
    known = _noted(folder)
    sums = {path.name: known.get(path.name) or _sum(path) for path in paths}
    unfinished = folder / f"{SUMS}.new"
    unfinished.write_text(json.dumps(sums))
    unfinished.replace(folder / SUMS)


def _compare(path: Path) -> None:
    # Of what has just been written there may be no note yet.
    expected = _noted(path.parent).get(path.name)
    if expected is not None and _sum(path) != expected:
        raise Damaged(f"{path.name} is not what was written")


def _noted(folder: Path) -> dict[str, int]:
    try:
        sums: dict[str, int] = json.loads((folder / SUMS).read_text())
    except FileNotFoundError:
        return {}
    return sums


def _sum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found
