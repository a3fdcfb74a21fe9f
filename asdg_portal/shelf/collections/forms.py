"""Forms of collections."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.shelf.collections.services import LONGEST_NAME, LONGEST_NOTE
from asdg_portal.shelf.models import Collection

NEW = "new"


class NameForm(PortalForm):
    """What a collection is called."""

    name = StringField(
        _l("Name of the collection"),
        [InputRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
    )


class NoteForm(PortalForm):
    """Why a text is kept."""

    note = TextAreaField(_l("Note on the text"), [Length(max=LONGEST_NOTE)])


class KeepForm(NoteForm):
    """Where a text is put; ``key`` names the text, ``back`` is where its reader came from."""

    collection = SelectField(_l("Collection"))
    name = StringField(_l("Name of the new collection"), [Length(max=LONGEST_NAME)])
    key = HiddenField()
    back = HiddenField()

    def offer(self, collections: Iterable[Collection]) -> None:
        """List the collections that there are, and a new one."""
        own = [SelectChoice(str(collection.id), collection.name) for collection in collections]
        self.collection.choices = [*own, SelectChoice(NEW, _("a new collection"))]
