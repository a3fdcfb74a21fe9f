"""Taking the words of a file into a report, by the rules by which its form is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from asdg_portal.accounts.models import User
from asdg_portal.core import audit, files
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError, Stale, WrongState
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.policies import is_author
from asdg_portal.moderation.services import revise
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys.archive.gathering import Entry
from asdg_portal.surveys.archive.taking import Reader
from asdg_portal.surveys.documents import ParsedFile, ParsedReport
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.papers.home import bring_home
from asdg_portal.surveys.saving.services import Change, Outcome, save_parts

# Seconds. The store throws away what nobody owns a little later than this.
KEPT_FOR = 23 * 3600


@dataclass(frozen=True, slots=True)
class Kept:
    """An uploaded file for as long as somebody looks at it: its name, and what was read in it."""

    name: str
    parsed: ParsedFile


def check_open(report: Report, actor: User) -> None:
    """See that somebody may fill a report from a file now.

    :raises NotAllowed: if they do not write it.
    :raises WrongState: if it is not being written, and no new revision can be begun.
    """
    if not is_author(actor, report):
        raise NotAllowed(_("The city's representatives fill its report from a file; the staff do so after they have filed the sheet for the city."))  # fmt: skip  # noqa: E501
    if not {Action.SAVE, Action.REVISE} & set(WORKFLOW.actions(report, actor)):
        raise WrongState(_("The report has been handed in: take it back first, then load the file."))  # fmt: skip  # noqa: E501


def begins_revision(report: Report, actor: User) -> bool:
    """Whether what is taken goes into a new revision, because the present one is published."""
    return Action.SAVE not in WORKFLOW.actions(report, actor)


def keep(report: Report, upload: files.Upload, *, actor: User) -> str:
    """Put an uploaded file aside for a day; return the token by which this very person gets at it.

    :raises PortalError: if there is no questionnaire in it, with the reason and what to do.
    """
    check_open(report, actor)
    name = files.file_name(upload.name)
    if error := _read(name, upload.data).error:
        raise PortalError(error)
    return str(_signer().dumps([report.id, actor.id, files.keep(upload.data), name]))


def kept(report: Report, token: str, *, actor: User) -> Kept | None:
    """Read a file that was put aside; None if it is gone, or was never this person's."""
    try:
        report_id, user_id, digest, name = _signer().loads(token, max_age=KEPT_FOR)
    except BadSignature:
        return None
    path = files.path_of(digest)
    if (report_id, user_id) != (report.id, actor.id) or not path.is_file():
        return None
    parsed = _read(name, path.read_bytes())
    return None if parsed.error else Kept(name, parsed)


def _read(name: str, data: bytes) -> ParsedFile:
    return Reader().read(Entry(name, lambda: data))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="uploaded-questionnaire")


def fill(report: Report, changes: Sequence[Change], *, actor: User, name: str) -> Outcome:
    """Write what was chosen into the draft, or into a new revision of a published report.

    What somebody else has saved since stays and comes back as a conflict.

    :raises Stale: if another revision has begun since the texts were shown.
    """
    check_open(report, actor)
    if not changes:
        return Outcome()
    with unit_of_work():
        if begins_revision(report, actor):
            shown = report.current.id
            if any(change.revision_id != shown for change in changes):
                raise Stale(_("Somebody has changed the text meanwhile: look at it, and press again."))  # fmt: skip  # noqa: E501
            revise(report, actor=actor)
            db.session.flush()
            # What is published never changes: the new revision begins with the very words shown.
            newest = report.current.id
            changes = [replace(change, revision_id=newest, seen=0) for change in changes]
        outcome = save_parts(report, changes, actor=actor, by_hand=True)
        if outcome.saved:
            after = {"name": name, "parts": [*outcome.saved]}
            audit.record("fill_from_file", f"report:{report.id}", actor, after=after)
    return outcome


def bring_along(report: Report, sheet: ParsedReport, *, actor: User) -> list[str]:
    """Take who answers and what became of the tasks from a form of ours, where nothing is said yet.

    Returns what was left alone because something else stands there, in the words of the page.
    """
    if not (sheet.details or sheet.tasks) or begins_revision(report, actor):
        return []
    left = set(bring_home(report, sheet, actor=actor))
    return [part.heading for part in report.current.details() if part.name in left]
