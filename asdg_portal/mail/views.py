"""The staff's page about letters: which wait, and whom the portal cannot reach."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.mail import queries
from asdg_portal.mail.bounces import forget_bounce

bp = Blueprint("mail", __name__, url_prefix="/admin/mail")
only_for(bp, is_staff)


@bp.get("/")
def index() -> str:
    """Show the queue, and the addresses that do not take letters."""
    letters, total = queries.waiting()
    return render_template(
        "mail/index.html", letters=letters, total=total, bounces=queries.bounces()
    )


@bp.post("/again")
def again() -> ResponseReturnValue:
    """Write to an address again: it has been set right."""
    address = request.form.get("address", "")
    forget_bounce(address, actor=current_user)
    flash(_("Letters will go to %(address)s again.", address=address), "success")
    return redirect(url_for(".index"), code=303)
