"""Who lives in the world of the tests, and short ways to put things into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import City, Sector
from asdg_portal.cities.queries import sectors
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import WHOLE, Remark, Review, State, Submission
from asdg_portal.moderation.services import make_public
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.services import ReportText, new_report, write
from asdg_portal.surveys.wordings import standard_questions

PASSWORD = "правильный пароль 7"
YEAR = 2026
# Argon2 with the least work it knows: signing in is not what most tests wait for.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# name: (role, city). Everybody's address is <name>@example.org.
PEOPLE = {
    "omsk": (Role.REPRESENTATIVE, "Омск"),
    "omsk2": (Role.REPRESENTATIVE, "Омск"),
    "tomsk": (Role.REPRESENTATIVE, "Томск"),
    "specialist": (Role.SPECIALIST, "Томск"),
    "moderator": (Role.MODERATOR, None),
    "moderator2": (Role.MODERATOR, None),
    "admin": (Role.ADMINISTRATOR, None),
}

ANSWERS = {
    1: "Принята новая инструкция по делопроизводству.\n\n- обучены сотрудники\n- обновлён портал",
    2: "Отметим опыт Новосибирска в работе с обращениями.",
    3: "- подготовить юбилей города\n- провести форум",
    4: "Нужны методические рекомендации по архивам.",
    5: "Да, о цифровом документообороте.",
}


@dataclass
class World:
    """What a test sees of the portal."""

    app: Flask
    folder: Path
    sign_in: Callable[[int | None], FlaskClient]
    drain: Callable[[], int]

    def browser(self, name: str | None = None) -> FlaskClient:
        """A browser with this person signed in; None is an anonymous visitor."""
        return self.sign_in(self.id_of(name) if name else None)

    def id_of(self, name: str) -> int:
        """The number of a person."""
        with self.app.app_context():
            return db.session.scalars(select(User.id).filter_by(email=f"{name}@example.org")).one()

    def report(self, state: State = State.DRAFT, *, city: str = "Омск", **changes: Any) -> int:
        """Put a fully answered report into a state; return its number."""
        self.forget()
        with self.app.app_context():
            return make_report(state, city=city, **changes).id

    def practice(self, state: State = State.DRAFT, *, city: str = "Омск", title: str = "") -> int:
        """Put a complete practice into a state; return its number."""
        self.forget()
        with self.app.app_context():
            return make_practice(state, city=city, title=title).id

    def forget(self) -> None:
        """Throw away what pages keep until the next act: what a test puts in place is no act."""
        self.app.extensions.get("latest", {}).clear()

    def state(self, item_id: int) -> State:
        """Where a submission stands."""
        with self.app.app_context():
            return db.session.scalars(select(Submission.state).filter_by(id=item_id)).one()

    def statements(self, path: str, name: str | None = None) -> int:
        """Count what a page asks of the database, for somebody who has been here before."""
        client = self.browser(name)
        client.get(path)
        self.forget()
        with self.heard() as said:
            assert client.get(path).status_code == 200
        return len(said)

    @contextmanager
    def heard(self) -> Iterator[list[str]]:
        """Collect the statements that are sent to the database."""
        said: list[str] = []
        with self.app.app_context():
            engine = db.engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield said
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def letters(self) -> list[EmailMessage]:
        """Deliver what waits, and read everything that has been delivered."""
        with self.app.app_context():
            self.drain()
        files = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]


def populate() -> None:
    """Add the people and the open campaign to the shipped cities and directions."""
    password = QUICK.hash(PASSWORD)
    for name, (role, city) in PEOPLE.items():
        db.session.add(
            User(
                email=f"{name}@example.org",
                name=f"Имя {name}",
                role=role,
                city=find_city(city) if city else None,
                password_hash=password,
            )
        )
    campaign = Campaign(year=YEAR, questions=standard_questions(), opens_on=date(2026, 1, 1))
    campaign.sectors = list(sectors())
    db.session.add(campaign)
    db.session.commit()


def find_city(name: str) -> City:
    """A city of the shipped list."""
    return db.session.scalars(select(City).filter_by(name=name)).one()


def find_sector(name: str) -> Sector:
    """A direction of the shipped list."""
    return db.session.scalars(select(Sector).filter_by(name=name)).one()


def make_report(
    state: State = State.DRAFT,
    *,
    city: str = "Омск",
    sector: str = "Организационная работа",
    year: int = YEAR,
    answers: object = None,
) -> Report:
    """A report with every answer given, in a state, as the services would have left it."""
    campaign = db.session.scalar(select(Campaign).filter_by(year=year)) or Campaign(
        year=year, questions=standard_questions()
    )
    report = new_report(campaign, find_city(city), find_sector(sector), actor=None)
    words = answers if isinstance(answers, dict) else ANSWERS
    details = {"author_name": "Иванов И. И.", "contact_name": "Петров П. П."}
    details["contact_phone"] = "+7 (3812) 00-00-01"
    write(report, ReportText("Работа строится по плану.", words, details))
    _put(report, state)
    return report


def make_practice(state: State = State.DRAFT, *, city: str = "Омск", title: str = "") -> Practice:
    """A practice with every section written, in a state."""
    practice = Practice(
        city=find_city(city), sector=find_sector("Организационная работа"), year=YEAR
    )
    practice.revisions.append(
        PracticeRevision(
            number=1,
            title=title or "Электронная приёмная",
            summary="Обращения принимаются в одном окне.",
            problem="Жители ждали ответа месяц.",
            solution="Создана электронная приёмная.",
            results="Срок ответа сократился до недели.",
            resources="Два специалиста.",
            contact_name="Сидорова А. А.",
            tags=["обращения граждан"],
        )
    )
    db.session.add(practice)
    _put(practice, state)
    return practice


def _put(item: Submission, state: State) -> None:
    """Leave a submission as it is after the acts that lead to a state."""
    item.state = state
    if state not in {State.DRAFT, State.APPROVAL}:
        item.current.submitted_at = now()
    if state is State.SUBMITTED:
        item.submitted_at = now()
    if state in {State.PUBLISHED, State.WITHDRAWN}:
        make_public(item)
    if state is State.WITHDRAWN:
        item.current.is_public = False
        item.current.reviews.append(_review(state, "Ошибка в числах."))
    if state is State.RETURNED:
        review = _review(state)
        review.remarks.append(Remark(part=WHOLE, text="Не хватает сроков."))
        review.remarks.append(Remark(part=item.current.parts()[-1].name, text="Когда именно?"))
        item.current.reviews.append(review)
        db.session.flush()
        item.revisions.append(item.copy_current())
    db.session.commit()


def _review(verdict: State, summary: str = "") -> Review:
    return Review(ended_at=now(), verdict=verdict, summary=summary)
