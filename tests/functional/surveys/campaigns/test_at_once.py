"""Two of the staff press at the same instant, on both databases: one act, one letter, no loss."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Duty, Extension
from tests.factories import YEAR, World, find_city, find_sector
from tests.functional.test_two_at_once import POSTGRES, at_once, button

BASE = f"/admin/campaigns/{YEAR}"


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=POSTGRES)])
def world(request: pytest.FixtureRequest) -> World:
    """A world on either database, with a deadline."""
    found: World = request.getfixturevalue(request.param)
    with found.app.app_context():
        db.session.query(Campaign).one().due_on = date(2099, 3, 1)
        db.session.commit()
    return found


def acts(world: World, action: str) -> int:
    """How often something is in the log."""
    with world.app.app_context():
        return len(db.session.scalars(select(AuditEntry).filter_by(action=action)).all())


def test_more_time_given_twice_is_given_once(world: World) -> None:
    with world.app.app_context():
        city = str(find_city("Омск").id)
    fields = {"city": city, "due_on": "2099-03-20", "reason": "паводок"}
    both = [button(world, who, f"{BASE}/more-time", **fields) for who in ("moderator", "admin")]
    assert [answer.status_code for answer in at_once(world, *both)] == [303, 303]
    with world.app.app_context():
        assert db.session.query(Extension).count() == 1
    assert acts(world, "give_more_time") == 1
    assert len(world.letters()) == 2  # one for each representative


def test_a_year_closed_twice_is_closed_once(world: World) -> None:
    at_once(world, *(button(world, who, f"{BASE}/close") for who in ("moderator", "moderator2")))
    assert acts(world, "close_campaign") == 1


def test_the_same_year_prepared_twice_is_prepared_once(world: World) -> None:
    fields = {"year": str(YEAR + 1)}
    both = [button(world, who, "/admin/campaigns/", **fields) for who in ("moderator", "admin")]
    assert sorted(a.status_code for a in at_once(world, *both))[0] == 303
    with world.app.app_context():
        assert db.session.query(Campaign).filter_by(year=YEAR + 1).count() == 1


def test_a_sheet_given_to_two_people_at_once_is_torn_and_one_is_told(world: World) -> None:
    with world.app.app_context():
        sector = find_sector("Культура").id
    presses = [
        button(
            world, who, f"/my/duties/{YEAR}/",
            **{f"was-person-{sector}": "", f"now-person-{sector}": str(world.id_of(who))},
        )
        for who in ("omsk", "omsk2")
    ]  # fmt: skip
    assert sorted(a.status_code for a in at_once(world, *presses)) == [303, 409]
    with world.app.app_context():
        assert db.session.query(Duty).count() == 1
    assert acts(world, "change_duty") == 1


def test_a_sheet_that_has_somebody_is_not_overwritten_at_the_same_instant(world: World) -> None:
    with world.app.app_context():
        sector = find_sector("Культура").id
        campaign, city = db.session.query(Campaign).one(), find_city("Омск")
        db.session.add(Duty(campaign=campaign, city=city, sector_id=sector))
        db.session.commit()
    presses = [
        button(
            world, who, f"/my/duties/{YEAR}/",
            **{f"was-person-{sector}": "", f"now-person-{sector}": str(world.id_of(who))},
        )
        for who in ("omsk", "omsk2")
    ]  # fmt: skip
    assert sorted(a.status_code for a in at_once(world, *presses)) == [303, 409]


def test_two_who_drop_questions_at_once_drop_two(world: World) -> None:
    presses = [
        button(world, who, f"{BASE}/questions/{number}/remove")
        for who, number in (("moderator", 1), ("admin", 2))
    ]
    at_once(world, *presses)
    with world.app.app_context():
        questions = db.session.query(Campaign).one().questions
        assert [q.number for q in questions] == [1, 2, 3]


def test_the_table_the_desk_and_the_workbook_on_either_database(world: World) -> None:
    world.report(State.SUBMITTED)
    world.report(State.RETURNED, city="Томск")
    world.practice(State.SUBMITTED)
    moderator = world.browser("moderator")
    for path in ("", "?late=1&standing=none", "file", "arrivals", "omsk/"):
        assert moderator.get(f"/desk/progress/{YEAR}/{path}").status_code == 200, path
    page = moderator.get("/desk/").text
    assert page.index("Омск — Организационная работа") < page.index("Томск — Организационная")
