"""The tests share one application, and still each of them begins in a world of its own."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from asdg_portal.accounts.models import SignIn
from asdg_portal.cities.models import Membership
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.moderation.models import State, Submission
from tests.factories import World
from tests.functional.moderation.test_desk import press
from tests.portal import Anew

TABLES = (Submission, SignIn, AuditEntry, Membership)


def publish(world: World, title: str) -> None:
    """Let a practice go its way to the index, and its letters to the folder."""
    practice = world.practice(State.SUBMITTED, title=title)
    assert press(world.browser("moderator"), world, practice, "publish").status_code == 303
    assert world.letters()


def kept(world: World, thing: str) -> str:
    """What is kept until the next act, made of ``thing`` if nothing is."""
    with world.app.test_request_context():
        return until_next_act("thing", lambda: thing)


def seen(world: World) -> dict[str, object]:
    """What a test sees of its world, by every way on which something could stay behind."""
    app, visitor = world.app, world.browser()
    with app.app_context():
        rows = [db.session.scalar(select(func.count()).select_from(table)) for table in TABLES]
    return {
        "rows": rows,
        "first page": "Остановки" in visitor.get("/").text,
        "found": "Остановки" in visitor.get("/search?q=обращения").text,
        "letters": len(world.letters()),
        "file": (world.folder / "trace").exists(),
        "settings": app.config["MAX_CONTENT_LENGTH"],
        "mailer": app.extensions["mailer"] is world,
        "extensions": "trace" in app.extensions,
        "handlers": set(app.extensions["outbox"].handlers),
        "bell": app.extensions["background"].bell.is_set(),
        "chores": set(app.extensions["background"].chores),
    }


def leave_traces(world: World) -> None:
    """Do all that a test may do, and more."""
    app = world.app
    publish(world, "Остановки")
    assert "Остановки" in world.browser().get("/search?q=обращения").text
    with app.app_context():
        db.session.query(Membership).delete()
        db.session.commit()
    app.extensions["outbox"].handlers["trace"] = lambda rows: None
    app.extensions["background"].bell.set()
    app.extensions["background"].chores.clear()
    app.extensions["trace"] = app.extensions["mailer"] = world
    app.config["MAX_CONTENT_LENGTH"] = 5000
    (world.folder / "trace").touch()


def test_no_world_sees_what_was_done_in_the_one_before(anew: Anew) -> None:
    with anew() as world:
        assert [kept(world, "old"), kept(world, "new")] == ["old", "old"]
        first = seen(world)
        leave_traces(world)
        same = [what for what, now in seen(world).items() if now == first[what]]
    assert not same, "no trace was left of it, so that nothing is known of it below"
    with anew() as world:
        assert kept(world, "new") == "new"
        assert seen(world) == first
        # The index comes to the same numbers as the one before, with other words in it.
        publish(world, "Бассейны")
        found = world.browser().get("/search?q=обращения").text
        assert "Бассейны" in found
        assert "Остановки" not in found


def test_who_signed_in_before_is_nobody_now(anew: Anew) -> None:
    with anew() as world:
        moderator = world.browser("moderator")
        assert moderator.get("/desk/").status_code == 200
    with anew():
        assert moderator.get("/desk/").status_code == 302


def test_a_thread_that_goes_on_is_told_of(anew: Anew) -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    try:
        with pytest.raises(AssertionError, match="next test"), anew():
            thread.start()
    finally:
        end.set()
        thread.join()


def test_a_user_who_would_stay_for_the_next_test_is_told_of(portal: Flask, anew: Anew) -> None:
    with (
        portal.app_context(),
        pytest.raises(AssertionError, match="this test's user"),
        anew(),
    ):
        pass
