"""What a form brings home besides its answers: who answers, and what became of the tasks."""

from __future__ import annotations

from collections.abc import Sequence

from asdg_portal.accounts.models import User
from asdg_portal.core.text import clean_line
from asdg_portal.surveys import parts
from asdg_portal.surveys.commitments import services as commitments
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.commitments.queries import open_cards
from asdg_portal.surveys.commitments.services import Mark
from asdg_portal.surveys.documents import ParsedReport
from asdg_portal.surveys.earlier import earlier_sheets
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.papers.contents import FIELDS
from asdg_portal.surveys.saving.services import Change, save_parts

# By the first letters of what people write for an end of a task.
_ENDS = (
    (Outcome.DROPPED, ("снят", "не акту", "отмен", "drop")),
    (Outcome.PARTLY, ("част", "part")),
    (Outcome.MOVED, ("перен", "перех", "move")),
    (Outcome.DONE, ("выполнен", "исполнен", "сделан", "done")),
)


def bring_home(report: Report, sheet: ParsedReport, *, actor: User) -> list[str]:
    """Put the lines and the ends of tasks of a filled form where nothing has been said yet.

    Returns the names of the lines that were left alone: something else stands there, or what the
    form says cannot be kept.

    :raises WrongState: if the report can no longer be changed.
    """
    changes, left = [], []
    for name in FIELDS:
        text = clean_line(sheet.details.get(name, ""))
        kept = parts.shown(name, parts.read(report.current, name))
        if text and not kept:
            changes.append(Change(name, text))
        elif text and text != kept:
            left.append(name)
    if changes:
        left += save_parts(report, changes, actor=actor, by_hand=True).wrong
    marks = marks_of(sheet, open_cards(report, earlier_sheets(report)))
    if marks:
        commitments.mark(report, marks, actor=actor)
    return left


def marks_of(sheet: ParsedReport, cards: Sequence[Commitment]) -> list[Mark]:
    """What a form says of tasks of which nobody has said anything yet."""
    found = []
    for card in cards:
        said = sheet.tasks.get(card.key)
        if said is not None and not card.is_touched:
            outcome, note = outcome_of(said.outcome), clean_line(said.note)
            if said.outcome and outcome is None:  # in words of their own, which are kept
                note = clean_line(f"{said.outcome} {note}")
            if outcome or note:
                found.append(Mark(card.key, outcome, note, card.version or 0))
    return found


def outcome_of(words: str) -> Outcome | None:
    """Tell the end of a task by its first word; None if it is none of the four."""
    beginning = words.strip().casefold()
    return next((end for end, starts in _ENDS if beginning.startswith(starts)), None)
