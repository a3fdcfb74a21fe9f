"""How fast pages are beside a bare Flask page on the same server: gunicorn with two workers."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from asdg_portal import create_app
from asdg_portal.cities.queries import all_cities, sectors
from asdg_portal.core import outbox
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.demo.services import load_demo
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.services import make_public
from asdg_portal.search.sources import TOPIC, all_documents, get_index
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.services import ReportText, new_report, write
from benchmarks.search_core import corpus

REPORTS = 400
ROUNDS = 7
SECONDS = 1.5
CLIENTS = 4
WORKERS = 2
SECRET = "for measurements only"
WRITER = "omsk@asdg.example"


def prepare(folder: Path) -> dict[str, str]:
    """Fill an installation with the demonstration and 2,000 answers; name the pages to ask for."""
    app = create_app()
    app.extensions["prepare"]()
    with app.app_context():
        load_demo(folder)
        _add_reports()
        get_index().rebuild(all_documents())
        outbox.settle(TOPIC)
        report = (
            db.session.query(Submission).filter_by(kind="report", state=State.PUBLISHED).first()
        )
        draft = (
            db.session.query(Submission)
            .filter(Submission.city.has(slug="omsk"), Submission.state == State.DRAFT)
            .first()
        )
        assert report is not None
        assert draft is not None
        return {
            "home": "/",
            "report": f"/reports/{report.id}/",
            "search": "/search?q=%D0%BE%D0%BF%D1%8B%D1%82+%D1%80%D0%B0%D0%B1%D0%BE%D1%82%D1%8B",
            "practices": "/practices/",
            "questionnaire form": f"/reports/{draft.id}/edit",
        }


def _add_reports() -> None:
    texts = corpus(REPORTS * 5)
    campaign = db.session.query(Campaign).filter_by(year=2025).one()
    taken = {(s.city_id, s.sector_id) for s in db.session.query(Submission).filter_by(year=2025)}
    everywhere = ((city, sector) for sector in sectors() for city in all_cities())
    places = (place for place in everywhere if (place[0].id, place[1].id) not in taken)
    with unit_of_work():
        for city, sector in [next(places) for _ in range(REPORTS)]:
            report = new_report(campaign, city, sector, actor=None)
            write(report, ReportText(answers={n: next(texts).body for n in range(1, 6)}))
            report.state = State.PUBLISHED
            make_public(report)


@contextmanager
def gunicorn(port: int) -> Iterator[None]:
    """Run the portal and the bare pages as an installation runs them."""
    command = [sys.executable, "-m", "gunicorn", "--workers", str(WORKERS), "--log-level", "error"]
    server = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}", "benchmarks.served:app"])
    try:
        for _ in range(600):
            try:
                _ask(port, "/bench-hello/", "")
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _ask(port: int, path: str, cookie: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        connection.sendall((head + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n").encode())
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def ask_often(port: int, path: str, cookie: str) -> float:
    """Ask for a page from a few clients at once for a while; return answers in a second."""
    end = time.perf_counter() + SECONDS
    started = time.perf_counter()

    def ask_on() -> int:
        count = 0
        while time.perf_counter() < end:
            assert b" 200 " in _ask(port, path, cookie)[:20], path
            count += 1
        return count

    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = [pool.submit(ask_on) for _ in range(CLIENTS)]
        total = sum(done.result() for done in counts)
    return total / (time.perf_counter() - started)


def _sign_in(port: int, page: str) -> str:
    """Sign a writer in by a link, as support does; keep the cookie that the first page leaves."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    done = subprocess.run(
        [*flask, "users", "sign-in-link", WRITER], capture_output=True, text=True, check=True
    )
    cookie = ""
    for path in ("/" + done.stdout.strip().split("/", 3)[3], page):
        head = _ask(port, path, cookie).split(b"\r\n\r\n")[0].decode()
        (given,) = [
            line for line in head.splitlines() if line.lower().startswith("set-cookie: ses")
        ]
        cookie = given.split(": ", 1)[1].split(";")[0]
    return cookie


def run() -> list[dict[str, float | str]]:
    """Measure every page in turn, round after round, so that a busy moment meets them all."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"ASDG_DATA_DIR": name, "ASDG_SECRET_KEY": SECRET}
        os.environ.pop("ASDG_DATABASE_URL", None)
        pages = prepare(Path(name))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        os.environ["ASDG_BASE_URL"] = f"http://127.0.0.1:{port}"
        with gunicorn(port):
            cookie = _sign_in(port, pages["questionnaire form"])
            asked = {"hello": "/bench-hello/", "list of 20 in Jinja": "/bench-list/", **pages}
            rates: dict[str, list[float]] = {page: [] for page in asked}
            for _ in range(ROUNDS):
                for page, path in asked.items():
                    signed_in = cookie if page == "questionnaire form" else ""
                    rates[page].append(ask_often(port, path, signed_in))
    return [
        {
            "page": page,
            "share of hello": statistics.median(
                rate / hello for rate, hello in zip(of_page, rates["hello"], strict=True)
            ),
            "answers/s": statistics.median(of_page),
        }
        for page, of_page in rates.items()
    ]
