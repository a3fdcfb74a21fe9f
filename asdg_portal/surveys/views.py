"""Pages of reports: reading one, beginning one, and the questionnaire itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from wtforms import SelectChoice

from asdg_portal.accounts.policies import audiences, is_representative
from asdg_portal.accounts.sessions import viewer
from asdg_portal.cities.models import Sector
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError, WrongState
from asdg_portal.core.formats import local_day, local_time
from asdg_portal.moderation import drafts
from asdg_portal.moderation.acts import ACTS
from asdg_portal.moderation.approval.queries import objection_to
from asdg_portal.moderation.kinds import page_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.own_pages import SENT, carry_out, history_page
from asdg_portal.moderation.remarks.shown import for_city
from asdg_portal.moderation.remarks.views import save_answers, warn_of_open
from asdg_portal.moderation.services import Incomplete
from asdg_portal.moderation.turns import filed_as
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys import queries, services
from asdg_portal.surveys.access import work_on as _work_on
from asdg_portal.surveys.assignments import services as assignments
from asdg_portal.surveys.assignments.policies import can_hand
from asdg_portal.surveys.check import Doubt, doubts
from asdg_portal.surveys.commitments import queries as commitments
from asdg_portal.surveys.commitments.forms import ClosedYearForm, closed_year_form, keep
from asdg_portal.surveys.earlier import by_part, earlier_shown
from asdg_portal.surveys.exhibits import closed_year_of
from asdg_portal.surveys.filings.queries import count_scans
from asdg_portal.surveys.forms import BeginForm, Questionnaire
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.policies import (
    can_see_contact,
    can_write_part,
    is_own_city,
    open_circles,
    works_on,
)
from asdg_portal.surveys.reading import read_answers
from asdg_portal.surveys.saving.queries import heads_now, standing
from asdg_portal.surveys.saving.services import Outcome, save_parts
from asdg_portal.surveys.saving.words import here_lines, wording
from asdg_portal.surveys.turns import is_with_city, term_now, turn_of

# The button by which a colleague says that an answer is ready; the name of its part follows.
DONE = "done-"

bp = Blueprint("surveys", __name__, url_prefix="/reports")


@bp.get("/<int:item_id>/")
def show(item_id: int) -> ResponseReturnValue:
    """Show the published text; its city and the staff see how far an unpublished one is."""
    public = queries.public_shown(item_id)
    if public is None:
        return _reading_page(_work_on(item_id))
    report = public["report"]
    return render_template(
        "surveys/show.html",
        **public,
        published=local_day(report.published_at, report.timezone),
        audiences=audiences(current_user),
        circles=open_circles(current_user, report.city_id),
        works_on_it=works_on(current_user, report.city_id),
        sees_contact=can_see_contact(current_user),
        is_own=is_representative(current_user) and current_user.city_id == report.city_id,
    )


@bp.get("/<int:item_id>/preview")
@login_required
def preview(item_id: int) -> ResponseReturnValue:
    """Show the newest revision as it will be published."""
    return _reading_page(_work_on(item_id))


def _reading_page(report: Report) -> str:
    closed = closed_year_of(report)
    return render_template(
        "surveys/preview.html", report=report, closed=closed, **_standing(report)
    )


def _standing(report: Report) -> dict[str, Any]:
    """Where a report stands: who acts next and until when, and what can be done with it."""
    person = viewer()
    return {
        "item": report,
        "base": page_url(report),
        "actions": WORKFLOW.actions(report, person),
        "turn": turn_of(report, person),
        "term": term_now(report),
        "with_city": is_with_city(report),
        "is_own": is_own_city(person, report),
        "saved_at": local_time(report.updated_at, report.city.timezone),
        "filed": filed_as(report.current),
        "scans": count_scans(report, person),
        "objection": objection_to(report, person),
    }


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Choose a year and a direction; looking creates nothing."""
    if not is_representative(current_user):
        raise NotFound(_("Reports are begun by the representatives of cities."))
    city, form = current_user.city, BeginForm()
    open_years = queries.open_campaigns(city)
    sectors = queries.sectors_of(open_years)
    form.campaign.choices = [SelectChoice(c.id, str(c.year)) for c in open_years]
    form.sector.choices = [SelectChoice(s.id, s.name) for s in sectors]
    if form.validate_on_submit():
        campaign = db.session.get_one(Campaign, form.campaign.data)
        sector = db.session.get_one(Sector, form.sector.data)
        report = services.begin_report(campaign, city, sector, actor=current_user)
        return redirect(url_for("surveys.edit", item_id=report.id), code=303)
    begun = {(r.campaign_id, r.sector_id): r for r in queries.reports_of_city(city)}
    page = render_template(
        "surveys/new.html", form=form, campaigns=open_years, begun=begun, city=city
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@login_required
def edit(item_id: int) -> ResponseReturnValue:
    """The questionnaire: save, or save and submit."""
    versions = heads_now(item_id)  # before the texts, which are then never older
    report = _work_on(item_id)
    form = Questionnaire(report.current, versions)
    if request.method != "POST":
        return _form_page(report, form)
    refused, closed = save_answers(report), _closed_year(report)
    try:
        changes = form.changes(request.form)
        outcome = save_parts(report, changes, actor=current_user, by_hand=True)
        keep(report, closed, actor=current_user)
    except WrongState as refusal:
        return _give_back(item_id, form, str(refusal)), 409
    if refused:
        flash(refused, "error")
    return _after_save(report, form, outcome, closed, whole=not refused)


def _closed_year(report: Report) -> ClosedYearForm:
    """The cards of last year's tasks, with what was typed into them."""
    cards = commitments.cards_of(report, earlier_shown(report))
    return closed_year_form(report, cards, g.get("typed") or request.form)


def _after_save(
    report: Report, form: Questionnaire, outcome: Outcome, closed: ClosedYearForm, *, whole: bool
) -> ResponseReturnValue:
    """What was right is kept by now; say what is not, or go on to the review."""
    clock = local_time(report.updated_at, report.city.timezone, "HH:mm")
    if not (whole and outcome.is_whole) or closed.is_refused:
        form.show_outcome(outcome, *standing(report))
        page = _form_page(report, form, clock=clock, conflicts=outcome.conflicts, closed=closed)
        return page, 409 if outcome.conflicts or closed.is_refused else 422
    then = request.form.get("then", "")
    if then in {*SENT, "send"}:
        return _send(report, form, clock, then)
    if then.startswith(DONE):
        return _say_done(report, form, clock, then.removeprefix(DONE))
    flash(_("Saved at %(time)s", time=clock), "success")
    return redirect(url_for("surveys.edit", item_id=report.id), code=303)


def _say_done(report: Report, form: Questionnaire, clock: str, part: str) -> ResponseReturnValue:
    """Say that an answer is ready which a colleague has asked for."""
    try:
        assignments.done(report, part, actor=current_user)
    except PortalError as refusal:
        return _refused(report, form, clock, refusal)
    flash(_("Saved. Your colleague gets a letter that the answer is ready."), "success")
    return redirect(url_for("surveys.edit", item_id=report.id), code=303)


def _refused(
    report: Report, form: Questionnaire, clock: str, refusal: PortalError
) -> ResponseReturnValue:
    """The text is saved; what was to follow is not done, and the form says why."""
    flash(_("Saved at %(time)s", time=clock), "success")
    flash(str(refusal), "error")
    form.show_outcome(Outcome(), *standing(report))
    return _form_page(report, form), refusal.status


def _send(report: Report, form: Questionnaire, clock: str, then: str) -> ResponseReturnValue:
    """Hand a report in, or lay it before the head; what is worth a look is shown first, once."""
    actions = WORKFLOW.actions(report, current_user)
    asks = then != "send" and then.replace("-", "_") in actions and report.is_taken
    if asks and not report.current.missing() and _doubts(report):
        flash(_("Saved at %(time)s", time=clock), "success")
        return redirect(url_for("surveys.edit", item_id=report.id, check=1), code=303)
    if then == "send":
        then = "submit" if Action.SUBMIT in actions else "ask-approval"
    try:
        ACTS[then](report, actor=current_user, version=report.version)
    except Incomplete as refusal:
        form.show_outcome(Outcome(), *standing(report))
        return _form_page(report, form, gaps=refusal.gaps, clock=clock), 422
    except PortalError as refusal:
        return _refused(report, form, clock, refusal)
    flash(SENT[then], "success")
    warn_of_open(report)
    return redirect(url_for("surveys.edit", item_id=report.id), code=303)


def _form_page(report: Report, form: Questionnaire, **extra: object) -> str:
    """The questionnaire, as far as it can be written in now."""
    stands = _standing(report)
    if Action.SAVE not in stands["actions"]:
        if g.get("typed"):
            return _give_back(report.id, form, _("This can no longer be changed."))
        return _reading_page(report)
    sheets = earlier_shown(report)
    cards, earlier = commitments.cards_of(report, sheets), by_part(sheets)
    asked = "check" in request.args or "gaps" in extra
    person, remarks = viewer(), for_city(report)
    beside = {
        "versions": form.versions,
        "remarks": remarks,
        "headings": headings_of(report.current) if remarks else {},
        "here": here_lines(report, person),
        "earlier": earlier,
        "closed": closed_year_form(report, cards, g.get("typed") or request.form),
        "writable": {name for name in form.boxes if can_write_part(person, report, name)},
        "handed": report.handed,
        "may_hand": can_hand(person, report),
        "asked": asked,
        "doubts": doubts(report, earlier, cards) if asked else [],
        "gaps": report.current.missing() if asked else [],
        "clock_of": partial(local_time, timezone=report.city.timezone, pattern="HH:mm"),
        "unanswered": form.unanswered,
    }
    words = wording(report, person)
    page = {"report": report, "form": form} | words | stands | beside | extra
    return render_template("surveys/edit.html", **page)


def _doubts(report: Report) -> list[Doubt]:
    sheets = earlier_shown(report)
    return doubts(report, by_part(sheets), commitments.cards_of(report, sheets))


def _give_back(item_id: int, form: Questionnaire, message: str) -> str:
    """Show what was typed, to be copied, when the report has moved on meanwhile."""
    db.session.rollback()
    report = _work_on(item_id)
    notes = _closed_year(report).typed_notes
    return drafts.give_back([*form.labelled, *notes], message, page_url(report))


@bp.get("/<int:item_id>/history")
@login_required
def history(item_id: int) -> str:
    """Show how the text came to be what it is, to those who work on it."""
    report = _work_on(item_id)
    read_answers(report.revisions)
    return history_page(report)


@bp.post(
    "/<int:item_id>"
    "/<any('submit','ask-approval','approve','take-back','revise','discard','delete'):act>"
)
@login_required
def change(item_id: int, act: str) -> ResponseReturnValue:
    """Move a report: hand it over, take it back, begin or drop a revision, delete a draft."""
    report = _work_on(item_id)
    found, before = _doubts(report) if act in SENT else [], report.state
    answer = carry_out(
        act,
        report,
        lambda gaps: _form_page(report, Questionnaire(*standing(report)), gaps=gaps),
    )
    # The form asks before; who sends past it is told now, while it can be taken back.
    if found and report.state is not before:
        what = "; ".join(f"{doubt.where} — {doubt.message}" for doubt in found)
        flash(_("Sent. Worth a look while it can be taken back: %(what)s.", what=what), "info")
    return answer
