"""Letters about a question that was handed over: to who is asked, and to who has asked."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale, format_date, gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.letters import Letter
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.turns import person as name_of
from asdg_portal.surveys.assignments.models import Assignment


def request(report: Submission, asked: Assignment, person: User, link: str | None) -> Letter:
    """Ask a colleague; ``link`` leads somebody without an account to one, and on to the field."""
    path = field_path(report, asked.part)
    base = current_app.config["BASE_URL"]
    with force_locale(person.language):
        asks = _(
            "%(name)s asks you to write the answer to this question by %(day)s:",
            name=name_of(asked.asked_by),
            day=format_date(asked.due_on, "long"),
        )
        paragraphs = [asks, f"{report.label}\n{_heading(report, asked.part)}"]
        if asked.note:
            paragraphs.append(_("The note: %(note)s", note=asked.note))
        if link:
            paragraphs += [
                _(
                    "The answers are written on the portal of the Association of Siberian and Far "
                    "Eastern Cities. Choose a password here within seven days, the form opens "
                    "after that:"
                ),
                f"{link}?next={quote(path, safe='')}",
                _("The link works once. If you did not expect this letter, do nothing."),
            ]
        else:
            paragraphs += [_("Write it here:"), f"{base}{path}"]
        subject = _("You are asked for an answer: %(label)s", label=report.label)
        return _letter(person, subject, paragraphs)


def recalled(asked: Assignment) -> Letter:
    """Tell a colleague that the question is no longer theirs; what they wrote is kept."""
    with force_locale(asked.person.language):
        subject = _("No longer asked of you: %(label)s", label=asked.report.label)
        kept = _(
            "You need not answer this question any more; what you have written stays in the report:"
        )
        return _letter(asked.person, subject, [kept, _heading(asked.report, asked.part)])


def handed_in(asked: Assignment, owner: User) -> Letter:
    """Tell who has asked that the answer is written."""
    url = f"{current_app.config['BASE_URL']}{field_path(asked.report, asked.part)}"
    with force_locale(owner.language):
        subject = _("Written: %(label)s", label=asked.report.label)
        says = _("%(name)s says that the answer is ready:", name=name_of(asked.person))
        return _letter(owner, subject, [says, _heading(asked.report, asked.part), url])


def field_path(report: Submission, part: str) -> str:
    """The address that leads straight to the field of a part, whoever has to sign in first."""
    return f"/reports/{report.id}/hands/{part}"


def _heading(report: Submission, name: str) -> str:
    return next((p.heading for p in report.current.parts() if p.name == name), name)


def _letter(person: User, subject: str, paragraphs: list[str]) -> Letter:
    greeting = _("Dear %(name)s,", name=person.name) if person.name else _("Dear colleague,")
    return Letter(person.email, person.name, subject, "\n\n".join([greeting, *paragraphs]))
