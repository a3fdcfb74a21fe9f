"""A sheet that came on paper: typed in by the staff, marked so, judged like every other."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Report
from tests.factories import ANSWERS, World, find_city, find_sector
from tests.functional.moderation.test_desk import press

MARK = "внесено за город исполнительной дирекцией: поступило на бумаге 03.03.2026, вх. № 112/04"
ANSWERED = {f"q{number}": text for number, text in ANSWERS.items()} | {"author_name": "Ильин И. И."}


def file(world: World, name: str = "moderator", **changes: str) -> TestResponse:
    """Fill in the form that begins a report for a city."""
    with world.app.app_context():
        data = {
            "campaign": str(db.session.scalars(select(Campaign.id)).one()),
            "city": str(find_city("Омск").id),
            "sector": str(find_sector("Культура").id),
            "channel": "paper",
            "received_on": "2026-03-03",
            "number": "112/04",
        }
    return world.browser(name).post("/desk/file", data=data | changes)


def filed(world: World) -> int:
    """The number of the one report there is."""
    with world.app.app_context():
        return db.session.scalars(select(Report.id)).one()


def test_a_filed_report_goes_the_way_of_every_report(world: World) -> None:
    answer = file(world)
    item, staff = filed(world), world.browser("moderator")
    assert answer.location == f"/reports/{item}/edit"
    data = ANSWERED | {"then": "send"}
    assert staff.post(f"/reports/{item}/edit", data=data).status_code == 303
    for page in ("/desk/", f"/desk/{item}/"):
        assert MARK in world.browser("moderator2").get(page).text
    for page in ("/my/", f"/reports/{item}/preview", f"/reports/{item}/history"):
        assert MARK in world.browser("omsk").get(page).text
    # The same person may publish what was typed in from the city's paper.
    assert press(staff, world, item, "publish").status_code == 303
    assert world.state(item) is State.PUBLISHED
    assert {letter["to"].addresses[0].username for letter in world.letters()} == {"omsk", "omsk2"}
    assert MARK not in world.browser().get(f"/reports/{item}/").text


def test_the_city_goes_on_with_it_and_the_next_revision_is_its_own(world: World) -> None:
    file(world)
    item, city = filed(world), world.browser("omsk")
    assert city.post(f"/reports/{item}/edit", data=ANSWERED | {"then": "send"}).status_code == 303
    press(world.browser("moderator"), world, item, "send_back", summary="Дополните.")
    staff = world.browser("moderator")
    assert staff.post(f"/reports/{item}/edit", data={"q1": "Дополнили за вас"}).status_code == 403
    assert MARK not in city.get("/my/").text
    assert city.post(f"/reports/{item}/edit", data={"q1": "Дополнено"}).status_code == 303
    # A second sheet of paper answers the remarks: it is filed by itself.
    assert file(world, number="201/04").status_code == 303
    assert staff.post(f"/reports/{item}/edit", data={"q1": "С бумаги"}).status_code == 303
    assert "201/04" in city.get(f"/reports/{item}/history").text


def test_the_draft_of_a_city_is_gone_on_with_not_replaced(world: World) -> None:
    item = world.report(sector="Культура")
    assert file(world).location == f"/reports/{item}/edit"
    assert ANSWERS[4] in world.browser("moderator").get(f"/reports/{item}/edit").text


def test_what_was_handed_in_is_not_filed_again(world: World) -> None:
    item = world.report(State.SUBMITTED, sector="Культура")
    answer = file(world)
    assert answer.status_code == 409
    assert "отчёт уже сдан" in answer.text
    assert "112/04" in answer.text
    assert MARK not in world.browser("omsk").get(f"/reports/{item}/history").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"received_on": ""},
        {"received_on": "вчера"},
        {"received_on": "2999-01-01"},
        {"channel": "голубь"},
        {"city": "999999"},
        {"sector": ""},
        {"number": "9" * 300},
    ],
)
def test_nonsense_is_refused_and_given_back(world: World, wrong: dict[str, str]) -> None:
    answer = file(world, **wrong)
    assert answer.status_code == 400
    if "number" not in wrong:
        assert "112/04" in answer.text
    with world.app.app_context():
        assert not db.session.query(Report).count()


@pytest.mark.parametrize(("received", "status"), [("2026-02-01", 303), ("2026-02-02", 409)])
def test_paper_counts_by_the_day_on_which_it_came(world: World, received: str, status: int) -> None:
    with world.app.app_context():
        campaign = db.session.scalars(select(Campaign)).one()
        campaign.due_on, campaign.closes_on = date(2026, 1, 31), date(2026, 2, 1)
        db.session.commit()
    assert today() > date(2026, 2, 2)
    file(world, received_on=received)
    item, staff = filed(world), world.browser("moderator")
    sent = staff.post(f"/reports/{item}/edit", data=ANSWERED | {"then": "send"})
    assert sent.status_code == status
    if status == 303:
        assert "с опозданием" in staff.get("/desk/").text
        assert "с опозданием" in world.browser("omsk").get(f"/reports/{item}/history").text


def test_the_form_does_not_exist_for_others(world: World) -> None:
    for name in ("omsk", "specialist"):
        assert file(world, name).status_code == 404
