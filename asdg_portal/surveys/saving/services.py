"""Saving parts of a report: once each, in order, and never over what nobody has seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, Stale, WrongState
from asdg_portal.core.merge import merge
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys import parts
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.policies import can_read_drafts, can_write_part
from asdg_portal.surveys.saving import queries
from asdg_portal.surveys.saving.models import Presence, SavedText
from asdg_portal.surveys.saving.queries import PAUSE, Saved

_KEY = re.compile(r"[\w.:-]{8,80}", re.ASCII)
_PLACE = Submission.__table__.c


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody has typed in a part.

    ``seen`` is the version they had before them, of the revision ``revision_id``; None asks for no
    comparison. ``key`` names this very save: sent again, it is acknowledged again and stored once.
    """

    part: str
    text: str
    seen: int | None = None
    revision_id: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's change came between; ``base`` is what both began from, if it is known."""

    mine: str
    theirs: Saved
    base: str | None

    @property
    def merged(self) -> str | None:
        """Both changes in one text, where they do not touch the same words."""
        return None if self.base is None else merge(self.base, self.mine, self.theirs.text)


@dataclass(slots=True)
class Outcome:
    """What became of each part: saved, met by somebody else's change, or unfit to be kept."""

    saved: dict[str, Saved] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was sent is kept."""
        return not self.conflicts and not self.wrong


def save_parts(
    report: Report, changes: Sequence[Change], *, actor: User, by_hand: bool = False
) -> Outcome:
    """Keep what is typed, each part by itself: a part that cannot be kept takes no other with it.

    ``by_hand`` is a press of a button, which the log of acts notes; autosaves are in the history.

    :raises NotFound: if there is no such report for ``actor``, or no such part.
    :raises NotAllowed: if somebody else writes here.
    :raises WrongState: if the report is not being written now; nothing is changed then.
    """
    if not can_read_drafts(actor, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    with unit_of_work():
        is_open = _hold(report)
        desk = _Desk(report, queries.newest_revision(report.id), changes, actor)
        for change in changes:
            desk.take(change, is_open=is_open)
        if desk.written:
            _note(report, actor, desk.written if by_hand else ())
    return desk.outcome


def _hold(report: Report) -> bool:
    """Make other savers and acts on this report wait for us; False if nobody writes in it now.

    An update that changes nothing locks the row in every database, and leaves the version of the
    report alone: whoever submits it at this moment has not been overtaken by a mere save.
    """
    writing = _PLACE.state.in_(WORKFLOW.starts(Action.SAVE))
    table = Submission.__table__
    hold = update(table).where(_PLACE.id == report.id, writing)  # type: ignore[arg-type]
    result = db.session.execute(hold.values(state=_PLACE.state))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def _note(report: Report, actor: User, by_hand: Sequence[str]) -> None:
    table = Submission.__table__
    touch = update(table).where(_PLACE.id == report.id)  # type: ignore[arg-type]
    db.session.execute(touch.values(updated_at=now(), updated_by_id=actor.id))
    if by_hand:
        state = {"state": report.state}
        after = state | {"revision": report.current.number, "parts": list(by_hand)}
        audit.record(Action.SAVE, f"report:{report.id}", actor, before=state, after=after)


class _Desk:
    """The parts of one report while its row is held: nobody else changes them meanwhile."""

    def __init__(
        self, report: Report, revision: ReportRevision, changes: Sequence[Change], actor: User
    ) -> None:
        names = parts.names(revision)
        wanted = [change.part for change in changes]
        if not set(wanted) <= set(names):
            raise NotFound(_("There is no such question in this report."))
        if not all(can_write_part(actor, report, name) for name in wanted or names):
            raise NotAllowed(_("You may not do this."))
        self.outcome, self.written = Outcome(), list[str]()
        self._report, self._revision, self._actor = report, revision, actor
        self._heads = queries.heads(revision.id, wanted)
        keys = {change.key for change in changes if change.key}
        if not all(_KEY.fullmatch(key) for key in keys):
            raise PortalError(_("The request could not be understood."))
        self._known = queries.by_key(revision.id, keys)

    def take(self, change: Change, *, is_open: bool) -> None:
        """Keep one change, or say what is in its way."""
        try:
            text = parts.tidy(change.part, change.text)
        except parts.Unfit as refusal:
            self.outcome.wrong[change.part] = str(refusal)
            return
        known = self._known.get((change.part, change.key or ""))
        if known and (known.text, known.by_id) != (text, self._actor.id):
            known, change = None, replace(change, key=None)  # a page sent again with other words
        head, is_seen = self._head(change)
        if known or head.text == text:
            self.outcome.saved[change.part] = known or head
        elif not is_open:
            raise WrongState(_("This can no longer be changed."))
        elif is_seen:
            self._write(replace(change, text=text), head)
        else:
            self._settle(replace(change, text=text), head)

    def _head(self, change: Change) -> tuple[Saved, bool]:
        """What stands in the part, and whether it is what the person had before them.

        A text that was put there in another way than by saving becomes a version of its own.
        """
        text = parts.read(self._revision, change.part)
        head = self._heads.get(change.part)
        number = head.number if head else 0
        is_same = change.revision_id in {None, self._revision.id}
        is_seen = change.seen is None or (is_same and change.seen == number)
        if head is None or head.text != text:
            at = self._report.updated_at if head else self._revision.created_at
            number = number + 1 if head else 0
            head = Saved(0, self._revision.id, change.part, number, text, None, at, None, "")
        return head, is_seen

    def _settle(self, change: Change, head: Saved) -> None:
        """Somebody has saved since: write over nothing but what the person has seen."""
        revision_id = change.revision_id or self._revision.id
        seen = change.seen or 0
        base = queries.text_at(self._report.id, revision_id, change.part, seen)
        if base == head.text:
            self._write(change, head)
        elif base == change.text:  # a field that was sent with the others, and not touched
            self.outcome.saved[change.part] = head
        else:
            self.outcome.conflicts[change.part] = Conflict(change.text, head, base)

    def _write(self, change: Change, head: Saved) -> None:
        if not head.id:
            self._add(head)
        new = Saved(
            0,
            self._revision.id,
            change.part,
            head.number + 1,
            change.text,
            change.key,
            now(),
            self._actor.id,
            self._actor.name or self._actor.email,
        )
        self._add(new)
        parts.write(self._revision, change.part, change.text)
        self._heads[change.part] = self.outcome.saved[change.part] = new
        self.written.append(change.part)

    def _add(self, saved: Saved) -> None:
        db.session.add(
            SavedText(
                revision_id=saved.revision_id,
                part=saved.part,
                number=saved.number,
                text=saved.text,
                key=saved.key,
                saved_at=saved.at,
                saved_by_id=saved.by_id,
            )
        )


def put_back(report: Report, part: str, saved_id: int, seen: int, *, actor: User) -> None:
    """Let an earlier text of a part stand again; what stands there now goes into the history.

    :raises NotFound: if this is no text of the part.
    :raises Stale: if somebody has saved since ``seen``.
    """
    text = queries.text_of(report.id, part, saved_id)
    if text is None or not can_read_drafts(actor, report):
        raise NotFound(_("There is no such text in the history."))
    outcome = save_parts(report, [Change(part, text, seen)], actor=actor, by_hand=True)
    if not outcome.is_whole or outcome.saved[part].text != text:
        raise Stale(_("Somebody has changed the text meanwhile: look at it, and press again."))


def note_presence(report: Report, part: str, *, actor: User) -> None:
    """Let colleagues know that somebody has the report open, and where they are writing.

    :raises NotAllowed: if they do not write in it at all.
    """
    if not any(can_write_part(actor, report, name) for name in parts.names(report.current)):
        raise NotAllowed(_("You may not do this."))
    here = (Presence.report_id == report.id, Presence.user_id == actor.id)
    # Two tabs that open at once: one of them has said it for both.
    with suppress(Stale), unit_of_work():
        moved = update(Presence).where(*here).values(part=part, seen_at=now())
        if not db.session.execute(moved).rowcount:  # type: ignore[attr-defined]
            db.session.add(Presence(report_id=report.id, user_id=actor.id, part=part))


def thin_out(revision: ReportRevision) -> None:
    """Of a text that has been submitted keep what each person left behind, not every pause.

    An hour of writing is a thousand saves; who wrote what stays readable without them.
    """
    rows = db.session.execute(
        select(SavedText.id, SavedText.part, SavedText.saved_by_id, SavedText.saved_at)
        .where(SavedText.revision_id == revision.id)
        .order_by(SavedText.part, SavedText.number)
    ).all()
    passing = [
        one.id
        for one, after in pairwise(rows)
        if (one.part, one.saved_by_id) == (after.part, after.saved_by_id)
        and after.saved_at - one.saved_at < PAUSE
    ]
    for start in range(0, len(passing), 500):
        some = passing[start : start + 500]
        db.session.execute(delete(SavedText).where(SavedText.id.in_(some)))
