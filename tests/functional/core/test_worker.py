"""What runs background work: woken by commits, alone on its machine, with a queue to be lost."""

from __future__ import annotations

import fcntl
import logging
import pickle
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from asdg_portal.config import BadSetting, Config
from asdg_portal.core import outbox
from asdg_portal.core.errors import PortalError
from asdg_portal.core.outbox import OutboxRow
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore, Worker
from tests import redis_server
from tests.factories import World
from tests.portal import make_app

TOPIC = "test"
PATIENCE = 20  # seconds; a second is usual


class Done:
    """What the handler of these tests has done, and a way to wait for it."""

    def __init__(self, app: Flask) -> None:
        self.keys: list[str] = []
        self._more = threading.Condition()
        app.extensions["outbox"].handlers[TOPIC] = self._handle

    def _handle(self, rows: Sequence[OutboxRow]) -> None:
        with self._more:
            self.keys += [row.key for row in rows]
            self._more.notify_all()

    def has(self, *keys: str) -> bool:
        """Whether all of this gets done."""
        with self._more:
            return self._more.wait_for(lambda: set(keys) <= set(self.keys), PATIENCE)


def is_off_the_queue(app: Flask) -> bool:
    """Whether the worker soon takes the task that is done; the bell can ring while it works."""
    queue, end = app.extensions["background"].queue, time.monotonic() + PATIENCE
    while queue.get("chore_outbox", peek=True) and time.monotonic() < end:
        threading.Event().wait(0.01)
    return not queue.get("chore_outbox", peek=True)


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Background work goes on meanwhile."""
    worker = Worker(app)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def put(app: Flask, *keys: str) -> None:
    """Commit something that must be followed up."""
    with app.app_context():
        for key in keys:
            outbox.enqueue(TOPIC, key)


def queued(app: Flask) -> int:
    """How many tasks stand in the queue of huey."""
    return len(app.extensions["background"].queue)


@pytest.fixture(params=["file", "redis"])
def app(request: pytest.FixtureRequest, world: World, tmp_path: Path) -> Iterator[Flask]:
    """An application with a queue of either kind."""
    if request.param == "file":
        yield world.app
        return
    if not redis_server.is_installed():
        pytest.skip(redis_server.NOT_CHECKED)
    port = redis_server.free_port()
    with redis_server.running_redis(tmp_path, port):
        yield make_app(world.folder, redis_url=f"redis://127.0.0.1:{port}/0")


def test_a_commit_wakes_the_worker_once_however_much_it_asks_for(app: Flask) -> None:
    with app.app_context(), pytest.raises(PortalError), unit_of_work():
        outbox.enqueue(TOPIC, "never")
        raise PortalError("no")
    assert queued(app) == 0, "nothing has been committed"
    put(app, "one", "two")
    put(app, "three")
    assert queued(app) == 1


def test_what_is_committed_is_done_and_the_next_thing_wakes_again(app: Flask) -> None:
    done = Done(app)
    with working(app):
        for key in ("one", "two", "three"):
            put(app, key)
            assert done.has(key)
            assert is_off_the_queue(app), "the next thing could wake nobody"
    put(app, "after the end")
    assert done.keys == ["one", "two", "three"]


def test_a_queue_that_was_emptied_loses_nothing(app: Flask) -> None:
    done = Done(app)
    put(app, "before")
    app.extensions["background"].queue.flush()
    with working(app):
        assert done.has("before")
        # It says that somebody is on the way who is not: the wake-up that died with a process.
        app.extensions["background"].queue.put("chore_outbox", 1)
        put(app, "beside")
        assert done.has("beside")


def test_a_queue_file_that_is_deleted_or_damaged_loses_nothing(world: World) -> None:
    done, file = Done(world.app), world.folder / "queue.db"
    with working(world.app):
        put(world.app, "one")
        assert done.has("one")
        for path in world.folder.glob("queue.db*"):
            path.unlink()
        put(world.app, "two")
        assert done.has("two")
    file.write_bytes(b"this is no database" * 1000)
    again = make_app(world.folder)
    done = Done(again)
    put(again, "three")
    with working(again):
        assert done.has("three")


def test_a_queue_that_is_away_refuses_no_act(world: World, tmp_path: Path) -> None:
    if not redis_server.is_installed():
        pytest.skip(redis_server.NOT_CHECKED)
    port = redis_server.free_port()
    app = make_app(world.folder, redis_url=f"redis://127.0.0.1:{port}/0")
    done = Done(app)
    with working(app):
        put(app, "while it is away")
        with redis_server.running_redis(tmp_path, port):
            assert done.has("while it is away")


def test_what_comes_out_of_the_queue_runs_no_code(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    done = Done(world.app)
    put(world.app, "one")

    class Bomb:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (world.folder / "boom",)

    with closing(sqlite3.connect(world.folder / "queue.db")) as queue, queue:
        queue.execute(
            "INSERT INTO task (queue, data, priority) VALUES ('asdg', ?, 9)",
            (pickle.dumps(Bomb()),),
        )
    with caplog.at_level(logging.ERROR), working(world.app):
        assert done.has("one")
    assert not (world.folder / "boom").exists()
    assert "Error reading from queue" in caplog.text


def test_one_process_of_a_machine_works_and_another_takes_over(world: World) -> None:
    first, second = world.app, make_app(world.folder)
    by_first, by_second = Done(first), Done(second)
    one, two = Worker(first), Worker(second)
    one.start()
    put(first, "first")
    assert by_first.has("first")
    with (world.folder / "worker.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    two.start()
    put(second, "from the process that stands by")
    assert by_first.has("from the process that stands by")
    one.stop()
    put(first, "to the heir")
    assert by_second.has("to the heir")
    assert by_second.keys == ["to the heir"]
    two.stop()


def test_a_chore_asked_for_meanwhile_is_done_once_more_and_never_twice_at_once() -> None:
    begun, go_on = threading.Event(), threading.Event()
    times: list[int] = []

    def do() -> None:
        times.append(len(times))
        begun.set()
        go_on.wait(PATIENCE)

    chore = Chore("test", 0.0, do)
    thread = threading.Thread(target=chore.run)
    thread.start()
    assert begun.wait(PATIENCE)
    assert not chore.is_due(), "it is being done"
    chore.run()
    chore.run()
    assert times == [0], "it has been begun beside itself"
    go_on.set()
    thread.join(PATIENCE)
    assert times == [0, 1]
    assert chore.is_due()


def test_a_chore_has_its_time_and_may_have_nothing_to_do() -> None:
    asked: list[int] = []

    def waits() -> bool:
        asked.append(1)
        return len(asked) > 1

    assert [Chore("often", 0.0, int, waits=waits).is_due() for _ in "ab"] == [False, True]
    rare = Chore("rare", 3600.0, int)
    assert [rare.is_due(), rare.is_due()] == [True, False]


def test_what_fails_does_not_end_the_work(world: World, caplog: pytest.LogCaptureFixture) -> None:
    failing = world.app.extensions["background"].chores["search index"]
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        raise OSError("the disk is full")

    failing.do = fail
    done = Done(world.app)
    with caplog.at_level(logging.ERROR), working(world.app):
        assert failed.wait(PATIENCE)
        put(world.app, "one")
        assert done.has("one")
    assert "the disk is full" in caplog.text


def test_a_question_to_the_database_that_fails_is_asked_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    chore = world.app.extensions["background"].chores["outbox"]
    honest, asked = chore.waits, threading.Semaphore(0)

    def fail() -> bool:
        asked.release()
        raise OSError("the database is away")

    chore.waits = fail
    done = Done(world.app)
    with world.app.app_context():
        outbox.enqueue(TOPIC, "one")
        world.app.extensions["background"].queue.flush()
    with caplog.at_level(logging.ERROR), working(world.app):
        assert asked.acquire(timeout=PATIENCE)
        chore.waits = honest
        assert done.has("one")
    assert "Whether outbox is due could not be found out" in caplog.text


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost", "amqp://localhost"])
def test_the_address_of_a_redis_must_be_one(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="ASDG_REDIS_URL"):
        Config.from_environment({"ASDG_REDIS_URL": url, "ASDG_DATA_DIR": str(tmp_path)})
