"""Handing a question to a colleague, taking it back, and saying that it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from asdg_portal.accounts.links import make_link
from asdg_portal.accounts.models import Purpose, Role, User
from asdg_portal.accounts.services import find_user, invite_with_link
from asdg_portal.core import audit
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, WrongState
from asdg_portal.core.letters import Letter, send
from asdg_portal.core.text import clean, clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import WRITING
from asdg_portal.surveys.assignments import mails
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.assignments.policies import can_hand
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.policies import can_read

WRITERS = (Role.REPRESENTATIVE, Role.SPECIALIST)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: of whom (an account, or an address to be invited), until when, in what words.

    ``due_on`` is a day in the city's own zone.
    """

    due_on: date
    person_id: int | None = None
    email: str = ""
    name: str = ""
    note: str = ""


def hand(report: Report, part: str, request: Request, *, actor: User) -> Assignment:
    """Hand a part to a colleague; whoever had it before is told that it is no longer theirs.

    The same request twice is one request.

    :raises PortalError: if nobody is named, or the term is over already.
    """
    with _changing(report, part, actor):
        if request.due_on < today(report.city.timezone):
            raise PortalError(_("This day is over already: choose a later one."))
        person, asked = _colleague(report, request, actor), report.handed.get(part)
        if asked and person and asked.person_id == person.id:
            _change(asked, request)
            return asked
        if asked:
            _end(asked)
        asked = Assignment(
            part=part, asked_by=actor, due_on=request.due_on, note=clean(request.note)
        )
        asked.person = person or _invite(report, asked, request, actor)
        report.assignments.append(asked)
        if person:
            _write_to(report, asked, person)
        db.session.flush()
        _record("hand_over", asked, actor)
        return asked


def _change(asked: Assignment, request: Request) -> None:
    """Ask the same colleague until another day or in other words."""
    note = clean(request.note)
    if (asked.due_on, asked.note) != (request.due_on, note):
        asked.due_on, asked.note, asked.done_at = request.due_on, note, None
        _write_to(asked.report, asked, asked.person)


def recall(report: Report, part: str, *, actor: User) -> None:
    """Take a part back; what has been written stays in the report."""
    with _changing(report, part, actor):
        if handed := report.handed.get(part):
            _end(handed)
            _record("recall", handed, actor)


def done(report: Report, part: str, *, actor: User) -> None:
    """Say that the part is written; it can still be mended until the report is sent.

    :raises PortalError: if nothing is written there.
    """
    handed = report.handed.get(part)
    if handed is None or handed.person_id != actor.id:
        raise NotAllowed(_("This question is not, or no longer, asked of you."))
    texts = {p.name: p.text for p in report.current.parts()}
    if not texts.get(part, "").strip():
        raise PortalError(_("Nothing is written yet. If there is nothing to say, write that."))
    if handed.done_at is not None:
        return
    with unit_of_work():
        handed.done_at = now()
        if handed.asked_by and handed.asked_by.is_active:
            send(mails.handed_in(handed, handed.asked_by))
        _record("hand_in", handed, actor)


def end_all(report: Report) -> None:
    """End what lies with colleagues when the report has left the city's hands."""
    for handed in report.handed.values():
        handed.ended_at = now()


@contextmanager
def _changing(report: Report, part: str, actor: User) -> Iterator[None]:
    if not can_read(actor, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    if report.state not in WRITING:
        raise WrongState(_("This can no longer be changed."))
    if not can_hand(actor, report):
        raise NotAllowed(_("You may not do this."))
    if part not in {p.name for p in report.current.parts()}:
        raise NotFound(_("There is no such question."))
    with unit_of_work():
        yield


def _colleague(report: Report, request: Request, actor: User) -> User | None:
    """Find who is meant; None is somebody without an account, to be invited."""
    email = clean_line(request.email).lower()
    if bool(email) == bool(request.person_id):
        raise PortalError(_("Choose a colleague from the list, or write an e-mail address."))
    known = find_user(email) if email else db.session.get(User, request.person_id)
    if known is None and email:
        return None
    if known is None or known.id == actor.id or not _may_be_asked(known, report):
        # In the same words whoever it is: who has an account elsewhere is nobody's business.
        raise PortalError(
            _("This person cannot be asked: it must be a colleague of your own city, and not you.")
        )
    return known


def _may_be_asked(person: User, report: Report) -> bool:
    return person.is_active and person.city_id == report.city_id and person.role in WRITERS


def _invite(report: Report, asked: Assignment, request: Request, actor: User) -> User:
    """Give an account to somebody who is asked; one letter says both."""

    def letter(person: User, link: str) -> Letter:
        return mails.request(report, asked, person, link)

    return invite_with_link(
        request.email,
        Role.SPECIALIST,
        city=report.city,
        name=request.name,
        actor=actor,
        letter=letter,
    )[0]


def _write_to(report: Submission, asked: Assignment, person: User) -> None:
    # Who has not accepted an invitation yet gets a fresh one with the letter.
    link = None if person.password_hash else make_link(person, Purpose.INVITATION)
    send(mails.request(report, asked, person, link))


def _end(asked: Assignment) -> None:
    asked.ended_at = now()
    if asked.done_at is None:
        send(mails.recalled(asked))
    db.session.flush()  # at most one colleague has a part, even for a moment


def _record(action: str, asked: Assignment, actor: User) -> None:
    after = {"part": asked.part, "person": asked.person.name or asked.person.email}
    audit.record(action, f"report:{asked.report_id}", actor, after=after)
