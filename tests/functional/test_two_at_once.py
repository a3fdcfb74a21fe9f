"""Two people press a button in the same instant: one is served, the other is told, nothing breaks.

Both have read the same state before either of them writes; on both databases.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Remark, State, Submission
from asdg_portal.moderation.remarks.models import Note
from asdg_portal.practices.models import Practice
from asdg_portal.surveys.commitments.matching import key_of
from asdg_portal.surveys.commitments.models import Commitment
from asdg_portal.surveys.models import Answer, Report
from tests.factories import YEAR, World, find_sector
from tests.functional.surveys.test_closed_year import FORUM, fields
from tests.functional.surveys.test_earlier import FETCH

POSTGRES = pytest.mark.postgres
PATIENCE = 20  # seconds
WRITES = ("INSERT", "UPDATE", "DELETE")
Press = Callable[[], TestResponse]


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=POSTGRES)])
def world(request: pytest.FixtureRequest) -> World:
    """A world on either database."""
    found: World = request.getfixturevalue(request.param)
    return found


@contextmanager
def meeting(world: World) -> Iterator[None]:
    """Let two threads wait for each other before the first thing that either writes."""
    barrier, met = threading.Barrier(2, timeout=PATIENCE), threading.local()

    def wait(_connection: object, _cursor: object, said: str, *_rest: object) -> None:
        if said.startswith(WRITES) and not hasattr(met, "already"):
            met.already = True
            barrier.wait()

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", wait)


def at_once(world: World, *presses: Press) -> list[TestResponse]:
    """Press all the buttons, each in a thread of its own; give the answers in that order."""
    answers: dict[int, TestResponse] = {}

    def run(number: int, press: Press) -> None:
        answers[number] = press()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(presses)]
    with meeting(world):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    return [answers[number] for number in range(len(presses))]


def button(world: World, name: str, path: str, **fields: str) -> Press:
    """What a person is about to press."""
    client = world.browser(name)
    return lambda: client.post(path, data=fields)


def acts(world: World, *names: str) -> int:
    """How many of these acts stand in the log."""
    with world.app.app_context():
        entries = select(func.count()).select_from(AuditEntry)
        return db.session.scalar(entries.where(AuditEntry.action.in_(names))) or 0


def test_two_submits(world: World) -> None:
    report = world.report()
    both = [button(world, name, f"/reports/{report}/submit") for name in ("omsk", "omsk2")]
    answers = at_once(world, *both)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert acts(world, "submit") == 1
    assert world.state(report) is State.SUBMITTED


def test_two_saves_keep_one_text_and_give_the_other_back(world: World) -> None:
    report = world.report()
    both = [
        button(world, name, f"/reports/{report}/edit", q1=f"Текст {name}", v_q1="0")
        for name in ("omsk", "omsk2")
    ]
    answers = at_once(world, *both)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Текст omsk2" in refused.text
    assert "Текст omsk<" in refused.text
    with world.app.app_context():
        kept = db.session.scalars(select(Answer.text).where(Answer.text.startswith("Текст"))).all()
    assert len(kept) == 1


def test_two_saves_of_different_parts_are_both_kept(world: World) -> None:
    report = world.report()
    one = button(world, "omsk", f"/reports/{report}/edit", q1="Первый", v_q1="0")
    two = button(world, "omsk2", f"/reports/{report}/edit", q2="Второй", v_q2="0")
    assert [answer.status_code for answer in at_once(world, one, two)] == [303, 303]
    with world.app.app_context():
        kept = set(db.session.scalars(select(Answer.text)))
    assert {"Первый", "Второй"} <= kept


def test_a_save_and_a_submission(world: World) -> None:
    report = world.report()
    answers = at_once(
        world,
        button(world, "omsk", f"/reports/{report}/edit", q1="В последний миг", v_q1="0"),
        button(world, "omsk2", f"/reports/{report}/submit"),
    )
    assert answers[1].status_code == 303
    with world.app.app_context():
        kept = "В последний миг" in set(db.session.scalars(select(Answer.text)))
    assert answers[0].status_code == (303 if kept else 409)
    assert kept or "В последний миг" in answers[0].text


def test_a_city_takes_back_what_a_moderator_begins_to_read(world: World) -> None:
    report = world.report(State.SUBMITTED)
    with world.app.app_context():
        version = str(db.session.get_one(Submission, report).version)
    answers = at_once(
        world,
        button(world, "omsk", f"/reports/{report}/take-back"),
        button(world, "moderator", f"/desk/{report}/", act="begin_review", version=version),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert acts(world, "take_back", "begin_review") == 1


def test_two_moderators_publish_and_return(world: World) -> None:
    report = world.report(State.SUBMITTED)
    with world.app.app_context():
        version = str(db.session.get_one(Submission, report).version)
    fields = {"version": version, "summary": "Спасибо за работу"}
    path = f"/desk/{report}/"
    answers = at_once(
        world,
        button(world, "moderator", path, act="publish", **fields),
        button(world, "moderator2", path, act="send_back", **fields),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Спасибо за работу" in refused.text
    assert acts(world, "publish", "send_back") == 1


def test_two_colleagues_begin_the_same_report(world: World) -> None:
    with world.app.app_context():
        sector = str(find_sector("Культура").id)
    fields = {"campaign": "1", "sector": sector}
    both = [button(world, name, "/reports/new", **fields) for name in ("omsk", "omsk2")]
    answers = at_once(world, *both)
    assert {answer.status_code for answer in answers} <= {303, 409}
    with world.app.app_context():
        assert db.session.query(Report).count() == 1


def test_a_double_click_begins_one_practice(world: World) -> None:
    with world.app.app_context():
        sector = str(find_sector("Культура").id)
    fields = {"title": "Музей флота", "sector": sector, "year": "2026"}
    answers = at_once(world, *[button(world, "omsk", "/practices/new", **fields)] * 2)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.location for answer in answers}) == 1
    assert button(world, "omsk2", "/practices/new", **fields)().location != answers[0].location
    with world.app.app_context():
        assert db.session.query(Practice).count() == 2


def test_two_colleagues_answer_a_remark_and_both_answers_stand(world: World) -> None:
    report = world.report(State.RETURNED)
    with world.app.app_context():
        remark = db.session.get_one(Submission, report).open_remarks[0].id
    path = f"/remarks/{remark}"
    fields = {f"seen_{remark}": "1"}
    both = [
        button(world, name, path, **fields, **{f"answer_{remark}": f"Ответ {name}"})
        for name in ("omsk", "omsk2")
    ]
    answers = at_once(world, *both)
    assert [answer.status_code for answer in answers] == [303, 303]
    with world.app.app_context():
        said = db.session.get_one(Remark, remark).answer
    assert sorted(said.split("\n\n")) == ["Ответ omsk", "Ответ omsk2"]


def test_two_colleagues_mark_one_task_and_the_second_learns_of_the_first(world: World) -> None:
    world.report(State.PUBLISHED, year=YEAR - 1)
    report, people = world.report(), [world.browser(name) for name in ("omsk", "omsk2")]
    presses = [
        partial(person.post, f"/reports/{report}/tasks", data=fields(FORUM, outcome), headers=FETCH)
        for person, outcome in zip(people, ("done", "moved"), strict=True)
    ]
    with meeting(world):
        answers = at_once(world, *presses)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    told = [(answer.json or {})["cards"][key_of(FORUM)]["theirs"] for answer in answers]
    with world.app.app_context():
        (stored,) = db.session.scalars(select(Commitment)).all()
    assert [card["outcome"] for card in told if card] == [stored.outcome]


def test_two_of_the_staff_take_a_review_over(world: World) -> None:
    report = world.report(State.SUBMITTED)
    world.browser("moderator").post(
        f"/desk/{report}/", data={"act": "begin_review", "version": "1"}
    )
    fields = {"act": "take_over", "version": "2", "remark_q1": "Дополните."}
    both = [button(world, name, f"/desk/{report}/", **fields) for name in ("moderator2", "admin")]
    answers = at_once(world, *both)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert acts(world, "take_over") == 1
    assert all("Дополните." in answer.text for answer in answers if answer.status_code == 409)
    with world.app.app_context():
        assert db.session.query(Note).count() == 2, "the remarks of both are kept"


def test_one_save_of_remarks_comes_twice(world: World) -> None:
    report = world.report(State.SUBMITTED)
    fields = {"version": "1", "remark_q1": "Дополните.", "key_q1": "one"}
    both = [button(world, "moderator", f"/desk/{report}/remarks", **fields) for _time in "ab"]
    answers = at_once(world, *both)
    assert {answer.status_code for answer in answers} <= {200, 409}
    with world.app.app_context():
        assert db.session.query(Note).count() == 1
