"""The cards of the closed year on the questionnaire: as they are stored, or as just typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.text import clean_line
from asdg_portal.moderation.policies import is_helper
from asdg_portal.surveys.commitments.models import LONG_CARRIED, Commitment, Outcome
from asdg_portal.surveys.commitments.services import Mark, check_open_to, mark
from asdg_portal.surveys.models import Report

LONGEST_NOTE = 500
PREFIX = "task_"


@dataclass(slots=True)
class Entry:
    """One card: the stored task, what is typed of it, and what a colleague has said meanwhile."""

    card: Commitment
    outcome: Outcome | None
    note: str
    version: int
    years: int
    error: str = ""
    theirs: Commitment | None = None

    @property
    def key(self) -> str:
        """The name of the task."""
        return self.card.key

    @property
    def text(self) -> str:
        """The task."""
        return self.card.text

    @property
    def inserted(self) -> str:
        """The line that was put into answer 1 for it."""
        return self.card.inserted or ""

    @property
    def is_long_carried(self) -> bool:
        """Whether the task stands in the tasks for so many years that it is marked."""
        return self.years >= LONG_CARRIED

    def name(self, what: str) -> str:
        """The name of a field of this card: ``outcome``, ``note``, ``version``."""
        return f"{PREFIX}{self.key}_{what}"


@dataclass(slots=True)
class ClosedYearForm:
    """All cards of a report; ``lost`` are notes on tasks that are no longer among them."""

    year: int
    entries: list[Entry]
    lost: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether something typed is not stored."""
        return bool(self.lost) or any(e.error or e.theirs for e in self.entries)

    @property
    def typed_notes(self) -> list[tuple[str, str]]:
        """What was typed and is not stored: the tasks and their notes."""
        return [(e.text, e.note) for e in self.entries if e.note.strip() != e.card.note] + [
            ("", text) for text in self.lost
        ]

    @property
    def open_tasks(self) -> int:
        """How many tasks nobody has said the outcome of."""
        return sum(entry.outcome is None for entry in self.entries)

    @property
    def has_moved(self) -> bool:
        """Whether anything goes on into the next year."""
        return any(entry.outcome is Outcome.MOVED for entry in self.entries)

    @property
    def has_outcome(self) -> bool:
        """Whether there is anything to be said in answer 1."""
        return self.open_tasks < len(self.entries)


def closed_year_form(
    report: Report, cards: Sequence[Commitment], sent: Mapping[str, str]
) -> ClosedYearForm:
    """Make the cards of a report; what was sent stands before what is stored."""
    entries = [_entry(card, sent, report.year) for card in cards]
    known = {entry.name("note") for entry in entries}
    lost = [
        text
        for name, text in sent.items()
        if name.startswith(PREFIX) and name.endswith("_note") and name not in known and text.strip()
    ]
    return ClosedYearForm(report.year, entries, lost)


def _entry(card: Commitment, sent: Mapping[str, str], year: int) -> Entry:
    entry = Entry(card, card.outcome, card.note, card.version or 0, card.years_by(year))
    outcome, version = sent.get(entry.name("outcome")), sent.get(entry.name("version"), "")
    if outcome is not None:
        entry.outcome = Outcome(outcome) if outcome in {*Outcome} else None
    entry.note = sent.get(entry.name("note"), entry.note)
    if version.isascii() and version.isdigit() and len(version) < 10:
        entry.version = int(version)
    if len(entry.note) > LONGEST_NOTE:
        entry.error = _("This line is longer than %(max)d characters: shorten it, please.", max=LONGEST_NOTE)  # fmt: skip  # noqa: E501
    return entry


def keep(report: Report, closed: ClosedYearForm, *, actor: User) -> None:
    """Store what was typed; each card that could not be stored says why.

    :raises WrongState: if the report can no longer be changed.
    """
    changed = [entry for entry in closed.entries if not entry.error and _differs(entry, entry.card)]
    if not changed and is_helper(actor, report):
        return  # a colleague who was asked for another answer has no cards before them
    check_open_to(actor, report)
    if not changed:
        return
    marks = [Mark(e.key, e.outcome, e.note, e.version) for e in changed]
    stored = mark(report, marks, actor=actor)
    for entry in changed:
        card = stored.get(entry.key)
        if card is None:
            closed.lost.append(f"{entry.text} — {entry.note}")
            continue
        entry.theirs = card if _differs(entry, card) else None
        entry.card, entry.version = card, card.version or 0


def _differs(entry: Entry, card: Commitment) -> bool:
    return (entry.outcome, clean_line(entry.note)) != (card.outcome, card.note)


def outcome_names() -> dict[Outcome, str]:
    """The four ends of a task in words."""
    return {
        Outcome.DONE: _("done"),
        Outcome.PARTLY: _("partly"),
        Outcome.MOVED: _("moved to the next year"),
        Outcome.DROPPED: _("dropped"),
    }
