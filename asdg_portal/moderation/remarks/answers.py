"""What a city answers to remarks, and how the staff close them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, Stale, WrongState
from asdg_portal.core.text import clean
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Remark, Submission
from asdg_portal.moderation.policies import can_read_drafts, is_staff
from asdg_portal.moderation.workflow import WORKFLOW, Action

LONGEST_ANSWER = 5_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a city says to a remark; ``seen`` is the version of the remark it was typed under."""

    text: str
    fixed: bool
    seen: int | None = None


def get_remark(remark_id: int, *, actor: User) -> tuple[Remark, Submission]:
    """Fetch a remark with its text, for those who work on it; for others there is none.

    :raises NotFound: if there is no such remark for this person.
    """
    remark = db.session.get(Remark, remark_id)
    item = remark.review.revision.submission if remark else None
    if remark is None or item is None or not can_read_drafts(actor, item):
        raise NotFound(_("There is no such remark, or it is not open to you."))
    return remark, item


def answer_all(item: Submission, replies: Mapping[int, Reply], *, actor: User) -> None:
    """Keep the answers of a form; one that is refused keeps no other from being kept.

    :raises PortalError: if one was refused, once all the others are kept.
    """
    every = {r.id: r for revision in item.revisions for w in revision.reviews for r in w.remarks}
    refused: PortalError | None = None
    for number, reply in replies.items():
        if number in every:
            try:
                answer(every[number], item, reply, actor=actor)
            except PortalError as refusal:
                refused = refusal
    if refused is not None:
        raise refused


def answer(remark: Remark, item: Submission, reply: Reply, *, actor: User) -> None:
    """Answer a remark, and say whether the text has been mended.

    If a colleague has answered since the page was opened, both answers stand, one below the other.

    :raises WrongState: if the text is not in the city's hands.
    """
    try:
        _answer(remark, item, reply, actor)
    except Stale:  # a colleague's answer came in the very same moment
        db.session.refresh(remark)
        _answer(remark, item, reply, actor)


def _answer(remark: Remark, item: Submission, reply: Reply, actor: User) -> None:
    if Action.SAVE not in WORKFLOW.actions(item, actor):
        raise _refusal(item, actor)
    text = clean(reply.text)
    was = {"answer": remark.answer, "fixed": remark.fixed_at is not None}
    if (text, reply.fixed) == (remark.answer, was["fixed"]):
        return
    if len(text) > LONGEST_ANSWER:
        raise PortalError(_("The answer is longer than %(max)s characters.", max=LONGEST_ANSWER))
    if reply.seen not in {None, remark.version}:
        text = _both(remark.answer, text)
    with unit_of_work():
        if text != remark.answer:
            remark.answer, remark.answered_at, remark.answered_by = text, now(), actor
        remark.fixed_at = (remark.fixed_at or now()) if reply.fixed else None
        about = {"remark": remark.id, "answer": text, "fixed": reply.fixed}
        audit.record("answer_remark", _subject(item), actor, before=was, after=about)


def _both(theirs: str, ours: str) -> str:
    """Put one answer below the other, unless it stands there already as paragraphs of its own."""
    said = f"\n\n{ours}\n\n" in f"\n\n{theirs}\n\n"
    return theirs if said else f"{theirs}\n\n{ours}".strip()


def _refusal(item: Submission, actor: User) -> PortalError:
    if is_staff(actor, item):
        return NotAllowed(_("Remarks are answered by the city."))
    return WrongState(_("The text is with the association: its remarks cannot be answered now."))


def close(remark: Remark, item: Submission, *, actor: User) -> None:
    """Say that a remark is settled; pressed twice, it is settled once."""
    if not is_staff(actor, item):
        raise NotAllowed(_("You may not do this."))
    if remark.closed_at is None:
        with unit_of_work():
            remark.closed_at = now()
            audit.record("close_remark", _subject(item), actor, after={"remark": remark.id})


def _subject(item: Submission) -> str:
    return f"{item.kind}:{item.id}"
