"""What is kept until the next act: shared by readers, never older than the act, in any process."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from asdg_portal.core import latest
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from tests.factories import World
from tests.functional.moderation.test_desk import press
from tests.portal import make_app


def note(number: int) -> None:
    """Let an act with this number be committed now."""
    db.session.add(AuditEntry(id=number, action="publish", subject="report:1"))
    db.session.commit()


def asked(world: World) -> Callable[[], int]:
    """A page that says how often the thing it shows has been made."""
    made = itertools.count(1)

    def ask() -> int:
        with world.app.test_request_context():
            return latest.until_next_act("thing", lambda: next(made))

    return ask


def test_a_thing_is_made_once_until_somebody_acts(world: World) -> None:
    ask = asked(world)
    assert [ask(), ask()] == [1, 1]
    with world.app.app_context():
        note(1000)
    assert [ask(), ask()] == [2, 2]


@pytest.mark.parametrize("late", [999, 991])
def test_an_act_that_is_committed_after_a_younger_one_is_noticed(world: World, late: int) -> None:
    with world.app.app_context():
        for number in (*range(960, 991), 1000):
            note(number)
    ask = asked(world)
    assert ask() == 1
    with world.app.app_context():
        note(late)
    assert ask() == 2


def test_a_thing_does_not_outlive_its_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = asked(world)
    monkeypatch.setattr(latest, "LONGEST", 0.0)
    assert [ask(), ask()] == [1, 2]


def test_what_is_withdrawn_is_gone_from_every_process(world: World) -> None:
    """Two applications over one database are two workers of a server."""
    report, staff = world.report(State.PUBLISHED), world.browser("moderator")
    practice = world.practice(State.PUBLISHED, title="Тёплые остановки")
    other = make_app(world.folder).test_client()
    for _ in range(2):
        assert other.get(f"/reports/{report}/").status_code == 200
        assert "Тёплые остановки" in other.get("/").text
    for item in (report, practice):
        assert press(staff, world, item, "withdraw", reason="Ошибка").status_code == 303
    assert other.get(f"/reports/{report}/").status_code == 404
    assert "Тёплые остановки" not in other.get("/").text
