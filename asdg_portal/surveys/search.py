"""How a published report looks to the search index: one document an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from asdg_portal.core.db import db
from asdg_portal.core.text import to_plain
from asdg_portal.moderation.models import Part
from asdg_portal.search.index import Document, Kind
from asdg_portal.search.sources import Source, place
from asdg_portal.surveys.models import Report, ReportRevision

PREFACE = 0


def document_key(report_id: int, number: int) -> str:
    """Name the document of one answer; number 0 is the preface."""
    return f"report:{report_id}:{number}"


def document_keys(report: Report) -> list[str]:
    """Name every document that a revision of the report can have put into the index."""
    numbers = {PREFACE}
    for revision in report.revisions:
        if isinstance(revision, ReportRevision):
            numbers |= revision.answers.keys()
    return [document_key(report.id, number) for number in sorted(numbers)]


def _published() -> Select[ReportRevision]:
    return (
        select(ReportRevision)
        .where(ReportRevision.is_public)
        .options(
            joinedload(ReportRevision.submission.of_type(Report)).options(
                joinedload(Report.city), joinedload(Report.sector)
            ),
            selectinload(ReportRevision.answers),
        )
        .order_by(ReportRevision.id)
    )


def _describe(revision: ReportRevision) -> Iterator[Document]:
    report = revision.submission
    assert isinstance(report, Report)  # noqa: S101  its revisions belong to nothing else
    numbered = zip([PREFACE, *sorted(revision.answers)], revision.parts(), strict=True)
    for number, part in numbered:
        if body := to_plain(part.text):
            yield _document(revision, report, number, part, body)


def _document(
    revision: ReportRevision, report: Report, number: int, part: Part, body: str
) -> Document:
    return Document(
        key=document_key(report.id, number),
        kind=Kind.REPORT,
        title=revision.title,
        body=body,
        **place(report.city, report.sector),
        year=report.year,
        question=number,
        url=f"/reports/{report.id}/#{part.name}",
        audience=part.audience,
        published_on=(revision.published_at or revision.created_at).date(),
    )


def _everything() -> Iterable[Document]:
    for revision in db.session.scalars(_published().execution_options(yield_per=200)):
        yield from _describe(revision)


def _of_item(report_id: int) -> list[Document]:
    query = _published().where(ReportRevision.submission_id == report_id)
    revision = db.session.scalars(query).one_or_none()
    return list(_describe(revision)) if revision else []


SOURCE = Source(kind=Kind.REPORT, everything=_everything, of_item=_of_item)
