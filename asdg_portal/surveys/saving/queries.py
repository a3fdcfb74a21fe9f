"""What stands in the parts of a report, what stood there before, and who is writing now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import db, rows
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.saving.models import Presence, SavedText

# Somebody who has not been heard of for so long has gone.
GONE_AFTER = timedelta(seconds=45)
# Saves of one person with shorter pauses between them are one sitting.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved text of a part, with the name of whoever saved it; empty for nobody."""

    id: int
    revision_id: int
    part: str
    number: int
    text: str
    key: str | None
    at: datetime
    by_id: int | None
    by: str


# What a person is called; empty where nobody is meant.
_CALLED = func.coalesce(func.nullif(User.name, ""), User.email, "")


def _saved() -> Select[int, int, str, int, str, str | None, datetime, int | None, str]:
    return select(
        SavedText.id,
        SavedText.revision_id,
        SavedText.part,
        SavedText.number,
        SavedText.text,
        SavedText.key,
        SavedText.saved_at,
        SavedText.saved_by_id,
        _CALLED,
    ).outerjoin(User, User.id == SavedText.saved_by_id)


_OTHER = aliased(SavedText)
_NEWEST = (
    select(func.max(_OTHER.number))
    .where(_OTHER.revision_id == SavedText.revision_id, _OTHER.part == SavedText.part)
    .scalar_subquery()
)
# Put together once: the questionnaire asks for them with every page.
_HEADS = _saved().where(
    SavedText.revision_id == bindparam("revision_id"), SavedText.number == _NEWEST
)
_WRITTEN_NOW = (
    select(Revision.id)
    .where(Revision.submission_id == bindparam("report_id"))
    .order_by(Revision.number.desc())
    .limit(1)
    .scalar_subquery()
)
_HEADS_NOW = _saved().where(SavedText.revision_id == _WRITTEN_NOW, SavedText.number == _NEWEST)
_NEWEST_REVISION = (
    select(ReportRevision)
    .where(ReportRevision.submission_id == bindparam("report_id"))
    .order_by(ReportRevision.number.desc())
    .limit(1)
    .options(selectinload(ReportRevision.answers))
    .execution_options(populate_existing=True)
)


def heads(revision_id: int, parts: Collection[str] = ()) -> dict[str, Saved]:
    """The newest saved text of each part, or of those named; text and version belong together."""
    query = _HEADS.where(SavedText.part.in_(parts)) if parts else _HEADS
    return {row[2]: Saved(*row) for row in db.session.execute(query, {"revision_id": revision_id})}


def heads_now(report_id: int) -> dict[str, Saved]:
    """The newest saved texts of the revision that is written now.

    To be asked before the texts are read: a text is then never older than its version. The other
    way round, a save in between would let its text be overwritten unseen.
    """
    return {row[2]: Saved(*row) for row in rows(_HEADS_NOW, {"report_id": report_id})}


def by_key(revision_id: int, keys: Collection[str]) -> dict[tuple[str, str], Saved]:
    """The saves that have arrived already, by part and by the names that browsers gave them."""
    if not keys:
        return {}
    query = _saved().where(SavedText.revision_id == revision_id, SavedText.key.in_(keys))
    return {(row[2], str(row[5])): Saved(*row) for row in db.session.execute(query)}


def strokes_saved(report_id: int, page: str, user: User) -> dict[str, int]:
    """How far one page of somebody's browser has got, by part: the strokes in its last save."""
    query = (
        select(SavedText.part, SavedText.key)
        .join(Revision, Revision.id == SavedText.revision_id)
        .where(
            Revision.submission_id == report_id,
            SavedText.saved_by_id == user.id,
            SavedText.key.startswith(f"{page}.", autoescape=True),
        )
    )
    saved: dict[str, int] = {}
    for part, key in db.session.execute(query):
        strokes = str(key).rpartition(".")[2]
        if strokes.isascii() and strokes.isdecimal():
            saved[part] = max(saved.get(part, 0), int(strokes))
    return saved


def text_at(report_id: int, revision_id: int, part: str, number: int) -> str | None:
    """The text that somebody had before them when they read a version of a part; None if none."""
    return db.session.scalar(
        select(SavedText.text)
        .join(Revision, Revision.id == SavedText.revision_id)
        .where(
            Revision.submission_id == report_id,
            SavedText.revision_id == revision_id,
            SavedText.part == part,
            SavedText.number == number,
        )
    )


def report_to_write(report_id: int) -> Report | None:
    """A report without its texts: enough to ask who may write in it."""
    query = select(Report).where(Report.id == report_id).options(joinedload(Report.city))
    return db.session.scalars(query).one_or_none()


def newest_revision(report_id: int) -> ReportRevision:
    """The revision that is written now, as it is stored at this moment."""
    return db.session.scalars(_NEWEST_REVISION, {"report_id": report_id}).one()


def standing(report: Report) -> tuple[ReportRevision, dict[str, Saved]]:
    """The newest revision, and the versions of its parts: a text is never older than its version.

    Asked the other way round, a save in between would let its text be overwritten unseen.
    """
    versions = heads(report.current.id)
    return newest_revision(report.id), versions


_HERE = (
    select(_CALLED, Presence.part)
    .join(User, User.id == Presence.user_id)
    .where(
        Presence.report_id == bindparam("report_id"),
        Presence.user_id != bindparam("user_id"),
        Presence.seen_at > bindparam("since"),
    )
    .order_by(User.name)
)


def others_here(report_id: int, user: User) -> list[tuple[str, str]]:
    """The colleagues who have the report open to write in it, and where, in their names' order."""
    wanted = {"report_id": report_id, "user_id": user.id, "since": now() - GONE_AFTER}
    return [(name, part) for name, part in rows(_HERE, wanted)]


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a part's history: who wrote from when to when, and in how many saves."""

    last_id: int
    before_id: int | None
    since: datetime
    until: datetime
    saves: int
    revision: int


def steps(report_id: int, part: str, *, every: bool = False) -> list[Step]:
    """The history of a part, the newest first: sitting by sitting, or save by save."""
    rows = db.session.execute(
        select(SavedText.id, Revision.number, SavedText.saved_by_id, SavedText.saved_at)
        .join(Revision, Revision.id == SavedText.revision_id)
        .where(Revision.submission_id == report_id, SavedText.part == part)
        .order_by(Revision.number, SavedText.number)
    ).all()
    found: list[Step] = []
    before: tuple[int, int | None] | None = None
    for id_, revision, by, at in rows:
        last = found[-1] if found else None
        same = last and before == (revision, by) and at - last.until < PAUSE and by is not None
        if last and same and not every:
            found[-1] = Step(id_, last.before_id, last.since, at, last.saves + 1, revision)
        else:
            found.append(Step(id_, last.last_id if last else None, at, at, 1, revision))
        before = (revision, by)
    return found[::-1]


def texts(ids: Collection[int]) -> dict[int, Saved]:
    """Saved texts by their ids."""
    query = _saved().where(SavedText.id.in_(ids))
    return {row[0]: Saved(*row) for row in db.session.execute(query)}


def text_of(report_id: int, part: str, id_: int) -> str | None:
    """One text of a part's history; None if it is no text of this very part."""
    return db.session.scalar(
        select(SavedText.text)
        .join(Revision, Revision.id == SavedText.revision_id)
        .where(Revision.submission_id == report_id, SavedText.part == part, SavedText.id == id_)
    )
