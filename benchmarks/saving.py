"""Whether a word can be lost: browsers and servers killed, sessions ended, two people at once."""

from __future__ import annotations

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import delete, select

from asdg_portal import create_app
from asdg_portal.accounts.models import Role, SignIn, User
from asdg_portal.accounts.passwords import hash_password
from asdg_portal.accounts.sessions import hash_token
from asdg_portal.cities.queries import find_city, sectors
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.saving.models import SavedText
from asdg_portal.surveys.services import new_report
from asdg_portal.surveys.wordings import standard_questions
from benchmarks.browsing import Killed, killed_browsers, returns_after_sign_in

SECRET = "for measurements only"
PASSWORD = "правильный пароль 7"
KILLS = 200
INTERLEAVINGS = 50
SAVES = 6


@dataclass
class Installation:
    """A portal with two colleagues and, for every measurement, an empty report of its own."""

    app: Flask
    port: int
    address: str = ""
    users: list[int] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def report(self) -> tuple[int, int]:
        """Begin a report; give its number and that of its revision."""
        with self.app.app_context(), unit_of_work():
            taken = db.session.query(Campaign).count()
            campaign = Campaign(year=2000 + taken, questions=standard_questions())
            city = find_city("Омск")
            assert city is not None
            report = new_report(campaign, city, sectors()[0], actor=None)
            db.session.flush()
            return report.id, report.current.id

    def cookie(self, person: int) -> str:
        """The cookie of a signed-in colleague."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        words = {"_user_id": self.tokens[person], "_fresh": True, "csrf_token": "known"}
        return str(serializer.dumps(words))

    def texts(self, revision: int, part: str = "q1") -> list[str]:
        """Every text of a part, the oldest first."""
        with self.app.app_context():
            query = select(SavedText.text).filter_by(revision_id=revision, part=part)
            return list(db.session.scalars(query.order_by(SavedText.number)))

    def end_sessions(self) -> None:
        """Delete every sign-in, as if the night had passed."""
        with self.app.app_context(), unit_of_work():
            db.session.execute(delete(SignIn))

    def sign_in_again(self) -> None:
        """Give the colleagues sign-ins that last."""
        self.tokens = [secrets.token_urlsafe(16) for _user in self.users]
        with self.app.app_context(), unit_of_work():
            for user, token in zip(self.users, self.tokens, strict=True):
                db.session.add(SignIn(token_hash=hash_token(token), user_id=user))


@dataclass
class Saver:
    """A colleague whose browser saves, tries again when nobody answers, and knows what it saw."""

    portal: Installation
    person: int
    report: int
    revision: int
    part: str = "q1"
    with_keys: bool = True
    version: int = 0
    acknowledged: list[str] = field(default_factory=list)
    unanswered: int = 0

    def save(self, text: str) -> None:
        """Save until it is acknowledged, over whatever came between."""
        key = secrets.token_hex(16)
        while True:
            status, body = self._put(text, key)
            if status == 200:
                self.version = body["version"]
                self.acknowledged.append(text)
                return
            if status == 409:  # «оставить мой текст»: a decision, and so a save of its own
                self.version, key = body["version"], secrets.token_hex(16)
            else:
                self.unanswered += 1
                time.sleep(0.02)

    def _put(self, text: str, key: str) -> tuple[int, dict[str, int]]:
        token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("known")
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"session={self.portal.cookie(self.person)}",
            "X-CSRFToken": str(token),
        }
        if self.with_keys:
            headers["Idempotency-Key"] = key
        body = {"text": text, "version": self.version, "revision": self.revision}
        connection = HTTPConnection("127.0.0.1", self.portal.port, timeout=10)
        path = f"/reports/{self.report}/parts/{self.part}"
        try:
            connection.request("PUT", path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()


@contextmanager
def installation() -> Iterator[Installation]:
    """An installation in a folder of its own, served by gunicorn with four workers."""
    with tempfile.TemporaryDirectory() as name:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        os.environ |= {"ASDG_DATA_DIR": name, "ASDG_SECRET_KEY": SECRET, "ASDG_BASE_URL": address}
        os.environ.pop("ASDG_DATABASE_URL", None)
        app = create_app()
        app.extensions["prepare"]()
        portal = Installation(app, port, address)
        with app.app_context(), unit_of_work():
            people = [
                User(
                    email=f"{name}@example.org",
                    name=name,
                    role=Role.REPRESENTATIVE,
                    city=find_city("Омск"),
                    password_hash=hash_password(PASSWORD),
                )
                for name in ("one", "two")
            ]
            db.session.add_all(people)
            db.session.flush()
            portal.users = [person.id for person in people]
        portal.sign_in_again()
        yield portal
        with app.app_context():
            db.engine.dispose()


@contextmanager
def gunicorn(portal: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an installation; workers that die are replaced at once."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "4", "--preload"]
    options = ["--log-level", "critical", "--bind", f"127.0.0.1:{portal.port}"]
    server = subprocess.Popen([*command, *options, "asdg_portal:create_app()"])
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", portal.port), 1):
                break
            time.sleep(0.05)
        yield server
    finally:
        server.terminate()
        server.wait(20)


def _workers(server: subprocess.Popen[bytes]) -> list[int]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def interleavings(portal: Installation) -> dict[str, float | str]:
    """Two people save in two parts at random moments, and decide at random what to do."""
    acknowledged = lost = doubled = 0
    for number in range(INTERLEAVINGS):
        report, revision = portal.report()
        chance = random.Random(number)
        savers = [
            Saver(portal, person, report, revision, part)
            for person in (0, 1)
            for part in ("q1", "q2")
        ]
        plans = [[chance.random() * 0.02 for _ in range(SAVES)] for _ in savers]

        def work(saver: Saver, pauses: list[float]) -> None:
            for pause in pauses:
                time.sleep(pause)
                saver.save(secrets.token_hex(20))

        with ThreadPoolExecutor(len(savers)) as pool:
            list(pool.map(work, savers, plans))
        wrong = _compare(portal, savers)
        acknowledged += sum(len(saver.acknowledged) for saver in savers)
        lost, doubled = lost + wrong[0], doubled + wrong[1]
    return _row("two savers, random interleavings", INTERLEAVINGS, acknowledged, lost, doubled)


def _compare(portal: Installation, savers: list[Saver]) -> tuple[int, int]:
    """How many acknowledged texts are nowhere, and how many are stored more than once."""
    kept: Counter[str] = Counter()
    for revision, part in {(saver.revision, saver.part) for saver in savers}:
        kept.update(portal.texts(revision, part))
    every = [text for saver in savers for text in saver.acknowledged]
    return sum(not kept[text] for text in every), sum(kept[text] > 1 for text in every)


def killed_workers(portal: Installation, *, with_keys: bool) -> dict[str, float | str]:
    """Kill a worker at a random moment, again and again, while four browsers save."""
    report, revision = portal.report()
    savers = [
        Saver(portal, person, report, revision, part, with_keys)
        for person in (0, 1)
        for part in ("q1", "q2")
    ]
    over = threading.Event()

    def work(saver: Saver) -> None:
        while not over.is_set():
            saver.save(secrets.token_hex(20))

    chance, kills = random.Random(3), 0
    with gunicorn(portal) as server, ThreadPoolExecutor(len(savers)) as pool:
        running = [pool.submit(work, saver) for saver in savers]
        while kills < KILLS:
            time.sleep(0.25 + chance.random() * 0.4)
            for worker in chance.sample(found := _workers(server), min(1, len(found))):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    kills += 1
        over.set()
        for done in running:
            done.result()
    lost, doubled = _compare(portal, savers)
    acknowledged = sum(len(saver.acknowledged) for saver in savers)
    what = "workers killed under load" + ("" if with_keys else ", without keys (control)")
    row = _row(what, KILLS, acknowledged, lost, doubled)
    return row | {"unanswered": float(sum(saver.unanswered for saver in savers))}


def _row(
    what: str, runs: int, acknowledged: int, lost: int, doubled: int, seconds: float = 0
) -> dict[str, float | str]:
    return {
        "what": what,
        "runs": str(runs),
        "acknowledged": str(acknowledged),
        "lost": str(lost),
        "stored twice": str(doubled),
        "worst loss of typing, s": seconds,
        "unanswered": 0.0,
    }


def run() -> list[dict[str, float | str]]:
    """Everything, one after the other; each row says how many texts were lost."""
    rows = []
    with installation() as portal:
        with gunicorn(portal):
            for ways in Killed:
                seconds, runs = killed_browsers(portal, ways)
                rows.append(_row(ways.value, runs, runs, 0, 0, seconds))
            back, runs = returns_after_sign_in(portal, PASSWORD)
            rows.append(_row("session deleted before the save", runs, runs, runs - back, 0))
            portal.sign_in_again()
            rows.append(interleavings(portal))
        rows.append(killed_workers(portal, with_keys=True))
        rows.append(killed_workers(portal, with_keys=False))
    return rows
