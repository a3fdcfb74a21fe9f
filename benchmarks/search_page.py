"""The search page on a large archive beside a bare Flask page on the same server."""

from __future__ import annotations

import os
import socket
import statistics
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import quote

from asdg_portal import create_app
from asdg_portal.core import outbox
from asdg_portal.demo.services import load_demo
from asdg_portal.search.sources import TOPIC, get_index
from benchmarks.archive import KINDS, archive, questions
from benchmarks.pages import ROUNDS, SECRET, ask_often, gunicorn

ENGINES = ("whoosh", "tantivy")
QUESTIONS = 4  # of a kind, asked in turn

Row = dict[str, float | str]


def run(sizes: Sequence[int] = (20_000,), engines: Collection[str] = ENGINES) -> list[Row]:
    """Measure the page with each engine, for questions of two kinds."""
    return [row for size in sizes for engine in engines for row in _measure(size, engine)]


def _measure(size: int, engine: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        os.environ |= {"ASDG_DATA_DIR": name, "ASDG_SECRET_KEY": SECRET}
        os.environ |= {"ASDG_SEARCH_ENGINE": engine, "ASDG_BASE_URL": f"http://127.0.0.1:{port}"}
        os.environ.pop("ASDG_DATABASE_URL", None)
        _fill(Path(name), size)
        with gunicorn(port):
            return [_row(size, engine, kind, port) for kind in KINDS[:2]]


def _fill(folder: Path, size: int) -> None:
    """The demonstration, with an index of another archive: nothing here compares the two."""
    app = create_app()
    app.extensions["prepare"]()
    with app.app_context():
        load_demo(folder)
        get_index().rebuild(archive(size))
        outbox.settle(TOPIC)


def _row(size: int, engine: str, kind: str, port: int) -> Row:
    asked = [q.text for q in questions(QUESTIONS) if q.kind == kind]
    shares, rates = [], []
    for number in range(ROUNDS):
        hello = ask_often(port, "/bench-hello/", "")
        rate = ask_often(port, f"/search?q={quote(asked[number % len(asked)])}", "")
        shares.append(rate / hello)
        rates.append(rate)
    return {
        "answers": size,
        "engine": engine,
        "query": kind,
        "share of hello": f"{statistics.median(shares):.3f}",
        "answers/s": statistics.median(rates),
    }
