"""How a published practice looks to the search index: one document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from asdg_portal.core.db import db
from asdg_portal.core.text import to_plain
from asdg_portal.moderation.models import Audience
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.search.index import Document, Kind
from asdg_portal.search.sources import Source, place


def document_key(practice_id: int) -> str:
    """Name the document of a practice."""
    return f"practice:{practice_id}"


def _published() -> Select[Any]:
    submission = joinedload(PracticeRevision.submission.of_type(Practice))
    return (
        select(PracticeRevision)
        .where(PracticeRevision.is_public)
        .options(submission.options(joinedload(Practice.city), joinedload(Practice.sector)))
        .order_by(PracticeRevision.id)
    )


def _describe(revision: PracticeRevision) -> Document:
    practice = revision.submission
    assert isinstance(practice, Practice)  # noqa: S101  its revisions belong to nothing else
    sections = [to_plain(getattr(revision, name)) for name in PracticeRevision.SECTIONS]
    words = [*sections, ", ".join(revision.tags)]
    return Document(
        key=document_key(practice.id),
        kind=Kind.PRACTICE,
        title=revision.title,
        body="\n".join(word for word in words if word),
        **place(practice.city, practice.sector),
        year=practice.year,
        question=None,
        url=f"/practices/{practice.id}/",
        audience=Audience.PUBLIC,
        published_on=(revision.published_at or revision.created_at).date(),
        external_id=practice.external_id,
    )


def _everything() -> Iterable[Document]:
    for revision in db.session.scalars(_published().execution_options(yield_per=200)):
        yield _describe(revision)


def _of_item(practice_id: int) -> list[Document]:
    query = _published().where(PracticeRevision.submission_id == practice_id)
    return [_describe(revision) for revision in db.session.scalars(query)]


SOURCE = Source(kind=Kind.PRACTICE, everything=_everything, of_item=_of_item)
