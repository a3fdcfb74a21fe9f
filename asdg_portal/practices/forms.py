"""A practice as a form: limits, but no decisions."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    MultipleFileField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from asdg_portal.cities.models import Sector
from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.drafts import DraftForm, well_formed_addresses
from asdg_portal.moderation.models import Revision
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.practices.services import PracticeText

LONGEST_TEXT = 50_000
LONGEST_LINE = 200
FIRST_YEAR, LAST_YEAR = 1986, 2200

_TOO_LONG = _l("This is longer than %(max)d characters: shorten it, please.")
_TEXT = Length(max=LONGEST_TEXT, message=_TOO_LONG)
_LINE = Length(max=LONGEST_LINE, message=_TOO_LONG)
_YEAR = NumberRange(FIRST_YEAR, LAST_YEAR, message=_l("This is not a year of the association."))


class BeginForm(PortalForm):
    """What a practice is called and which direction and year it belongs to."""

    title = StringField(_l("Title"), [InputRequired(_l("Please fill this in.")), _LINE])
    sector = SelectField(_l("Direction"), coerce=int)
    year = IntegerField(_l("Year"), [_YEAR])


class PracticeForm(DraftForm):
    """What a city writes about a practice."""

    title = StringField(_l("Title"), [_LINE])
    sector = SelectField(_l("Direction"), coerce=int)
    year = IntegerField(_l("Year"), [_YEAR])
    summary = TextAreaField(_l("In short"), [_TEXT])
    problem = TextAreaField(_l("The problem"), [_TEXT])
    solution = TextAreaField(_l("The solution"), [_TEXT])
    results = TextAreaField(_l("The results"), [_TEXT])
    resources = TextAreaField(_l("What it took"), [_TEXT])
    tags = StringField(_l("Tags"), [Length(max=1000, message=_TOO_LONG)])
    contact_name = StringField(_l("Whom colleagues may ask"), [_LINE])
    contact_post = StringField(_l("Post"), [_LINE])
    contact_email = StringField(_l("E-mail"), [_LINE, well_formed_addresses])
    contact_phone = StringField(_l("Telephone"), [_LINE])
    files = MultipleFileField(_l("Add files"))

    def right_text(
        self, sent: frozenset[str], sectors: Sequence[Sector], removed: frozenset[int]
    ) -> PracticeText:
        """What was sent and is right; a wrong field does not take the others with it."""
        good = self.good(sent)
        by_id = {sector.id: sector for sector in sectors}
        return PracticeText(
            title=self.title.data if "title" in good else None,
            sections={n: self[n].data for n in PracticeRevision.SECTIONS if n in good},
            details={n: self[n].data for n in Revision.CONTACT if n in good},
            tags=self.tags.data.split(",") if "tags" in good else None,
            sector=by_id.get(self.sector.data) if "sector" in good else None,
            year=self.year.data if "year" in good else None,
            removed=removed,
        )


def practice_form(practice: Practice, sectors: Sequence[Sector]) -> PracticeForm:
    """Make the form of a practice: as it is saved, or as it has just been typed."""
    form = PracticeForm(data=saved(practice))
    form.sector.choices = sector_choices(sectors)
    if not form.is_submitted():
        form.version.data = practice.version
    return form


def saved(practice: Practice) -> dict[str, object]:
    """What the fields of the form show of a practice as it is kept."""
    revision = practice.current
    assert isinstance(revision, PracticeRevision)  # noqa: S101  a practice has no other
    names = ("title", *PracticeRevision.SECTIONS, *Revision.CONTACT)
    kept: dict[str, object] = {name: getattr(revision, name) for name in names}
    return kept | {
        "tags": ", ".join(revision.tags),
        "sector": practice.sector_id,
        "year": practice.year,
    }


def sector_choices(sectors: Sequence[Sector]) -> list[SelectChoice]:
    """The directions to choose from."""
    return [SelectChoice(sector.id, sector.name) for sector in sectors]
