"""Last year beside this year: what has changed since, and its words taken as a beginning."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from asdg_portal.core.errors import NotFound
from asdg_portal.core.pages import asked_by_script
from asdg_portal.core.text import clean
from asdg_portal.core.worddiff import compare, is_changed
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.earlier import EarlierAnswer, by_part, earlier_shown
from asdg_portal.surveys.filling import fill, show_form
from asdg_portal.surveys.models import Report

bp = Blueprint("earlier", __name__, url_prefix="/reports/<int:item_id>/earlier/<int:year>")


def _answer(report: Report, year: int, name: str) -> EarlierAnswer:
    answers = by_part(earlier_shown(report)).get(name, [])
    for answer in answers:
        if answer.year == year:
            return answer
    raise NotFound(_("There is no such page, or it is not open to you."))


@bp.route("/<name>", methods=["GET", "POST"])
@login_required
def compare_with(item_id: int, year: int, name: str) -> ResponseReturnValue:
    """Show word by word what has changed since a year: against what is typed, or what is saved."""
    report = work_on(item_id)
    answer = _answer(report, year, name)
    saved = {part.name: part for part in report.current.parts()}
    if name not in saved:
        raise NotFound(_("There is no such page, or it is not open to you."))
    text = clean(request.form[name]) if name in request.form else saved[name].text
    pieces = compare(answer.text, text)
    page = "surveys/_changes.html" if asked_by_script() else "surveys/changes.html"
    shown = {"pieces": pieces, "changed": is_changed(pieces), "answer": answer}
    return render_template(page, report=report, heading=saved[name].heading, name=name, **shown)


@bp.route("/<name>/take", methods=["GET", "POST"])
@login_required
def take(item_id: int, year: int, name: str) -> ResponseReturnValue:
    """Put a year's words into an empty answer, or after what stands there; nothing is replaced."""
    if request.method == "GET":
        return show_form(item_id)
    old = _answer(work_on(item_id), year, name).text
    typed = request.form.get(name, "").replace("\r\n", "\n").rstrip()
    if old in typed:
        return fill(item_id, name, typed, _("Nothing new: all of it stands there already."))
    text = f"{typed}\n\n{old}" if typed else old
    return fill(item_id, name, text, _("The words of %(year)s have been put in.", year=year))
