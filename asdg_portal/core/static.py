"""Style sheets, scripts and fonts: compressed once, cached for as long as they stay the same."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, abort, current_app, request
from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600
ADDRESS = "/static/"
COMPRESSED = {".css", ".js", ".svg"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    data: bytes
    zipped: bytes | None
    media_type: str
    version: str


class StaticFiles:
    """The files of one folder, ready to be sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._loaded: dict[str, tuple[float, Asset]] = {}

    def find(self, name: str) -> Asset:
        """Read a file, unless the one that was read is still the same; 404 outside the folder."""
        try:
            path = (self._folder / name).resolve()
            exists = path.is_relative_to(self._folder) and path.is_file()
        except (OSError, ValueError):  # longer than a name can be, or with a NUL in it
            exists = False
        if not exists:
            abort(404)
        changed = path.stat().st_mtime
        kept = self._loaded.get(name)
        if kept is None or kept[0] != changed:
            kept = self._loaded[name] = (changed, _load(path))
        return kept[1]

    def serve(self, filename: str) -> Response:
        """Send one file; the version in the address makes it safe to keep for a year."""
        found = self.find(filename)
        zipped = found.zipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
        data = found.zipped if zipped else found.data
        response = Response(data, mimetype=found.media_type)
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        response.set_etag(found.version + ("-gzip" if zipped else ""))
        response.cache_control.public = True
        response.cache_control.max_age = YEAR if "v" in request.args else 3600
        return response.make_conditional(request)

    @lru_cache(maxsize=256)  # noqa: B019  one folder, for as long as the process lives
    def _known_version(self, name: str) -> str:
        return self.find(name).version

    def url(self, name: str) -> str:
        """Address a file together with its version; the function ``asset`` of the templates."""
        version = self.find(name).version if current_app.debug else self._known_version(name)
        return f"{request.script_root}{ADDRESS}{name}?v={version}"


def init_static(app: Flask, folder: Path) -> None:
    """Serve ``folder`` under /static/ and give the templates their function ``asset``."""
    files = StaticFiles(folder)
    app.add_url_rule(f"{ADDRESS}<path:filename>", "static", files.serve)
    app.jinja_env.globals["asset"] = files.url


def _load(path: Path) -> Asset:
    data = path.read_bytes()
    return Asset(
        data=data,
        zipped=gzip.compress(data, 9, mtime=0) if path.suffix in COMPRESSED else None,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        version=hashlib.sha256(data).hexdigest()[:12],
    )
