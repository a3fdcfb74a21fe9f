"""A year is put together from the year before, looked at, changed, and opened."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import Membership
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import WrongState
from asdg_portal.surveys.models import Campaign, Duty, Report
from asdg_portal.surveys.queries import campaigns
from asdg_portal.surveys.services import begin_report
from tests.factories import YEAR, World, find_city, find_sector

NEXT = YEAR + 1
PAGE = f"/admin/campaigns/{NEXT}/"


def prepare(world: World, name: str = "moderator") -> None:
    """Put the next year together, as the staff do."""
    answer = world.browser(name).post("/admin/campaigns/", data={"year": str(NEXT)})
    assert answer.status_code == 303
    assert answer.location == PAGE


def campaign(year: int = NEXT) -> Campaign:
    """A year; call it inside the application."""
    return db.session.scalars(select(Campaign).filter_by(year=year)).one()


def person(name: str) -> User:
    """Somebody of the tests."""
    return db.session.scalars(select(User).filter_by(email=f"{name}@example.org")).one()


def duty(sector: str, city: str = "Омск", **values: object) -> None:
    """Say something of a sheet of the year that runs."""
    db.session.add(
        Duty(campaign=campaign(YEAR), city=find_city(city), sector=find_sector(sector), **values)
    )


def inherited(world: World) -> dict[tuple[str, str], tuple[str | None, str | None, bool]]:
    """Who answers about what in the next year, by city and direction."""
    with world.app.app_context():
        rows = db.session.scalars(select(Duty).filter_by(campaign_id=campaign().id))
        return {
            (d.city.name, d.sector.name): (
                d.person and d.person.email.split("@")[0],
                d.deputy and d.deputy.email.split("@")[0],
                d.expected,
            )
            for d in rows
        }


def test_a_prepared_year_is_the_staffs_alone_until_it_is_opened(world: World) -> None:
    prepare(world)
    with world.app.app_context():
        campaign().opens_on = None
        db.session.commit()
    omsk, public = world.browser("omsk"), world.browser()
    assert f">{NEXT}<" not in omsk.get("/reports/new").text
    assert str(NEXT) not in omsk.get("/my/").text
    assert omsk.get(f"/my/duties/{NEXT}/").status_code == 404
    assert {c["year"] for c in public.get("/api/v1/campaigns").json or ()} == {YEAR}
    assert str(NEXT) not in public.get("/").text
    with world.app.app_context():
        assert not campaign().is_open(find_city("Омск"))
        assert [c.year for c in campaigns()] == [YEAR]
    opened = world.browser("moderator").post(f"{PAGE}open")
    assert opened.status_code == 303
    assert f">{NEXT}<" in omsk.get("/reports/new").text
    assert omsk.get(f"/my/duties/{NEXT}/").status_code == 200
    assert {c["year"] for c in public.get("/api/v1/campaigns").json or ()} == {YEAR, NEXT}


def test_dates_are_proposed_a_year_later_and_the_29th_of_february_survives(world: World) -> None:
    with world.app.app_context():
        last = campaign(YEAR)
        last.opens_on, last.due_on = date(2024, 2, 29), date(2026, 3, 1)
        last.closes_on = None
        db.session.commit()
    prepare(world)
    with world.app.app_context():
        days = campaign()
        assert (days.opens_on, days.due_on) == (date(2025, 2, 28), date(2027, 3, 1))
        assert days.closes_on is None


def test_only_directions_in_use_are_asked_about_again(world: World) -> None:
    with world.app.app_context():
        last = campaign(YEAR)
        last.sectors = [find_sector("Культура"), find_sector("ЖКХ"), find_sector("Образование")]
        find_sector("ЖКХ").is_active = False
        db.session.commit()
    prepare(world)
    with world.app.app_context():
        assert {s.name for s in campaign().sectors} == {"Культура", "Образование"}


def test_duties_go_on_with_members_and_people_who_are_still_there(world: World) -> None:
    with world.app.app_context():
        duty("Культура", person=person("omsk"), deputy=person("omsk2"))
        duty("ЖКХ", expected=False)
        duty("Образование", person=person("omsk"))
        duty("Культура", "Томск", person=person("tomsk"))
        find_sector("Образование").is_active = False
        db.session.execute(
            Membership.__table__.delete().where(  # type: ignore[attr-defined]
                Membership.city_id == find_city("Томск").id
            )
        )
        person("omsk2").blocked_at = now()
        db.session.commit()
    prepare(world)
    assert inherited(world) == {
        ("Омск", "Культура"): ("omsk", None, True),
        ("Омск", "ЖКХ"): (None, None, False),
    }


def test_a_merged_city_hands_its_duties_to_its_successor_and_a_person_to_who_went_on(
    world: World,
) -> None:
    with world.app.app_context():
        omsk, tomsk = find_city("Омск"), find_city("Томск")
        duty("Культура", "Томск", person=person("tomsk"))
        duty("ЖКХ", "Томск", expected=False)
        duty("ЖКХ", "Омск", person=person("omsk"))
        duty("Образование", "Омск", person=person("omsk2"), deputy=person("omsk"))
        tomsk.successor = omsk
        tomsk.memberships[0].until = date(2026, 1, 1)
        gone = person("omsk2")
        gone.blocked_at, gone.replaced_by = now(), person("omsk")
        person("tomsk").city = omsk  # the people have moved with the town hall
        db.session.commit()
    prepare(world)
    assert inherited(world) == {
        ("Омск", "Культура"): ("tomsk", None, True),
        ("Омск", "ЖКХ"): ("omsk", None, True),  # its own word goes before what it takes over
        ("Омск", "Образование"): ("omsk", None, True),
    }


def test_somebody_who_no_longer_writes_for_the_city_is_left_out(world: World) -> None:
    with world.app.app_context():
        duty("Культура", person=person("omsk"), deputy=person("omsk2"))
        person("omsk").role = Role.SPECIALIST
        person("omsk2").city = find_city("Томск")
        db.session.commit()
    prepare(world)
    assert inherited(world) == {}


def test_the_command_opens_what_was_prepared_and_a_year_of_its_own(world: World) -> None:
    prepare(world)
    run = world.app.test_cli_runner().invoke
    assert run(args=["campaigns", "open", str(NEXT), "--due", "2027-04-01"]).exit_code == 0
    assert run(args=["campaigns", "open", str(NEXT)]).exit_code == 1
    assert run(args=["campaigns", "open", str(NEXT + 1)]).exit_code == 0
    with world.app.app_context():
        assert campaign().due_on == date(2027, 4, 1)
        assert not campaign().in_preparation
        assert campaign(NEXT + 1).due_on == date(2028, 4, 1)
        assert len(campaign(NEXT + 1).questions) == 5


def test_a_prepared_year_can_be_thrown_away_and_an_open_one_cannot(world: World) -> None:
    prepare(world)
    moderator = world.browser("moderator")
    assert moderator.post(f"{PAGE}discard").location == "/admin/campaigns/"
    assert moderator.post(f"/admin/campaigns/{YEAR}/discard").location.endswith(f"/{YEAR}/")
    with world.app.app_context():
        assert [c.year for c in db.session.query(Campaign)] == [YEAR]


def test_a_year_that_asks_nothing_cannot_be_opened(world: World) -> None:
    prepare(world)
    with world.app.app_context():
        campaign().sectors = []
        db.session.commit()
    page = world.browser("moderator").post(f"{PAGE}open", follow_redirects=True)
    assert "хотя бы один вопрос и одно направление" in page.text
    with world.app.app_context():
        assert campaign().in_preparation


def test_opening_twice_is_one_opening(world: World) -> None:
    prepare(world)
    moderator = world.browser("moderator")
    for _ in "ab":
        moderator.post(f"{PAGE}open")
    with world.app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="open_campaign").count() == 1


@pytest.mark.parametrize("name", [None, "specialist", "omsk"])
def test_only_the_staff_prepares_and_opens(world: World, name: str | None) -> None:
    world.browser(name).post("/admin/campaigns/", data={"year": str(NEXT)})
    with world.app.app_context():
        assert [c.year for c in db.session.query(Campaign)] == [YEAR]
    prepare(world)
    world.browser(name).post(f"{PAGE}open")
    with world.app.app_context():
        assert campaign().in_preparation


def test_directions_are_switched_on_and_off_and_what_was_begun_stays(world: World) -> None:
    report = world.report(sector="Культура")
    moderator = world.browser("moderator")
    with world.app.app_context():
        keep = find_sector("ЖКХ").id
        culture = find_sector("Культура").id
        year = campaign(YEAR).id
    moderator.post(f"/admin/campaigns/{YEAR}/directions", data={"sectors": [keep]})
    omsk = world.browser("omsk")
    assert "Образование" not in omsk.get("/reports/new").text
    assert omsk.get(f"/reports/{report}/edit").status_code == 200
    with world.app.app_context():
        assert [s.name for s in campaign(YEAR).sectors] == ["ЖКХ"]
        db.session.query(Report).delete()
        db.session.commit()
    refused = omsk.post("/reports/new", data={"campaign": year, "sector": culture})
    assert refused.status_code == 400
    with world.app.app_context(), pytest.raises(WrongState):
        city, sector = find_city("Омск"), find_sector("Культура")
        begin_report(campaign(YEAR), city, sector, actor=person("omsk"))
    emptied = moderator.post(f"/admin/campaigns/{YEAR}/directions", data={}, follow_redirects=True)
    assert "хотя бы одно направление" in emptied.text
    with world.app.app_context():
        assert len(campaign(YEAR).sectors) == 1
