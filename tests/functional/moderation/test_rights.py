"""Who may do what with a report or a practice, at every stage of its life, through the pages.

The table below is what the association wants, not what the code says: whoever changes the one has
to change the other knowingly. Refused means: nothing in the database has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import Sector
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation import services
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import State, Submission
from tests.factories import World, find_city

# Everybody else may read what is published, and nothing more.
# A verdict is to send back or to publish; what stands in the last column only one of the staff may:
# a moderator has begun each review, an administrator has taken one over.
MAY = """
stage           | its city may             | all the staff may             | moderator / admin
draft           | look save submit delete  | look                          | /
approval        | look take-back           | look                          | /
submitted       | look take-back           | look begin_review verdict     | /
being read      | look                     | look verdict                  | put_off / take_over
put off         | look take-back           | look begin_review verdict     | /
taken over      | look                     | look verdict                  | take_over / put_off
returned        | look save submit         | look                          | /
published       | look revise              | look withdraw                 | /
withdrawn       | look revise              | look                          | /
next written    | look save submit discard | look withdraw                 | /
next submitted  | look take-back           | look begin_review verdict withdraw | /
next being read | look                     | look verdict withdraw         | put_off / take_over
next returned   | look save submit         | look withdraw                 | /
next taken back | look save submit discard | look withdraw                 | /
filed           | look save submit delete  | look save submit delete       | /
filed and sent  | look take-back           | look take-back begin_review verdict | /
filed, returned | look save submit         | look                          | /
"""
# How a stage is reached: the state to begin with, and what is then done.
STAGES = {
    "draft": (State.DRAFT, ""),
    "approval": (State.APPROVAL, ""),
    "submitted": (State.SUBMITTED, ""),
    "being read": (State.SUBMITTED, "begin_review"),
    "put off": (State.SUBMITTED, "begin_review put_off"),
    "taken over": (State.SUBMITTED, "begin_review take_over"),
    "returned": (State.RETURNED, ""),
    "published": (State.PUBLISHED, ""),
    "withdrawn": (State.WITHDRAWN, ""),
    "next written": (State.PUBLISHED, "revise"),
    "next submitted": (State.PUBLISHED, "revise submit"),
    "next being read": (State.PUBLISHED, "revise submit begin_review"),
    "next returned": (State.PUBLISHED, "revise submit send_back"),
    "next taken back": (State.PUBLISHED, "revise submit take_back"),
    "filed": (State.DRAFT, "file"),
    "filed and sent": (State.DRAFT, "file submit"),
    "filed, returned": (State.DRAFT, "file submit send_back"),
}
PUBLIC = {"published", *(stage for stage in STAGES if stage.startswith("next"))}
# What stands where after an act; None is: nothing is left of it.
LEADS_TO = {
    "save": "where it was",
    "submit": State.SUBMITTED,
    "take-back": State.DRAFT,
    "revise": State.DRAFT,
    "discard": State.PUBLISHED,
    "delete": None,
    "begin_review": State.SUBMITTED,
    "put_off": State.SUBMITTED,
    "take_over": State.SUBMITTED,
    "send_back": State.RETURNED,
    "publish": State.PUBLISHED,
    "withdraw": "where it was",
}
AT_THE_DESK = ("begin_review", "put_off", "take_over", "send_back", "publish", "withdraw")
WHO = {
    "anonymous": None,
    "another city": "tomsk",
    "specialist of the city": "specialist",
    "its city": "omsk",
    "moderator": "moderator",
    "administrator": "admin",
}
STAFF = {"moderator", "administrator"}
OWN = {"revise", "discard"}  # its city begins and drops revisions; nobody else does
STRANGERS = {"anonymous", "another city", "specialist of the city"}


def may(who: str, stage: str) -> set[str]:
    """What the table says."""
    rows = [line.split("|") for line in MAY.strip().splitlines()[1:]]
    _stage, city, staff, one = next(row for row in rows if row[0].strip() == stage)
    moderator, administrator = one.split("/")
    columns = {"its city": city, "moderator": staff + moderator}
    columns["administrator"] = staff + administrator
    return set(columns.get(who, "").replace("verdict", "send_back publish").split())


@pytest.fixture
def world(world: World) -> World:
    """A world with room for many reports of one city, and a specialist who lives there too."""
    with world.app.app_context(), unit_of_work():
        specialist = db.session.scalars(select(User).filter_by(role=Role.SPECIALIST)).one()
        specialist.city = find_city("Омск")
        for number in range(160):
            name = f"Направление {number}"
            db.session.add(Sector(slug=f"s{number}", name=name, synonyms=[], position=100))
    return world


class Cases:
    """Makes items at a stage; each report is about a direction of its own."""

    def __init__(self, world: World, kind: str) -> None:
        self.world, self.kind, self._made = world, kind, 0

    def make(self, stage: str) -> int:
        """Bring something of Omsk to a stage of its life."""
        state, acts = STAGES[stage]
        if self.kind == "report":
            item_id = self.world.report(state, sector=f"Направление {self._made}")
        else:
            item_id = self.world.practice(state, title=f"Практика {self._made}")
        self._made += 1
        with self.world.app.app_context():
            item = db.session.get_one(Submission, item_id)
            people = {u.email.partition("@")[0]: u for u in db.session.scalars(select(User))}
            for act in acts.split():
                if act == "file":
                    item.current.channel, item.current.received_on = Channel.PAPER, today()
                    db.session.commit()
                    continue
                actor = people["moderator" if act in AT_THE_DESK else "omsk"]
                actor = people["admin"] if act == "take_over" else actor
                words = {"summary": "Дополните.", "remarks": {}} if act == "send_back" else {}
                getattr(services, act)(item, actor=actor, **words)
        return item_id

    def do(
        self, client: FlaskClient, item_id: int, action: str, *, wordless: bool = False
    ) -> TestResponse:
        """Press the button of an action, on the page that has it; remarks would be kept."""
        path = f"/{self.kind}s/{item_id}"
        if action == "look":
            return client.get(f"{path}/edit")
        if action == "save":
            field = "q1" if self.kind == "report" else "solution"
            return client.post(f"{path}/edit", data={field: "Другие слова"})
        if action not in AT_THE_DESK:
            return client.post(f"{path}/{action}")
        with self.world.app.app_context():
            version = db.session.scalars(select(Submission.version).filter_by(id=item_id)).one()
        data = {"act": action, "version": str(version), "reason": "Причина"}
        data |= {} if wordless else {"summary": "Слово"}
        return client.post(f"/desk/{item_id}/", data=data)

    def state(self, item_id: int) -> State | None:
        """Where it stands, if it is still there."""
        with self.world.app.app_context():
            return db.session.scalar(select(Submission.state).filter_by(id=item_id))


@contextmanager
def nothing_written(world: World) -> Iterator[None]:
    """Fail if anybody commits a change to the database meanwhile."""
    with world.app.app_context():
        engine = db.engine
    last = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        before = watcher.scalar(text("PRAGMA data_version" if on_sqlite else last))
        yield
        if on_sqlite:
            assert watcher.scalar(text("PRAGMA data_version")) == before
            return
        # Of transactions that began to write, none may have been committed.
        numbers = f"generate_series(CAST(:first AS bigint), ({last}) - 1) AS number"
        states = text(f"SELECT pg_xact_status(CAST(CAST(number AS text) AS xid8)) FROM {numbers}")
        assert "committed" not in watcher.scalars(states, {"first": before}).all()


def refusals(who: str, stage: str, action: str) -> set[int]:
    """How a refusal looks: what one may not read does not exist."""
    if who == "anonymous":
        return {302} if action == "look" else {401}
    if who in STRANGERS:
        hidden = stage not in PUBLIC or action == "look" or action in AT_THE_DESK
        return {404} if hidden else {403, 404}
    if who == "its city":
        return {404} if action in AT_THE_DESK else {409}
    if action in {"put_off", "take_over"}:  # the other one may, or there is no review
        return {403, 409}
    filed = stage.startswith("filed") and stage != "filed, returned"
    return {409} if action in AT_THE_DESK or (filed and action not in OWN) else {403}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("kind", ["report", "practice"])
def test_who_may_do_what(world: World, kind: str, who: str) -> None:
    cases, client = Cases(world, kind), world.browser(WHO[who])
    for stage in STAGES:
        untouched = cases.make(stage)
        stands = cases.state(untouched)
        for action in ["look", *LEADS_TO]:
            what = f"{who}: {action} when {stage}"
            if action in may(who, stage):
                item = cases.make(stage) if action != "look" else untouched
                answer = cases.do(client, item, action)
                assert answer.status_code == (200 if action == "look" else 303), what
                expected = stands if action == "look" else LEADS_TO[action]
                if expected == "where it was":
                    gone = action == "withdraw" and stage == "published"
                    expected = State.WITHDRAWN if gone else stands
                assert cases.state(item) == expected, what
            else:
                with nothing_written(world):
                    answer = cases.do(client, untouched, action, wordless=True)
                assert answer.status_code in refusals(who, stage, action), what
                assert cases.state(untouched) == stands, what


def heading(page: TestResponse) -> str:
    """What a page says to its reader."""
    return page.text.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("kind", ["report", "practice"])
def test_who_may_read_the_public_page(world: World, kind: str, who: str) -> None:
    cases, client = Cases(world, kind), world.browser(WHO[who])
    for stage in STAGES:
        item, works_on_it = cases.make(stage), who not in STRANGERS
        answer = client.get(f"/{kind}s/{item}/")
        if stage in PUBLIC or works_on_it:
            assert answer.status_code == 200, stage
        else:
            # What is hidden and what has never been answer alike.
            never = client.get(f"/{kind}s/999999/")
            assert (answer.status_code, never.status_code) == (404, 404), stage
            assert heading(answer) == heading(never)


def test_the_table_names_every_action_and_stage() -> None:
    named = {action for stage in STAGES for who in WHO for action in may(who, stage)}
    assert named == {"look", *LEADS_TO}
