"""Deadlines by the clocks of twelve zones; late reports; more time for a city; closing a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import SignIn
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.models import Campaign, Extension, Report
from tests.factories import YEAR, World, find_city

DUE, CLOSES = date(2027, 3, 1), date(2027, 3, 5)
BASE = f"/admin/campaigns/{YEAR}"
# Every zone that the members live in, UTC+5 to UTC+12, and those that share an offset.
ZONES = {
    "Asia/Yekaterinburg": 5,
    "Asia/Omsk": 6,
    "Asia/Novosibirsk": 7,
    "Asia/Barnaul": 7,
    "Asia/Tomsk": 7,
    "Asia/Krasnoyarsk": 7,
    "Asia/Irkutsk": 8,
    "Asia/Chita": 9,
    "Asia/Yakutsk": 9,
    "Asia/Vladivostok": 10,
    "Asia/Sakhalin": 11,
    "Asia/Magadan": 11,
    "Asia/Kamchatka": 12,
    "Asia/Anadyr": 12,
}


@pytest.fixture
def dated(world: World) -> World:
    """A year whose last days lie ahead."""
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        campaign.due_on, campaign.closes_on = DUE, CLOSES
        db.session.commit()
    return world


def submit(world: World, report: int, when: datetime, **typed: str) -> TestResponse:
    """Hand a report in at a moment, as its representative does."""
    with time_machine.travel(when, tick=False):
        client = world.browser("omsk")
        with world.app.app_context():  # the sign-in is as old as the clock says
            db.session.query(SignIn).update({"created_at": now(), "last_seen_at": now()})
            db.session.commit()
        fields = {"q1": "Сделано.", "then": "send"} | typed
        return client.post(f"/reports/{report}/edit", data=fields)


def marked(world: World, report: int) -> int | None:
    """By how many seconds a report is marked as late."""
    with world.app.app_context():
        return db.session.scalar(select(LateArrival.late_by).filter_by(report_id=report))


def end(zone: str, day: date = DUE) -> datetime:
    """The last moment of a day in a zone."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
def test_the_deadline_is_the_end_of_the_day_in_the_citys_own_zone(
    dated: World, zone: str, offset: int
) -> None:
    last = end(zone)
    assert last.utcoffset() == timedelta(hours=offset)
    with dated.app.app_context():
        find_city("Омск").timezone = zone
        db.session.commit()
    in_time, late, refused = (
        dated.report(sector=name) for name in ("Культура", "ЖКХ", "Образование")
    )
    assert submit(dated, in_time, last).status_code == 303
    assert marked(dated, in_time) is None
    assert submit(dated, late, last + timedelta(seconds=61)).status_code == 303
    assert marked(dated, late) == 60
    closed = end(zone, CLOSES)
    assert dated.state(refused) is State.DRAFT
    answer = submit(dated, refused, closed + timedelta(seconds=1), q1="Напечатано поздно")
    assert answer.status_code == 409
    assert "больше не принимаются" in answer.text
    assert dated.state(refused) is State.DRAFT
    assert "Напечатано поздно" in dated.browser("omsk").get(f"/reports/{refused}/edit").text
    assert submit(dated, refused, closed).status_code == 303
    assert marked(dated, refused) == 4 * 24 * 3600 - 1


def test_the_mark_of_a_late_report_lasts_and_is_not_for_the_public(dated: World) -> None:
    report = dated.report()
    submit(dated, report, end("Asia/Omsk") + timedelta(days=2, hours=5))
    moderator = dated.browser("moderator")
    moderator.post(BASE + "/", data={"due_on": "2027-03-20", "closes_on": "2027-03-30"})
    words = "с опозданием: 2 дня после срока"
    for page in ("/desk/", f"/desk/{report}/", f"/reports/{report}/history"):
        assert words in moderator.get(page).text, page
    assert "опоздание: 2 дня" in moderator.get(f"/desk/progress/{YEAR}/").text
    assert words in dated.browser("omsk").get(f"/reports/{report}/history").text
    with dated.app.app_context():
        version = db.session.get_one(Report, report).version
    moderator.post(f"/desk/{report}/", data={"act": "publish", "version": version})
    public = dated.browser().get(f"/reports/{report}/")
    assert public.status_code == 200
    assert "опоздани" not in public.text


def test_what_is_taken_back_has_not_come_and_a_correction_is_never_late(dated: World) -> None:
    report, returned = dated.report(), dated.report(State.RETURNED, sector="ЖКХ")
    late = end("Asia/Omsk") + timedelta(hours=3)
    submit(dated, report, late)
    assert marked(dated, report) == 3 * 3600 - 1
    dated.browser("omsk").post(f"/reports/{report}/take-back")
    assert marked(dated, report) is None
    assert submit(dated, returned, late).status_code == 303
    assert marked(dated, returned) is None


def give(
    world: World,
    day: str = "2027-03-20",
    reason: str = "паводок",
    name: str = "moderator",
    city: str = "Омск",
) -> TestResponse:
    """Give a city more time, as the staff do."""
    with world.app.app_context():
        number = find_city(city).id
    fields = {"city": number, "due_on": day, "reason": reason}
    return world.browser(name).post(f"{BASE}/more-time", data=fields)


