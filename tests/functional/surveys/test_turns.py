"""Whose turn it is and until when, by the clock of the city, on every page that says so."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Extension, Report
from tests.factories import YEAR, World, find_city
from tests.functional.surveys.test_assignments import hand, with_helper

DUE, CLOSES = date(2026, 3, 14), date(2026, 4, 1)
ZONES = {"Омск": "Asia/Omsk", "Томск": "Asia/Tomsk"}


@pytest.fixture
def dated(world: World) -> World:
    """A campaign with a last day and a day on which it closes."""
    with world.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        campaign.due_on, campaign.closes_on = DUE, CLOSES
        db.session.commit()
    return world


def at(city: str, *moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(ZONES[city]))  # type: ignore[misc, arg-type]


def turn(world: World, report: int, name: str = "omsk") -> str:
    """The head of the form or, for those who do not write, of the preview."""
    page = world.browser(name).get(f"/reports/{report}/edit").text
    start = page.index('class="turn')
    return " ".join(page[start : page.index("</div>", start)].split())


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((2026, 3, 11, 12), "до 23:59 14 марта (UTC+6), осталось 3 дня"),
        ((2026, 3, 13, 23, 59), "до 23:59 14 марта (UTC+6), остался 1 день"),
        ((2026, 3, 14, 23, 59, 59), "до 23:59 14 марта (UTC+6), сегодня последний день"),
        ((2026, 3, 15), "срок был 14 марта (UTC+6), но ответы ещё принимаются до 23:59 1 апреля"),
        ((2026, 4, 2), "ответы принимались до 1 апреля (UTC+6)"),
        ((2025, 12, 30, 12), "до 23:59 14 марта 2026 (UTC+6), осталось 74 дня"),
    ],
)
def test_the_last_day_is_told_by_the_clock_of_the_city(
    dated: World, moment: tuple[int, ...], words: str
) -> None:
    with time_machine.travel(at("Омск", *moment), tick=False):
        report, client = dated.report(), dated.browser("omsk")
        assert f"Ваш ход: {words}" in turn(dated, report)
        assert words in client.get(f"/reports/{report}/preview").text
        assert f": {words}" in client.get("/my/").text
        assert ("turn-late" in turn(dated, report)) is ("до 23:59 14" not in words)


def test_the_same_moment_is_late_in_one_city_and_not_in_another(dated: World) -> None:
    with time_machine.travel(at("Томск", 2026, 3, 15, 0, 30), tick=False):
        omsk, tomsk = dated.report(), dated.report(city="Томск")
        assert "сегодня последний день" in turn(dated, omsk)
        assert "срок был 14 марта (UTC+7)" in turn(dated, tomsk, "tomsk")


def test_more_time_is_named_with_its_reason(dated: World) -> None:
    with dated.app.app_context():
        campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
        omsk = find_city("Омск")
        more = Extension(city_id=omsk.id, due_on=date(2026, 3, 20), reason="паводок на Иртыше")
        campaign.extensions[omsk.id] = more
        db.session.commit()
    with time_machine.travel(at("Омск", 2026, 3, 15, 12), tick=False):
        report = dated.report()
        for page in (turn(dated, report), dated.browser("omsk").get("/my/").text):
            assert "до 23:59 20 марта (UTC+6), осталось 5 дней" in page
            assert "срок продлён: паводок на Иртыше" in page


def test_what_came_in_time_and_was_returned_is_not_called_late(dated: World) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 10), tick=False):
        returned = dated.report(State.RETURNED)
    with time_machine.travel(at("Омск", 2026, 3, 20), tick=False):
        late = dated.report(State.RETURNED, sector="Культура")
        assert "отчёт пришёл в срок, на исправления срока нет" in turn(dated, returned)
        assert "срок был 14 марта (UTC+6), исправления ещё принимаются" in turn(dated, late)


def test_the_staff_read_that_it_is_the_citys_turn(dated: World) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 11), tick=False):
        report = dated.report()
        assert "Ход города: до 23:59" in turn(dated, report, "moderator")


def test_nobody_is_hurried_when_it_is_not_their_turn(dated: World) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 20), tick=False):
        for state, sector in ((State.SUBMITTED, "Культура"), (State.PUBLISHED, "Транспорт")):
            assert "срок" not in turn(dated, dated.report(state, sector=sector))


def test_my_page_takes_as_many_statements_for_many_reports(dated: World) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 11), tick=False):
        dated.report()
        few = dated.statements("/my/", "omsk")
        for year in (2023, 2024, 2025):
            dated.report(year=year)
        with dated.app.app_context():
            assert db.session.query(Report).count() == 4
        assert dated.statements("/my/", "omsk") == few <= 16


def test_a_year_that_was_closed_early_is_told_and_not_the_day_that_was_planned(
    dated: World,
) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 1, 12), tick=False):
        report = dated.report()
        admin = dated.browser("admin")
        assert admin.post(f"/admin/campaigns/{YEAR}/close").status_code == 303
        words = turn(dated, report)
        assert "год закрыт; если отчёт всё же нужен, напишите" in words
        assert "Ответы больше не принимаются" in words
        assert "осталось" not in words
        assert "год закрыт" in dated.browser("omsk").get("/my/").text


def test_paper_that_came_before_the_year_was_closed_can_still_be_sent(dated: World) -> None:
    with time_machine.travel(at("Омск", 2026, 3, 1, 12), tick=False):
        report = dated.report()
        with dated.app.app_context():
            current = db.session.get_one(Report, report).current
            current.channel, current.received_on = Channel.PAPER, date(2026, 2, 27)
            db.session.commit()
        dated.browser("admin").post(f"/admin/campaigns/{YEAR}/close")
        words = turn(dated, report)
        assert "год закрыт, но анкета поступила вовремя" in words
        assert "Заполните ответы и отправьте их на проверку" in words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.DRAFT, "Заполните ответы и отправьте их на согласование руководителю"),
        (State.RETURNED, "Ответьте на замечания и снова отправьте отчёт на согласование"),
    ],
)
def test_where_a_head_approves_the_way_leads_to_the_head(
    world: World, state: State, words: str
) -> None:
    with world.app.app_context():
        omsk, head = find_city("Омск"), db.session.get_one(User, world.id_of("omsk2"))
        omsk.needs_approval = head.is_head = True
        db.session.commit()
    report = world.report(state)
    assert words in turn(world, report)
    assert "на согласование" not in turn(world, report, "omsk2"), "a head needs nobody"


def test_who_was_asked_for_an_answer_is_not_told_to_send_the_report(world: World) -> None:
    with_helper(world)
    report = world.report()
    assert hand(world.browser("omsk"), world, report).status_code == 303
    words = turn(world, report, "helper")
    assert "Напишите то, что вам поручено" in words
    assert "Заполните ответы" not in words
