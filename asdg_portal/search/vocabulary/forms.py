"""Forms for keeping the table of words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.search.vocabulary.groups import Group, split
from asdg_portal.search.vocabulary.services import MOST_CHARACTERS, MOST_MEMBERS

LONGEST = Length(max=MOST_CHARACTERS * MOST_MEMBERS)


class GroupForm(PortalForm):
    """The words of one group, each on a line."""

    version = HiddenField()
    same = TextAreaField(
        _l("The same, each on a line"),
        [DataRequired(_l("Please fill this in.")), LONGEST],
        description=_l(
            "Who types one of them finds texts with any, in every form. Abbreviations in capitals."
        ),
    )
    near = TextAreaField(
        _l("Near to it"),
        [LONGEST],
        description=_l("Found as well, but lower, in both directions."),
    )
    broader = TextAreaField(
        _l("Broader"),
        [LONGEST],
        description=_l("Found by the words above, but does not lead to them."),
    )

    @property
    def group(self) -> Group:
        """What was typed, as a group."""
        return Group(*(split(field.data or "") for field in (self.same, self.near, self.broader)))


class GroupsFileForm(PortalForm):
    """The table as a file."""

    file = FileField(_l("Words as a text file"), [FileRequired(_l("Choose a file."))])
