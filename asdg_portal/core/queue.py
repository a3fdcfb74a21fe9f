"""The queue of huey: what is to be run next, on this machine or on several.

Nothing stands in it that does not stand in the database, too. A queue that is lost, or a Redis
that is away, makes things happen a second later and never not at all.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer, Scheduler, Worker
from huey.registry import Message
from huey.serializer import Serializer
from redis import ConnectionPool

log = logging.getLogger(__name__)

NAME = "asdg"
# Seconds between two looks of an idle worker, unless the bell of its own process wakes it.
LOOK_EVERY = 0.25
# One may be in a long job and one at a mail server that hangs; the third still answers the bell.
WORKERS = 3
# Seconds. A web request rings the bell; it must not wait long for a Redis that does not answer.
CONNECT, ANSWER = 1, 5


class _Plain(Serializer):
    """Names and numbers as JSON: nothing that comes out of a queue can bring code with it."""

    def _serialize(self, data: object) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> object:
        value = json.loads(bytes(data))
        return Message(*value) if isinstance(value, list) else value


def make_queue(redis_url: str | None, file: Path) -> Huey:
    """Open the queue: in Redis where there is one, else in a file of the data folder."""
    if redis_url:
        pool = ConnectionPool.from_url(
            redis_url, socket_connect_timeout=CONNECT, socket_timeout=ANSWER
        )
        return RedisHuey(NAME, results=False, serializer=_Plain(), connection_pool=pool)
    try:
        return _in_file(file)
    except sqlite3.OperationalError:
        raise  # it is locked, or the disk is full: no fault of the file
    except sqlite3.DatabaseError:
        log.warning("The queue is damaged and begun anew; nothing is lost by that: %s", file)
        file.unlink()
        return _in_file(file)


def _in_file(file: Path) -> Huey:
    # Whether it survives a power cut does not matter: no waiting for the disk.
    return SqliteHuey(NAME, filename=str(file), fsync=False, results=False, serializer=_Plain())


class _Listening(Worker):
    """A worker of huey that also wakes when the bell of its process rings."""

    bell: threading.Event

    def sleep(self) -> None:
        """Wait for the bell, or for work that other processes have put into the queue."""
        self.bell.wait(self.max_delay)
        self.bell.clear()


class _EverySecond(Scheduler):
    """The scheduler of huey, whose clock strikes every minute, with a clock of seconds."""

    periodic_task_seconds = 1


class Embedded(Consumer):
    """The consumer of huey as threads of a process that serves pages, too."""

    worker_class = _Listening
    scheduler_class = _EverySecond

    def __init__(self, queue: Huey, bell: threading.Event) -> None:
        self._bell = bell
        super().__init__(queue, workers=WORKERS, max_delay=LOOK_EVERY)

    def _create_worker(self) -> Worker:
        worker = super()._create_worker()
        worker.bell = self._bell
        return worker

    def _set_signal_handlers(self) -> None:
        """Leave signals to the process: its web server must end, too."""

    def end(self, timeout: float) -> None:
        """Let the tasks under way finish, at most ``timeout`` seconds; the rest is cut off."""
        self.shutdown_timeout = timeout
        self.stop_flag.set()
        self._bell.set()
        if self._join_workers():
            self.huey.storage.close()


def ring(queue: Huey, task: Callable[[], Any], key: str) -> None:
    """Ask for a task to be run now; asked many times before it begins, it is run once."""
    if queue.put_if_empty(key, 1):
        queue.enqueue(task.s())  # type: ignore[attr-defined]
