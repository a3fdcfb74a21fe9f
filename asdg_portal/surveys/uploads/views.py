"""The pages on which a report is filled from a file: choosing one, and looking at it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.core.errors import PortalError
from asdg_portal.core.files import Upload
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.forms import whole
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.saving.queries import standing
from asdg_portal.surveys.uploads import services
from asdg_portal.surveys.uploads.services import Kept
from asdg_portal.surveys.uploads.sheet import Sheet, read_sheet

bp = Blueprint("uploads", __name__, url_prefix="/reports/<int:item_id>/upload")


def _report(item_id: int) -> Report:
    """Fetch a report for those who may fill it from a file now."""
    report = work_on(item_id)
    services.check_open(report, current_user)
    return report


@bp.route("/", methods=["GET", "POST"])
@login_required
def choose(item_id: int) -> ResponseReturnValue:
    """Choose a file; it is read, and nothing is taken from it yet."""
    report, file, error = _report(item_id), request.files.get("file"), ""
    if request.method == "POST" and not file:
        error = _("Choose a file first.")
    elif request.method == "POST" and file:
        try:
            upload = Upload(file.filename or "", file.read())
            token = services.keep(report, upload, actor=current_user)
            return redirect(url_for(".look", item_id=item_id, token=token), code=303)
        except PortalError as refusal:
            error = str(refusal)
    page = render_template("surveys/uploads/choose.html", report=report, error=error)
    return page, 400 if error else 200


@bp.route("/<token>", methods=["GET", "POST"])
@login_required
def look(item_id: int, token: str) -> ResponseReturnValue:
    """Show what was read beside the file and the report; take what was chosen."""
    report = _report(item_id)
    file, sent = services.kept(report, token, actor=current_user), g.get("typed") or request.form
    if file is None and not sent:
        flash(_("The file is no longer kept: choose it again."), "error")
        return redirect(url_for(".choose", item_id=item_id), code=303)
    sheet = read_sheet(report, standing(report), file.parsed if file else None, _number(file), sent)
    if request.method != "POST":
        return _page(sheet, file)
    return _take(sheet, file)


def _number(file: Kept | None) -> int:
    """Which record of the file is meant; the first one unless the address says another."""
    number = whole(request.args.get("record")) or 0
    return number if file and number < len(file.parsed.records) else 0


def _take(sheet: Sheet, file: Kept | None) -> ResponseReturnValue:
    """Take what was chosen; whatever is in the way, all that was typed comes back."""
    for row in sheet.rows:
        row.find_fault()
    if not sheet.is_right:
        sheet.look_again()
        return _page(sheet, file, refused=True), 422
    report, changes = sheet.report, sheet.changes(request.form)
    outcome = services.fill(report, changes, actor=current_user, name=file.name if file else "")
    if outcome.conflicts:
        after = read_sheet(report, standing(report), file.parsed if file else None, _number(file), request.form)  # fmt: skip  # noqa: E501
        after.meet(outcome.conflicts)
        return _page(after, file, conflicts=outcome.conflicts), 409
    flash(_taken(len(outcome.saved)), "success")
    if file:
        record = file.parsed.records[_number(file)]
        if left := services.bring_along(report, record, actor=current_user):
            flash(_("Left as it stands, though the file says something else: %(names)s.", names=", ".join(left)), "info")  # fmt: skip  # noqa: E501
    return redirect(url_for("surveys.edit", item_id=report.id), code=303)


def _taken(number: int) -> str:
    if not number:
        return str(_("Nothing has been taken from the file: the report stays as it was."))
    return str(_("Taken from the file, parts: %(number)s. Check them, and add who answers.", number=number))  # fmt: skip  # noqa: E501


def _page(sheet: Sheet, file: Kept | None, **extra: object) -> str:
    return render_template(
        "surveys/uploads/look.html",
        report=sheet.report,
        sheet=sheet,
        file=file,
        number=_number(file),
        begins_revision=services.begins_revision(sheet.report, current_user),
        **extra,
    )
