"""Which reports came late."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.filings.policies import is_late
from asdg_portal.surveys.models import Campaign, Report


def late(revisions: Sequence[Revision]) -> set[int]:
    """Name the revisions that came after their day; two statements for however many years."""
    reports = {r.id: r.submission for r in revisions if isinstance(r.submission, Report)}
    years = {report.campaign_id for report in reports.values()}
    if not years:
        return set()
    query = (
        select(Campaign).where(Campaign.id.in_(years)).options(selectinload(Campaign.extensions))
    )
    known = db.session.scalars(query).all()  # held here, so that the reports find their years
    found = {r.id for r in revisions if r.id in reports and is_late(reports[r.id], r)}
    del known
    return found
