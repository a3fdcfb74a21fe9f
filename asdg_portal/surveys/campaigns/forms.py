"""Forms of a reporting year."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.surveys.campaigns.inheriting import Dates
from asdg_portal.surveys.forms import AUDIENCES, DayField

NEEDED = _l("Please fill this in.")


class CampaignForm(PortalForm):
    """The dates of a reporting year; a deadline lasts to the end of the day in each city."""

    opens_on = DayField(_l("Opens on"))
    due_on = DayField(_l("Answers are due on"))
    closes_on = DayField(_l("Late answers are taken until"))

    @property
    def dates(self) -> Dates:
        """The days that were typed; none where nothing was."""
        return Dates(self.opens_on.data, self.due_on.data, self.closes_on.data)


class NewCampaignForm(PortalForm):
    """A new reporting year; all the rest is taken from the year before and changed afterwards."""

    year = StringField(_l("Reporting year"), [InputRequired(NEEDED)])


class ReopenForm(PortalForm):
    """Until when a closed year takes answers again."""

    until = DayField(_l("Late answers are taken until"))


class MoreTimeForm(PortalForm):
    """More time for one city."""

    city = SelectField(_l("City"), coerce=int)
    due_on = DayField(_l("New last day for answers"))
    reason = StringField(
        _l("Reason"),
        [
            InputRequired(NEEDED),
            Length(
                max=500, message=_l("This is longer than %(max)d characters: shorten it, please.")
            ),
        ],
    )


class QuestionForm(PortalForm):
    """The wording of one question, and who reads the answers."""

    wording = TextAreaField(
        _l("Wording"),
        [
            InputRequired(NEEDED),
            Length(
                max=2000, message=_l("This is longer than %(max)d characters: shorten it, please.")
            ),
        ],
    )
    audience = SelectField(
        _l("Who reads the answers"),
        choices=[SelectChoice(audience, name) for audience, name in AUDIENCES.items()],
    )
