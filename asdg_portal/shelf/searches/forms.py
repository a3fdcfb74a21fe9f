"""The form of a saved search."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.core.text import clean_line
from asdg_portal.shelf.models import Rhythm
from asdg_portal.shelf.searches.services import LONGEST_NAME

RHYTHMS = {
    Rhythm.NEVER: _l("no letters"),
    Rhythm.DAILY: _l("every day when something is new"),
    Rhythm.WEEKLY: _l("on Mondays when something is new"),
}


class SearchForm(PortalForm):
    """What a search is called, and how often it writes; ``search`` carries a new one along."""

    name = StringField(
        _l("Name of the search"),
        [DataRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
        filters=[lambda text: clean_line(text or "")],
    )
    letters = SelectField(
        _l("Letters about what is new"),
        choices=[SelectChoice(rhythm.value, label) for rhythm, label in RHYTHMS.items()],
        description=_l(
            "They come in the morning by your city's clock, one letter for all searches."
        ),
    )
    search = HiddenField()

    @property
    def rhythm(self) -> Rhythm:
        """How often letters are wanted."""
        return Rhythm(self.letters.data)
