"""Pages of practices: the list, reading one, and the form in which a city describes it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.cities import queries as cities
from asdg_portal.core import files
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, Stale, WrongState
from asdg_portal.core.files import Upload
from asdg_portal.core.formats import local_time
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.paging import Page, page_number
from asdg_portal.moderation import drafts
from asdg_portal.moderation.acts import ACTS
from asdg_portal.moderation.approval.queries import objection_to
from asdg_portal.moderation.kinds import page_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.own_pages import SENT, carry_out, history_page
from asdg_portal.moderation.policies import can_read_drafts, is_own_city
from asdg_portal.moderation.remarks.shown import for_city
from asdg_portal.moderation.remarks.views import save_answers, warn_of_open
from asdg_portal.moderation.services import Incomplete
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.practices import queries, services
from asdg_portal.practices.forms import (
    BeginForm,
    PracticeForm,
    practice_form,
    saved,
    sector_choices,
)
from asdg_portal.practices.models import Practice
from asdg_portal.practices.policies import can_begin
from asdg_portal.practices.search import document_key
from asdg_portal.practices.turns import turn_of
from asdg_portal.search.similar import others_if_any
from asdg_portal.surveys.models import Report

bp = Blueprint("practices", __name__, url_prefix="/practices")

SIMILAR = 5  # texts of other cities beside a practice


@bp.get("/")
def index() -> str:
    """List the published practices, the newest first."""
    choices = until_next_act("practices", queries.choices)
    filters, number = _filters(choices), page_number(request.args.get("page"))
    rows, total = queries.published(filters, number)
    return render_template(
        "practices/index.html",
        page=Page(rows, total, number, _page_url),
        filters=filters,
        choices=choices,
        may_begin=can_begin(current_user),
    )


def _filters(choices: queries.Choices) -> queries.Filters:
    year, tag = page_number(request.args.get("year")), request.args.get("tag", "").strip()
    return queries.Filters(
        city=request.args.get("city", ""),
        sector=request.args.get("sector", ""),
        year=year if year > 1 else None,
        tag=tag,
        spellings=choices.spellings(tag),
    )


def _page_url(number: int) -> str:
    kept = {n: v for n, v in request.args.items() if v and n != "page"}
    return url_for(".index", **kept, page=number)  # type: ignore[arg-type]


@bp.get("/<int:item_id>/")
def show(item_id: int) -> ResponseReturnValue:
    """Show the published text; its city and the staff see how far an unpublished one is."""
    revision = queries.public_revision(item_id)
    if revision is None:
        return _reading_page(_work_on(item_id))
    practice = revision.submission
    return render_template(
        "practices/show.html",
        practice=practice,
        revision=revision,
        is_own=is_own_city(current_user, practice),
        works_on_it=can_read_drafts(current_user, practice),
        base=page_url(practice),
        similar=others_if_any(document_key(practice.id), current_user, SIMILAR),
    )


def _work_on(item_id: int) -> Practice:
    """Fetch a practice for those who work on it; for others there is no such page."""
    practice = services.get_practice(item_id, actor=current_user)
    if not can_read_drafts(current_user, practice):
        raise NotFound(_("There is no such practice, or it is not open to you."))
    g.private = True
    return practice


@bp.get("/<int:item_id>/preview")
@login_required
def preview(item_id: int) -> str:
    """Show the newest revision as it will be published."""
    return _reading_page(_work_on(item_id))


def _reading_page(practice: Practice) -> str:
    return render_template("practices/preview.html", **_standing(practice))


def _standing(practice: Practice) -> dict[str, object]:
    """Where a practice stands: who acts next, and what can be done with it."""
    return {
        "practice": practice,
        "item": practice,
        "revision": practice.current,
        "base": page_url(practice),
        "actions": WORKFLOW.actions(practice, current_user),
        "turn": turn_of(practice),
        "objection": objection_to(practice, current_user),
        "saved_at": local_time(practice.updated_at, practice.city.timezone),
    }


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Name a practice, its direction and year; looking creates nothing."""
    if not can_begin(current_user):
        raise NotFound(_("Practices are described by the representatives of cities."))
    source, sectors = _source(), cities.sectors()
    start = {"year": today().year}
    if source:
        start = {"year": source[0].year, "sector": source[0].sector_id}
    form = BeginForm(data=start)
    form.sector.choices = sector_choices(sectors)
    if form.validate_on_submit():
        sector = next(s for s in sectors if s.id == form.sector.data)
        practice = services.begin(
            form.title.data, sector, form.year.data, actor=current_user, source=source
        )
        return redirect(url_for(".edit", item_id=practice.id), code=303)
    answer = services.answer_to_grow_from(*source, actor=current_user) if source else ""
    page = render_template("practices/new.html", form=form, source=source, answer=answer)
    return page, 400 if form.is_submitted() else 200


