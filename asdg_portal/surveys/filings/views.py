"""The pages on which the staff type in what a city has sent on paper, and keep its scan."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.cities import queries as cities
from asdg_portal.cities.models import City, Sector
from asdg_portal.core import files
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.files import Upload
from asdg_portal.surveys import queries
from asdg_portal.surveys.access import work_on
from asdg_portal.surveys.filings import scans, services
from asdg_portal.surveys.filings.forms import FilingForm, ScansForm, filing_form, uploads_of
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.filings.policies import can_keep_scans, can_see_scans
from asdg_portal.surveys.filings.queries import scans_of
from asdg_portal.surveys.models import Campaign, Report

bp = Blueprint("filings", __name__)
only_for(bp, is_staff)
# The scans are for the city, too.
scans_bp = Blueprint("scans", __name__, url_prefix="/reports/<int:item_id>/scans")


@bp.route("/desk/file", methods=["GET", "POST"])
def file() -> ResponseReturnValue:
    """Say which sheet has come; its answers are typed in on the next page."""
    form = filing_form([*queries.campaigns()], [*cities.all_cities()], [*cities.sectors()])
    if form.validate_on_submit():
        try:
            report = _file(form)
            flash(_("Now type the answers in; the city sees that you have filed them."), "info")
            _keep(report, uploads_of(form.scans))
            return redirect(url_for("surveys.edit", item_id=report.id), code=303)
        except PortalError as refusal:
            flash(str(refusal), "error")
            return render_template("surveys/filing.html", form=form), refusal.status
    page = render_template("surveys/filing.html", form=form)
    return page, 400 if form.is_submitted() else 200


def _file(form: FilingForm) -> Report:
    receipt = services.Receipt(form.channel.data, form.received_on.data, form.number.data)
    sheet = (
        db.session.get_one(Campaign, form.campaign.data),
        db.session.get_one(City, form.city.data),
        db.session.get_one(Sector, form.sector.data),
    )
    return services.file_for_city(*sheet, receipt, actor=current_user)


def _keep(report: Report, uploads: list[Upload]) -> None:
    """Keep what was sent; what was refused is said on the next page, and can be sent again."""
    for refused in scans.add_scans(report, uploads, actor=current_user) if uploads else ():
        flash(refused, "error")


def _report(item_id: int) -> Report:
    """Fetch a report for those who may see its paper; for others there is no such page."""
    report = work_on(item_id)
    if not can_see_scans(current_user, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    return report


def _scan(report: Report, scan_id: int) -> Scan:
    scan = next((scan for scan in scans_of(report) if scan.id == scan_id), None)
    if scan is None:
        raise NotFound(_("There is no such file, or it is not open to you."))
    return scan


@scans_bp.get("/")
@login_required
def index(item_id: int) -> str:
    """Show what was scanned of a report's sheets; the staff add to it and take away."""
    report = _report(item_id)
    return render_template(
        "surveys/scans.html",
        report=report,
        scans=scans_of(report),
        form=ScansForm() if can_keep_scans(current_user, report) else None,
        takes_more=report.current.channel is not None,
        most=scans.MOST_SCANS,
    )


@scans_bp.post("/")
@login_required
def add(item_id: int) -> ResponseReturnValue:
    """Keep more scans with the newest revision."""
    report = _report(item_id)
    uploads = uploads_of(ScansForm().scans)
    if not uploads:
        flash(_("Choose a file first."), "error")
    _keep(report, uploads)
    return redirect(url_for(".index", item_id=item_id), code=303)


@scans_bp.get("/<int:scan_id>/<name>")
@login_required
def download(item_id: int, scan_id: int, name: str) -> ResponseReturnValue:
    """Send a scan as a download."""
    scan = _scan(_report(item_id), scan_id)
    return files.give_back(scan.sha256, scan.media_type, scan.name)


@scans_bp.post("/<int:scan_id>/remove")
@login_required
def remove(item_id: int, scan_id: int) -> ResponseReturnValue:
    """Take a scan away."""
    report = _report(item_id)
    scans.remove_scan(report, _scan(report, scan_id), actor=current_user)
    flash(_("The scan is removed."), "success")
    return redirect(url_for(".index", item_id=item_id), code=303)
