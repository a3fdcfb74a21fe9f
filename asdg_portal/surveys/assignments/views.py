"""Pages of a report's owner: who writes which question, and asking somebody."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.core.clock import today
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.moderation.models import Part
from asdg_portal.surveys import services as reports
from asdg_portal.surveys.assignments import queries, services
from asdg_portal.surveys.assignments.forms import AskForm, choices
from asdg_portal.surveys.assignments.policies import can_hand
from asdg_portal.surveys.models import Report

bp = Blueprint("hands", __name__, url_prefix="/reports/<int:item_id>/hands")
WEEK = timedelta(days=7)


def _own(item_id: int) -> Report:
    """Fetch a report for those who may hand its questions over."""
    g.private = True
    report = reports.get_report(item_id, actor=current_user)
    if not can_hand(current_user, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    return report


def _part(report: Report, name: str) -> Part:
    for part in report.current.parts():
        if part.name == name:
            return part
    raise NotFound(_("There is no such question."))


@bp.get("/")
@login_required
def index(item_id: int) -> str:
    """List the questions with who writes them."""
    return render_template("surveys/assignments/index.html", report=_own(item_id))


@bp.get("/<part>")
@login_required
def field(item_id: int, part: str) -> ResponseReturnValue:
    """Lead straight to the field of a question; letters carry this address."""
    try:
        reports.get_report(item_id, actor=current_user)
    except NotFound:
        if not queries.was_asked(current_user, item_id):
            raise
        flash(_("This question is no longer asked of you: it was recalled, or the report has been sent."), "info")  # fmt: skip  # noqa: E501
        return redirect(url_for("moderation.my"), code=303)
    return redirect(url_for("surveys.edit", item_id=item_id, _anchor=part), code=303)


@bp.route("/<part>/ask", methods=["GET", "POST"])
@login_required
def ask(item_id: int, part: str) -> ResponseReturnValue:
    """Choose who writes a question, until when, and say what is wanted."""
    report = _own(item_id)
    asked, form = report.handed.get(part), _form(report, part)
    if form.validate_on_submit():
        try:
            done = services.hand(report, part, form.request, actor=current_user)
            flash(_("Asked: %(name)s. A letter is on its way.", name=done.person.name or done.person.email), "success")  # fmt: skip  # noqa: E501
            return redirect(url_for(".index", item_id=item_id), code=303)
        except PortalError as refusal:
            flash(str(refusal), "error")
    page = render_template(
        "surveys/assignments/ask.html",
        report=report,
        part=_part(report, part),
        asked=asked,
        form=form,
    )
    return page, 400 if form.is_submitted() else 200


def _form(report: Report, part: str) -> AskForm:
    asked = report.handed.get(part)
    if asked:
        form = AskForm(person=asked.person_id, due_on=asked.due_on, note=asked.note)
    else:
        form = AskForm(due_on=_term(report))
    form.person.choices = choices(queries.colleagues(report, current_user))
    return form


def _term(report: Report) -> date:
    """A week from now, but in time for the answers to be sent."""
    day = today(report.city.timezone)
    due = report.campaign.due_day(report.city)
    return max(day, min(day + WEEK, due)) if due else day + WEEK


@bp.post("/<part>/recall")
@login_required
def recall(item_id: int, part: str) -> ResponseReturnValue:
    """Take a question back from a colleague."""
    report = reports.get_report(item_id, actor=current_user)
    services.recall(report, part, actor=current_user)
    flash(_("Taken back: the question is for you to answer again."), "success")
    return redirect(url_for(".index", item_id=item_id), code=303)
