"""Background work: what follows commits is done, and what can break is looked after."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from asdg_portal.core.outbox import Outbox, drain_all

log = logging.getLogger(__name__)

# Another process may have written to the outbox without ringing our bell.
LOOK_EVERY = 1.0


@dataclass(slots=True)
class Chore:
    """Something to do now and then; ``every`` is in seconds, the first time at the start."""

    name: str
    every: float
    do: Callable[[], object]
    due: float = 0.0


def init_worker(app: Flask, chores: list[Chore]) -> None:
    """Tell the application what is to be looked after."""
    app.extensions["chores"] = chores


def work(app: Flask, stop: threading.Event) -> None:
    """Work until told to stop; nothing that goes wrong in one round ends the next."""
    outbox: Outbox = app.extensions["outbox"]
    while not stop.is_set():
        outbox.bell.clear()
        with app.app_context():
            _one_round(app.extensions["chores"])
        outbox.bell.wait(LOOK_EVERY)


def _one_round(chores: list[Chore]) -> None:
    try:
        drain_all()
    except Exception:
        log.exception("The outbox could not be worked on")
    for chore in chores:
        if time.monotonic() >= chore.due:
            chore.due = time.monotonic() + chore.every
            try:
                chore.do()
            except Exception:
                log.exception("The chore %s failed", chore.name)


class Worker:
    """Background work in a thread of the web server's own process."""

    def __init__(self, app: Flask) -> None:
        self._stop = threading.Event()
        self._bell = app.extensions["outbox"].bell
        # A daemon: what hangs must not hold up the end; its claim in the outbox runs out.
        self._thread = threading.Thread(
            target=work, args=(app, self._stop), name="worker", daemon=True
        )

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self, timeout: float = 4.0) -> None:
        """Finish what is under way, at most ``timeout`` seconds; the rest waits in the outbox."""
        self._stop.set()
        self._bell.set()
        self._thread.join(timeout)
