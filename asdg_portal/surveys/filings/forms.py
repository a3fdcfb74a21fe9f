"""Which sheet has come, how, when, and under which number."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.files import Upload
from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.turns import CHANNELS
from asdg_portal.surveys.models import Campaign


class FilingForm(PortalForm):
    """A sheet that has come past the portal."""

    campaign = SelectField(_l("Reporting year"), coerce=int)
    city = SelectField(_l("City"), coerce=int)
    sector = SelectField(_l("Direction"), coerce=int)
    channel = SelectField(_l("How it came"), coerce=Channel)
    received_on = DateField(
        _l("Received on"),
        [InputRequired(_l("Please fill this in."))],
        format=["%Y-%m-%d", "%d.%m.%Y"],
    )
    number = StringField(_l("Incoming number"), [Length(max=200)])
    scans = MultipleFileField(_l("Scan of the sheet"))


class ScansForm(PortalForm):
    """Scans that are added later."""

    scans = MultipleFileField(_l("Scan of the sheet"))


def uploads_of(field: MultipleFileField) -> list[Upload]:
    """The files as they were sent; a field that was left alone has none."""
    return [Upload(file.filename or "", file.read()) for file in field.data or () if file]


def filing_form(campaigns: list[Campaign], cities: list[City], sectors: list[Sector]) -> FilingForm:
    """The form with what there is to choose from."""
    form = FilingForm()
    form.channel.choices = [SelectChoice(channel, name) for channel, name in CHANNELS.items()]
    form.campaign.choices = [SelectChoice(c.id, str(c.year)) for c in campaigns]
    form.city.choices = [SelectChoice(c.id, c.name) for c in sorted(cities, key=lambda c: c.name)]
    form.sector.choices = [SelectChoice(s.id, s.name) for s in sectors]
    return form
