"""Whom to ask for an answer, until when, in what words."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import EmailField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from asdg_portal.accounts.models import User
from asdg_portal.core.pages import PortalForm
from asdg_portal.surveys.assignments.services import Request
from asdg_portal.surveys.forms import DayField


class AskForm(PortalForm):
    """One question for one colleague: of the list, or by an address."""

    person = SelectField(_l("Colleague"), coerce=int, choices=[SelectChoice(0, "—")])
    email = EmailField(
        _l("or an e-mail address"),
        [Length(max=254)],
        description=_l("Who has no account yet is invited by the same letter."),
    )
    name = StringField(_l("Name of the invited person"), [Length(max=200)])
    due_on = DayField(_l("To be ready by"), [InputRequired(_l("Please fill this in."))])
    note = TextAreaField(
        _l("Note"), [Length(max=2000)], description=_l("What to write about, whom to ask.")
    )

    @property
    def request(self) -> Request:
        """What was filled in and found right."""
        assert self.due_on.data is not None  # noqa: S101  it is required
        return Request(
            due_on=self.due_on.data,
            person_id=self.person.data or None,
            email=self.email.data,
            name=self.name.data,
            note=self.note.data,
        )


def choices(people: Iterable[User]) -> list[SelectChoice]:
    """The colleagues to choose from; who has not answered the invitation yet is marked."""
    listed = [SelectChoice(0, "—")]
    for person in people:
        name = ", ".join(filter(None, (person.name or person.email, person.post)))
        invited = "" if person.password_hash else f" ({_('invited')})"
        listed.append(SelectChoice(person.id, name + invited))
    return listed
