"""The questionnaire as a form: limits, but no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import g, request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys import parts
from asdg_portal.surveys.models import ReportRevision
from asdg_portal.surveys.saving.queries import Saved
from asdg_portal.surveys.saving.services import Change, Outcome

_DATE = _l("This is not a date: write it as 31.12.2025.")


AUDIENCES = {
    Audience.PUBLIC: _l("everybody"),
    Audience.MEMBERS: _l("members of the association"),
    Audience.STAFF: _l("the staff of the association"),
}
READERS = {
    Audience.PUBLIC: "",
    Audience.MEMBERS: _l("Read by members of the association who have signed in, not by all."),
    Audience.STAFF: _l("Read by the staff of the association only."),
}


class DayField(DateField):
    """A day, as browsers send it or as people write it."""

    def __init__(self, label: object, validators: Any = None, **options: Any) -> None:
        checks = validators or [Optional()]
        super().__init__(label, checks, format=[*parts.DATE_FORMATS], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; an emptied field means that there is none."""
        if valuelist and not "".join(valuelist).strip():
            self.data = None
            return
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(str(_DATE)) from error


@dataclass(slots=True)
class Box:
    """One part on the form: what is asked, what stands in it, and what is wrong with that.

    ``called`` is its name by itself, ``seen`` the version that the page showed.
    """

    called: str
    label: str
    text: str
    seen: str
    hint: str = ""
    error: str = ""


class Questionnaire:
    """A city's sheet as a form, each part in a box of its own: as it is saved, or as just typed.

    It is a plain class, since all that can be wrong with a text is said when it is saved.
    ``key`` is the name of this very save.
    """

    def __init__(self, revision: ReportRevision, versions: Mapping[str, Saved]) -> None:
        sent: Mapping[str, str] = g.get("typed") or request.form
        self.revision, self.key = sent.get("revision", ""), sent.get("key", "")
        self.boxes: dict[str, Box] = {}
        for name in parts.names(revision):
            called = parts.label(name)
            self.boxes[name] = Box(called, called, sent.get(name, ""), sent.get(f"v_{name}", ""))
        for answer in revision.answers.values():
            box = self.boxes[f"q{answer.number}"]
            box.label, box.hint = answer.part.numbered, str(READERS[answer.audience])
        # A revision that has begun since they were read has no versions yet.
        versions = {n: saved for n, saved in versions.items() if saved.revision_id == revision.id}
        self.versions: Mapping[str, Saved] = versions
        if request.method != "POST" and g.get("typed") is None:
            self.show(revision, versions)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """What is not saved because it is wrong: the part, what it is called, and why."""
        return [(name, box.label, box.error) for name, box in self.boxes.items() if box.error]

    @property
    def labelled(self) -> list[tuple[str, str]]:
        """What stands in the boxes, each text under its label."""
        return [(box.label, box.text) for box in self.boxes.values() if box.text]

    @property
    def unanswered(self) -> int:
        """How many questions have no answer."""
        return sum(not box.text for name, box in self.boxes.items() if name[0] == "q")

    def changes(self, sent: Mapping[str, str]) -> list[Change]:
        """What was sent, with the versions that the person had before them.

        After a conflict they may have chosen the colleague's text (then there is nothing to save),
        or both put together.
        """
        found = []
        for name, box in self.boxes.items():
            choice = sent.get(f"choice_{name}")
            if name in sent and choice != "theirs":
                text = sent.get(f"merged_{name}", "") if choice == "merged" else box.text
                seen = whole(box.seen), whole(self.revision), self.key or None
                found.append(Change(name, text, *seen))
        return found

    def show(self, revision: ReportRevision, versions: Mapping[str, Saved]) -> None:
        """Fill in what is saved, and begin another save."""
        self.versions = versions
        for name, box in self.boxes.items():
            box.text = parts.read(revision, name)
            box.seen = str(versions[name].number if name in versions else 0)
        self.revision, self.key = str(revision.id), uuid4().hex

    def show_outcome(
        self, outcome: Outcome, revision: ReportRevision, versions: Mapping[str, Saved]
    ) -> None:
        """Leave in the boxes what could not be saved, and say why; the rest as it is saved.

        Whoever presses the button again has seen the colleague's text: their own goes over it.
        """
        typed = {name: (self.boxes[name].text, self.boxes[name].seen) for name in outcome.wrong}
        self.show(revision, versions)
        for name, conflict in outcome.conflicts.items():
            self.boxes[name].text = conflict.mine
            self.boxes[name].seen = str(conflict.theirs.number)
        for name, message in outcome.wrong.items():
            box = self.boxes[name]
            (box.text, box.seen), box.error = typed[name], message


def whole(text: object) -> int | None:
    """Read a number that a page sends back; None if it is none."""
    text = "" if text is None else str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class BeginForm(PortalForm):
    """Which year and which direction a report is to be about."""

    campaign = SelectField(_l("Reporting year"), coerce=int)
    sector = SelectField(_l("Direction"), coerce=int)
