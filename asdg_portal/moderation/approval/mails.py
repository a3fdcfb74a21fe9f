"""Letters inside a city: to its heads, and back to those who write."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from asdg_portal.accounts.heads import heads_of
from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.letters import Letter, send
from asdg_portal.moderation.kinds import editor_url
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.turns import person as name_of
from asdg_portal.moderation.workflow import Action


def ask_heads(item: Submission, editor: User) -> None:
    """Tell the heads that a text waits for them."""
    for head in heads_of(item.city):
        with force_locale(head.language):
            subject = _("To be approved: %(label)s", label=item.label)
            asks = _("%(name)s asks you to approve this text.", name=name_of(editor))
            what = _("You can send it to the association or give it back with your words:")
            _send(head, subject, [asks, what, _url(item)])


def tell_editors(item: Submission, words: str, head: User) -> None:
    """Tell who asked for the approval what the head has said."""
    for editor in _editors(item):
        with force_locale(editor.language):
            subject = _("Given back by the head: %(label)s", label=item.label)
            said = _("%(name)s has given the text back to be changed:", name=name_of(head))
            _send(editor, subject, [said, words, _url(item)])


def _editors(item: Submission) -> Iterable[User]:
    asked = select(AuditEntry.actor_id).where(
        AuditEntry.subject == f"{item.kind}:{item.id}",
        AuditEntry.action == Action.ASK_APPROVAL,
    )
    latest = asked.order_by(AuditEntry.id.desc()).limit(1).scalar_subquery()
    return db.session.scalars(select(User).where(User.id == latest, User.blocked_at.is_(None)))


def _url(item: Submission) -> str:
    return f"{current_app.config['BASE_URL']}{editor_url(item)}"


def _send(person: User, subject: str, paragraphs: list[str]) -> None:
    greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
    send(Letter(person.email, person.name, subject, "\n\n".join([greeting, *paragraphs])))
