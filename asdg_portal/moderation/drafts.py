"""Writing a text in a form: what is right is kept, what two people typed is shown side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask_babel import gettext as _
from wtforms import Field, HiddenField
from wtforms.validators import ValidationError

from asdg_portal.core.pages import PortalForm

_NOT_TYPED = {"HiddenField", "CSRFTokenField", "MultipleFileField"}
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")


def are_addresses(text: str) -> bool:
    """Whether one can write to what stands here; nothing at all is fine, too."""
    given = [part.strip() for part in text.split(",") if part.strip()]
    return all(_ADDRESS.fullmatch(part) for part in given)


def well_formed_addresses(form: object, field: Field) -> None:
    """Colleagues will write to what stands here: one address, or several with commas between."""
    if not are_addresses(field.data or ""):
        raise ValidationError(
            _("This is no address of an e-mail: write it as ivanova@city.example.")
        )


class DraftForm(PortalForm):
    """A form in which a city writes; it knows the version of the text that it was made of."""

    version = HiddenField()

    @property
    def texts(self) -> list[str]:
        """The names of the fields a city fills in, in the order of the page."""
        return [name for name, field in self._fields.items() if field.type not in _NOT_TYPED]

    @property
    def seen_version(self) -> int | None:
        """The version that the person had before them; None if the form does not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def good(self, sent: frozenset[str]) -> frozenset[str]:
        """Name the fields that were sent and are right: a wrong one takes no other with it."""
        return frozenset(n for n in self.texts if n in sent and not self[n].errors)

    def typed(self) -> dict[str, str]:
        """Give what stands in the fields, line ends as they are kept."""
        return {name: plain(self[name].data) for name in self.texts}

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """What is not saved because it is wrong: the field, what it is called, and why."""
        return [(n, self[n].label.text, " ".join(why)) for n, why in self.errors.items()]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """What stands in the fields, each text under its label."""
        return [(self[n].label.text, self[n].data) for n in self.texts if self[n].data]


def plain(value: object) -> str:
    """Spell a value as texts are kept, to compare it."""
    return "\n".join(str(value or "").split("\r\n")).strip()


def differing(typed: Mapping[str, str], saved: Mapping[str, object]) -> dict[str, object]:
    """What is saved wherever it is not what was typed."""
    return {n: saved[n] for n in typed if n in saved and typed[n] != plain(saved[n])}


def give_back(typed: Sequence[tuple[str, str]], message: str, base: str) -> str:
    """Show what was typed, to be copied, when the text has moved on meanwhile.

    ``typed`` are labels and texts; what was answered to remarks is shown after them.
    """
    answers = [text for name, text in request.form.items() if name.startswith("answer_") and text]
    shown = [*typed, *((_("Your answer to a remark"), text) for text in answers)]
    return render_template("moderation/given_back.html", typed=shown, message=message, base=base)
