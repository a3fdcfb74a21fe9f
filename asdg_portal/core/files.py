"""Files that people attach: what is taken, where it is kept, and how it is given back.

A room that keeps files has a table of its own with their names and hashes, says who may have them,
and names the hashes it still needs in ``registry.FILE_OWNERS``.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO

from flask import Flask, current_app, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from asdg_portal.core.backup import UPLOADS
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.text import clean_line
from asdg_portal.core.worker import Chore

MOST_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120
ORPHANED = 24 * 3600  # seconds: an upload whose transaction is still under way is no orphan

OFFICE = "application/vnd.openxmlformats-officedocument"
# Ending: the type it is sent with, and how its content begins, or what its archive holds.
KINDS: dict[str, tuple[str, bytes | str]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".docx": (f"{OFFICE}.wordprocessingml.document", "word/"),
    ".xlsx": (f"{OFFICE}.spreadsheetml.sheet", "xl/"),
    ".pptx": (f"{OFFICE}.presentationml.presentation", "ppt/"),
    ".odt": ("application/vnd.oasis.opendocument.text", "content.xml"),
}
# What a scanner or a telephone makes.
SCANS = frozenset({".pdf", ".jpg", ".jpeg", ".png"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a browser sent it."""

    name: str
    data: bytes


def check(upload: Upload, endings: Collection[str] = frozenset(KINDS)) -> str:
    """See that a file is what its ending says; return the type it is sent with.

    ``endings`` are those that are taken here.

    :raises PortalError: with the reason, naming the file.
    """
    name = file_name(upload.name)
    ending = PurePath(name).suffix.lower()
    if ending not in endings:
        known = ", ".join(sorted(ending[1:] for ending in endings))
        raise PortalError(_("“%(name)s” is not taken: attach %(known)s.", name=name, known=known))
    if not upload.data:
        raise PortalError(_("“%(name)s” is empty.", name=name))
    if len(upload.data) > MOST_BYTES:
        raise PortalError(_("“%(name)s” is larger than 10 MB.", name=name))
    media_type, sign = KINDS[ending]
    right = upload.data.startswith(sign) if isinstance(sign, bytes) else _holds(upload.data, sign)
    if not right:
        raise PortalError(_("“%(name)s” is not what its ending says, or it is damaged.", name=name))
    return media_type


def _holds(data: bytes, member: str) -> bool:
    """Whether an office file holds what its kind must hold, and no macros."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, EOFError, OSError, ValueError):
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return not macros and any(name.startswith(member) for name in names)


def file_name(given: str) -> str:
    """The name a file is kept and sent under: no folders, no tricks, not too long."""
    name = clean_line(re.split(r"[/\\]", given)[-1])
    name = re.sub(r'[\x00-\x1f"<>|:*?]', "_", name).strip(". ") or "file"
    stem, ending = PurePath(name).stem, PurePath(name).suffix
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"


def keep(data: bytes) -> str:
    """Put a file into the store under its own hash, whole or not at all; return the hash."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    if path.is_file():
        path.touch()  # it may have been nobody's for long; from now on it is young again
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{os.getpid()}.part")
        half.write_bytes(data)
        half.replace(path)
    return digest


def keep_stream(stream: IO[bytes]) -> str:
    """Put a file into the store without holding the whole of it in memory; return its hash."""
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    with half.open("wb") as file:
        shutil.copyfileobj(stream, file)
    half.replace(path)
    return digest


def path_of(digest: str) -> Path:
    """Where a file is: outside everything that is served by its address."""
    return _store() / digest[:2] / digest[2:4] / digest


def _store() -> Path:
    folder: Path = current_app.config["DATA_DIR"] / UPLOADS
    return folder


def give_back(digest: str, media_type: str, name: str) -> ResponseReturnValue:
    """Send a file as a download: a browser never opens what a stranger has made as a page of ours.

    :raises NotFound: if it is lost.
    """
    path = path_of(digest)
    if not path.is_file():
        raise NotFound(_("There is no such file, or it is not open to you."))
    return send_file(path, media_type, as_attachment=True, download_name=name)


Owner = Callable[[], Iterable[str]]


def init_files(app: Flask, owners: Collection[Owner]) -> None:
    """Tell the application who keeps files; each owner names the hashes it needs."""
    app.extensions["file_owners"] = owners


def sweep() -> None:
    """Remove files that nobody has any more."""
    owners: Collection[Owner] = current_app.extensions["file_owners"]
    known = {digest for owner in owners for digest in owner()}
    for path in _files(_store()):
        if path.name not in known and time.time() - path.stat().st_mtime > ORPHANED:
            path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterable[Path]:
    return [path for path in folder.glob("*/*/*") if path.is_file()]


def chore() -> Chore:
    """Tidy the store once a day."""
    return Chore("attachments", 24 * 3600, sweep)
