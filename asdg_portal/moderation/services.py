"""What can be done with reports and practices alike; the rules of the workflow hold here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError, Stale
from asdg_portal.core.text import clean
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.kinds import kind_of
from asdg_portal.moderation.models import Remark, Review, State, Submission
from asdg_portal.moderation.policies import can_read, can_read_drafts
from asdg_portal.moderation.workflow import WORKFLOW, Action


class Incomplete(PortalError):
    """Something still has to be written before this can be submitted; ``gaps`` names it."""

    def __init__(self, gaps: list[str]) -> None:
        super().__init__(" ".join(gaps))
        self.gaps = gaps


def get_submission(item_id: int, *, actor: Viewer) -> Submission:
    """Fetch what ``actor`` works on; to anybody else it does not exist.

    :raises NotFound: if there is none, or it is not this person's to see.
    """
    item = db.session.get(Submission, item_id)
    if item is None or not can_read_drafts(actor, item):
        raise NotFound(_("There is no such page, or it is not open to you."))
    return item


def check_version(item: Submission, version: int | None) -> None:
    """Refuse to act on a text that has changed since ``version`` was read; None skips the check.

    :raises Stale: if somebody has saved in between.
    """
    if version is not None and version != item.version:
        raise Stale(_("Somebody else has changed this since you opened the page."))


def _must_exist_for(actor: User, item: Submission) -> None:
    """A stranger must not learn that there is something to be refused."""
    if not can_read(actor, item):
        raise NotFound(_("There is no such page, or it is not open to you."))


@contextmanager
def act(action: Action, item: Submission, actor: User, **details: str) -> Iterator[None]:
    """Take one action as one transaction: rule, change, audit row and what follows the commit."""
    _must_exist_for(actor, item)
    with unit_of_work():
        before = item.state
        WORKFLOW.apply(action, item, actor)
        item.updated_at, item.updated_by = now(), actor
        yield
        audit.record(
            action,
            f"{item.kind}:{item.id}",
            actor,
            before={"state": before},
            after={"state": item.state, "revision": item.current.number, **details},
        )
        kind_of(item).after(action, item, actor)


def submit(item: Submission, *, actor: User, version: int | None = None) -> None:
    """Hand the text over for review.

    :raises Incomplete: if something is missing; nothing of the text is lost by it.
    """
    check_version(item, version)
    with act(Action.SUBMIT, item, actor):
        if gaps := item.current.missing():
            raise Incomplete(gaps)
        item.submitted_at = item.current.submitted_at = now()
        item.current.submitted_by = actor


def take_back(item: Submission, *, actor: User) -> None:
    """Take a submitted text back to go on writing, while nobody has begun to review it."""
    with act(Action.TAKE_BACK, item, actor):
        item.submitted_at = item.current.submitted_at = None
        item.current.submitted_by = None


def revise(item: Submission, *, actor: User) -> None:
    """Begin the next revision; what is public stays public meanwhile."""
    with act(Action.REVISE, item, actor):
        item.revisions.append(item.copy_current())


def discard(item: Submission, *, actor: User) -> None:
    """Throw an unsent revision away; the published one was never touched."""
    with act(Action.DISCARD, item, actor):
        item.revisions.remove(item.current)


def delete(item: Submission, *, actor: User) -> None:
    """Remove a draft that nobody but its city has ever seen."""
    _must_exist_for(actor, item)
    subject = f"{item.kind}:{item.id}"
    with unit_of_work():
        WORKFLOW.apply(Action.DELETE, item, actor)
        audit.record(Action.DELETE, subject, actor, before={"label": item.label})
        db.session.delete(item)


def begin_review(item: Submission, *, actor: User, version: int | None = None) -> None:
    """Say that one is reading this now: the city can no longer take it back."""
    check_version(item, version)
    with act(Action.BEGIN_REVIEW, item, actor):
        item.current.reviews.append(Review(reviewer=actor))


def send_back(
    item: Submission,
    summary: str,
    remarks: Mapping[str, str],
    *,
    actor: User,
    version: int | None = None,
) -> None:
    """Return the text with a general remark and remarks on its parts, by the parts' names.

    :raises PortalError: if there is no remark at all: the city must learn what to change.
    """
    check_version(item, version)
    with act(Action.SEND_BACK, item, actor):
        _end_review(item, State.RETURNED, summary, remarks, actor)
        review = item.current.reviews[-1]
        if not review.summary and not review.remarks:
            raise PortalError(_("Say what has to be changed: a general remark or one on a part."))
        item.revisions.append(item.copy_current())
        item.submitted_at = None


def publish(
    item: Submission,
    *,
    actor: User,
    summary: str = "",
    remarks: Mapping[str, str] | None = None,
    version: int | None = None,
) -> None:
    """Make the newest revision the public one; its words become findable."""
    check_version(item, version)
    with act(Action.PUBLISH, item, actor):
        _end_review(item, State.PUBLISHED, summary, remarks or {}, actor)
        make_public(item)


def make_public(item: Submission) -> None:
    """Put the newest revision in the place of the one that was public."""
    if old := item.public:
        old.is_public = False
        db.session.flush()  # at most one public revision, even for a moment
    item.current.published_at = now()
    item.current.is_public = True


def withdraw(item: Submission, reason: str, *, actor: User, version: int | None = None) -> None:
    """Take the public text away from its readers; the history keeps it, and the reason.

    :raises PortalError: if no reason is given.
    """
    check_version(item, version)
    if not clean(reason):
        raise PortalError(_("Say why the text is withdrawn: the city will read it."))
    with act(Action.WITHDRAW, item, actor, reason=clean(reason)):
        if public := item.public:
            public.is_public = False
            verdict = {"reviewer": actor, "ended_at": now(), "verdict": State.WITHDRAWN}
            public.reviews.append(Review(summary=clean(reason), **verdict))


def _end_review(
    item: Submission, verdict: State, summary: str, remarks: Mapping[str, str], actor: User
) -> None:
    review = item.open_review
    if review is None:
        review = Review(reviewer=actor)
        item.current.reviews.append(review)
    review.reviewer, review.ended_at, review.verdict = actor, now(), verdict
    review.summary = clean(summary)
    names = {part.name for part in item.current.parts()}
    for part, text in remarks.items():
        if part in names and clean(text):
            review.remarks.append(Remark(part=part, text=clean(text)))
