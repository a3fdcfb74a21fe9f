"""Administration of people, and the log of acts; to others these pages do not exist."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from wtforms import SelectChoice

from asdg_portal.accounts import queries, services
from asdg_portal.accounts.forms import ROLE_NAMES, InviteForm, PartForm, ReplaceForm
from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.models import Role
from asdg_portal.accounts.people_table import account_in_words, people_table
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.accounts.replacement import replace
from asdg_portal.cities.models import City
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.excel import MEDIA_TYPE
from asdg_portal.core.paging import Page, page_number
from asdg_portal.core.tables import CSV_TYPE, to_csv, to_xlsx

# How the pages of people name what they show.
WORDS = {"role_names": ROLE_NAMES, "account_in_words": account_in_words}

bp = Blueprint("people", __name__, url_prefix="/admin")


only_for(bp, is_administrator)


@bp.route("/people/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """List the people, and invite another."""
    form = _invite_form()
    if form.validate_on_submit():
        try:
            services.invite(
                form.email.data,
                Role(form.role.data),
                city=db.session.get(City, form.city.data),
                name=form.name.data,
                post=form.post.data,
                actor=current_user,
            )
            flash(_("The invitation to %(email)s is on its way.", email=form.email.data), "success")
            return redirect(url_for(".index"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return _people_page(form), 400 if form.is_submitted() else 200


def _invite_form() -> InviteForm:
    form = InviteForm()
    form.city.choices = _city_choices()
    return form


def _city_choices() -> list[SelectChoice]:
    cities = db.session.execute(select(City.id, City.name).order_by(City.name))
    return [SelectChoice(0, "—"), *(SelectChoice(*city) for city in cities)]


def _people_page(form: InviteForm) -> str:
    text, role = request.args.get("q", ""), request.args.get("role", "")
    return render_template(
        "accounts/people.html",
        people=queries.people(text, role),
        form=form,
        **WORDS,
        text=text,
        role=role,
    )


@bp.get("/people/file.<any(xlsx, csv):ending>")
def file(ending: str) -> ResponseReturnValue:
    """Give the people of the list as a file; that somebody took it stands in the log."""
    table = people_table(queries.people(request.args.get("q", ""), request.args.get("role", "")))
    services.note_export(current_user, len(table.rows))
    is_csv = ending == "csv"
    data = to_csv(table) if is_csv else to_xlsx([table], table.name)
    return send_file(
        BytesIO(data),
        mimetype=CSV_TYPE if is_csv else MEDIA_TYPE,
        as_attachment=True,
        download_name=f"{table.name}.{ending}",
    )


@bp.route("/people/<int:user_id>/", methods=["GET", "POST"])
def show(user_id: int) -> ResponseReturnValue:
    """Look at a person, and put another in the place of one who leaves."""
    user = services.get_user(user_id)
    form = ReplaceForm()
    if form.validate_on_submit():
        try:
            new = replace(user, form.email.data, form.name.data, actor=current_user)
            flash(
                _("Done: %(email)s is invited, the old account is closed.", email=new.email),
                "success",
            )
            return redirect(url_for(".show", user_id=new.id), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("accounts/person.html", user=user, form=form, **WORDS)
    return page, 400 if form.is_submitted() else 200


@bp.route("/people/<int:user_id>/part", methods=["GET", "POST"])
def part(user_id: int) -> ResponseReturnValue:
    """Give a person another role or city."""
    user = services.get_user(user_id)
    form = PartForm(role=user.role.value, city=user.city_id or 0, is_head=user.is_head)
    form.city.choices = _city_choices()
    if form.validate_on_submit():
        city = db.session.get(City, form.city.data)
        try:
            part = {"role": Role(form.role.data), "city": city, "is_head": form.is_head.data}
            services.change_part(user, **part, actor=current_user)
            flash(_("Saved."), "success")
            return redirect(url_for(".show", user_id=user_id), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("accounts/part.html", user=user, form=form)
    return page, 400 if form.is_submitted() else 200


@bp.post("/people/<int:user_id>/<any(block, unblock, invite):act>")
def change(user_id: int, act: str) -> ResponseReturnValue:
    """Close or open an account, or send the invitation once more."""
    acts = {
        "block": services.block,
        "unblock": services.unblock,
        "invite": services.invite_again,
    }
    acts[act](services.get_user(user_id), actor=current_user)
    flash(_("Done."), "success")
    return redirect(url_for(".show", user_id=user_id), code=303)


@bp.get("/log/")
def log() -> ResponseReturnValue:
    """Who did what and when."""
    number, subject = page_number(request.args.get("page")), request.args.get("subject", "")
    entries, total = queries.audit_log(number, subject)
    page = Page(entries, total, number, lambda n: url_for(".log", page=n, subject=subject or None))
    return render_template("accounts/log.html", page=page, subject=subject)
