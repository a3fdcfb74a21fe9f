"""The reading of an uploaded archive as a long job: each file once, wherever it was interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError, Stale
from asdg_portal.core.files import path_of
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.jobs.kinds import JobKind, Run
from asdg_portal.surveys.archive.gathering import Entry, in_zip
from asdg_portal.surveys.archive.models import Archive, ArchiveFile, Became
from asdg_portal.surveys.archive.taking import Plan, Reader

NAME = "read_archive"


def _run(run: Run) -> dict[str, Any]:
    """Go through the archive; files that have a row are done, those after a crash go on."""
    archive = db.session.get_one(Archive, run.details["archive"])
    archive_id, path, state = archive.id, path_of(archive.sha256), archive.state
    if not path.is_file():
        raise PortalError(_("The uploaded archive is lost: upload it again; what it has stored is not stored twice."))  # fmt: skip  # noqa: E501
    reader, plan, done = Reader(), Plan(state), set[int]()
    for file in db.session.scalars(select(ArchiveFile).filter_by(archive_id=archive_id)):
        done.add(file.position)
        plan.seen.update(s["report"] for s in file.sheets if s["report"])
    with in_zip(path) as entries:
        for position, entry in enumerate(entries):
            if position not in done:
                _take(archive_id, position, entry, reader, plan)
            run.report(position + 1, len(entries))
    with unit_of_work():
        db.session.get_one(Archive, archive_id).finished_at = now()
    return {str(became): count for became, count in counts(archive_id).items()}


def _take(archive_id: int, position: int, entry: Entry, reader: Reader, plan: Plan) -> None:
    """Store one file and what is told of it together; whoever wrote at that moment goes first."""
    parsed = reader.read(entry)
    for last_try in (False, True):
        try:
            with unit_of_work():
                found = plan.take(parsed)
                about = {"name": entry.name, "became": found.became, "reasons": found.reasons}
                file = ArchiveFile(archive_id=archive_id, position=position, **about)
                file.sheets = found.rows
                db.session.add(file)
            break
        except Stale:
            if last_try:
                raise
    db.session.expunge_all()  # what one file has touched is not kept for the next


def counts(archive_id: int) -> Counter[Became]:
    """How many files of an archive became what."""
    return Counter(db.session.scalars(select(ArchiveFile.became).filter_by(archive_id=archive_id)))


def in_words(result: Mapping[str, Any]) -> str:
    """Say what became of an archive in one line."""
    return str(
        _(
            "Files taken: %(taken)s, doubtful: %(doubtful)s, there already: %(present)s, refused: %(refused)s",  # noqa: E501
            **{str(became): result.get(str(became), 0) for became in Became},
        )
    )


READ_ARCHIVE = JobKind(NAME, lambda: str(_("Old questionnaires are read")), _run, in_words)
