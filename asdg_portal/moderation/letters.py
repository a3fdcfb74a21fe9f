"""Letters to a city about what became of its text; the remarks are in them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import Role, User
from asdg_portal.core.db import db
from asdg_portal.core.letters import Letter, send
from asdg_portal.moderation.kinds import editor_url, kind_of, page_url
from asdg_portal.moderation.models import DETAILS, WHOLE, Remark, Revision, Submission
from asdg_portal.moderation.policies import is_own_city
from asdg_portal.moderation.workflow import Action

VERDICTS = frozenset({Action.SEND_BACK, Action.PUBLISH, Action.WITHDRAW})


def write_to_city(action: Action, item: Submission, actor: User | None) -> None:
    """Tell everybody of the city whom it concerns of a verdict; other acts need no letter."""
    if action not in VERDICTS:
        return
    for person in _readers(item):
        with force_locale(person.language):
            send(_letter(action, item, person))


def _readers(item: Submission) -> list[User]:
    """The city's people, whoever handed the text in, and who answers for it; nobody twice.

    Who has left the city, or has never signed in, is not written to.
    """
    people = select(User).where(User.role == Role.REPRESENTATIVE, User.city_id == item.city_id)
    senders = [revision.submitted_by for revision in item.revisions[-2:]]
    everybody = [*db.session.scalars(people), *kind_of(item).concerned(item), *senders]
    by_address = {
        person.email: person
        for person in everybody
        if person and person.is_active and person.password_hash and is_own_city(person, item)
    }
    return list(by_address.values())


def _letter(action: Action, item: Submission, person: User) -> Letter:
    subjects = {
        Action.SEND_BACK: _("Returned with remarks: %(label)s", label=item.label),
        Action.PUBLISH: _("Published: %(label)s", label=item.label),
        Action.WITHDRAW: _("Withdrawn from publication: %(label)s", label=item.label),
    }
    returned = action is Action.SEND_BACK
    greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
    words = _reason(item) if action is Action.WITHDRAW else _remarks(item, returned)
    link = _address(editor_url(item) if returned else page_url(item))
    lines = [greeting, "", subjects[action] + ".", "", *words, _next_step(action), link]
    return Letter(person.email, person.name, subjects[action], "\n".join(lines))


def _next_step(action: Action) -> str:
    """What the reader finds at the address below the letter."""
    steps = {
        Action.SEND_BACK: _("Answer the remarks and submit the text again here:"),
        Action.PUBLISH: _("Everybody can read it here:"),
        Action.WITHDRAW: _("Your city can write a new revision here:"),
    }
    return str(steps[action])


def _address(path: str) -> str:
    return f"{current_app.config['BASE_URL']}{path}"


def _reason(item: Submission) -> list[str]:
    withdrawal = item.withdrawal
    return [_("The reason: %(reason)s", reason=withdrawal.summary), ""] if withdrawal else []


def _remarks(item: Submission, returned: bool) -> list[str]:
    """The remarks of this verdict, then what is still open of those before it."""
    review = item.last_review
    if review is None:
        return []
    # A published text is no longer in the form: its remarks stand in the history.
    place = editor_url(item) if returned else f"{page_url(item)}history"
    lines = _listed(review.remarks, review.revision, place)
    earlier = [remark for remark in item.open_remarks if remark.review is not review]
    if earlier:
        lines += [_("Still open from the reviews before:"), ""]
        lines += _listed(earlier, review.revision, place)
    return lines


def _listed(remarks: Sequence[Remark], revision: Revision, place: str) -> list[str]:
    """Each remark under the question it is about, with the words it means and where it stands."""
    db.session.flush()  # new remarks get their numbers, which the links end with
    headings, lines = headings_of(revision), []
    for remark in remarks:
        lines.append(headings.get(remark.part, remark.part))
        if remark.quote:
            lines.append(f"«{remark.quote}»")
        lines += [f"— {remark.text}", _address(f"{place}#remark-{remark.id}"), ""]
    return lines


def headings_of(revision: Revision) -> dict[str, str]:
    """What the parts that a remark can be about are called."""
    parts = {part.name: part.numbered for part in revision.parts()}
    return parts | {DETAILS: _("Author, contact and numbers"), WHOLE: _("On the whole text")}
