"""The scans of reports, for those who may see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from asdg_portal.core.db import db
from asdg_portal.moderation.models import Submission
from asdg_portal.surveys.filings.models import Scan
from asdg_portal.surveys.models import ReportRevision


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


def count_scans(item: Submission) -> int | None:
    """How many scans a report has; None for one that never came on paper."""
    if not any(revision.channel for revision in item.revisions):
        return None
    return len(scans_of(item))
