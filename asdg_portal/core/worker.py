"""Background work: what follows commits is done, and what can break is looked after.

huey runs it. A chore is a periodic task of huey, and ``wake`` puts it into the queue at once; what
there is to do stands in the database, so that a chore asked for twice, or never, does no harm.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey

from asdg_portal.core.queue import Embedded, make_queue, ring

log = logging.getLogger(__name__)

# Seconds between two looks at whether another process that did the work is gone.
STAND_BY = 1.0
CHECK_THREADS = 10.0


@dataclass(slots=True)
class Chore:
    """Something to do now and then; ``every`` is in seconds, the first time at the start.

    What has ``waits`` is done only when that says so: a cheap question to the database.
    """

    name: str
    every: float
    do: Callable[[], object]
    waits: Callable[[], bool] = field(default=lambda: True)
    _due: float = 0.0
    _again: bool = False
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def is_due(self) -> bool:
        """Whether it is time, and there is something to do; asked once a second."""
        if time.monotonic() < self._due or self._busy.locked():
            return False
        self._due = time.monotonic() + self.every
        return self.waits()

    def run(self) -> None:
        """Do it; asked for meanwhile, it is done once more after that, and never twice at once."""
        self._again = True
        if not self._busy.acquire(blocking=False):
            return
        try:
            while self._again:
                self._again = False
                self.do()
        finally:
            self._busy.release()


class Background:
    """The chores of one application and its way to the queue."""

    def __init__(self, app: Flask, chores: list[Chore], redis_url: str | None, file: Path) -> None:
        self._app, self._redis_url, self._file = app, redis_url, file
        self.chores = {chore.name: chore for chore in chores}
        self.bell = threading.Event()
        self.stopping = threading.Event()
        self.is_embedded = False
        self._tasks: dict[str, Any] = {}
        self._ringing = threading.Lock()

    @cached_property
    def queue(self) -> Huey:
        """The queue, opened by whoever needs it first: most commands never do."""
        queue = make_queue(self._redis_url, self._file)
        for chore in self.chores.values():
            self._tasks[chore.name] = self._register(queue, chore)
        return queue

    def _register(self, queue: Huey, chore: Chore) -> Any:
        def is_due(_moment: object) -> bool:
            try:
                with self._app.app_context():
                    return chore.is_due()
            except Exception:  # the database is away: asked again in a second
                log.exception("Whether %s is due could not be found out", chore.name)
                return False

        def run() -> None:
            queue.delete(_key(chore.name))
            with self._app.app_context():
                chore.run()

        return queue.periodic_task(is_due, name=_key(chore.name))(run)

    def wake(self, name: str) -> None:
        """Have a chore done now rather than when its time comes."""
        with self._ringing:
            ring(self.queue, self._tasks[name], _key(name))
            if not self.is_embedded:
                self.queue.storage.close()  # a server that forks must not share it
        self.bell.set()


def _key(name: str) -> str:
    return "chore_" + name.replace(" ", "_")


def init_worker(app: Flask, chores: list[Chore], redis_url: str | None, folder: Path) -> None:
    """Tell the application what is to be looked after, and where its queue is."""
    app.extensions["background"] = Background(app, chores, redis_url, folder / "queue.db")
    app.extensions["worker_lock"] = folder / "worker.lock"


def background() -> Background:
    """The background work of the current application."""
    found: Background = current_app.extensions["background"]
    return found


class Worker:
    """Background work in threads of this process, unless another one of this machine does it.

    Then it stands by and takes over when the other is gone.
    """

    def __init__(self, app: Flask) -> None:
        self._background: Background = app.extensions["background"]
        self._lock: Path = app.extensions["worker_lock"]
        self._background.stopping.clear()
        # A daemon: what hangs must not hold up the end; its claim in the database runs out.
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self, timeout: float = 4.0) -> None:
        """Finish what is under way, at most ``timeout`` seconds; the rest waits in the database."""
        self._background.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout + 1)

    def run(self, timeout: float = 4.0) -> None:
        """Work, or stand by, until told to stop."""
        stopping = self._background.stopping
        while not stopping.is_set():
            with _alone(self._lock) as alone:
                if alone:
                    self._consume(timeout)
                else:
                    stopping.wait(STAND_BY)

    def _consume(self, timeout: float) -> None:
        consumer = Embedded(self._background.queue, self._background.bell)
        self._background.is_embedded = True
        consumer.start()
        while not self._background.stopping.wait(CHECK_THREADS):
            consumer.check_worker_health()
        self._background.is_embedded = False
        consumer.end(timeout)


@contextmanager
def _alone(lock: Path) -> Iterator[bool]:
    """Tell whether no other process of this machine works on this data folder."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
