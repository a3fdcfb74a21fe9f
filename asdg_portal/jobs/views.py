"""The administrators' page about long jobs: what is under way, what came of it."""

from __future__ import annotations

import secrets
from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, Stale
from asdg_portal.jobs.kinds import job_kinds
from asdg_portal.jobs.models import Job
from asdg_portal.jobs.services import ask

MOST = 50

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")
only_for(bp, is_administrator)


@bp.get("/")
def index() -> str:
    """Show the newest jobs, and what can be asked for here."""
    return render_template(
        "jobs/index.html",
        jobs=db.session.scalars(select(Job).order_by(Job.id.desc()).limit(MOST)).all(),
        kinds=job_kinds(),
        key=secrets.token_hex(8),
    )


@bp.post("/")
def begin() -> ResponseReturnValue:
    """Ask for a job; pressing twice asks once."""
    kind = job_kinds().get(request.form.get("kind", ""))
    if kind is None or kind.offer is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    key = request.form.get("key", "")[:40] or secrets.token_hex(8)
    with suppress(Stale):  # pressed twice at once: the other press has asked
        ask(kind.name, f"{kind.name}:{key}", actor=current_user)
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:number>/again")
def again(number: int) -> ResponseReturnValue:
    """Begin a job again that has failed."""
    job = db.session.get(Job, number)
    if job is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    ask(job.kind, job.key, actor=current_user)
    return redirect(url_for(".index"), code=303)
