"""The kinds of jobs that the floors above bring, and what a job is given to work with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import update

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.worker import background
from asdg_portal.jobs.models import Job, JobState

# A job that has said nothing for so long is taken up again: its process is gone.
CLAIM = timedelta(minutes=5)
SAY_EVERY = 0.5  # seconds between two notes of how far a job is


class Interrupted(Exception):
    """The process ends; the job goes on where it was when another one begins."""


@dataclass(slots=True)
class Run:
    """A job under way. A step of it must do no harm when it is done a second time."""

    job_id: int
    claimed_by: str
    details: Mapping[str, Any]
    memo: dict[str, Any]
    _said: float = field(default_factory=time.monotonic)

    def report(
        self, done: int, total: int | None = None, memo: dict[str, Any] | None = None
    ) -> None:
        """Say how far it is, in whatever is counted; ``memo`` is kept for going on after a crash.

        To be called between transactions, as often as one likes.

        :raises Interrupted: if it must stop here: the process ends, or another one has taken over.
        """
        ends = background().stopping.is_set()
        if memo is None and not ends and time.monotonic() - self._said < SAY_EVERY:
            return
        self._said = time.monotonic()
        values: dict[str, Any] = {"done": done, "total": total, "claimed_until": now() + CLAIM}
        if memo is not None:
            values["memo"] = self.memo = memo
        mine = (Job.id == self.job_id) & (Job.claimed_by == self.claimed_by)
        # A connection of its own: what the job is reading goes on undisturbed.
        with db.engine.begin() as connection:
            is_mine = connection.execute(update(Job).where(mine).values(values)).rowcount
        if ends or not is_mine:
            raise Interrupted


@dataclass(frozen=True, slots=True)
class JobKind:
    """What can be asked for: its name for people, what it does, and its result in words.

    ``run`` gives what is worth keeping; ``offer`` is the button under which anybody of the
    administration may ask for it, if that needs no further word.
    """

    name: str
    label: Callable[[], str]
    run: Callable[[Run], dict[str, Any]]
    in_words: Callable[[Mapping[str, Any]], str]
    offer: Callable[[], str] | None = None


def init_jobs(app: Flask, kinds: Iterable[JobKind]) -> None:
    """Tell the application which kinds of jobs there are."""
    app.extensions["job_kinds"] = {kind.name: kind for kind in kinds}


def job_kinds() -> Mapping[str, JobKind]:
    """The kinds by their names."""
    kinds: Mapping[str, JobKind] = current_app.extensions["job_kinds"]
    return kinds


def is_free() -> Any:
    """Whether a job may be begun: it waits, or whoever was at it is gone."""
    lost = (Job.state == JobState.RUNNING) & (Job.claimed_until < now())
    return (Job.state == JobState.WAITING) | lost
