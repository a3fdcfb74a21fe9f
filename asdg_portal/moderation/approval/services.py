"""The way of a text through its own city: asked for, approved or given back with words."""

from __future__ import annotations

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.text import clean
from asdg_portal.moderation.approval import mails
from asdg_portal.moderation.approval.models import Objection
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.services import Incomplete, act, check_version
from asdg_portal.moderation.workflow import Action

LONGEST = 10_000


def ask(item: Submission, *, actor: User, version: int | None = None) -> None:
    """Lay a finished text before the heads of the city.

    :raises Incomplete: if something is missing: a head reads what could be sent as it is.
    """
    check_version(item, version)
    with act(Action.ASK_APPROVAL, item, actor):
        if gaps := item.current.missing():
            raise Incomplete(gaps)
        mails.ask_heads(item, actor)


def approve(item: Submission, *, actor: User) -> None:
    """Send the text to the association in the name of the city.

    :raises Incomplete: if something is missing.
    """
    with act(Action.APPROVE, item, actor):
        if gaps := item.current.missing():
            raise Incomplete(gaps)
        item.submitted_at = item.current.submitted_at = now()
        item.current.submitted_by = actor


def give_back(item: Submission, words: str, *, actor: User) -> None:
    """Give the text back to its editors; they read why, on the form and by letter.

    :raises PortalError: if there is not a word about what is to be changed.
    """
    words = clean(words)
    if not words:
        raise PortalError(_("Say what has to be changed: the editor will read it."))
    if len(words) > LONGEST:
        raise PortalError(
            _("This is longer than %(max)d characters: shorten it, please.", max=LONGEST)
        )
    with act(Action.GIVE_BACK, item, actor):
        db.session.add(Objection(revision_id=item.current.id, person=actor, text=words))
        mails.tell_editors(item, words, actor)
