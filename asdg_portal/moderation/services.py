"""What can be done with reports and practices alike; the rules of the workflow hold here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from asdg_portal.moderation.models import Review, State, Submission
from asdg_portal.moderation.policies import can_read, can_read_drafts
from asdg_portal.moderation.queries import find_whole
from asdg_portal.moderation.remarks import notes
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
    item = find_whole(item_id)
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
        before, revision = item.state, item.current.number
        WORKFLOW.apply(action, item, actor)
        item.updated_at, item.updated_by = now(), actor
        yield
        if action is not Action.SEND_BACK:  # it is about the revision that was read
            revision = item.current.number
        audit.record(
            action,
            f"{item.kind}:{item.id}",
            actor,
            before={"state": before},
            after={"state": item.state, "revision": revision, **details},
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


def save_remarks(
    item: Submission, typed: Sequence[notes.Typed], *, actor: User, version: int | None = None
) -> None:
    """Keep the actor's drafts; whoever writes remarks on what waits has begun its review.

    A page that is out of date begins nothing, but what was typed on it is kept all the same.
    """
    notes.save(item, typed, actor=actor)
    free = Action.BEGIN_REVIEW in WORKFLOW.actions(item, actor)
    if free and version in {None, item.version} and any(clean(t.text) for t in typed):
        begin_review(item, actor=actor, version=version)


def put_off(item: Submission, *, actor: User, version: int | None = None) -> None:
    """Let go of a review one has begun; the remarks typed so far stay drafts."""
    check_version(item, version)
    with act(Action.PUT_OFF, item, actor):
        item.current.reviews = [r for r in item.current.reviews if r.ended_at is not None]


def take_over(item: Submission, *, actor: User, version: int | None = None) -> None:
    """Go on with a review that a colleague has begun, and with the colleague's drafts."""
    check_version(item, version)
    review = item.open_review
    former = review.reviewer if review else None
    with act(Action.TAKE_OVER, item, actor, **{"from": former.name if former else ""}):
        if review is not None:
            review.reviewer, review.begun_at = actor, now()
            if former is not None:
                notes.hand_over(item, former, actor)


def send_back(
    item: Submission,
    summary: str,
    remarks: Mapping[str, str],
    *,
    actor: User,
    version: int | None = None,
) -> None:
    """Return the text with the actor's drafts of remarks, and with these, by the parts' names.

    :raises PortalError: if there is no remark at all: the city must learn what to change.
    """
    check_version(item, version)
    with act(Action.SEND_BACK, item, actor):
        review = _end_review(item, State.RETURNED, actor)
        notes.speak(item, review, summary, remarks, actor)
        if not review.remarks:
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
        review = _end_review(item, State.PUBLISHED, actor)
        notes.speak(item, review, summary, remarks or {}, actor)
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


def _end_review(item: Submission, verdict: State, actor: User) -> Review:
    review = item.open_review
    if review is None:
        review = Review(reviewer=actor)
        item.current.reviews.append(review)
    review.reviewer, review.ended_at, review.verdict = actor, now(), verdict
    return review
