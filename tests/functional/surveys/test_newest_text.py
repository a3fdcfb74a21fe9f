"""What the questionnaire keeps until the next act; what is typed it reads each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import event

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.forms import Questionnaire
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.saving.queries import heads_now
from tests.factories import YEAR, World
from tests.functional.surveys.test_saving import opened

LAST = YEAR - 1


def shown(page: str, part: str = "q1") -> tuple[str, str]:
    """The version and the text of a part as a page shows them."""
    version = re.search(rf'name="v_{part}"[^>]*value="(\d*)"', page)
    text = re.search(rf'<textarea[^>]*id="{part}"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert version
    assert text
    return version[1], text[1]


@contextmanager
def right_after(world: World, words: str, act: Callable[[], object]) -> Iterator[None]:
    """Do something once, in the moment after the first statement that holds these words."""
    waiting = [act]

    def go(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if words in statement and waiting:
            other = Thread(target=waiting.pop())  # a request of its own, as another worker has it
            other.start()
            other.join()

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", go)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", go)
    assert not waiting


def test_what_a_colleague_has_just_saved_stands_on_the_form(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    path = f"/reports/{one.report}/edit"
    for number in ("1", "2", "3"):
        two.client.get(path)
        one.put(f"Слова {number}.")
        assert shown(two.client.get(path).text) == (number, f"Слова {number}.")


def test_a_draft_of_last_year_is_read_every_time(world: World) -> None:
    report, (last,) = world.report(), opened(world, world.report(year=LAST), "omsk")
    client = world.browser("omsk2")
    for text in ("Ещё не готово.", "Теперь готово."):
        last.put(text)
        assert text in client.get(f"/reports/{report}/edit").text


def test_what_last_year_has_sent_is_read_once_until_somebody_acts(world: World) -> None:
    report, last = world.report(), world.report(State.PUBLISHED, year=LAST)
    path = f"/reports/{report}/edit"
    first = world.statements(path, "omsk")
    client = world.browser("omsk")
    client.get(path)
    counted: list[str] = []
    with world.app.app_context():
        engine = db.engine
    note = lambda *said: counted.append(said[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(counted) < first
    client.post(f"/reports/{last}/revise")
    client.post(f"/reports/{last}/edit", data={"q1": "Прошлогоднее, сказанное иначе."})
    assert "сказанное иначе" not in client.get(path).text
    client.post(f"/reports/{last}/submit")
    assert "сказанное иначе" in client.get(path).text


def test_a_save_in_the_midst_of_reading_is_never_overwritten_unseen(world: World) -> None:
    one, two = opened(world, world.report(answers={1: "Было."}), "omsk", "omsk2")
    path = f"/reports/{one.report}/edit"
    with right_after(world, "FROM answer", lambda: two.put("Стало.")):
        version, text = shown(one.client.get(path).text)
    assert (version, text) == ("0", "Было.")
    stale = one.client.post(path, data={"q1": "Моё.", "v_q1": version})
    assert stale.status_code == 409
    assert "Стало." in stale.text


def test_versions_of_a_revision_that_is_over_belong_to_no_text_of_the_next(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    page.put("Слова.")
    with world.app.app_context():
        versions = heads_now(page.report)
    assert versions["q1"].number == 1
    for act in ("submit", "take-back"):
        page.client.post(f"/reports/{page.report}/{act}")
    with world.app.test_request_context():
        report = db.session.get_one(Report, page.report)
        assert Questionnaire(report.current, versions).boxes["q1"].seen == "1"
        report.revisions.append(report.copy_current())
        db.session.flush()
        assert Questionnaire(report.current, versions).boxes["q1"].seen == "0"


def test_the_days_that_are_left_are_told_anew_each_day_though_nobody_acts(world: World) -> None:
    report = world.report()
    evening = datetime(YEAR + 1, 2, 1, 23, 50, tzinfo=ZoneInfo("Asia/Omsk"))
    with world.app.app_context():
        db.session.get_one(Report, report).campaign.due_on = evening.date() + timedelta(days=8)
        db.session.commit()
    with time_machine.travel(evening, tick=False) as clock:
        client = world.browser("omsk")
        assert "осталось 8 дней" in client.get(f"/reports/{report}/edit").text
        clock.shift(timedelta(minutes=20))
        assert "осталось 7 дней" in client.get(f"/reports/{report}/edit").text
