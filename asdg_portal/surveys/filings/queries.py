"""The scans of reports, for those who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Submission
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.filings.policies import can_keep_scans, can_see_scans
from asdg_portal.surveys.models import Report, ReportRevision


def scans_of(item: Submission) -> Sequence[Scan]:
    """Everything scanned of a report's sheets, in the order in which it came."""
    query = (
        select(Scan)
        .join(ReportRevision, ReportRevision.id == Scan.revision_id)
        .where(ReportRevision.submission_id == item.id)
        .options(contains_eager(Scan.revision), joinedload(Scan.uploaded_by))
        .order_by(Scan.id)
    )
    return db.session.scalars(query).all()


def kept_files() -> Iterable[str]:
    """The hashes of all scans."""
    return db.session.scalars(select(Scan.sha256))


def count_scans(report: Report, viewer: Viewer) -> int | None:
    """How many scans a report has, for those who may see them; None where nobody looks for any.

    The staff, who can add one, look for them wherever a sheet came on paper.
    """
    if not can_see_scans(viewer, report) or not any(r.channel for r in report.revisions):
        return None
    number = len(scans_of(report))
    return number if number or can_keep_scans(viewer, report) else None
