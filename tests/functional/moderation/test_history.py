"""The history of a text on one page, and how much the pages of the staff ask of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Remark, State
from asdg_portal.surveys.campaigns.models import LateArrival
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.services import new_report
from asdg_portal.surveys.wordings import standard_questions
from tests.factories import World, find_city, find_sector
from tests.functional.moderation.test_desk import press


def rounds(world: World, item: int, number: int) -> None:
    """Let a report go to and fro: a remark, an answer by either colleague, a new text."""
    for turn in range(number):
        reviewer, city = ("moderator", "omsk") if turn % 2 else ("moderator2", "omsk2")
        typed = {"remark_q1": f"Замечание {turn}", "quote_q1": "инструкция"}
        press(world.browser(reviewer), world, item, "send_back", **typed)
        with world.app.app_context():
            newest = db.session.scalars(select(Remark.id).order_by(Remark.id.desc())).first()
        data = {f"answer_{newest}": f"Ответ {turn}", "q1": f"Принята инструкция {turn}."}
        path = f"/reports/{item}/edit"
        assert world.browser(city).post(path, data=data | {"then": "submit"}).status_code == 303


def test_all_that_was_done_stands_on_one_page(world: World) -> None:
    item = world.report(State.SUBMITTED)
    rounds(world, item, 2)
    press(world.browser("moderator"), world, item, "publish")
    for name in ("omsk", "moderator"):
        page = world.browser(name).get(f"/reports/{item}/history").text
        for words in ("Замечание 0", "Ответ 0", "Замечание 1", "Ответ 1", "Имя omsk2"):
            assert words in page
        assert "Редакция 3" in page
        assert "с замечаниями, редакция 1" in page
    assert world.browser("tomsk").get(f"/reports/{item}/history").status_code == 404


@pytest.mark.parametrize(
    ("asked", "removed", "added"),
    [
        ("", "0.", "1."),
        ("?old=1&new=2", "новая", "0."),
        ("?old=1&new=3", "новая", "1."),
        ("?old=2&new=2", "", ""),
        ("?old=x&new=99", "0.", "1."),
    ],
)
def test_any_two_revisions_can_be_compared(
    world: World, asked: str, removed: str, added: str
) -> None:
    item = world.report(State.SUBMITTED)
    rounds(world, item, 2)
    page = world.browser("omsk").get(f"/reports/{item}/history{asked}").text
    differs = page.partition('id="compare"')[2].partition("</section>")[0]
    assert ("<del>" in differs) == ("<ins>" in differs) == bool(removed)
    assert removed in differs.partition("<del>")[2].partition("</del>")[0]
    assert added in differs.partition("<ins>")[2].partition("</ins>")[0]
    assert ("не различаются" in differs) == (not removed)


def test_who_was_replaced_keeps_the_name_of_that_day(world: World) -> None:
    item = world.report()
    world.browser("omsk2").post(f"/reports/{item}/submit")
    with world.app.app_context():
        gone = {"email": "omsk2@example.org"}
        db.session.execute(update(User).filter_by(**gone).values(name="Другая", blocked_at=now()))
        db.session.commit()
    acts = world.browser("omsk").get(f"/reports/{item}/history").text.partition("<table")[2]
    assert "Имя omsk2" in acts
    assert "Другая" not in acts


PAGES: dict[str, Callable[[int], tuple[str, str]]] = {
    "review": lambda item: (f"/desk/{item}/", "moderator"),
    "history": lambda item: (f"/reports/{item}/history", "omsk"),
    "desk": lambda item: ("/desk/", "moderator"),
    "my": lambda item: ("/my/", "omsk"),
    "form": lambda item: (f"/reports/{item}/preview", "omsk"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_long_history_asks_no_more_of_the_database(world: World, page: str) -> None:
    item = world.report(State.SUBMITTED)
    rounds(world, item, 2)
    path, name = PAGES[page](item)
    before = world.statements(path, name)
    rounds(world, item, 6)
    assert world.statements(path, name) == before <= 14


@pytest.mark.parametrize("path", ["/practices/{}/edit", "/desk/{}/", "/practices/{}/history"])
def test_the_pages_of_a_practice_do_not_either(world: World, path: str) -> None:
    counts = []
    item = world.practice(State.SUBMITTED)
    for number in range(5):
        press(world.browser("moderator"), world, item, "send_back", remark_problem=f"Ещё {number}")
        counts.append(
            world.statements(path.format(item), "moderator" if "desk" in path else "omsk")
        )
        world.browser("omsk").post(f"/practices/{item}/submit")
    assert counts[1] == counts[-1] <= 16


def test_the_desk_asks_no_more_for_reports_of_many_years(world: World) -> None:
    world.report(State.SUBMITTED)
    before = world.statements("/desk/", "moderator")
    with world.app.app_context():
        for year in range(2015, 2026):
            questions = standard_questions()
            campaign = Campaign(year=year, questions=questions, due_on=date(year, 12, 31))
            report = new_report(campaign, find_city("Омск"), find_sector("Культура"), actor=None)
            report.state = State.SUBMITTED
            report.submitted_at = report.current.submitted_at = now()
            db.session.add(report)
            db.session.flush()
            late = {"due_on": date(year, 12, 31), "late_by": 86_400}
            db.session.add(LateArrival(report_id=report.id, **late))
        db.session.commit()
    assert world.statements("/desk/", "moderator") == before <= 12
    assert world.browser("moderator").get("/desk/").text.count("с опозданием: 1 день") == 11
