"""The questionnaire as a form: limits, but no decisions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.drafts import DraftForm, well_formed_addresses
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.services import ReportText

LONGEST_ANSWER = 50_000
LONGEST_LINE = 200
LINES = ("author_name", "author_post", "outgoing_number", *ReportRevision.CONTACT)

_TEXT = Length(
    max=LONGEST_ANSWER, message=_l("This is longer than %(max)d characters: shorten it, please.")
)
_LINE = Length(
    max=LONGEST_LINE, message=_l("This line is longer than %(max)d characters: shorten it, please.")
)
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

    def __init__(self, label: object, **options: Any) -> None:
        super().__init__(label, [Optional()], format=["%Y-%m-%d", "%d.%m.%Y"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an emptied field means that there is none."""
        if valuelist and not "".join(valuelist).strip():
            self.data = None
            return
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(str(_DATE)) from error


class ReportForm(DraftForm):
    """A city's sheet without its questions, which differ from campaign to campaign."""

    preface = TextAreaField(_l("Preface"), [_TEXT])
    author_name = StringField(_l("Who has prepared the answers"), [_LINE])
    author_post = StringField(_l("Post and department"), [_LINE])
    contact_name = StringField(_l("Whom colleagues may ask"), [_LINE])
    contact_post = StringField(_l("Post"), [_LINE])
    contact_email = StringField(_l("E-mail"), [_LINE, well_formed_addresses])
    contact_phone = StringField(_l("Telephone"), [_LINE])
    outgoing_number = StringField(_l("Outgoing number"), [_LINE])
    outgoing_date = DayField(_l("Outgoing date"))

    def right_text(self, sent: frozenset[str]) -> ReportText:
        """What was sent and is right; a wrong field does not take the others with it."""
        good = self.good(sent)
        return ReportText(
            preface=self.preface.data if "preface" in good else None,
            answers={int(n[1:]): self[n].data for n in good if n[0] == "q" and n[1:].isdigit()},
            details={name: self[name].data for name in LINES if name in good},
            outgoing_date=self.outgoing_date.data if "outgoing_date" in good else "kept",
        )


@lru_cache(maxsize=32)
def _form_class(numbers: tuple[int, ...]) -> type[ReportForm]:
    fields = {f"q{number}": TextAreaField(validators=[_TEXT]) for number in numbers}
    return type("QuestionnaireForm", (ReportForm,), fields)


def questionnaire(report: Report) -> ReportForm:
    """Make the form of a report: as it is saved, or as it has just been typed."""
    revision = report.current
    assert isinstance(revision, ReportRevision)  # noqa: S101  a report has no other
    saved = {f"q{answer.number}": answer.text for answer in revision.answers.values()}
    form = _form_class(tuple(sorted(revision.answers)))(
        obj=revision, version=report.version, **saved
    )
    for answer in revision.answers.values():
        field = form[f"q{answer.number}"]
        field.label.text = answer.part.numbered
        field.description = READERS[answer.audience]
    return form


class BeginForm(PortalForm):
    """Which year and which direction a report is to be about."""

    campaign = SelectField(_l("Reporting year"), coerce=int)
    sector = SelectField(_l("Direction"), coerce=int)
