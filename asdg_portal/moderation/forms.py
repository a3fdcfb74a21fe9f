"""What a moderator types: remarks on the parts of a text, and a reason for taking it away."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.models import Submission

LONGEST = 10_000
PREFIX = "remark_"


class ReviewForm(PortalForm):
    """A general remark, a reason, and the version of the text that was read."""

    version = HiddenField()
    summary = TextAreaField(_l("General remark"), validators=[Length(max=LONGEST)])
    reason = TextAreaField(_l("Why it is withdrawn"), validators=[Length(max=LONGEST)])

    @property
    def remarks(self) -> dict[str, str]:
        """What was typed beside each part, by the parts' names."""
        return {
            field.name.removeprefix(PREFIX): field.data or ""
            for field in self
            if field.name.startswith(PREFIX)
        }

    @property
    def seen_version(self) -> int:
        """The version of the text the moderator has read; something unreadable matches none."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def review_form(item: Submission) -> ReviewForm:
    """A form with a remark for each part of the newest revision."""
    fields = {
        PREFIX + part.name: TextAreaField(_l("Remark"), validators=[Length(max=LONGEST)])
        for part in item.current.parts()
    }
    form: ReviewForm = type("ItemReviewForm", (ReviewForm,), fields)()
    if not form.is_submitted() and not form.version.data:
        form.version.data = str(item.version)
    return form
