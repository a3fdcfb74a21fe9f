"""What follows a commit is written with it, done once, and tried until it is done."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from asdg_portal.core import outbox
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.outbox import OutboxRow
from asdg_portal.core.unit_of_work import unit_of_work
from tests.factories import World

TOPIC = "test"
Handler = Callable[[Sequence[OutboxRow]], None]


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> World:
    """A world on either database."""
    found: World = request.getfixturevalue(request.param)
    return found


def handle(world: World, handler: Handler) -> None:
    """Say who takes care of the rows of these tests."""
    world.app.extensions["outbox"].handlers[TOPIC] = handler


def put(*keys: str) -> None:
    """Queue something, a transaction each."""
    for key in keys:
        outbox.enqueue(TOPIC, key)


def waiting() -> list[OutboxRow]:
    """What is still to be done."""
    db.session.rollback()
    return list(db.session.scalars(select(OutboxRow).filter_by(topic=TOPIC)))


def fail(_rows: Sequence[OutboxRow]) -> None:
    """Do what a dead mail server does."""
    raise ConnectionError("the server is dead")


def test_a_row_shares_the_fate_of_its_transaction(world: World) -> None:
    with world.app.app_context():
        with pytest.raises(PortalError), unit_of_work():
            put("lost")
            raise PortalError("no")
        assert not waiting()
        with unit_of_work():
            put("kept")
        assert [row.key for row in waiting()] == ["kept"]


def test_two_workers_do_every_row_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 3)
    done: Counter[str] = Counter()
    together = threading.Barrier(2, timeout=20)

    def note(rows: Sequence[OutboxRow]) -> None:
        done.update(row.key for row in rows)

    def work() -> None:
        with world.app.app_context():
            together.wait()
            outbox.drain(TOPIC)
            db.session.remove()

    handle(world, note)
    keys = [f"row {number}" for number in range(40)]
    with world.app.app_context():
        with unit_of_work():
            put(*keys)
        workers = [threading.Thread(target=work) for _ in "ab"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(20)
        assert done == Counter(keys)
        assert not waiting()


def test_what_fails_is_tried_later_and_later_and_never_lost(world: World) -> None:
    start = now()
    handle(world, fail)
    with world.app.app_context(), time_machine.travel(start, tick=False) as clock:
        put("letter")
        for attempt, wait in enumerate((2, 4, 8, 16), start=1):
            assert outbox.drain(TOPIC) == 0
            (row,) = waiting()
            assert row.attempts == attempt
            assert row.not_before == now() + timedelta(seconds=wait)
            assert "the server is dead" in row.error
            assert outbox.drain(TOPIC) == 0
            assert waiting()[0].attempts == attempt, "tried again too early"
            clock.shift(wait)
        row = waiting()[0]
        row.attempts = 500
        db.session.commit()
        outbox.drain(TOPIC)
        assert waiting()[0].not_before == now() + outbox.LONGEST_WAIT
        clock.shift(outbox.LONGEST_WAIT)
        handle(world, lambda rows: None)
        assert outbox.drain(TOPIC) == 1
        assert not waiting()


def test_what_a_killed_worker_held_is_taken_up_by_another(world: World) -> None:
    done: list[str] = []

    def be_killed(_rows: Sequence[OutboxRow]) -> None:
        raise KeyboardInterrupt

    with world.app.app_context(), time_machine.travel(now(), tick=False) as clock:
        handle(world, be_killed)
        put("letter")
        with pytest.raises(KeyboardInterrupt):
            outbox.drain(TOPIC)
        db.session.rollback()
        handle(world, lambda rows: done.extend(row.key for row in rows))
        assert outbox.drain(TOPIC) == 0, "its claim still lasts"
        clock.shift(outbox.CLAIM + timedelta(seconds=1))
        assert outbox.drain(TOPIC) == 1
        assert done == ["letter"]


def test_settling_says_when_something_could_not_be_done(world: World) -> None:
    with world.app.app_context():
        handle(world, fail)
        put("letter")
        with pytest.raises(PortalError):
            outbox.settle(TOPIC, patience=0.01)
        assert len(waiting()) == 1
