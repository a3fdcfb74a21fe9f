"""What a moderator types: remarks on the parts of a text, and a reason for taking it away."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from flask import g, request
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.models import WHOLE, Submission
from asdg_portal.moderation.remarks.models import Note
from asdg_portal.moderation.remarks.notes import LONGEST, Typed, parts_of


class ReviewForm(PortalForm):
    """A reason, and what was seen: the version of the text, and the newest verdict on it."""

    version = HiddenField()
    verdict = HiddenField()
    reason = TextAreaField(_l("Why it is withdrawn"), validators=[Length(max=LONGEST)])

    @property
    def seen_version(self) -> int:
        """The version of the text the moderator has read; something unreadable matches none."""
        return number(self.version.data, -1)

    @property
    def seen_verdict(self) -> int:
        """The number of the newest review that had come to a verdict; 0 if there was none."""
        return number(self.verdict.data, 0)


def number(text: str | None, otherwise: int) -> int:
    """Read a number out of a form."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def review_form(item: Submission) -> ReviewForm:
    """The form of the review page."""
    form = ReviewForm()
    if not form.is_submitted() and not form.version.data:
        show_as_it_is(form, item)
    return form


def show_as_it_is(form: ReviewForm, item: Submission) -> None:
    """Let the next press of a button be about what the page shows now."""
    form.version.data = str(item.version)
    form.verdict.data = str(item.last_review.id if item.last_review else 0)


def field_names(part: str) -> tuple[str, str, str]:
    """The fields of a part's remarks: their texts, the words they mean, their keys."""
    if part == WHOLE:
        return "summary", "quote_summary", "key_summary"
    return f"remark_{part}", f"quote_{part}", f"key_{part}"


def typed_remarks(item: Submission) -> list[Typed]:
    """Read the remarks that were typed: lists of texts, of quotes and of keys, part by part."""
    typed = g.get("typed")
    sent: MultiDict[str, str] = request.form if typed is None else typed
    found = []
    for part in parts_of(item):
        lists = [sent.getlist(name) for name in field_names(part)]
        for text, quote, key in zip_longest(*lists, fillvalue=""):
            if text or key:
                found.append(Typed(key or new_key(), part, text, quote))
    return found


def new_key() -> str:
    """Name a remark that is going to be written."""
    return secrets.token_hex(8)


def rows(item: Submission, notes: Sequence[Note]) -> Mapping[str, list[Typed]]:
    """The remarks to show for editing, by their parts: as typed, or as kept; then an empty one."""
    kept = {n.key: Typed(n.key, n.part, n.text, n.quote) for n in notes}
    kept |= {t.key: t for t in typed_remarks(item)}
    by_part: dict[str, list[Typed]] = {part: [] for part in parts_of(item)}
    for row in kept.values():
        if row.part in by_part and row.text.strip():
            by_part[row.part].append(row)
    for part, listed in by_part.items():
        if part != WHOLE or not listed:
            listed.append(Typed(new_key(), part, ""))
    return by_part
