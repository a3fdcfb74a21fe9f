"""Reminders: to whoever still owes a sheet, on the planned day, once, with a way to the form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import Membership
from asdg_portal.core.db import db
from asdg_portal.mail.bounces import record_bounce
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Duty, Extension
from asdg_portal.surveys.reminders.models import USUAL_DAYS
from asdg_portal.surveys.reminders.services import planned_day, remind_as_planned
from tests.factories import YEAR, World, find_city, find_sector

DUE = date(2026, 12, 20)
PAGE = f"/desk/reminders/{YEAR}/"
SECTOR = "Организационная работа"


@pytest.fixture(autouse=True)
def _campaign(world: World) -> None:
    """Omsk and Tomsk are the members; answers are due on a day; whoever is reminded has a name."""
    with world.app.app_context():
        db.session.execute(db.delete(Membership))
        for name in ("Омск", "Томск"):
            db.session.add(Membership(city=find_city(name)))
        year = campaign()
        year.due_on, year.closes_on = DUE, DUE + timedelta(days=20)
        db.session.commit()


def campaign() -> Campaign:
    """The year of the tests."""
    return db.session.scalars(select(Campaign).filter_by(year=YEAR)).one()


def at(day: date, hour: int = 12, zone: str = "Asia/Omsk") -> time_machine.travel:
    """A moment by the clock of a city."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone))
    return time_machine.travel(moment, tick=False)


def reminded(world: World) -> list[str]:
    """Whom letters have gone to, in order of the alphabet."""
    return sorted(str(letter["To"].addresses[0].addr_spec) for letter in delivered(world))


def delivered(world: World) -> list[EmailMessage]:
    """The letters, once the worker has had all the time it needs."""
    with at(date(2027, 3, 1)):
        return world.letters()


def as_planned(world: World) -> int:
    """Let the portal do what is planned for now; tell how many letters it wrote."""
    with world.app.app_context():
        return sum(len(done.sent) for done in remind_as_planned())


def assign(city: str, person: str | None, deputy: str | None = None, **facts: bool) -> None:
    """Say who fills in the sheet of a city about the direction of the tests."""
    people = {
        name: db.session.scalars(select(User).filter_by(email=f"{who}@example.org")).one()
        for name, who in (("person", person), ("deputy", deputy))
        if who
    }
    place = {"campaign": campaign(), "city": find_city(city), "sector": find_sector(SECTOR)}
    db.session.add(Duty(**place, **people, **facts))
    db.session.commit()


def test_the_letter_says_until_when_and_leads_to_the_form(world: World) -> None:
    report = world.report()
    with at(DUE - timedelta(days=3)):
        assert as_planned(world) == 3
    letter = next(m for m in delivered(world) if "<omsk@" in str(m["To"]))
    body = letter.get_content()
    assert letter["Subject"] == f"Анкета АСДГ за {YEAR} год: ответы — до 20 декабря"
    assert "до 23:59 20 декабря 2026 по времени вашего города (UTC+6): осталось 3 дня." in body
    assert f"/reports/{report}/edit" in body
    assert f"/reports/new?year={YEAR}&sector=zhkkh" in body
    page = world.browser("omsk").get(f"/reports/new?year={YEAR}&sector=zhkkh").text
    assert page.count("autofocus") == 1
    assert world.browser("omsk").get(f"/reports/{report}/edit").status_code == 200


def test_on_each_planned_day_once_however_often_it_is_looked_at(world: World) -> None:
    letters = []
    for left in range(31, -10, -1):
        with at(DUE - timedelta(days=left)):
            letters.append(as_planned(world))
            assert as_planned(world) == 0
    assert [31 - n for n, sent in enumerate(letters) if sent] == list(USUAL_DAYS)
    assert sum(letters) == 3 * len(USUAL_DAYS)


def test_not_before_the_working_day_of_the_city_and_by_its_own_clock(world: World) -> None:
    with at(DUE - timedelta(days=3), 8):
        assert as_planned(world) == 1  # it is nine in Tomsk, an hour further east
    with at(DUE - timedelta(days=3), 9):
        assert as_planned(world) == 2
    assert reminded(world) == ["omsk2@example.org", "omsk@example.org", "tomsk@example.org"]


def test_a_worker_that_was_down_catches_up_but_not_after_days(world: World) -> None:
    assert planned_day(DUE, [7, 3], DUE - timedelta(days=6)) == DUE - timedelta(days=7)
    assert planned_day(DUE, [7, 3], DUE - timedelta(days=4)) is None
    assert planned_day(DUE, [7, 3], DUE - timedelta(days=9)) is None


def test_whoever_fills_it_in_and_the_deputy_get_it_instead_of_everybody(world: World) -> None:
    with world.app.app_context():
        for sector in db.session.query(type(find_sector(SECTOR))):
            if sector.name != SECTOR:
                place = {"campaign": campaign(), "city": find_city("Омск"), "sector": sector}
                db.session.add(Duty(**place, expected=False))
        assign("Омск", "omsk2", "specialist")
        assign("Томск", None, expected=False)
    with at(DUE - timedelta(days=1)):
        as_planned(world)
    assert reminded(world)[:2] == ["omsk2@example.org", "specialist@example.org"]
    texts = [m.get_content() for m in delivered(world) if "tomsk@" in str(m["To"])]
    assert SECTOR not in texts[0]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED, State.WITHDRAWN])
