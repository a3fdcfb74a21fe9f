"""The steps of the database, up and down, empty and full, alone and two at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import event, func, inspect, select
from sqlalchemy.exc import IntegrityError

from asdg_portal.accounts.models import Guess, OneTimeLink, Purpose, RescuedForm, User
from asdg_portal.cities.models import Membership
from asdg_portal.config import ROOT
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import Base, db
from asdg_portal.core.outbox import enqueue
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.jobs.models import Job
from asdg_portal.mail.models import Bounce
from asdg_portal.moderation.approval.models import Objection
from asdg_portal.moderation.models import WHOLE, Audience, Remark, Review, State
from asdg_portal.moderation.remarks.models import Note
from asdg_portal.practices.models import Attachment, Practice, PracticeRevision
from asdg_portal.shelf.models import (
    Collection,
    CollectionItem,
    SavedSearch,
    SearchLetter,
    ToldText,
)
from asdg_portal.surveys.archive.models import Archive, ArchiveFile, Became
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.mentions.models import Mention
from asdg_portal.surveys.models import Duty, Extension, Report, ReportRevision
from asdg_portal.surveys.reminders.models import Reminder, ReminderPlan
from asdg_portal.surveys.saving.models import Presence, SavedText
from asdg_portal.surveys.summaries.models import Place, Summary, Theme
from tests.factories import World, find_city
from tests.portal import make_app
from tests.postgres import Server

MIGRATIONS = ROOT / "migrations"
POSTGRES = pytest.mark.postgres
SECTORS = (
    "Организационная работа",
    "Культура",
    "Образование",
    "Экономика",
    "Социальная политика",
    "Транспорт",
)
# A step as it may come one day: it changes a table that many others point to.
LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "later", "{head}"


def upgrade():
    with op.batch_alter_table("submission", recreate="auto") as table:
        table.add_column(sa.Column("note", sa.String(), nullable=False, server_default="нет"))
        table.alter_column("year", existing_type=sa.Integer(), type_=sa.BigInteger())


def downgrade():
    with op.batch_alter_table("submission", recreate="auto") as table:
        table.alter_column("year", existing_type=sa.BigInteger(), type_=sa.Integer())
        table.drop_column("note")
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=POSTGRES)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """An installation whose database has no tables yet."""
    if request.param == "sqlite":
        return make_app(tmp_path)
    server: Server = request.getfixturevalue("postgres")
    return make_app(tmp_path, database_url=server.create())


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=POSTGRES)])
def full(request: pytest.FixtureRequest) -> World:
    """A world with something in every table: texts in every state, and what hangs on them."""
    world: World = request.getfixturevalue(request.param)
    for state, sector in zip(State, SECTORS, strict=True):
        report, practice = world.report(state, sector=sector), world.practice(state)
    world.browser("omsk").post(f"/reports/{report}/revise")
    user = world.id_of("omsk")
    with world.app.app_context():
        with unit_of_work():
            enqueue("mail", "somebody", {"to": "somebody@example.org"})
            _hang_on(practice, report, user)
            _leave_traces_of(user)
            db.session.add(Presence(report_id=report, user_id=user))
        db.session.remove()
    return world


def _hang_on(practice_id: int, report_id: int, user_id: int) -> None:
    """Add what belongs to texts and cities, rows that point to their own table among it."""
    practice, omsk = db.session.get_one(Practice, practice_id), find_city("Омск")
    assert isinstance(practice.current, PracticeRevision)
    file = Attachment(practice_id=practice.id, name="а.pdf", media_type="x/y", size=1, sha256="0")
    practice.current.attachments.append(file)
    practice.grown_from_id, omsk.successor = report_id, find_city("Томск")
    db.session.add(Mention(report_id=report_id, city=omsk, phrase="опыт Омска"))
    db.session.add(
        Note(submission_id=report_id, author_id=user_id, key="k", part="q1", text="Где?")
    )
    db.session.add(Membership(city=omsk, since=today()))
    report = db.session.get_one(Report, report_id)
    assert isinstance(report.current, ReportRevision)
    task = {"key": "0", "text": "ремонт", "since_year": 2026, "audience": Audience.PUBLIC}
    report.current.commitments.append(Commitment(position=0, outcome=Outcome.MOVED, **task))
    campaign = report.campaign
    asked = {"part": "q1", "person_id": 1, "asked_by_id": 1, "due_on": today()}
    db.session.add(Assignment(report_id=report_id, **asked))
    objection = Objection(revision_id=practice.current.id, person_id=1, text="Не так.")
    db.session.add(objection)
    db.session.add(Duty(campaign=campaign, city=omsk, sector=practice.sector))
    more = Extension(city_id=omsk.id, due_on=today(), reason="паводок")
    campaign.extensions[omsk.id] = more
    told = {"campaign": campaign, "city": omsk, "day": today(), "address": "a", "letter": "1"}
    db.session.add(Reminder(person=db.session.scalars(select(User)).first(), sheets=1, **told))
    db.session.add(ReminderPlan(campaign_id=campaign.id, days=[3, -1]))
    db.session.add(Job(kind="rebuild_index", key="1", asked_by_id=user_id))
    db.session.add(Bounce(address="gone@example.org", error="550"))
    revision_id = db.session.get_one(Report, report_id).current.id
    db.session.add(SavedText(revision_id=revision_id, part="q1", number=0, text="Было"))
    scan = Scan(revision_id=revision_id, name="л.pdf", media_type="x/y", size=1, sha256="0")
    db.session.add(scan)
    db.session.add(LateArrival(report_id=report_id, due_on=today(), late_by=60))
    archive = Archive(name="а.zip", sha256="0", state=State.DRAFT, uploaded_by_id=user_id)
    db.session.add(archive)
    db.session.flush()
    of_it = {"archive_id": archive.id, "position": 0, "name": "а.txt"}
    db.session.add(ArchiveFile(became=Became.REFUSED, reasons=["Пусто."], **of_it))
    summary = Summary(campaign=campaign, sector=practice.sector, number=1)
    summary.themes.append(Theme(name="Ремонт", position=1))
    db.session.add(summary)
    db.session.flush()
    lies = {"summary_id": summary.id, "theme": summary.themes[0], "report_id": report_id}
    db.session.add(Place(mark="0", **lies))


def _leave_traces_of(user_id: int) -> None:
    """Add what belongs to a person."""
    lasting = {"purpose": Purpose.INVITATION, "expires_at": now()}
    db.session.add(OneTimeLink(token_hash="0", user_id=user_id, **lasting))
    db.session.add(RescuedForm(user_id=user_id, path="/", fields={"q1": ["текст"]}))
    db.session.add(Guess(account="x", address="y"))
    search = SavedSearch(user_id=user_id, name="Поиск", filters={"city": ["omsk"]}, sort="newest")
    db.session.add(search)
    db.session.flush()
    db.session.add(ToldText(search_id=search.id, key="practice:1"))
    db.session.add(SearchLetter(user_id=user_id, day=today(), texts=1))
    kept = Collection(user_id=user_id, name="Подборка")
    kept.items.append(CollectionItem(key="practice:1", position=1))
    db.session.add(kept)


def tables(app: Flask) -> set[str]:
    """What the database consists of, apart from the number of its step."""
    with app.app_context():
        return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def rows(app: Flask) -> dict[str, int]:
    """How many rows every table has."""
    with app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_the_steps_lead_to_what_the_models_say(empty: Flask) -> None:
    empty.extensions["prepare"]()
    assert tables(empty) == set(Base.metadata.tables)
    with empty.app_context():
        flask_migrate.check()  # exits where `flask db check` would
        db.engine.dispose()


def test_down_and_up_again_with_something_in_every_table(full: World) -> None:
    before = rows(full.app)
    assert not [name for name, count in before.items() if not count]
    with full.app.app_context():
        flask_migrate.downgrade(revision="base")
    assert not tables(full.app)
    full.app.extensions["prepare"]()
    after = rows(full.app)
    assert after["submission"] == after["user"] == 0
    assert after["city"] == before["city"]


def test_a_later_step_keeps_every_row_up_and_down(full: World, tmp_path: Path) -> None:
    before, folder = rows(full.app), tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (folder / "versions" / "later.py").write_text(LATER.format(head=head))
    with full.app.app_context():
        flask_migrate.upgrade(directory=str(folder))
        assert rows(full.app) == before
        flask_migrate.downgrade(directory=str(folder))
        assert rows(full.app) == before
        flask_migrate.check()
        # What a step puts aside holds again afterwards: a review of nothing is refused.
        db.session.add(Review(revision_id=10**6))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_who_is_killed_half_way_begins_anew(empty: Flask) -> None:
    left = 9  # tables and indexes made before the end

    def die(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal left
        left -= statement.lstrip().upper().startswith("CREATE")
        if left == 0:
            raise KeyboardInterrupt

    with empty.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", die)
    with pytest.raises(KeyboardInterrupt):
        empty.extensions["prepare"]()
    event.remove(engine, "before_cursor_execute", die)
    assert not tables(empty)
    empty.extensions["prepare"]()
    assert tables(empty) == set(Base.metadata.tables)
    engine.dispose()


def test_two_processes_may_start_at_once(empty: Flask, tmp_path: Path) -> None:
    url = empty.config["SQLALCHEMY_DATABASE_URI"]
    settings = {"ASDG_DATA_DIR": str(tmp_path), "ASDG_DATABASE_URL": url, "ASDG_SECRET_KEY": "x"}
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "cities", "list"]
    both = [
        subprocess.Popen(
            command,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in "ab"
    ]
    (first, noise), (second, more_noise) = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], noise + more_noise
    assert "Омск" in first
    assert first == second
    with empty.app_context():
        db.engine.dispose()


def _before(step: str) -> str:
    """The step that another one follows."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_revision(step).down_revision)


