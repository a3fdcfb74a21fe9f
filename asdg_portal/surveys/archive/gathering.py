"""The files of an archive: a folder, a zip or single files, looked through before any is read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from flask_babel import gettext as _

from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean_line
from asdg_portal.surveys.documents.model import MOST_BYTES

MOST_MEMBERS = 20_000
MOST_UNPACKED = 200 * 1024 * 1024
UTF8_NAME, ENCRYPTED = 0x800, 0x1
# What systems and Word leave lying about; nobody has filled in any of it.
LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, RuntimeError,
          NotImplementedError, ValueError, OSError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive; ``read`` gives its bytes.

    :raises PortalError: by ``read``, if it is not fit to be read, with the reason.
    """

    name: str
    read: Callable[[], bytes]


@contextmanager
def gather(paths: Sequence[str]) -> Iterator[list[Entry]]:
    """List all files that are meant, folders and zips looked into; names are as people know them.

    :raises PortalError: if a zip is none, or is made to fill the memory.
    """
    entries: list[Entry] = []
    with ExitStack() as stack:
        for name in paths:
            path = Path(name)
            if path.is_dir():
                entries.extend(_in_folder(path))
            elif path.suffix.lower() == ".zip" and path.is_file():
                entries.extend(stack.enter_context(in_zip(path)))
            else:
                entries.append(Entry(name, path.read_bytes))
        yield entries


def _in_folder(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _is_litter(path.relative_to(folder).parts):
            yield Entry(str(path), path.read_bytes)


def _is_litter(parts: Sequence[str]) -> bool:
    return any(part in LITTER or part.startswith((".", "~$")) for part in parts if part != "..")


@contextmanager
def in_zip(source: Path | IO[bytes]) -> Iterator[list[Entry]]:
    """List the files of a zip without unpacking any.

    :raises PortalError: if it is none, or holds more than the portal takes.
    """
    try:
        archive = zipfile.ZipFile(source)
    except BROKEN as error:
        raise PortalError(_("This is no zip archive, or it is damaged: pack the files again as .zip.")) from error  # fmt: skip  # noqa: E501
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise PortalError(_("There are more than %(most)s files in the archive: upload it in parts.", most=MOST_MEMBERS))  # fmt: skip  # noqa: E501
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise PortalError(_("Unpacked, the archive is larger than 200 MB: upload it in parts."))
        named = sorted(((name_of(m), m) for m in members), key=lambda pair: pair[0])
        yield [
            Entry(clean_line(name), partial(_read_member, archive, member, name))
            for name, member in named
            if not _is_litter(PurePosixPath(name).parts)
        ]


def name_of(member: zipfile.ZipInfo) -> str:
    """The name of a file in a zip; what is not marked as UTF-8 comes from Russian Windows."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp866")


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    if name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts:
        raise PortalError(_("Its name leads out of the archive: pack the files again."))
    if name.lower().endswith((".zip", ".7z", ".rar")):
        raise PortalError(_("An archive within the archive is not opened: put its files into the outer one."))  # fmt: skip  # noqa: E501
    if member.flag_bits & ENCRYPTED:
        raise PortalError(_("It is protected by a password: pack the files again without one."))
    if member.file_size > MOST_BYTES:
        raise PortalError(_("The file is larger than 20 MB."))
    try:
        return archive.read(member)
    except BROKEN as error:
        raise PortalError(_("It is damaged within the archive: pack the files again.")) from error
