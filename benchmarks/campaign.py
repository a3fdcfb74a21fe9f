"""A campaign as large as they get: 80 cities, 15 directions, 12 years; its table and the desk.

Pages are asked for by WSGI in one process, in turn, beside a bare one: a template of one line
through the same application, for the same signed-in moderator.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import event, insert, select
from werkzeug.test import EnvironBuilder

from asdg_portal import create_app
from asdg_portal.accounts.models import Role, SignIn, User
from asdg_portal.accounts.sessions import hash_token
from asdg_portal.cities.models import City, Membership, Sector
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Revision, State, Submission
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.models import (
    Answer,
    Campaign,
    Duty,
    Extension,
    ReportRevision,
    campaign_sector,
)
from asdg_portal.surveys.wordings import standard_questions

CITIES, SECTORS, YEARS = 80, 15, 12
NEWEST = 2026
ROUNDS = 120
TOKEN = "a moderator who measures"
ZONES = ("Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Irkutsk", "Asia/Yakutsk",
         "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka")  # fmt: skip
# How a year that runs looks a week before its end; earlier ones are published.
NOW = [*[State.PUBLISHED] * 4, *[State.SUBMITTED] * 3, State.RETURNED, *[State.DRAFT] * 3]
ANSWER = "Проведена инвентаризация сетей, заменено 12 км труб, отключений стало меньше вдвое."


def fill() -> None:
    """Put twelve years of eighty cities into an empty installation."""
    chance = random.Random(7)
    for model in (Membership, City, Sector):
        db.session.query(model).delete()
    cities = [
        City(
            slug=f"city-{n:02}",
            name=f"Город {n:02} на реке Ангаре",
            region=f"Область {n % 16}",
            timezone=ZONES[n % len(ZONES)],
            memberships=[Membership(since=None)],
        )
        for n in range(CITIES)
    ]
    sectors = [
        Sector(slug=f"sector-{n}", name=f"Направление работы № {n}", position=n)
        for n in range(SECTORS)
    ]
    db.session.add_all([*cities, *sectors])
    writers = [
        User(
            email=f"writer{n}@example.org",
            name=f"Писарева {n} Анна Ивановна",
            role=Role.REPRESENTATIVE,
            city=cities[n // 2],
        )
        for n in range(CITIES * 2)
    ]
    moderator = User(email="moderator@example.org", name="Модератор", role=Role.MODERATOR)
    db.session.add_all([*writers, moderator])
    db.session.flush()
    db.session.add(SignIn(token_hash=hash_token(TOKEN), user_id=moderator.id))
    for year in range(NEWEST - YEARS + 1, NEWEST + 1):
        _fill_year(year, cities, sectors, writers, chance)
    db.session.commit()


def _fill_year(
    year: int,
    cities: list[City],
    sectors: list[Sector],
    writers: list[User],
    chance: random.Random,
) -> None:
    due = date(year, 11, 20)
    campaign = Campaign(
        year=year,
        questions=standard_questions(),
        opens_on=date(year, 9, 1),
        due_on=due,
        closes_on=date(year, 12, 20),
    )
    campaign.sectors = sectors
    for city in cities[:5]:
        campaign.extensions[city.id] = Extension(
            city_id=city.id, due_on=due + timedelta(days=7), reason="паводок"
        )
    db.session.add(campaign)
    db.session.flush()
    sheets = [(city, sector) for city in cities for sector in sectors]
    db.session.execute(
        insert(Duty),
        [
            {
                "campaign_id": campaign.id,
                "city_id": city.id,
                "sector_id": sector.id,
                "expected": chance.random() > 0.05,
                "person_id": writers[cities.index(city) * 2].id if chance.random() > 0.1 else None,
                "deputy_id": writers[cities.index(city) * 2 + 1].id,
            }
            for city, sector in sheets
        ],
    )
    running = year == NEWEST
    begun = [sheet for sheet in sheets if chance.random() < (0.7 if running else 0.93)]
    for city, sector in begun:
        state = chance.choice(NOW) if running else State.PUBLISHED
        came = datetime(year, 11, 20, tzinfo=UTC) - timedelta(days=chance.triangular(-12, 60, 0))
        _add_report(campaign, (city.id, sector.id), state, came, due)


def _add_report(
    campaign: Campaign, sheet: tuple[int, int], state: State, came: datetime, due: date
) -> None:
    """One sheet by rows, as the services would have left it."""

    def row(model: Any, **values: Any) -> int:
        key = db.session.execute(insert(model.__table__), values).inserted_primary_key
        assert key is not None
        return int(key[0])

    submitted = None if state is State.DRAFT else came
    item = row(Submission, kind="report", campaign_id=campaign.id, city_id=sheet[0],
               sector_id=sheet[1], year=campaign.year, state=state, version=3, created_at=came,
               updated_at=came,
               submitted_at=came if state is State.SUBMITTED else None)  # fmt: skip
    public = state is State.PUBLISHED
    revision = row(Revision, kind="report", submission_id=item, number=1, created_at=came,
                   submitted_at=submitted, published_at=came if public else None,
                   is_public=public, contact_name="", contact_post="", contact_email="",
                   contact_phone="")  # fmt: skip
    row(ReportRevision, id=revision, preface="", author_name="Иванов", author_post="",
        outgoing_number="")  # fmt: skip
    db.session.execute(
        insert(Answer.__table__),  # type: ignore[arg-type]
        [
            {
                "revision_id": revision,
                "number": n,
                "question_text": "Что удалось?",
                "audience": "public",
                "text": ANSWER,
            }
            for n in range(1, 6)
        ],
    )
    if submitted and came.date() > due:
        late_by = int((came.date() - due).total_seconds())
        row(LateArrival, report_id=item, due_on=due, late_by=late_by)


def _bare(app: Flask) -> None:
    """Give the application a page of one line, as any view would make it."""
    app.jinja_loader = ChoiceLoader(  # type: ignore[assignment]
        [app.jinja_loader, DictLoader({"bare.html": "<p>Одна строка</p>"})]  # type: ignore[list-item]
    )
    app.add_url_rule("/bench-bare", "bench_bare", lambda: render_template("bare.html"))


def _asking(app: Flask, path: str) -> Callable[[], bytes]:
    """Make the request of a signed-in moderator, again and again."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = TOKEN
    cookie = client.get_cookie("session")
    assert cookie is not None
    headers = {"Cookie": f"session={cookie.value}"}
    environ = EnvironBuilder(path=path, base_url="http://localhost", headers=headers).get_environ()

    def ask() -> bytes:
        said: list[str] = []
        body = app.wsgi_app(dict(environ), lambda status, *_rest: said.append(status))
        text = b"".join(body)
        assert said[0].startswith("200"), (path, said)
        return text

    return ask