def test_what_was_said_before_there_were_answers_can_be_answered(full: World) -> None:
    with full.app.app_context():
        flask_migrate.downgrade(revision=_before("20261124_remarks"))
        said = sa.text("SELECT summary FROM review WHERE summary <> '' ORDER BY id")
        summaries = db.session.scalars(said).all()
        db.session.remove()
        flask_migrate.upgrade()
        remarks = db.session.scalars(select(Remark).order_by(Remark.id)).all()
        general = [remark.text for remark in remarks if remark.part == WHOLE]
        assert general == ["Не хватает сроков."] * 2
        assert sorted(summaries) == sorted([*general, "Ошибка в числах.", "Ошибка в числах."])
        assert len({remark.key for remark in remarks}) == len(remarks) == 4
        assert all(remark.waits_for_city for remark in remarks)


def test_several_remarks_on_a_part_become_one_on_the_way_down(full: World) -> None:
    with full.app.app_context():
        review = db.session.scalars(select(Review).filter_by(verdict=State.RETURNED)).first()
        assert review is not None
        review.remarks += [
            Remark(part="q1", text="Где?", quote="музей"),
            Remark(part="q1", text="Когда?"),
        ]
        db.session.commit()
        db.session.remove()
        flask_migrate.downgrade(revision=_before("20261124_remarks"))
        texts = db.session.scalars(sa.text("SELECT text FROM remark WHERE part = 'q1'")).all()
        assert texts == ["«музей»\nГде?\n\nКогда?"]
        db.session.remove()
        flask_migrate.upgrade()
