"""Who answers for a city about what: the staff for any city, a representative for the own one."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound
from asdg_portal.surveys.campaigns.duties import change_duties
from asdg_portal.surveys.models import Campaign, Duty
from tests.factories import YEAR, World, find_city, find_sector

OWN = f"/my/duties/{YEAR}/"
STAFF = f"/desk/progress/{YEAR}/omsk/"


def sector(world: World, name: str = "Культура") -> int:
    """The number of a direction."""
    with world.app.app_context():
        return find_sector(name).id


def say(
    world: World, path: str = OWN, by: str = "omsk", was: str = "", **now_said: object
) -> TestResponse:
    """Press the button of the page having chosen something of one direction."""
    number = sector(world)
    fields = {f"was-person-{number}": was, f"was-deputy-{number}": ""}
    fields |= {f"now-{name}-{number}": str(value) for name, value in now_said.items()}
    fields.setdefault(f"now-person-{number}", "")
    return world.browser(by).post(path, data=fields)


def said(world: World) -> list[tuple[int | None, int | None, bool]]:
    """What is stored."""
    with world.app.app_context():
        rows = db.session.scalars(select(Duty).order_by(Duty.id))
        return [(d.person_id, d.deputy_id, d.expected) for d in rows]


def test_a_representative_shares_out_the_own_city_and_the_staff_any(world: World) -> None:
    omsk, omsk2 = world.id_of("omsk"), world.id_of("omsk2")
    assert say(world, person=omsk, deputy=omsk2).status_code == 303
    assert said(world) == [(omsk, omsk2, True)]
    page = world.browser("tomsk").get(OWN).text
    assert "Томск" in page
    assert "Имя omsk" not in page
    assert say(world, STAFF, by="tomsk", person=omsk).status_code == 404
    assert say(world, STAFF, by="specialist", person=omsk).status_code == 404
    assert say(world, STAFF, by="moderator", was=str(omsk), person=omsk2).status_code == 409
    number = sector(world)
    fields = {
        f"was-person-{number}": omsk, f"was-deputy-{number}": omsk2,
        f"now-person-{number}": omsk2, f"now-deputy-{number}": "",
    }  # fmt: skip
    assert world.browser("moderator").post(STAFF, data=fields).status_code == 303
    assert said(world) == [(omsk2, None, True)]


def test_the_service_lets_nobody_share_out_another_city(world: World) -> None:
    with world.app.app_context():
        campaign, omsk = db.session.query(Campaign).one(), find_city("Омск")
        for name in ("tomsk", "specialist"):
            stranger = db.session.get_one(User, world.id_of(name))
            with pytest.raises(NotFound):
                change_duties(campaign, omsk, {}, {}, actor=stranger)


def test_what_is_not_to_come_is_in_the_log_with_who_said_so(world: World) -> None:
    assert say(world, off=1).status_code == 303
    assert say(world, off=1).status_code == 303
    assert said(world) == [(None, None, False)]
    with world.app.app_context():
        entry = db.session.scalars(select(AuditEntry).filter_by(action="change_duty")).one()
        assert entry.subject == f"duty:{YEAR}:omsk:{find_sector('Культура').slug}"
        assert entry.actor_name == "Имя omsk"
        assert entry.before["expected"] is True
        assert entry.after["expected"] is False
    for name, path in (("omsk2", OWN), ("moderator", STAFF)):
        page = world.browser(name).get(path).text
        assert "не ожидается" in page
        assert "изменено: Имя omsk" in page


def test_only_active_representatives_of_the_city_can_be_named_and_nobody_twice(
    world: World,
) -> None:
    omsk = world.id_of("omsk")
    for stranger in ("tomsk", "moderator", "specialist"):
        refused = say(world, person=world.id_of(stranger))
        assert refused.status_code == 400
        assert "не представляет город" in refused.text
    assert say(world, person=omsk, deputy=omsk).status_code == 400
    with world.app.app_context():
        db.session.execute(
            Duty.metadata.tables["user"].update().values(blocked_at=now()).where(
                Duty.metadata.tables["user"].c.id == world.id_of("omsk2")
            )
        )  # fmt: skip
        db.session.commit()
    assert say(world, person=world.id_of("omsk2")).status_code == 400
    assert said(world) == []


def test_two_who_share_out_at_once_learn_of_each_other_and_keep_their_choice(
    world: World,
) -> None:
    omsk, omsk2 = world.id_of("omsk"), world.id_of("omsk2")
    say(world, by="omsk2", person=omsk2)
    page = say(world, person=omsk)  # the page was opened before
    assert page.status_code == 409
    assert "«Культура»" in page.text
    number = sector(world)
    assert f'name="was-person-{number}" value="{omsk2}"' in page.text
    assert f'<option value="{omsk}" selected>' in page.text
    assert said(world) == [(omsk2, None, True)]
    assert say(world, was=str(omsk2), person=omsk).status_code == 303
    assert said(world) == [(omsk, None, True)]
    assert say(world, was=str(omsk2), person=omsk).status_code == 303  # both want the same


def test_a_form_that_was_open_too_long_comes_back_as_it_was_chosen(world: World) -> None:
    client, number, omsk = world.browser("omsk"), sector(world), world.id_of("omsk")
    client.with_token = False  # type: ignore[attr-defined]
    fields = {f"was-person-{number}": "", f"now-person-{number}": omsk, f"now-off-{number}": "1"}
    page = client.post(OWN, data=fields)
    assert page.status_code == 400
    assert f'<option value="{omsk}" selected>' in page.text
    assert f'name="now-off-{number}" value="1" checked' in page.text
    assert said(world) == []


def test_anybody_of_the_city_begins_a_sheet_that_is_somebodys(world: World) -> None:
    say(world, person=world.id_of("omsk"))
    with world.app.app_context():
        year = db.session.query(Campaign).one().id
    fields = {"campaign": year, "sector": sector(world)}
    assert world.browser("omsk2").post("/reports/new", data=fields).status_code == 303


def test_a_year_that_is_over_is_changed_by_the_staff_only(world: World) -> None:
    with world.app.app_context():
        db.session.query(Campaign).one().closed_at = now()
        db.session.commit()
    refused = say(world, person=world.id_of("omsk"))
    assert refused.status_code == 409
    assert said(world) == []
    assert say(world, STAFF, by="moderator", person=world.id_of("omsk")).status_code == 303


def test_what_is_no_choice_is_read_as_none(world: World) -> None:
    for nonsense in ("x", "-1", "9" * 30, "1.5"):
        assert say(world, person=nonsense).status_code == 303
    assert world.browser("omsk").post(OWN, data={"now-person-abc": "1"}).status_code == 303
    assert world.browser("omsk").get("/my/duties/1999/").status_code == 404
    assert world.browser("moderator").get(f"/desk/progress/{YEAR}/nowhere/").status_code == 404
    assert said(world) == []


def test_the_page_asks_little_of_the_database(world: World) -> None:
    for name in ("Культура", "ЖКХ", "Образование"):
        world.report(sector=name)
    with world.app.app_context():
        for name in ("Культура", "ЖКХ", "Образование"):
            db.session.add(
                Duty(
                    campaign=db.session.query(Campaign).one(),
                    city=find_city("Омск"),
                    sector=find_sector(name),
                    person_id=world.id_of("omsk"),
                )
            )
        db.session.commit()
    assert world.statements(OWN, "omsk") <= 15
    assert world.statements(STAFF, "moderator") <= 15