def _act() -> None:
    """Something is done somewhere: all that is kept until the next act is old now."""
    with unit_of_work():
        audit.record("save", "report:1", None)


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    said: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def _measure(
    app: Flask, pages: Mapping[str, str], *, after_acts: bool
) -> dict[str, tuple[float, float]]:
    """Ask for every page in turn, round after round; give the middle of the times in ms.

    By the clock, and by what the processor did: a busy machine interrupts the longer page more.
    """
    asking = {page: _asking(app, path) for page, path in pages.items()}
    times: dict[str, list[tuple[float, float]]] = {page: [] for page in pages}
    for ask in asking.values():
        ask()
    for _ in range(ROUNDS // 4 if after_acts else ROUNDS):
        for page, ask in asking.items():
            if after_acts:
                with app.app_context():
                    _act()
            started, worked = time.perf_counter(), time.process_time()
            ask()
            times[page].append((time.perf_counter() - started, time.process_time() - worked))
    return {
        page: (
            statistics.median(clock for clock, _cpu in figures) * 1000,
            statistics.median(cpu for _clock, cpu in figures) * 1000,
        )
        for page, figures in times.items()
    }


def run() -> list[dict[str, float | str]]:
    """Measure the table of the newest year and the desk, at rest and after every act."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ASDG_DATA_DIR": folder, "ASDG_SECRET_KEY": "for measurements only"}
        os.environ |= {"ASDG_BASE_URL": "http://localhost"}
        os.environ.pop("ASDG_DATABASE_URL", None)
        app = create_app()
        app.extensions["prepare"]()
        _bare(app)
        with app.app_context():
            fill()
            assert len(db.session.execute(select(campaign_sector)).all()) == YEARS * SECTORS
        return _rows(app, folder)


def _rows(app: Flask, _folder: str | Path) -> list[dict[str, float | str]]:
    pages = {
        "bare": "/bench-bare",
        "table of the year": f"/desk/progress/{NEWEST}/",
        "table, late ones": f"/desk/progress/{NEWEST}/?late=1",
        "desk": "/desk/",
    }
    still, moving = (_measure(app, pages, after_acts=acts) for acts in (False, True))
    rows: list[dict[str, float | str]] = []
    for page, path in pages.items():
        app.extensions["latest"].clear()
        with _counted(app) as said:
            size = len(_asking(app, path)())
        rows.append(
            {
                "page": page,
                "KB": size / 1024,
                "statements": str(len(said)),
                "p50 ms": still[page][0],
                "times bare": still[page][0] / still["bare"][0],
                "times bare, processor": still[page][1] / still["bare"][1],
                "p50 ms after an act": moving[page][0],
                "times bare after an act, processor": moving[page][1] / moving["bare"][1],
            }
        )
    return rows