def test_what_was_handed_in_is_not_asked_for(world: World, state: State) -> None:
    world.report(state)
    world.report(State.RETURNED, sector="Культура")
    with at(DUE - timedelta(days=1)):
        as_planned(world)
    body = next(m for m in delivered(world) if "<omsk@" in str(m["To"])).get_content()
    assert f"— {SECTOR}" not in body
    assert "— Культура: возвращено с замечаниями" in body


def test_a_new_revision_of_a_published_text_owes_nothing(world: World) -> None:
    report = world.report(State.PUBLISHED)
    world.browser("omsk").post(f"/reports/{report}/revise")
    with at(DUE - timedelta(days=1)):
        as_planned(world)
    assert all(
        f"— {SECTOR}" not in m.get_content() for m in delivered(world) if "<omsk@" in str(m["To"])
    )


def test_more_time_moves_the_letters_of_that_city(world: World) -> None:
    with world.app.app_context():
        omsk = find_city("Омск")
        later = Extension(city_id=omsk.id, due_on=DUE + timedelta(days=5), reason="паводок")
        year = campaign()
        year.extensions[omsk.id] = later
        db.session.commit()
    with at(DUE - timedelta(days=3)):
        as_planned(world)
    assert reminded(world) == ["tomsk@example.org"]
    with at(DUE + timedelta(days=2)):
        as_planned(world)
    assert reminded(world).count("omsk@example.org") == 1


def test_who_left_or_cannot_be_reached_gets_none_and_it_is_said(world: World) -> None:
    with world.app.app_context():
        record_bounce("omsk@example.org", "Анкета", "550 no such user")
        db.session.get_one(User, world.id_of("omsk2")).blocked_at = datetime.now(ZoneInfo("UTC"))
        db.session.commit()
    with at(DUE - timedelta(days=1)):
        result = world.app.test_cli_runner().invoke(args=["campaigns", "remind"])
    assert "omsk@example.org не принимает писем" in result.stderr
    assert reminded(world) == ["tomsk@example.org"]
    page = world.browser("moderator").get(PAGE).text
    assert "550 no such user" in page


def test_the_command_reminds_once_a_day_and_previews(world: World) -> None:
    runner = world.app.test_cli_runner()
    with at(date(2026, 11, 2)):
        preview = runner.invoke(args=["campaigns", "remind", "--preview"])
        assert "Тема" not in preview.stdout
        assert "omsk@example.org" in preview.stdout
        assert not reminded(world)
        first = runner.invoke(args=["campaigns", "remind", str(YEAR)])
        second = runner.invoke(args=["campaigns", "remind"])
    assert first.exit_code == second.exit_code == 0
    assert "Писем: 3" in first.stdout
    assert "Писем: 0; сегодня уже напоминали: 3" in second.stdout
    assert len(reminded(world)) == 3
    assert runner.invoke(args=["campaigns", "remind", "1999"]).exit_code == 1


def test_the_staff_send_to_those_they_ticked_with_words_of_their_own(world: World) -> None:
    client, tomsk = world.browser("moderator"), world.id_of("tomsk")
    shown = client.post(PAGE, data={"act": "show", "words": "Ждём <b>юбилей</b>."})
    assert shown.status_code == 200
    assert "Ждём &lt;b&gt;юбилей&lt;/b&gt;." in shown.text
    assert not reminded(world)
    for _again in range(2):
        fields = {"act": "send", "words": "Ждём вас.", "person": [str(tomsk), "x", "999999"]}
        assert client.post(PAGE, data=fields).status_code == 303
    (letter,) = delivered(world)
    assert "Ждём вас." in letter.get_content()
    page = client.get(PAGE).text
    assert "Имя moderator" in page
    assert "сегодня уже напоминали" in page


def test_the_plan_is_what_was_typed_and_nonsense_is_given_back(world: World) -> None:
    client = world.browser("moderator")
    wrong = client.post(f"{PAGE}plan", data={"days": "10, пять"})
    assert wrong.status_code == 400
    assert "«пять» — не число дней" in wrong.text
    assert 'value="10, пять"' in wrong.text
    client.post(f"{PAGE}plan", data={"days": "10, 2 −5; 2"})
    assert 'value="10 2 -5"' in client.get(PAGE).text
    with at(DUE - timedelta(days=3)):
        assert as_planned(world) == 0
    with at(DUE - timedelta(days=2)):
        assert as_planned(world) == 3
    client.post(f"{PAGE}plan", data={"days": ""})
    with at(DUE + timedelta(days=5)):
        assert as_planned(world) == 0


def test_the_page_stays_light_however_many_people_owe(world: World) -> None:
    few = world.statements(PAGE, "moderator")
    with world.app.app_context():
        for city in ("Барнаул", "Кемерово", "Чита"):
            db.session.add(Membership(city=find_city(city)))
            person = User(email=f"{find_city(city).slug}@example.org", role=Role.REPRESENTATIVE)
            person.city, person.password_hash = find_city(city), "x"
            db.session.add(person)
        db.session.commit()
    assert world.statements(PAGE, "moderator") == few <= 17


def test_a_long_note_is_given_back(world: World) -> None:
    words = "слово " * 1_000
    answer = world.browser("moderator").post(PAGE, data={"act": "send", "words": words})
    assert answer.status_code == 400
    assert words.strip() in answer.text
    assert not reminded(world)


def test_a_city_that_nobody_speaks_for_is_named(world: World) -> None:
    with world.app.app_context():
        db.session.add(Membership(city=find_city("Чита")))
        db.session.commit()
    page = world.browser("moderator").get(PAGE).text
    assert "1 городу-члену некому писать" in page
    assert "/cities/chita/" in page
