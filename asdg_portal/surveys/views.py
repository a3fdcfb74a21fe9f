"""Pages of reports: reading one, beginning one, and the questionnaire itself."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from wtforms import SelectChoice

from asdg_portal.accounts.policies import audiences, is_representative
from asdg_portal.cities import queries as cities
from asdg_portal.cities.models import Sector
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, Stale, WrongState
from asdg_portal.core.formats import local_day, local_time
from asdg_portal.core.latest import until_next_act
from asdg_portal.moderation import drafts, services as moderation
from asdg_portal.moderation.kinds import page_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.models import State
from asdg_portal.moderation.own_pages import carry_out, history_page
from asdg_portal.moderation.remarks.shown import for_city
from asdg_portal.moderation.remarks.views import save_answers, warn_of_open
from asdg_portal.moderation.services import Incomplete
from asdg_portal.moderation.turns import filed_as
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys import queries, services
from asdg_portal.surveys.forms import LINES, BeginForm, ReportForm, questionnaire
from asdg_portal.surveys.models import Campaign, Report
from asdg_portal.surveys.policies import can_read_drafts
from asdg_portal.surveys.turns import turn_of

bp = Blueprint("surveys", __name__, url_prefix="/reports")


def _work_on(item_id: int) -> Report:
    """Fetch a report for those who work on it; for others there is no such page."""
    report = services.get_report(item_id, actor=current_user)
    if not can_read_drafts(current_user, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    g.private = True
    return report


@bp.get("/<int:item_id>/")
def show(item_id: int) -> ResponseReturnValue:
    """Show the published text; its city and the staff see how far an unpublished one is."""
    public = until_next_act(f"report:{item_id}", partial(queries.public_page, item_id))
    if public is None:
        return _reading_page(_work_on(item_id))
    report = public["report"]
    return render_template(
        "surveys/show.html",
        **public,
        published=local_day(report.published_at, report.timezone),
        audiences=audiences(current_user),
        works_on_it=current_user.is_staff
        or (current_user.city_id == report.city_id and is_representative(current_user)),
        is_own=is_representative(current_user) and current_user.city_id == report.city_id,
    )


@bp.get("/<int:item_id>/preview")
@login_required
def preview(item_id: int) -> ResponseReturnValue:
    """Show the newest revision as it will be published."""
    return _reading_page(_work_on(item_id))


def _reading_page(report: Report) -> str:
    return render_template("surveys/preview.html", report=report, **_standing(report))


def _standing(report: Report) -> dict[str, object]:
    """Where a report stands: who acts next and until when, and what can be done with it."""
    zone, campaign = report.city.timezone, report.campaign
    return {
        "item": report,
        "base": page_url(report),
        "actions": WORKFLOW.actions(report, current_user),
        "turn": turn_of(report),
        "due": campaign.due_day(report.city),
        "late": campaign.is_late(report.city) and report.state in {State.DRAFT, State.RETURNED},
        "saved_at": local_time(report.updated_at, zone),
        "filed": filed_as(report.current),
    }


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Choose a year and a direction; looking creates nothing."""
    if not is_representative(current_user):
        raise NotFound(_("Reports are begun by the representatives of cities."))
    city, form = current_user.city, BeginForm()
    open_years, sectors = queries.open_campaigns(city), cities.sectors()
    form.campaign.choices = [SelectChoice(c.id, str(c.year)) for c in open_years]
    form.sector.choices = [SelectChoice(s.id, s.name) for s in sectors]
    if form.validate_on_submit():
        campaign = db.session.get_one(Campaign, form.campaign.data)
        sector = db.session.get_one(Sector, form.sector.data)
        report = services.begin_report(campaign, city, sector, actor=current_user)
        return redirect(url_for(".edit", item_id=report.id), code=303)
    begun = {(r.campaign_id, r.sector_id): r for r in queries.reports_of_city(city)}
    page = render_template(
        "surveys/new.html", form=form, campaigns=open_years, sectors=sectors, begun=begun, city=city
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@login_required
def edit(item_id: int) -> ResponseReturnValue:
    """The questionnaire: save, or save and submit."""
    report = _work_on(item_id)
    form = questionnaire(report)
    if not form.is_submitted():
        return _form_page(report, form)
    refused = save_answers(report)
    try:
        form.validate()
        services.save(
            report,
            form.right_text(frozenset(request.form)),
            actor=current_user,
            version=form.seen_version,
        )
    except Stale:
        return _conflict(item_id, form), 409
    except WrongState as refusal:
        return _give_back(item_id, form, str(refusal)), 409
    return _after_save(report, form, refused)


def _after_save(report: Report, form: ReportForm, refused: str) -> ResponseReturnValue:
    """What was right is kept by now; say what is wrong, or go on to the review."""
    if form.errors or refused:
        form.version.data = report.version
        if refused:
            flash(refused, "error")
        return _form_page(report, form), 422
    clock = local_time(report.updated_at, report.city.timezone, "HH:mm")
    if request.form.get("then") == "submit":
        try:
            moderation.submit(report, actor=current_user, version=report.version)
        except Incomplete as refusal:
            form.version.data = report.version
            return _form_page(report, form, gaps=refusal.gaps, clock=clock), 422
        flash(_("Submitted for review. The association acts next."), "success")
        warn_of_open(report)
    else:
        flash(_("Saved at %(time)s", time=clock), "success")
    return redirect(url_for(".edit", item_id=report.id), code=303)


def _form_page(report: Report, form: ReportForm, **extra: object) -> str:
    standing = _standing(report)
    if Action.SAVE not in WORKFLOW.actions(report, current_user):
        if g.get("typed"):
            return _give_back(report.id, form, _("This can no longer be changed."))
        return render_template("surveys/preview.html", report=report, **standing)
    return render_template(
        "surveys/edit.html",
        report=report,
        form=form,
        remarks=for_city(report),
        headings=headings_of(report.current),
        before=queries.last_year(report),
        **standing,
        **extra,
    )


def _conflict(item_id: int, form: ReportForm) -> str:
    """Show both texts wherever they differ; the next press of the button is a choice."""
    db.session.rollback()
    report = _work_on(item_id)
    if Action.SAVE not in WORKFLOW.actions(report, current_user):
        return _give_back(item_id, form, _("This can no longer be changed."))
    g.typed = None
    form.version.data = report.version
    theirs = drafts.differing(form.typed(), _saved(report))
    by = report.updated_by.name if report.updated_by else ""
    clock = local_time(report.updated_at, report.city.timezone, "HH:mm")
    return _form_page(report, form, theirs=theirs, changed_by=by, clock=clock, conflict=True)


def _saved(report: Report) -> dict[str, object]:
    revision = report.current
    answers = {part.name: part.text for part in revision.parts()}
    names = (*LINES, "outgoing_date")
    return answers | {name: getattr(revision, name) or "" for name in names}


def _give_back(item_id: int, form: ReportForm, message: str) -> str:
    """Show what was typed, to be copied, when the report has moved on meanwhile."""
    db.session.rollback()
    return drafts.give_back(form, message, page_url(_work_on(item_id)))


@bp.get("/<int:item_id>/history")
@login_required
def history(item_id: int) -> str:
    """Show how the text came to be what it is, to those who work on it."""
    return history_page(_work_on(item_id))


@bp.post("/<int:item_id>/<any('submit','take-back','revise','discard','delete'):act>")
@login_required
def change(item_id: int, act: str) -> ResponseReturnValue:
    """Move a report: hand it over, take it back, begin or drop a revision, delete a draft."""
    report = _work_on(item_id)
    return carry_out(act, report, lambda gaps: _form_page(report, questionnaire(report), gaps=gaps))