def _source() -> tuple[Report, int] | None:
    """Read which published answer a practice is to grow out of, if any."""
    if "report" not in request.args:
        return None
    report_id = request.args.get("report", type=int)
    report = db.session.get(Report, report_id) if report_id and report_id < 2**31 else None
    if report is None:
        raise NotFound(_("There is no published answer of your city at this address."))
    number = page_number(request.args.get("question"))
    services.answer_to_grow_from(report, number, actor=current_user)
    return report, number


@bp.route("/<int:item_id>/edit", methods=["GET", "POST"])
@login_required
def edit(item_id: int) -> ResponseReturnValue:
    """The form: save, or save and submit."""
    practice, sectors = _work_on(item_id), cities.sectors()
    form = practice_form(practice, sectors)
    if not form.is_submitted():
        return _form_page(practice, form)
    unanswered = save_answers(practice)
    form.validate()
    text = form.right_text(frozenset(request.form), sectors, _removed())
    try:
        services.save(practice, text, actor=current_user, version=form.seen_version)
    except Stale:
        return _conflict(item_id, form), 409
    except WrongState as refusal:
        return _give_back(item_id, form, str(refusal)), 409
    return _after_save(practice, form, unanswered)


def _removed() -> frozenset[int]:
    numbers = request.form.getlist("remove")
    return frozenset(int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 10)


def _after_save(practice: Practice, form: PracticeForm, unanswered: str) -> ResponseReturnValue:
    """The text is kept by now; take the files, then say what is wrong or go on to the review."""
    uploads = [Upload(f.filename or "", f.read()) for f in form.files.data or () if f]
    refused = services.attach(practice, uploads, actor=current_user) if uploads else []
    form.version.data = practice.version
    if unanswered:
        flash(unanswered, "error")
    if form.errors or refused or unanswered:
        return _form_page(practice, form, refused=refused), 422
    clock = local_time(practice.updated_at, practice.city.timezone, "HH:mm")
    then = request.form.get("then", "")
    try:
        if then in SENT:
            ACTS[then](practice, actor=current_user, version=practice.version)
            warn_of_open(practice)
    except Incomplete as refusal:
        form.version.data = practice.version
        return _form_page(practice, form, gaps=refusal.gaps, clock=clock), 422
    except WrongState as refusal:
        flash(str(refusal), "error")
        form.version.data = practice.version
        return _form_page(practice, form), refusal.status
    flash(SENT.get(then) or _("Saved at %(time)s", time=clock), "success")
    return redirect(url_for(".edit", item_id=practice.id), code=303)


def _form_page(practice: Practice, form: PracticeForm, **extra: object) -> str:
    if Action.SAVE not in WORKFLOW.actions(practice, current_user):
        if g.get("typed"):
            return _give_back(practice.id, form, _("This can no longer be changed."))
        return _reading_page(practice)
    return render_template(
        "practices/edit.html",
        form=form,
        remarks=for_city(practice),
        headings=headings_of(practice.current),
        most_files=services.MOST_FILES,
        **_standing(practice),
        **extra,
    )


def _conflict(item_id: int, form: PracticeForm) -> str:
    """Show both texts wherever they differ; the next press of the button is a choice."""
    db.session.rollback()
    practice = _work_on(item_id)
    if Action.SAVE not in WORKFLOW.actions(practice, current_user):
        return _give_back(item_id, form, _("This can no longer be changed."))
    g.typed = None
    form.version.data = practice.version
    theirs = drafts.differing(form.typed(), saved(practice))
    by = practice.updated_by.name if practice.updated_by else ""
    clock = local_time(practice.updated_at, practice.city.timezone, "HH:mm")
    return _form_page(practice, form, theirs=theirs, changed_by=by, clock=clock, conflict=True)


def _give_back(item_id: int, form: PracticeForm, message: str) -> str:
    """Show what was typed, to be copied, when the practice has moved on meanwhile."""
    db.session.rollback()
    return drafts.give_back(form.labelled, message, page_url(_work_on(item_id)))


@bp.get("/<int:item_id>/history")
@login_required
def history(item_id: int) -> str:
    """Show how the text came to be what it is, to those who work on it."""
    return history_page(_work_on(item_id))


@bp.get("/<int:item_id>/files/<int:attachment_id>/<name>")
def download(item_id: int, attachment_id: int, name: str) -> ResponseReturnValue:
    """Send a file as a download, to those who may read the text it belongs to."""
    found = queries.find_attachment(item_id, attachment_id)
    if found is None:
        raise NotFound(_("There is no such file, or it is not open to you."))
    attachment, is_public = found
    if not is_public:
        _work_on(item_id)
    return files.give_back(attachment.sha256, attachment.media_type, attachment.name)


@bp.post(
    "/<int:item_id>/<any('submit','ask-approval','approve','take-back','revise','discard','delete'):act>"
)
@login_required
def change(item_id: int, act: str) -> ResponseReturnValue:
    """Move a practice: hand it over, take it back, begin or drop a revision, delete a draft."""
    practice = _work_on(item_id)
    return carry_out(
        act,
        practice,
        lambda gaps: _form_page(practice, practice_form(practice, cities.sectors()), gaps=gaps),
    )
