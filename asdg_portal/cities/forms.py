"""Forms for keeping cities and directions."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from asdg_portal.core.formats import utc_offset
from asdg_portal.core.pages import PortalForm

# More than any municipality has; a larger number would not fit into the table either.
MOST_PEOPLE = 100_000_000
ZONES = sorted(z for z in available_timezones() if z.startswith("Asia/"))


def _zones() -> list[SelectChoice]:
    """The zones by their names, each with what people know it by."""
    return [SelectChoice(zone, f"{zone} ({utc_offset(zone)})") for zone in ZONES]


class CityForm(PortalForm):
    """What is kept of a city, with the newest period of its membership."""

    name = StringField(_l("Title"), [DataRequired(_l("Please fill this in.")), Length(max=200)])
    region = StringField(_l("Region"), [Length(max=200)])
    timezone = SelectField(_l("Time zone"), choices=_zones)
    population = IntegerField(_l("Population"), [Optional(), NumberRange(0, MOST_PEOPLE)])
    adjective = StringField(_l("Adjective"), [Length(max=100)])
    demonym = StringField(_l("Inhabitants"), [Length(max=100)])
    is_member = BooleanField(_l("Member of the association"))
    since = DateField(_l("Member since"), [Optional()])
    until = DateField(_l("Member until"), [Optional()])
    successor = SelectField(_l("Became part of"), coerce=int, choices=[SelectChoice(0, "—")])


class CitiesFileForm(PortalForm):
    """A list of cities as a file."""

    file = FileField(_l("List of cities (CSV)"), [FileRequired(_l("Choose a file."))])


class SectorForm(PortalForm):
    """What is kept of a direction."""

    name = StringField(_l("Title"), [DataRequired(_l("Please fill this in.")), Length(max=200)])
    synonyms = TextAreaField(
        _l("Other names, one on a line"),
        [Length(max=2000)],
        description=_l("By these the direction is recognised in old questionnaires."),
    )
    is_active = BooleanField(_l("Offered for new reports"), default=True)
