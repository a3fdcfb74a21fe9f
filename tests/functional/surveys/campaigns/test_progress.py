"""How far a year is: one set of numbers on the table, in the workbook, at the desk, in the API."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
import time_machine
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from asdg_portal.cities.models import City, Membership
from asdg_portal.config import ROOT
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.surveys.campaigns.matrix import standing_names
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.campaigns.progress import Totals, year_totals
from asdg_portal.surveys.models import Campaign, Duty, Report
from tests.factories import YEAR, World, find_city, find_sector

TABLE = f"/desk/progress/{YEAR}/"
MEMBERS = ("Омск", "Томск", "Чита")
DIRECTIONS = ("Культура", "ЖКХ", "Образование", "Экономика")


@pytest.fixture
def small(world: World) -> World:
    """A year of three cities and four directions."""
    with world.app.app_context():
        keep = [find_city(name).id for name in MEMBERS]
        db.session.query(Membership).filter(Membership.city_id.not_in(keep)).delete()
        campaign = db.session.query(Campaign).one()
        campaign.sectors = [find_sector(name) for name in DIRECTIONS]
        db.session.commit()
    return world


def sums(world: World) -> Totals:
    """The numbers of the year."""
    world.forget()
    with world.app.app_context():
        return year_totals(db.session.query(Campaign).filter_by(year=YEAR).one())


def say(world: World, city: str, sector: str, **values: object) -> None:
    """Say something of a sheet."""
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        db.session.add(
            Duty(campaign=campaign, city=find_city(city), sector=find_sector(sector), **values)
        )
        db.session.commit()


def cell(page: str, city: str, sector: str) -> str:
    """One cell of the table, as it is sent."""
    row = re.search(rf"<tr><th scope=\"row\"><a [^>]*>{city}</a></th>(.*?)</tr>", page)
    assert row, city
    found = re.search(rf'<td class="[^"]*" data-s="{sector}">.*?</td>', row[1])
    return found[0] if found else ""


def test_every_member_is_expected_to_answer_about_every_direction(small: World) -> None:
    assert sums(small).expected == 12
    assert sums(small).members == 3
    small.report(State.SUBMITTED, sector="Культура")
    small.report(State.PUBLISHED, sector="ЖКХ")
    small.report(State.RETURNED, sector="Образование")
    small.report(State.DRAFT, city="Томск", sector="Культура")
    done = sums(small)
    assert (done.expected, done.received, done.published, done.cities) == (12, 3, 1, 1)
    assert done.by_standing == {
        "submitted": 1,
        "published": 1,
        "returned": 1,
        "draft": 1,
        "none": 8,
    }


def test_what_is_not_to_come_is_not_expected_unless_it_came(small: World) -> None:
    say(small, "Омск", "Культура", expected=False)
    say(small, "Омск", "ЖКХ", expected=False)
    say(small, "Омск", "Образование", expected=False)
    small.report(State.SUBMITTED, sector="ЖКХ")
    small.report(State.DRAFT, sector="Образование")
    assert sums(small).expected == 10
    assert sums(small).received == 1


def test_a_city_that_is_no_member_and_a_direction_that_is_not_asked_count_when_they_came(
    small: World,
) -> None:
    small.report(State.PUBLISHED, city="Бийск", sector="Культура")
    small.report(State.DRAFT, city="Омск", sector="Транспорт")
    done = sums(small)
    assert done.expected == 12 + 2  # what was begun is waited for; nothing else of theirs is
    page = small.browser("moderator").get(TABLE).text
    assert "s-published" in cell(page, "Бийск", "Культура")
    assert "s-off" in cell(page, "Бийск", "ЖКХ")
    assert "s-draft" in cell(page, "Омск", "Транспорт")
    assert "s-off" in cell(page, "Томск", "Транспорт")


def test_a_published_sheet_stays_received_while_its_next_revision_is_written(
    small: World,
) -> None:
    report = small.report(State.PUBLISHED, sector="Культура")
    small.browser("omsk").post(f"/reports/{report}/revise")
    done = sums(small)
    assert (done.received, done.published) == (1, 1)
    assert done.by_standing == {"draft": 1, "none": 11}


def test_members_are_those_of_the_year_that_is_over(small: World) -> None:
    with small.app.app_context():
        campaign = db.session.query(Campaign).one()
        campaign.closes_on = date(2026, 3, 1)
        find_city("Чита").memberships[0].until = date(2026, 2, 1)
        find_city("Томск").memberships[0].until = date(2026, 4, 1)
        db.session.commit()
    assert sums(small).members == 2


def test_the_table_speaks_by_class_and_by_word_and_leads_on(small: World) -> None:
    report = small.report(State.RETURNED, sector="Культура")
    say(small, "Томск", "ЖКХ", expected=False)
    say(small, "Омск", "Культура", person_id=small.id_of("omsk"), deputy_id=small.id_of("omsk2"))
    page = small.browser("moderator").get(TABLE).text
    returned = cell(page, "Омск", "Культура")
    assert 'class="s-returned"' in returned
    assert ">возвращено</a>" in returned
    assert f'href="/desk/{report}/"' in returned
    assert "Имя omsk" in returned
    assert "заместитель: Имя omsk2" in returned
    empty = cell(page, "Омск", "ЖКХ")
    with small.app.app_context():
        anchor = find_sector("ЖКХ").id
    assert f'href="/desk/progress/{YEAR}/omsk/#s{anchor}"' in empty
    assert 's-none nobody"' in empty
    assert ">не начата</a>" in empty
    assert ">не ожидается</a>" in cell(page, "Томск", "ЖКХ")
    assert "1 из 4" in page
    assert "1 из 11" in page
    duty = small.browser("moderator").get(f"/desk/progress/{YEAR}/omsk/").text
    assert f'id="s{anchor}"' in duty


def test_every_standing_has_a_word_and_a_sign() -> None:
    css = (ROOT / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    for standing in ("none", "off", *State):
        assert f".matrix .s-{standing} a::before" in css
        assert f".s-{standing} {{" in css


@pytest.mark.parametrize("name", [*State])
def test_every_state_is_named(world: World, name: State) -> None:
    with world.app.test_request_context():
        assert name in standing_names()


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("standing=returned", [("Омск", "Культура")], [("Омск", "ЖКХ")]),
        ("sector=kultura", [("Омск", "Культура"), ("Томск", "Культура")], [("Омск", "ЖКХ")]),
        ("late=1", [("Чита", "ЖКХ")], [("Омск", "Культура")]),
        ("unassigned=1", [("Омск", "ЖКХ")], [("Томск", "Экономика")]),
        ("region=Омская+область", [("Омск", "ЖКХ")], []),
    ],
)
def test_the_table_is_narrowed(
    small: World, query: str, there: list[tuple[str, str]], gone: list[tuple[str, str]]
) -> None:
    small.report(State.RETURNED, sector="Культура")
    late = small.report(State.SUBMITTED, city="Чита", sector="ЖКХ")
    say(small, "Томск", "Экономика", person_id=small.id_of("tomsk"))
    with small.app.app_context():
        db.session.add(LateArrival(report_id=late, due_on=date(2026, 3, 1), late_by=7200))
        db.session.commit()
    page = small.browser("moderator").get(f"{TABLE}?{query}").text
    for city, sector in there:
        assert cell(page, city, sector), (city, sector)
    for city, sector in gone:
        assert f">{city}</a></th>" not in page or not cell(page, city, sector), (city, sector)
    if query.startswith("region"):
        assert ">Томск</a></th>" not in page
    if query.startswith("late"):
        assert "опоздание: 2 часа" in page


def test_what_has_not_come_when_its_day_is_over_is_overdue_by_the_citys_own_clock(
    small: World,
) -> None:
    with small.app.app_context():
        db.session.query(Campaign).one().due_on = date(2027, 3, 1)
        db.session.commit()
    small.report(State.DRAFT, sector="Культура")
    # Midnight has come in Чита (UTC+9), not in Омск (UTC+6), not in Томск (UTC+7).
    with time_machine.travel(datetime(2027, 3, 1, 15, 0, tzinfo=UTC), tick=False):
        assert sums(small).overdue == 4
    with time_machine.travel(datetime(2027, 3, 1, 14, 59, 59, tzinfo=UTC), tick=False):
        assert sums(small).overdue == 0
    with time_machine.travel(datetime(2027, 3, 1, 18, 0, tzinfo=UTC), tick=False):
        assert sums(small).overdue == 12


def test_the_table_follows_the_clock_and_every_act_at_once(small: World) -> None:
    with small.app.app_context():
        db.session.query(Campaign).one().due_on = date(2027, 3, 1)
        db.session.commit()
    report = small.report(sector="Культура")
    with time_machine.travel(datetime(2027, 3, 1, 17, 59, 50, tzinfo=UTC), tick=False) as clock:
        moderator, omsk = small.browser("moderator"), small.browser("omsk")
        assert "overdue" not in cell(moderator.get(TABLE).text, "Омск", "Культура")
        clock.shift(timedelta(seconds=10))
        assert "overdue" in cell(moderator.get(TABLE).text, "Омск", "Культура")
        omsk.post(f"/reports/{report}/submit")
        after = cell(moderator.get(TABLE).text, "Омск", "Культура")
        assert "s-submitted late" in after


def test_names_are_shown_as_they_are_typed(small: World) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    with small.app.app_context():
        find_city("Омск").name = evil
        find_sector("ЖКХ").name = f"{evil}2"
        db.session.commit()
    say(small, "Томск", "Культура", person_id=_renamed(small, evil))
    page = small.browser("moderator").get(TABLE).text
    assert "<img" not in page
    assert page.count("&lt;img src=x") > 3


def _renamed(world: World, name: str) -> int:
    number = world.id_of("tomsk")
    with world.app.app_context():
        users = db.metadata.tables["user"]
        db.session.execute(users.update().where(users.c.id == number).values(name=name))
        db.session.commit()
    return number


def opened(world: World, query: str = "") -> tuple[list[Worksheet], str]:
    """The sheets of the workbook, read as a spreadsheet program does, and how the file is named."""
    answer = world.browser("moderator").get(f"{TABLE}file{query}")
    assert answer.status_code == 200
    return load_workbook(BytesIO(answer.data)).worksheets, answer.headers["Content-Disposition"]


def test_the_workbook_holds_what_the_table_shows(small: World) -> None:
    small.report(State.RETURNED, sector="Культура")
    say(small, "Омск", "Культура", person_id=small.id_of("omsk"))
    (table, listed), disposition = opened(small)
    assert quote(f"Ход анкеты за {YEAR} год.xlsx") in disposition
    head = [c.value for c in table[1]]
    omsk = next(row for row in table.iter_rows(values_only=True) if row[0] == "Омск")
    assert omsk[head.index("Культура")] == "возвращено"
    assert omsk[head.index("ЖКХ")] == "не начата"
    assert omsk[-2:] == (1, 4)
    last = [c.value for c in table[table.max_row]]
    assert last[head.index("Культура")] == 3
    assert last[5] == 12
    for page in (table, listed):
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref
    rows = list(listed.iter_rows(values_only=True))
    assert len(rows) == 13
    row = next(r for r in rows if r[0] == "Омск" and r[2] == "Культура")
    said = tuple(value or "" for value in row[1:7])
    assert said == ("Омская область", "Культура", "возвращено", "", "Имя omsk", "")
    assert isinstance(row[7], datetime)


def test_the_workbook_is_narrowed_as_the_table_is(small: World) -> None:
    small.report(State.RETURNED, sector="Культура")
    (_table, listed), _name = opened(small, "?standing=returned")
    assert [r[0] for r in listed.iter_rows(values_only=True)] == ["Город", "Омск"]


@pytest.mark.parametrize("sign", ["=1+1", "+7 999", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "{=1}",
                                  "https://evil.example/", "a\x00b\x1f"])  # fmt: skip
def test_no_text_becomes_a_formula_a_link_or_a_number(small: World, sign: str) -> None:
    with small.app.app_context():
        omsk = find_city("Омск")
        omsk.name = omsk.region = sign
        find_sector("ЖКХ").name = f"{sign}2"
        db.session.commit()
    say(small, "Томск", "Культура", person_id=_renamed(small, sign))
    pages, _name = opened(small)
    seen = set()
    for page in pages:
        for row in page.iter_rows():
            for found in row:
                assert found.data_type in {"s", "n", "d"}
                assert not isinstance(found.value, int) or found.value <= 12
                assert found.hyperlink is None
                seen.add(found.value)
    clean = re.sub("[\x00\x1f]", "", sign)
    assert {clean, f"{clean}2"} <= seen


def test_the_sheets_as_csv_open_in_a_russian_excel(small: World) -> None:
    small.report(State.RETURNED, sector="Культура")
    answer = small.browser("moderator").get(f"{TABLE}file.csv?standing=returned")
    assert answer.mimetype == "text/csv"
    assert quote(f"Ход анкеты за {YEAR} год.csv") in answer.headers["Content-Disposition"]
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert lines[0].startswith("Город;Регион;Направление;Состояние;")
    assert [line.split(";")[:4] for line in lines[1:]] == [
        ["Омск", "Омская область", "Культура", "возвращено"]
    ]


def answers_book(world: World, query: str = "") -> dict[str, list[tuple[object, ...]]]:
    """The rows of each sheet of the workbook of answers."""
    answer = world.browser("moderator").get(f"{TABLE}answers{query}")
    assert quote(f"Ответы на анкету за {YEAR} год.xlsx") in answer.headers["Content-Disposition"]
    pages = load_workbook(BytesIO(answer.data)).worksheets
    return {page.title: list(page.iter_rows(values_only=True)) for page in pages}


def test_the_answers_stand_a_sheet_a_question_and_a_row_a_city(small: World) -> None:
    texts = {number: f"=Ответ {number}\n\n- пункт" for number in range(1, 6)}
    small.report(State.PUBLISHED, sector="Культура", answers=texts)
    small.report(State.PUBLISHED, city="Томск", sector="ЖКХ")
    small.report(State.SUBMITTED, city="Чита", sector="ЖКХ")
    book = answers_book(small)
    assert list(book) == ["Вопросы", *(f"Вопрос {number}" for number in range(1, 6))]
    assert str(YEAR) in str(book["Вопросы"][1][1])
    head, *rows = book["Вопрос 4"]
    assert set(head) == {"Город", "Регион", "Культура", "ЖКХ"}
    assert [row[0] for row in rows] == ["Омск", "Томск"]
    assert rows[0][head.index("Культура")] == "=Ответ 4\nпункт"
    assert not rows[0][head.index("ЖКХ")]
    with small.app.app_context():
        slug = find_sector("ЖКХ").slug
    only = answers_book(small, f"?sector={slug}")["Вопрос 1"]
    assert [row[0] for row in only] == ["Город", "Томск"]
    far = answers_book(small, "?region=Томская область")["Вопрос 1"]
    assert [row[0] for row in far] == ["Город", "Томск"]


def test_the_desk_the_first_page_and_the_api_say_the_same(small: World) -> None:
    small.report(State.PUBLISHED, sector="Культура")
    small.report(State.RETURNED, city="Томск", sector="ЖКХ")
    say(small, "Чита", "ЖКХ", expected=False)
    words = "получено анкет: 2 из 11"
    assert words in small.browser("moderator").get("/desk/").text
    assert words in small.browser("moderator").get("/admin/campaigns/").text
    assert words in small.browser().get("/").text
    listed = small.browser().get("/api/v1/campaigns").json or []
    assert listed[0]["sheets"] == {"expected": 11, "received": 2, "published": 1}
    assert listed[0]["is_over"] is False
    assert len(listed[0]["sectors"]) == 4
    assert {"year", "opens_on", "due_on", "closes_on", "questions"} <= listed[0].keys()


STATES = [state for state in State if state is not State.APPROVAL]


def test_the_table_and_the_desk_ask_little_of_the_database(small: World) -> None:
    with small.app.app_context():
        db.session.query(Campaign).one().due_on = date(2026, 3, 1)
        db.session.commit()
    figures = []
    for number, city in enumerate(MEMBERS):
        for sector in DIRECTIONS:
            late = small.report(STATES[number], city=city, sector=sector)
            with small.app.app_context():
                db.session.add(LateArrival(report_id=late, due_on=date(2026, 3, 1), late_by=5))
                db.session.commit()
        say(small, city, "Транспорт", person_id=small.id_of("omsk"))
        pages = (TABLE, f"{TABLE}?late=1", "/desk/", f"{TABLE}arrivals")
        figures.append([small.statements(page, "moderator") for page in pages])
    assert figures[1] == figures[2]  # the first city has nothing at the desk yet
    assert max(map(max, figures)) <= 12


def test_what_is_kept_until_the_next_act_costs_next_to_nothing(small: World) -> None:
    small.report(State.SUBMITTED, sector="Культура")
    moderator = small.browser("moderator")
    first = moderator.get(TABLE).text
    with small.app.app_context(), unit_of_work():
        db.session.scalars(select(Report)).one().state = State.RETURNED
        audit.record("something", "report:1", None)
    assert "s-returned" in cell(moderator.get(TABLE).text, "Омск", "Культура")
    assert "s-submitted" in cell(first, "Омск", "Культура")


def test_the_newest_year_is_where_the_way_begins(world: World) -> None:
    answer = world.browser("moderator").get("/desk/progress/")
    assert answer.location == TABLE
    assert world.browser("moderator").get("/desk/progress/1999/").status_code == 404
    with world.app.app_context():
        assert db.session.query(City).count() > 50
