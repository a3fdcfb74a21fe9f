"""Letters to a city about what became of its text; the remarks are in them."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import Role, User
from asdg_portal.core.db import db
from asdg_portal.core.letters import Letter, send
from asdg_portal.moderation.kinds import editor_url, page_url
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import Action

VERDICTS = frozenset({Action.SEND_BACK, Action.PUBLISH, Action.WITHDRAW})


def write_to_city(action: Action, item: Submission, actor: User | None) -> None:
    """Tell the city's representatives of a verdict; other acts need no letter."""
    if action not in VERDICTS:
        return
    people = select(User).where(
        User.role == Role.REPRESENTATIVE,
        User.city_id == item.city_id,
        User.blocked_at.is_(None),
        User.password_hash.is_not(None),
    )
    for person in db.session.scalars(people):
        with force_locale(person.language):
            send(_letter(action, item, person))


def _letter(action: Action, item: Submission, person: User) -> Letter:
    subjects = {
        Action.SEND_BACK: _("Returned with remarks: %(label)s", label=item.label),
        Action.PUBLISH: _("Published: %(label)s", label=item.label),
        Action.WITHDRAW: _("Withdrawn from publication: %(label)s", label=item.label),
    }
    base = current_app.config["BASE_URL"]
    path = editor_url(item) if action is Action.SEND_BACK else page_url(item)
    greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
    words = _reason(item) if action is Action.WITHDRAW else _remarks(item)
    lines = [greeting, "", subjects[action] + ".", "", *words, _next_step(action), f"{base}{path}"]
    return Letter(person.email, person.name, subjects[action], "\n".join(lines))


def _next_step(action: Action) -> str:
    """What the reader finds at the address below the letter."""
    steps = {
        Action.SEND_BACK: _("Answer the remarks and submit the text again here:"),
        Action.PUBLISH: _("Everybody can read it here:"),
        Action.WITHDRAW: _("Your city can write a new revision here:"),
    }
    return str(steps[action])


def _reason(item: Submission) -> list[str]:
    withdrawal = item.withdrawal
    return [_("The reason: %(reason)s", reason=withdrawal.summary), ""] if withdrawal else []


def _remarks(item: Submission) -> list[str]:
    review = item.last_review
    if review is None:
        return []
    headings = {part.name: part.numbered for part in review.revision.parts()}
    lines = [review.summary, ""] if review.summary else []
    for remark in review.remarks:
        lines += [headings.get(remark.part, remark.part), f"— {remark.text}", ""]
    return lines
