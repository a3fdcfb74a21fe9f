"""Whose turn it is and until when, by the clock of the city, on every page that says so."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Campaign, Extension, Report
from tests.factories import YEAR, World, find_city

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
