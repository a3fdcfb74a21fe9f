"""A new person in the place of one who leaves: what is open moves on, what is past stays."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from asdg_portal.accounts.models import RescuedForm, User
from asdg_portal.cities.models import Sector
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.models import Campaign, Duty
from tests.factories import PASSWORD, YEAR, World, find_city, find_sector

SECTOR = "Организационная работа"


def replace(world: World, name: str, email: str = "next@example.org") -> None:
    data = {"email": email, "name": "Следующая"}
    answer = world.browser("admin").post(f"/admin/people/{world.id_of(name)}/", data=data)
    assert answer.status_code == 303


def letter(world: World, email: str = "next@example.org") -> str:
    (found,) = [m for m in world.letters() if email in str(m["To"])]
    return str(found.get_content()).replace("\r\n", "\n")


def test_duties_of_open_years_move_and_those_of_the_past_keep_the_name(world: World) -> None:
    omsk, other = world.id_of("omsk"), world.id_of("omsk2")
    with world.app.app_context(), unit_of_work():
        open_year = db.session.scalars(select(Campaign).filter_by(year=YEAR)).one()
        past = Campaign(year=2014, closes_on=date(2015, 2, 1))
        city = find_city("Омск")
        for campaign in (open_year, past):
            for sector, who in (
                (SECTOR, {"person_id": omsk, "deputy_id": other}),
                ("Культура", {"person_id": other, "deputy_id": omsk}),
                ("Транспорт", {"person_id": other}),
            ):
                duty = Duty(campaign=campaign, city=city, sector=find_sector(sector), **who)
                db.session.add(duty)
    replace(world, "omsk")
    with world.app.app_context():
        new = db.session.query(User).filter_by(email="next@example.org").one().id
        rows = select(Campaign.year, Sector.name, Duty.person_id, Duty.deputy_id)
        rows = rows.join(Duty.campaign).join(Duty.sector)
        assert {tuple(row) for row in db.session.execute(rows)} == {
            (YEAR, SECTOR, new, other),
            (YEAR, "Культура", other, new),
            (YEAR, "Транспорт", other, None),
            (2014, SECTOR, omsk, other),
            (2014, "Культура", other, omsk),
            (2014, "Транспорт", other, None),
        }
    assert "/reports/new?sector=" in letter(world)
    assert f"ещё не начата анкета: {SECTOR}, {YEAR}" in letter(world)


def test_open_questions_move_and_what_is_done_keeps_the_name(world: World) -> None:
    omsk, other = world.id_of("omsk"), world.id_of("omsk2")
    report, due = world.report(), today() + timedelta(days=3)
    with world.app.app_context(), unit_of_work():
        for part, person, by, done, ended in (
            ("q1", omsk, other, None, None),
            ("q2", omsk, other, now(), None),
            ("q3", other, omsk, None, None),
            ("q4", omsk, other, None, now()),
        ):
            asked = {"person_id": person, "asked_by_id": by, "done_at": done, "ended_at": ended}
            db.session.add(Assignment(report_id=report, part=part, due_on=due, **asked))
    replace(world, "omsk")
    with world.app.app_context():
        new = db.session.query(User).filter_by(email="next@example.org").one().id
        rows = select(Assignment.part, Assignment.person_id, Assignment.asked_by_id)
        assert {tuple(row) for row in db.session.execute(rows)} == {
            ("q1", new, other),
            ("q2", omsk, other),
            ("q3", other, new),
            ("q4", omsk, other),
        }
    assert f"http://localhost/reports/{report}/hands/q1" in letter(world)
    assert "/hands/q2" not in letter(world)


def test_the_new_person_gets_drafts_and_history_and_a_letter_that_says_so(world: World) -> None:
    report = world.report(sector="Культура")
    returned = world.report(State.RETURNED)
    other_city = world.report(city="Томск")
    old = world.browser("omsk")
    old.post(f"/reports/{report}/edit", data={"q1": "Начато прежней"})
    old.post(f"/reports/{report}/submit")
    old.post(f"/reports/{report}/take-back")
    replace(world, "omsk")
    text = letter(world)
    assert "Имя omsk" in text
    for number in (report, returned):
        assert f"http://localhost/reports/{number}/edit" in text
    assert f"/reports/{other_city}/" not in text
    link = re.search(r"localhost(/invitation/\S+)", text)
    assert link
    new = world.browser()
    data = {"name": "Следующая С. С.", "password": PASSWORD, "consent": "y"}
    assert new.post(link[1], data=data).status_code == 303
    assert "Начато прежней" in new.get(f"/reports/{report}/edit").text
    new.post(f"/reports/{report}/edit", data={"q1": "Закончено новой"})
    new.post(f"/reports/{report}/submit")
    history = new.get(f"/reports/{report}/history").text
    assert "Имя omsk" in history
    assert "Следующая С. С." in history


def test_what_is_typed_in_the_old_persons_open_tab_is_given_back_at_once(world: World) -> None:
    report, old = world.report(), world.browser("omsk")
    old.get(f"/reports/{report}/edit")
    replace(world, "omsk")
    answer = old.post(f"/reports/{report}/edit", data={"q1": "Последний абзац", "q2": "и ещё"})
    assert answer.status_code == 401
    assert "Последний абзац" in answer.text
    assert "и ещё" in answer.text
    with world.app.app_context():
        assert db.session.query(RescuedForm).count() == 0


def test_the_new_head_is_a_head_and_approval_goes_on(world: World) -> None:
    report = world.report(State.APPROVAL)
    with world.app.app_context(), unit_of_work():
        db.session.get_one(User, world.id_of("omsk2")).is_head = True
        find_city("Омск").needs_approval = True
    replace(world, "omsk2")
    assert f"/reports/{report}/edit" in letter(world)
    with world.app.app_context():
        assert find_city("Омск").needs_approval
        assert db.session.query(User).filter_by(email="next@example.org").one().is_head


@pytest.mark.parametrize("name", ["specialist", "moderator"])
def test_others_are_told_nothing_of_drafts(world: World, name: str) -> None:
    world.report(city="Томск")
    replace(world, name)
    assert "/reports/" not in letter(world)
