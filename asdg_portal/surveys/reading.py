"""One report with all that hangs on it, in few statements however often it was returned.

They are put together once, and what they find is put into its place by hand: eager loading through
two levels of relationships took three times as long. What few reports have — reviews, remarks,
questions handed to colleagues, tasks that somebody has touched — is asked for only of those.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import Model, db
from asdg_portal.moderation.models import Remark, Review, Revision
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.commitments.models import Commitment
from asdg_portal.surveys.models import Answer, Campaign, Report, ReportRevision

_OF_REPORT = Revision.submission_id == Report.id
_ONE = (
    select(
        Report,
        City,
        Sector,
        Campaign,
        exists().where(Review.revision_id == Revision.id, _OF_REPORT),
        exists().where(
            Remark.review_id == Review.id, Review.revision_id == Revision.id, _OF_REPORT
        ),
        exists().where(Assignment.report_id == Report.id),
        exists().where(Commitment.revision_id == Revision.id, _OF_REPORT),
    )
    .join(City, City.id == Report.city_id)
    .join(Sector, Sector.id == Report.sector_id)
    .join(Campaign, Campaign.id == Report.campaign_id)
    .where(Report.id == bindparam("report_id"))
)
_REVISIONS = (
    select(ReportRevision)
    .where(ReportRevision.submission_id == bindparam("report_id"))
    .order_by(ReportRevision.number)
)
_REVIEWED = _REVISIONS.options(joinedload(ReportRevision.reviews))
_REMARKED = _REVISIONS.options(joinedload(ReportRevision.reviews).joinedload(Review.remarks))
_ANSWERS = (
    select(Answer).where(Answer.revision_id == bindparam("revision_id")).order_by(Answer.number)
)
_ASSIGNMENTS = (
    select(Assignment)
    .where(Assignment.report_id == bindparam("report_id"))
    .options(joinedload(Assignment.person), joinedload(Assignment.asked_by))
    .order_by(Assignment.id)
)
_COMMITMENTS = (
    select(Commitment)
    .where(Commitment.revision_id == bindparam("revision_id"))
    .options(joinedload(Commitment.updated_by))
    .order_by(Commitment.position)
)


def read_report(report_id: int) -> Report | None:
    """Read a report, its revisions and reviews, and the answers and tasks of the newest one."""
    wanted = {"report_id": report_id}
    found = db.session.execute(_ONE, wanted).one_or_none()
    if found is None:
        return None
    report, city, sector, campaign, *has = found
    has_reviews, has_remarks, has_assignments, has_commitments = has
    _put(report, city=city, sector=sector, campaign=campaign)
    _put(report, revisions=_revisions(report_id, has_reviews, has_remarks))
    _put(report, assignments=_all(_ASSIGNMENTS, wanted) if has_assignments else [])
    newest = {"revision_id": report.current.id}
    _put(report.current, answers=_all(_ANSWERS, newest))
    _put(report.current, commitments=_all(_COMMITMENTS, newest) if has_commitments else [])
    return report


def read_commitments_anew(report: Report) -> None:
    """Read the tasks of the newest revision as they are stored now, whatever was read before."""
    query = _COMMITMENTS.execution_options(populate_existing=True)
    _put(report.current, commitments=_all(query, {"revision_id": report.current.id}))


def _revisions(report_id: int, has_reviews: bool, has_remarks: bool) -> Sequence[ReportRevision]:
    query = _REMARKED if has_remarks else _REVIEWED if has_reviews else _REVISIONS
    revisions: Sequence[ReportRevision] = _all(query, {"report_id": report_id})
    for revision in revisions:
        if not has_reviews:
            _put(revision, reviews=[])
        elif not has_remarks:
            for review in revision.reviews:
                _put(review, remarks=[])
    return revisions


def _all(query: Select[Any], wanted: dict[str, int]) -> Sequence[Any]:
    return db.session.scalars(query, wanted).unique().all()


def _put(row: Model, **found: object) -> None:
    """Let relationships hold what has been read for them, so that nothing is asked again."""
    for name, value in found.items():
        set_committed_value(row, name, value)


def read_answers(revisions: Sequence[Revision]) -> None:
    """Read the answers of some revisions at once; of a report, only the newest one has its own."""
    query = select(Answer).where(Answer.revision_id.in_([revision.id for revision in revisions]))
    answers = db.session.scalars(query.order_by(Answer.number)).all()
    for revision in revisions:
        _put(revision, answers=[one for one in answers if one.revision_id == revision.id])
