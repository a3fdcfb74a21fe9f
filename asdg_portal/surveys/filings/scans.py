"""Keeping the scan of a sheet that came on paper with what was typed in from it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core import audit, files
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError, WrongState
from asdg_portal.core.files import SCANS, Upload
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.filings.policies import can_keep_scans
from asdg_portal.surveys.filings.queries import scans_of
from asdg_portal.surveys.models import Report, ReportRevision

MOST_SCANS = 20


def add_scans(report: Report, uploads: Sequence[Upload], *, actor: User) -> list[str]:
    """Keep scans with the newest revision; return what is wrong with those that were refused.

    :raises WrongState: if that revision was not filed by the staff.
    """
    if not can_keep_scans(actor, report):
        raise NotAllowed(_("You may not do this."))
    revision, refused = report.current, []
    if revision.channel is None:
        raise WrongState(_("The city has written this revision itself: there is no sheet to it."))
    assert isinstance(revision, ReportRevision)  # noqa: S101  a report has no other
    with unit_of_work():
        for upload in uploads:
            try:
                _add(report, revision, upload, actor)
            except PortalError as error:
                refused.append(str(error))
    return refused


def _add(report: Report, revision: ReportRevision, upload: Upload, actor: User) -> None:
    media_type, name = files.check(upload, SCANS), files.file_name(upload.name)
    there = [scan for scan in scans_of(report) if scan.revision_id == revision.id]
    if len(there) >= MOST_SCANS:
        raise PortalError(_("“%(name)s”: there are %(most)s scans already.", name=name, most=MOST_SCANS))  # fmt: skip  # noqa: E501
    digest = files.keep(upload.data)
    if any(scan.sha256 == digest for scan in there):
        return
    about = {"media_type": media_type, "size": len(upload.data), "sha256": digest}
    db.session.add(Scan(revision_id=revision.id, name=name, uploaded_by_id=actor.id, **about))
    db.session.flush()
    audit.record("add_scan", f"report:{report.id}", actor, after={"name": name})


def remove_scan(report: Report, scan: Scan, *, actor: User) -> None:
    """Take away what was scanned by mistake; the log keeps its name and nothing more."""
    if not can_keep_scans(actor, report):
        raise NotAllowed(_("You may not do this."))
    with unit_of_work():
        audit.record("remove_scan", f"report:{report.id}", actor, before={"name": scan.name})
        db.session.delete(scan)
