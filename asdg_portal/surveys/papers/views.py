"""Files of reports: what the page shows, to print and to sign; the form to fill in offline."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.accounts.sessions import viewer
from asdg_portal.core.errors import NotFound
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.papers.model import Paper
from asdg_portal.papers.pdf import to_pdf
from asdg_portal.papers.word import MEDIA_TYPE as WORD, to_docx
from asdg_portal.surveys import services
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.papers import contents
from asdg_portal.surveys.papers.blank import blank_contents, blank_paper
from asdg_portal.surveys.papers.contents import Contents
from asdg_portal.surveys.papers.report import name_of, report_paper
from asdg_portal.surveys.policies import can_begin
from asdg_portal.surveys.queries import find_campaign

WRITERS = {"docx": (to_docx, WORD), "pdf": (to_pdf, "application/pdf")}

bp = Blueprint("report_files", __name__, url_prefix="/reports")


@bp.get("/<int:item_id>/file.<any('docx','pdf'):ending>")
def published(item_id: int, ending: str) -> ResponseReturnValue:
    """Give what the page of a report shows to who asks."""
    return _report(contents.shown(item_id), ending)


@bp.get("/<int:item_id>/preview/file.<any('docx','pdf'):ending>")
@login_required
def newest(item_id: int, ending: str) -> ResponseReturnValue:
    """Give the newest revision to those who work on it."""
    return _report(contents.newest(work_on(item_id)), ending)


@bp.get("/<int:item_id>/blank.docx")
@login_required
def blank(item_id: int) -> ResponseReturnValue:
    """Give the form of a report that is being written, with what stands in it already."""
    report = work_on(item_id)
    WORKFLOW.apply(Action.SAVE, report, viewer())  # who may not save has nothing to fill in
    return _blank(report)


@bp.get("/new/<int:year>/<sector>/blank.docx")
@login_required
def first_blank(year: int, sector: str) -> ResponseReturnValue:
    """Give the form of a sheet that nobody has begun: nothing is stored by looking at it."""
    campaign, city = find_campaign(year), current_user.city
    if campaign is None or city is None or not can_begin(current_user, campaign, city):
        raise NotFound(_("There is no such page, or it is not open to you."))
    direction = next((one for one in campaign.sectors if one.slug == sector), None)
    if direction is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    if begun := services.find_report(campaign, city, direction):
        return redirect(url_for("report_files.blank", item_id=begun.id))
    report = services.blank_report(campaign, city, direction, actor=None)
    services.introduce(report, current_user)
    return _blank(report)


def _blank(report: Report) -> ResponseReturnValue:
    found = blank_contents(report)
    return _send(blank_paper(report, found), "docx", name_of(found, "docx", blank=True))


def _report(found: Contents, ending: str) -> ResponseReturnValue:
    return _send(report_paper(found), ending, name_of(found, ending))


def _send(paper: Paper, ending: str, name: str) -> ResponseReturnValue:
    g.private = True  # who asks decides what stands in it
    write, media_type = WRITERS[ending]
    return send_file(BytesIO(write(paper)), media_type, as_attachment=True, download_name=name)
