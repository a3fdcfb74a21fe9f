"""The questionnaire as a form: limits, but no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

from flask import g, request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import DateInput

from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.drafts import DraftForm
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys import parts
from asdg_portal.surveys.models import ReportRevision
from asdg_portal.surveys.parts import DATE, LABELS
from asdg_portal.surveys.saving.queries import Saved
from asdg_portal.surveys.saving.services import Change, Outcome

_DATE = _l("This is not a date: write it as 31.12.2025.")


AUDIENCES = {
    Audience.PUBLIC: _l("everybody"),
    Audience.MEMBERS: _l("members of the association"),
    Audience.STAFF: _l("the staff of the association"),
}
READERS = {
    Audience.PUBLIC: "",
    Audience.MEMBERS: _l("Read by members of the association who have signed in, not by all."),
    Audience.STAFF: _l("Read by the staff of the association only."),
}


class DayField(DateField):
    """A day, as browsers send it or as people write it."""

    def __init__(self, label: object, validators: Any = None, **options: Any) -> None:
        checks = validators or [Optional()]
        super().__init__(label, checks, format=[*parts.DATE_FORMATS], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an emptied field means that there is none."""
        if valuelist and not "".join(valuelist).strip():
            self.data = None
            return
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(str(_DATE)) from error


class TypedDay(StringField):
    """A day that is kept as it was typed, to be given back if it is none."""

    widget = DateInput()


class ReportForm(DraftForm):
    """A city's sheet without its questions, which differ from campaign to campaign.

    Each part has its own version in ``v_<part>``: ``seen`` are those that the page showed. ``key``
    is the name of this very save; ``called`` is what each part is called by itself.
    """

    version = None
    versions: Mapping[str, Saved]
    seen: dict[str, str]
    called: dict[str, str]
    revision = HiddenField()
    key = HiddenField()
    preface = TextAreaField(LABELS["preface"])
    author_name = StringField(LABELS["author_name"])
    author_post = StringField(LABELS["author_post"])
    contact_name = StringField(LABELS["contact_name"])
    contact_post = StringField(LABELS["contact_post"])
    contact_email = StringField(LABELS["contact_email"])
    contact_phone = StringField(LABELS["contact_phone"])
    outgoing_number = StringField(LABELS["outgoing_number"])
    outgoing_date = TypedDay(LABELS[DATE])

    def changes(self, sent: Mapping[str, str]) -> list[Change]:
        """What was sent, with the versions that the person had before them.

        After a conflict they may have chosen the colleague's text (then there is nothing to save),
        or both put together.
        """
        found = []
        for name in (name for name in self.texts if name in sent):
            choice = sent.get(f"choice_{name}")
            if choice != "theirs":
                text = sent.get(f"merged_{name}", "") if choice == "merged" else self[name].data
                found.append(Change(name, text, *self._seen(name)))
        return found

    def _seen(self, name: str) -> tuple[int | None, int | None, str | None]:
        return whole(self.seen.get(name)), whole(self.revision.data), self.key.data or None

    def show(self, revision: ReportRevision, versions: Mapping[str, Saved]) -> None:
        """Fill in what is saved, and begin another save."""
        self.versions = versions
        for name in parts.names(revision):
            self[name].data = parts.read(revision, name)
            self.seen[name] = str(versions[name].number if name in versions else 0)
        self.revision.data, self.key.data = str(revision.id), uuid4().hex

    def show_outcome(
        self, outcome: Outcome, revision: ReportRevision, versions: Mapping[str, Saved]
    ) -> None:
        """Leave in the fields what could not be saved, and say why; the rest as it is saved.

        Whoever presses the button again has seen the colleague's text: their own goes over it.
        """
        typed = {name: self[name].data for name in outcome.wrong}
        seen = {name: self.seen.get(name, "") for name in outcome.wrong}
        self.show(revision, versions)
        for name, conflict in outcome.conflicts.items():
            self[name].data = conflict.mine
            self.seen[name] = str(conflict.theirs.number)
        for name, message in outcome.wrong.items():
            self[name].data, self.seen[name] = typed[name], seen[name]
            self[name].errors = [message]


def whole(text: object) -> int | None:
    """Read a number that a page sends back; None if it is none."""
    text = "" if text is None else str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@lru_cache(maxsize=32)
def _form_class(numbers: tuple[int, ...]) -> type[ReportForm]:
    answers = {f"q{number}": TextAreaField() for number in numbers}
    return type("QuestionnaireForm", (ReportForm,), answers)


def questionnaire(revision: ReportRevision, versions: Mapping[str, Saved]) -> ReportForm:
    """Make the form of a report: as it is saved, or as it has just been typed."""
    form = _form_class(tuple(sorted(revision.answers)))()
    sent = g.get("typed") or request.form
    form.seen = {name: sent.get(f"v_{name}", "") for name in form.texts}
    form.versions = versions
    form.called = {name: parts.label(name) for name in form.texts}
    for name in LABELS:
        form[name].label.text = form.called[name]
    for answer in revision.answers.values():
        field = form[f"q{answer.number}"]
        field.label.text = answer.part.numbered
        field.description = str(READERS[answer.audience])
    if not form.is_submitted() and g.get("typed") is None:
        form.show(revision, versions)
    return form


class BeginForm(PortalForm):
    """Which year and which direction a report is to be about."""

    campaign = SelectField(_l("Reporting year"), coerce=int)
    sector = SelectField(_l("Direction"), coerce=int)
