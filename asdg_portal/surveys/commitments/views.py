"""The closed year on the questionnaire: cards that keep themselves, and words made of them."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user, login_required

from asdg_portal.core.errors import NotAllowed, PortalError
from asdg_portal.core.formats import local_time
from asdg_portal.core.pages import asked_by_script
from asdg_portal.moderation.turns import person
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.commitments import composing, services
from asdg_portal.surveys.commitments.forms import ClosedYearForm, Entry, closed_year_form, keep
from asdg_portal.surveys.commitments.queries import TASKS, cards_of
from asdg_portal.surveys.earlier import earlier_shown
from asdg_portal.surveys.filling import fill, refuse, show_form
from asdg_portal.surveys.models import Report

bp = Blueprint("commitments", __name__, url_prefix="/reports")


def _typed(report: Report) -> ClosedYearForm:
    return closed_year_form(report, cards_of(report, earlier_shown(report)), request.form)


@bp.post("/<int:item_id>/tasks")
@login_required
def save(item_id: int) -> ResponseReturnValue:
    """Keep the cards that the page sends, and tell how each stands now."""
    report = work_on(item_id)
    closed = _typed(report)
    try:
        keep(report, closed, actor=current_user)
    except NotAllowed:
        raise
    except PortalError as refusal:
        return refuse(str(refusal), refusal.status)
    sent = [entry for entry in closed.entries if entry.name("note") in request.form]
    return jsonify(
        cards={entry.key: _state(entry, report) for entry in sent},
        message=_("This task is no longer among those of last year: open the page anew.")
        if closed.lost
        else "",
        open=closed.open_tasks,
    ), 409 if closed.is_refused else 200


def _state(entry: Entry, report: Report) -> dict[str, object]:
    """How a card stands, for the page: its version, when it was saved, what a colleague says."""
    card, zone = entry.card, report.city.timezone
    saved = local_time(card.updated_at, zone, "HH:mm") if card.updated_at else ""
    theirs = entry.theirs
    said = {"outcome": theirs.outcome or "", "note": theirs.note} if theirs else None
    by = _("Saved now: %(name)s at %(time)s", name=person(card.updated_by), time=saved)
    return {
        "version": entry.version,
        "error": entry.error or (by if theirs else ""),
        "theirs": said,
        "saved": _("saved at %(time)s", time=saved),
    }


@bp.route("/<int:item_id>/tasks/<any('q1', 'q3'):name>", methods=["GET", "POST"])
@login_required
def insert(item_id: int, name: str) -> ResponseReturnValue:
    """Put what became of the tasks into answer 1, or those that are moved into answer 3."""
    if request.method == "GET":
        return show_form(item_id)
    report = work_on(item_id)
    closed, answer = _typed(report), request.form.get(name, "").replace("\r\n", "\n")
    try:
        keep(report, closed, actor=current_user)
    except PortalError as refusal:
        return refuse(str(refusal), refusal.status) if asked_by_script() else show_form(item_id)
    if name == f"q{TASKS}":
        text, moved = composing.into_tasks(answer, closed.entries)
        return fill(item_id, name, text, _number_put(len(moved)))
    text, lines = composing.into_achievements(answer, closed.entries, report.year)
    services.note_inserted(report, lines)
    return fill(item_id, name, text, _number_put(len(lines)))


def _number_put(number: int) -> str:
    if not number:
        return str(_("Nothing new: all of it stands there already."))
    return str(ngettext("%(num)s task has been put in.", "%(num)s tasks have been put in.", number))
