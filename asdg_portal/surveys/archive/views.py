"""The administrators' pages about archives: uploading one, and what became of each file."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select
from wtforms import FileField, RadioField, SelectChoice

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.excel import MEDIA_TYPE
from asdg_portal.core.pages import PortalForm
from asdg_portal.core.paging import Page, page_number
from asdg_portal.jobs.models import Job
from asdg_portal.moderation.models import State
from asdg_portal.surveys.archive import services
from asdg_portal.surveys.archive.jobs import counts, in_words
from asdg_portal.surveys.archive.models import Archive, ArchiveFile, Became
from asdg_portal.surveys.archive.workbook import NAMES, workbook

PER_PAGE, MOST = 50, 20

bp = Blueprint("archives", __name__, url_prefix="/admin/archive")
only_for(bp, is_administrator)


class ArchiveForm(PortalForm):
    """A zip, and where its sheets go."""

    file = FileField(_l("Zip archive"))
    state = RadioField(_l("What becomes of the reports"), coerce=State, default=State.DRAFT)


def _form() -> ArchiveForm:
    form = ArchiveForm()
    names = (
        _l("They stay drafts"),
        _l("They go to the desk, to be reviewed"),
        _l("They are published at once"),
    )
    form.state.choices = [SelectChoice(*pair) for pair in zip(services.STATES, names, strict=True)]
    return form


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Upload an archive; below, those that were uploaded before."""
    form = _form()
    file = request.files.get("file")
    if form.validate_on_submit() and file:
        try:
            name, state = file.filename or "", form.state.data
            archive = services.begin(name, file.stream, state, actor=current_user)
            return redirect(url_for(".report", number=archive.id), code=303)
        except PortalError as refusal:
            form.file.errors = [str(refusal)]
    elif form.is_submitted() and not file:
        form.file.errors = [_("Choose a file first.")]
    newest = select(Archive).order_by(Archive.id.desc()).limit(MOST)
    page = render_template(
        "surveys/archive/index.html", form=form, archives=db.session.scalars(newest).all()
    )
    return page, 400 if form.is_submitted() else 200


def _archive(number: int) -> tuple[Archive, Job]:
    archive = db.session.get(Archive, number)
    if archive is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    job = db.session.scalars(select(Job).filter_by(key=services.key_of(archive))).one()
    return archive, job


@bp.get("/<int:number>/")
def report(number: int) -> str:
    """Show how far the reading is, and what became of each file."""
    archive, job = _archive(number)
    only = next((b for b in Became if b == request.args.get("only")), None)
    found = counts(archive.id)
    return render_template(
        "surveys/archive/report.html",
        archive=archive,
        job=job,
        counts=found,
        sum=in_words({str(became): count for became, count in found.items()}),
        names=NAMES,
        only=only,
        page=_files(archive, only),
    )


def _files(archive: Archive, only: Became | None) -> Page[ArchiveFile]:
    number = page_number(request.args.get("page"))
    wanted: dict[str, Any] = {"archive_id": archive.id} | ({"became": only} if only else {})
    query = select(ArchiveFile).filter_by(**wanted).order_by(ArchiveFile.position)
    total = db.session.scalar(select(func.count()).select_from(ArchiveFile).filter_by(**wanted))
    items = db.session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()

    def url(page: int) -> str:
        return url_for(".report", number=archive.id, only=only, page=page)

    return Page(items, total or 0, number, url, PER_PAGE)


@bp.get("/<int:number>/file")
def file(number: int) -> ResponseReturnValue:
    """Give all of it as a workbook."""
    archive, _job = _archive(number)
    query = select(ArchiveFile).filter_by(archive_id=archive.id).order_by(ArchiveFile.position)
    data = workbook(db.session.scalars(query), current_app.config["BASE_URL"].rstrip("/"))
    name = f"{archive.name.removesuffix('.zip')}.xlsx"
    return send_file(BytesIO(data), MEDIA_TYPE, as_attachment=True, download_name=name)