def test_more_time_moves_the_day_of_one_city_and_it_is_told_so(dated: World) -> None:
    report = dated.report()
    assert give(dated).status_code == 303
    assert give(dated).status_code == 303  # pressed twice: one act, one letter each
    letters = dated.letters()
    assert {letter["to"].addresses[0].addr_spec for letter in letters} == {
        "omsk@example.org",
        "omsk2@example.org",
    }
    assert len(letters) == 2
    text = letters[0].get_content()
    assert "20 марта 2027" in text
    assert "паводок" in text
    assert "23:59 по времени вашего города" in text
    omsk, tomsk = dated.browser("omsk"), dated.browser("tomsk")
    for page in (f"/reports/{report}/edit", "/reports/new", f"/my/duties/{YEAR}/"):
        assert "паводок" in omsk.get(page).text, page
    assert "20 марта 2027" in omsk.get(f"/reports/{report}/edit").text
    assert "паводок" not in tomsk.get("/reports/new").text
    assert submit(dated, report, end("Asia/Omsk", date(2027, 3, 20))).status_code == 303
    assert marked(dated, report) is None


def test_more_time_is_changed_and_taken_back(dated: World) -> None:
    give(dated)
    give(dated, day="2027-03-25", reason="паводок продолжается")
    with dated.app.app_context():
        assert db.session.query(Extension).one().due_on == date(2027, 3, 25)
    moderator = dated.browser("moderator")
    page = moderator.get(f"{BASE}/more-time?city=omsk").text
    assert "паводок продолжается" in page
    assert "2027-03-25" in page
    for _ in "ab":
        moderator.post(f"{BASE}/more-time/omsk/take-back")
    with dated.app.app_context():
        assert db.session.query(Extension).count() == 0
        acts = select(AuditEntry.action).filter_by(subject=f"more-time:{YEAR}:omsk")
        assert list(db.session.scalars(acts.order_by(AuditEntry.id))) == [
            "give_more_time",
            "give_more_time",
            "take_time_back",
        ]
    letters = [
        letter.get_content() for letter in dated.letters() if "отменено" in letter["subject"]
    ]
    assert len(letters) == 2
    assert all("1 марта 2027" in letter for letter in letters)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day": "2027-03-01"}, "позже общего срока"),
        ({"day": ""}, "Укажите день"),
        ({"day": "завтра"}, "Это не дата"),
        ({"reason": "  "}, "причину"),
    ],
)
def test_more_time_that_makes_no_sense_comes_back_filled(
    dated: World, changes: dict[str, str], words: str
) -> None:
    page = give(dated, **changes)
    assert page.status_code == 400
    assert words in page.text
    assert changes.get("day", "2027-03-20") in page.text
    with dated.app.app_context():
        assert db.session.query(Extension).count() == 0
    assert dated.letters() == []


def test_a_day_that_is_over_in_the_city_is_no_more_time(dated: World) -> None:
    with time_machine.travel(datetime(2027, 3, 4, 0, 30, tzinfo=ZoneInfo("Asia/Kamchatka"))):
        with dated.app.app_context():
            find_city("Омск").timezone = "Asia/Kamchatka"
            db.session.commit()
        assert "уже прошёл" in give(dated, day="2027-03-03").text
        assert give(dated, day="2027-03-04").status_code == 303


def test_only_the_staff_gives_time(dated: World) -> None:
    for name in ("omsk", "specialist"):
        assert give(dated, name=name).status_code == 404
    with dated.app.app_context():
        assert db.session.query(Extension).count() == 0


def test_a_year_is_closed_for_everybody_and_opened_again(dated: World) -> None:
    report, returned = dated.report(), dated.report(State.RETURNED, sector="ЖКХ")
    give(dated)
    moderator, omsk = dated.browser("moderator"), dated.browser("omsk")
    for _ in "ab":
        moderator.post(f"{BASE}/close")
    with dated.app.app_context():
        assert db.session.query(AuditEntry).filter_by(action="close_campaign").count() == 1
    assert "Закрыт" in moderator.get(f"{BASE}/").text
    fields = {"q1": "Не потеряется", "then": "send"}
    assert omsk.post(f"/reports/{report}/edit", data=fields).status_code == 409
    assert "Не потеряется" in omsk.get(f"/reports/{report}/edit").text
    assert f">{YEAR}</h2>" not in omsk.get("/reports/new").text
    assert omsk.post(f"/reports/{returned}/edit", data=fields).status_code == 303
    assert dated.state(returned) is State.SUBMITTED
    refused = moderator.post(f"{BASE}/reopen", data={"until": "2020-01-01"}, follow_redirects=True)
    assert "должны идти" in refused.text or "уже прошёл" in refused.text
    assert moderator.post(f"{BASE}/reopen", data={"until": "2027-04-01"}).status_code == 303
    assert omsk.post(f"/reports/{report}/edit", data=fields).status_code == 303
    with dated.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        assert (campaign.closed_at, campaign.closes_on) == (None, date(2027, 4, 1))


def test_a_year_that_ended_by_its_date_is_opened_again(dated: World) -> None:
    report = dated.report()
    with time_machine.travel(datetime(2027, 3, 10, tzinfo=UTC), tick=False):
        moderator, omsk = dated.browser("moderator"), dated.browser("omsk")
        assert omsk.post(f"/reports/{report}/submit").status_code == 409
        moderator.post(f"{BASE}/reopen", data={"until": ""})
        assert omsk.post(f"/reports/{report}/submit").status_code == 303
    assert marked(dated, report) is not None
