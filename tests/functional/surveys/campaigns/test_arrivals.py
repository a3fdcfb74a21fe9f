"""When the sheets came for the first time, in days before the deadline, against last year."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update

from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision, State
from asdg_portal.surveys.campaigns.arrivals import arrivals, chart
from asdg_portal.surveys.models import Campaign, Report
from tests.factories import YEAR, World

PAGE = f"/desk/progress/{YEAR}/arrivals"


def came(world: World, day: date, *, zone: str = "Asia/Omsk", hour: int = 12, **what: str) -> int:
    """A report that came for the first time on a day, and was corrected long after."""
    report = world.report(State.RETURNED, **what)
    moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=ZoneInfo(zone))
    with world.app.app_context():
        first = update(Revision).where(Revision.submission_id == report, Revision.number == 1)
        db.session.execute(first.values(submitted_at=moment))
        second = update(Revision).where(Revision.submission_id == report, Revision.number == 2)
        db.session.execute(second.values(submitted_at=datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))))
        db.session.commit()
    return report


def year(due: date | None) -> Campaign:
    """The year that runs, with a deadline; call it inside the application."""
    campaign = db.session.query(Campaign).filter_by(year=YEAR).one()
    campaign.due_on = due
    db.session.commit()
    return campaign


def test_first_arrivals_are_counted_by_days_of_the_city_before_the_deadline(world: World) -> None:
    came(world, date(2026, 3, 1), sector="Культура", hour=23)  # still the last day in Омск
    came(world, date(2026, 3, 2), sector="ЖКХ", hour=0)
    came(world, date(2026, 2, 20), sector="Образование")
    world.report(State.DRAFT, sector="Экономика")
    with world.app.app_context():
        assert arrivals(year(date(2026, 3, 1))) == {0: 1, -1: 1, 9: 1}


def test_the_curves_add_up_and_the_table_shows_their_figures(world: World) -> None:
    came(world, date(2026, 2, 20), sector="Культура")
    came(world, date(2026, 3, 3), sector="ЖКХ")
    old = came(world, date(2025, 2, 25), sector="Образование")
    with world.app.app_context():
        before = Campaign(year=YEAR - 1, due_on=date(2025, 3, 1))
        db.session.add(before)
        db.session.flush()
        db.session.get_one(Report, old).campaign = before
        drawn = chart(year(date(2026, 3, 1)), before)
        assert drawn is not None
        last, now = drawn.lines
        assert (last.year, now.year) == (YEAR - 1, YEAR)
        assert [last.at(day) for day in (9, 4, 0, -2)] == [0, 1, 1, 1]
        assert [now.at(day) for day in (9, 4, 0, -2)] == [1, 1, 1, 2]
        assert drawn.days[0] <= 9
        assert 0 in drawn.days
        db.session.commit()
    page = world.browser("moderator").get(PAGE).text
    assert page.count("<polyline") == 2
    assert re.search(r'<th scope="row">0</th><td>1</td><td>1</td>', page)
    assert not re.search(r"\sstyle=", page)


def test_a_year_without_a_deadline_or_without_reports_says_so(world: World) -> None:
    for due in (None, date(2026, 3, 1)):
        with world.app.app_context():
            year(due)
        page = world.browser("moderator").get(PAGE)
        assert page.status_code == 200
        assert "Пока ничего не поступило" in page.text
        assert "<svg" not in page.text


def test_a_curve_ends_today(world: World) -> None:
    came(world, date(2026, 2, 20), sector="Культура")
    with world.app.app_context():
        drawn = chart(year(date(2027, 3, 1)), None)
        assert drawn is not None
        assert drawn.lines[0].at(0) is None
