"""What was typed when a session was over is kept for its author, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict

from asdg_portal.accounts.models import RescuedForm, User
from asdg_portal.accounts.sessions import find
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.pages import asked_by_script
from asdg_portal.core.unit_of_work import unit_of_work

KEPT = timedelta(days=30)
MOST_CHARACTERS = 2_000_000
MOST_FORMS = 20
SECRET_FIELDS = ("csrf_token", "password", "old_password", "new_password")


def ask_to_sign_in() -> ResponseReturnValue:
    """Send somebody to sign in first; what they were just posting is not lost by it."""
    path = request.full_path if request.query_string else request.path
    if request.is_json:
        return {"message": _("Your session is over: sign in again.")}, 401
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("accounts.sign_in", next=path))
    if asked_by_script():  # the page keeps what was typed, and says that it is not saved
        return "", 401
    typed = request.form.copy()
    for name in SECRET_FIELDS:
        typed.poplist(name)
    author = _author()
    if (
        author is None
        or not author.is_active  # who cannot come back gets the text here and now
        or sum(len(text) for _name, text in typed.items(multi=True)) > MOST_CHARACTERS
    ):
        return render_template("typed.html", typed=typed, path=request.path), 401
    if typed:
        with unit_of_work():
            _make_room(author)
            db.session.add(
                RescuedForm(user_id=author.id, path=request.path, fields=dict(typed.lists()))
            )
        flash(_("Your session was over. What you typed is kept: sign in to go on."), "info")
    return redirect(url_for("accounts.sign_in", next=request.path), code=303)


def _make_room(author: User) -> None:
    """Let go of what is old, and of all but the newest texts of this person."""
    db.session.execute(delete(RescuedForm).where(RescuedForm.created_at < now() - KEPT))
    newest = (
        select(RescuedForm.id)
        .filter_by(user_id=author.id)
        .order_by(RescuedForm.id.desc())
        .limit(MOST_FORMS - 1)
    )
    keep = db.session.scalars(newest).all()
    db.session.execute(
        delete(RescuedForm).where(RescuedForm.user_id == author.id, RescuedForm.id.not_in(keep))
    )


def _author() -> User | None:
    """Whose cookie this is, although its sign-in no longer lasts."""
    token = session.get("_user_id")
    sign_in = find(token) if isinstance(token, str) else None
    return sign_in.user if sign_in else None


def newest_rescue(user: User) -> RescuedForm | None:
    """What this person has been parted from, if anything."""
    return db.session.scalar(
        select(RescuedForm)
        .where(RescuedForm.user_id == user.id, RescuedForm.created_at > now() - KEPT)
        .order_by(RescuedForm.id.desc())
        .limit(1)
    )


def _wanted() -> int:
    """Which rescued form the address asks for; 0 is none."""
    number = request.args.get("restore", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def fill_in() -> None:
    """Before a page is shown: give a rescued form its text back (``?restore=<number>``)."""
    number = _wanted()
    if request.method != "GET" or not number or not current_user.is_authenticated:
        return
    rescue = db.session.get(RescuedForm, number)
    if rescue and rescue.user_id == current_user.id and rescue.path == request.path:
        g.typed = MultiDict(rescue.fields)
        flash(_("Here is what you had typed. It is not saved yet: check it and save."), "info")


def let_go(response: Response) -> Response:
    """After a form that came back filled has been saved: its text has served its purpose."""
    number = _wanted()
    saved = request.method == "POST" and response.status_code < 400
    if saved and number and current_user.is_authenticated:
        which = {"id": number, "user_id": current_user.id, "path": request.path}
        with unit_of_work():
            db.session.execute(delete(RescuedForm).filter_by(**which))
    return response
