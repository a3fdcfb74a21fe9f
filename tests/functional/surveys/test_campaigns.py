"""Opening a reporting year, its dates and its questions."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Extension
from tests.factories import YEAR, World, find_city

WORDING = "Чем город гордится в {year} году?"


def test_a_new_year_takes_the_questions_of_the_year_before(world: World) -> None:
    admin = world.browser("admin")
    question = f"/admin/campaigns/{YEAR}/questions/1"
    fields = {"wording": WORDING, "audience": "members"}
    assert admin.post(question, data=fields).status_code == 303
    assert admin.post("/admin/campaigns/", data={"year": str(YEAR + 1)}).status_code == 303
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR + 1).one()
        assert campaign.questions[0].text == f"Чем город гордится в {YEAR + 1} году?"
        assert campaign.questions[0].audience == "members"
        assert len(campaign.questions) == 5


@pytest.mark.parametrize(
    "fields",
    [
        {"year": ""},
        {"year": "год"},
        {"year": "1900"},
        {"year": str(YEAR)},
    ],
)
def test_a_wrong_year_comes_back_filled(world: World, fields: dict[str, str]) -> None:
    page = world.browser("admin").post("/admin/campaigns/", data=fields)
    assert 400 <= page.status_code < 500
    assert all(text in page.text for text in fields.values())
    with world.app.app_context():
        assert db.session.query(Campaign).count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"due_on": "завтра"}, {"opens_on": "2031-02-01", "due_on": "2031-01-01"}],
)
def test_wrong_dates_come_back_as_typed(world: World, fields: dict[str, str]) -> None:
    page = world.browser("admin").post(f"/admin/campaigns/{YEAR}/", data=fields)
    assert page.status_code == 400
    assert all(text in page.text for text in fields.values())
    with world.app.app_context():
        assert db.session.query(Campaign).one().due_on is None


def test_dates_are_changed_by_the_staff_only(world: World) -> None:
    days = {"opens_on": "01.02.2026", "due_on": "2026-03-01", "closes_on": ""}
    for name, status in (("omsk", 404), ("moderator", 303), ("admin", 303)):
        answer = world.browser(name).post(f"/admin/campaigns/{YEAR}/", data=days)
        assert answer.status_code == status
        with world.app.app_context():
            due = db.session.query(Campaign).filter_by(year=YEAR).one().due_on
            assert (due is not None) is (name != "omsk")


def test_the_staff_may_look(world: World) -> None:
    for name, status in ((None, 302), ("omsk", 404), ("moderator", 200), ("admin", 200)):
        assert world.browser(name).get("/admin/campaigns/").status_code == status
        assert world.browser(name).get(f"/admin/campaigns/{YEAR}/").status_code == status


def test_a_closed_year_takes_no_first_submission_but_every_save_and_correction(
    world: World,
) -> None:
    draft, returned = world.report(), world.report(State.RETURNED, sector="Культура")
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        campaign.closes_on = date(2026, 1, 31)
        db.session.commit()
    client = world.browser("omsk")
    answer = client.post(f"/reports/{draft}/edit", data={"q1": "Поздно", "then": "submit"})
    assert answer.status_code == 409
    assert world.state(draft) is State.DRAFT
    assert "Поздно" in client.get(f"/reports/{draft}/edit").text
    client.post(
        f"/reports/{returned}/edit", data={"q1": "Исправлено по замечаниям.", "then": "submit"}
    )
    assert world.state(returned) is State.SUBMITTED


def test_more_time_for_one_city_ends_with_its_own_day_and_moves_no_other(world: World) -> None:
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        campaign.due_on, campaign.closes_on = date(2026, 3, 1), date(2026, 3, 5)
        omsk, tomsk = find_city("Омск"), find_city("Томск")
        campaign.extensions[omsk.id] = Extension(
            city_id=omsk.id, due_on=date(2026, 3, 10), reason="паводок"
        )
        db.session.commit()
        with time_machine.travel(datetime(2026, 3, 10, 23, 59, 59, tzinfo=ZoneInfo(omsk.timezone))):
            assert (campaign.is_open(omsk), campaign.is_late(omsk)) == (True, False)
            assert (campaign.is_open(tomsk), campaign.is_late(tomsk)) == (False, True)
        with time_machine.travel(datetime(2026, 3, 11, tzinfo=ZoneInfo(omsk.timezone))):
            assert (campaign.is_open(omsk), campaign.is_late(omsk)) == (False, True)


def test_the_form_offers_the_year_that_comes_next(world: World) -> None:
    page = world.browser("moderator").get("/admin/campaigns/").text
    assert 'name="year" required value="2027"' in page


def test_a_campaign_says_who_reads_the_answers(world: World) -> None:
    page = world.browser("moderator").get("/admin/campaigns/2026/").text
    assert page.count("Читают: все") == 3
    assert page.count("Читают: участники ассоциации") == 2
