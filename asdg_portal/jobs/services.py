"""Asking for a job, and doing those that were asked for, one after another."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, select, update

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore, background
from asdg_portal.jobs.kinds import CLAIM, Interrupted, Run, is_free, job_kinds
from asdg_portal.jobs.models import Job, JobState

log = logging.getLogger(__name__)

CHORE = "jobs"
LOOK_EVERY = 5.0  # seconds; only what a crash has left is found so late
MOST_ATTEMPTS = 3


def ask(kind: str, key: str, *, actor: User | None, details: dict[str, Any] | None = None) -> Job:
    """Have a job done after the commit; with a key that was used before, it is that very job.

    One that has failed begins again, and goes on where it was.
    """
    with unit_of_work() as work:
        job = db.session.scalars(select(Job).filter_by(key=key).with_for_update()).one_or_none()
        if job is None:
            job = Job(kind=kind, key=key, details=details or {})
            db.session.add(job)
        elif job.state is not JobState.FAILED:
            return job
        job.state, job.attempts, job.error, job.finished_at = JobState.WAITING, 0, "", None
        job.asked_by_id = actor.id if actor else None
        job.asked_by_name = actor.name if actor else ""
        db.session.flush()
        audit.record("ask_for_job", f"job:{job.id}", actor, after={"name": kind})
        work.after_commit(_wake)
    return job


def _wake() -> None:
    background().wake(CHORE)


def is_due() -> bool:
    """Whether a job can be begun."""
    return bool(db.session.scalar(select(exists().where(is_free()))))


def chore() -> Chore:
    """Do what was asked for; woken after the commit that asks."""
    return Chore(CHORE, LOOK_EVERY, run_waiting, waits=is_due)


def run_waiting() -> int:
    """Do every job that can be begun, the oldest first; return how many were taken up."""
    taken = 0
    while not background().stopping.is_set() and (job := _claim()):
        taken += 1
        _run(job)
        db.session.remove()
    return taken


def _claim() -> Job | None:
    """Take the oldest job; two workers never hold the same one."""
    name = secrets.token_hex(8)
    oldest = (
        select(Job.id).where(is_free()).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    )
    values = {
        "state": JobState.RUNNING,
        "claimed_by": name,
        "claimed_until": now() + CLAIM,
        "attempts": Job.attempts + 1,
    }
    with unit_of_work():
        db.session.execute(
            update(Job)
            .where(Job.id.in_(oldest.scalar_subquery()))
            .values(values)
            .execution_options(synchronize_session=False)
        )
    return db.session.scalars(select(Job).filter_by(claimed_by=name)).one_or_none()


def _run(job: Job) -> None:
    job_id, name = job.id, job.claimed_by or ""
    run = Run(job_id, name, dict(job.details), dict(job.memo))
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise PortalError(_("The process that did it ended several times in the middle."))
        result = job_kinds()[job.kind].run(run)
    except Interrupted:
        # What is cut off by the end of its process has not failed.
        _leave(job_id, name, {"state": JobState.WAITING, "attempts": Job.attempts - 1})
    except Exception as error:  # a job may meet anything
        if not isinstance(error, PortalError):
            log.exception("The job %s failed", job_id)
        said = str(error) if isinstance(error, PortalError) else f"{type(error).__name__}: {error}"
        _leave(job_id, name, {"state": JobState.FAILED, "error": said[:2000]})
    else:
        _leave(job_id, name, {"state": JobState.DONE, "result": result})


def _leave(job_id: int, name: str, values: dict[str, Any]) -> None:
    """Let a job go; if another worker has taken it meanwhile, it is that one's."""
    db.session.rollback()
    over = values["state"] is not JobState.WAITING
    free = {"claimed_by": None, "claimed_until": None, "finished_at": now() if over else None}
    with unit_of_work():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.claimed_by == name)
            .values(free | values)
            .execution_options(synchronize_session=False)
        )
