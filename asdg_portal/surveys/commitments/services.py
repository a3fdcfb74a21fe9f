"""Saying what became of last year's tasks; each card is kept the moment it is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import update

from asdg_portal.accounts.models import User
from asdg_portal.core import audit
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, Stale
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.commitments.queries import ACHIEVEMENTS, open_cards
from asdg_portal.surveys.earlier import earlier_sheets
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.policies import can_write_part
from asdg_portal.surveys.reading import read_commitments_anew


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says of a task; ``version`` is that of the card they had before them."""

    key: str
    outcome: Outcome | None
    note: str
    version: int


def mark(report: Report, marks: Iterable[Mark], *, actor: User) -> dict[str, Commitment]:
    """Keep what is said of tasks; give back the cards as they stand then, by their keys.

    A card that a colleague has changed since ``version`` is left as the colleague has it: whoever
    calls compares. So is one that is no longer among last year's tasks; it is not given back.

    :raises WrongState: if the report can no longer be changed.
    """
    check_open_to(actor, report)
    with unit_of_work():
        _hold(report)
        cards = {card.key: card for card in _cards_now(report)}
        for said in marks:
            card = cards.get(said.key)
            if card is not None and (card.version or 0) == said.version:
                _keep(report, card, said, actor)
        db.session.flush()
    return cards


def _cards_now(report: Report) -> list[Commitment]:
    """The cards of a report whose row is held, with what colleagues have said since it was read."""
    db.session.flush()
    read_commitments_anew(report)
    return open_cards(report, earlier_sheets(report))


def check_open_to(actor: User, report: Report) -> None:
    """Refuse whoever may not say what became of the tasks, now or at all.

    :raises WrongState: if the report can no longer be changed.
    """
    if not can_write_part(actor, report, f"q{ACHIEVEMENTS}"):
        raise NotAllowed(_("You may not do this."))
    WORKFLOW.apply(Action.SAVE, report, actor)


def _hold(report: Report) -> None:
    """Let nobody hand the report in before this is stored: what was submitted never changes.

    :raises Stale: if it has been moved since it was read.
    """
    row = update(Submission).where(Submission.id == report.id, Submission.state == report.state)
    held = db.session.execute(
        row.values(version=Submission.version), execution_options={"synchronize_session": False}
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Stale(_("Somebody else has changed this at the same moment."))


def _keep(report: Report, card: Commitment, said: Mark, actor: User) -> None:
    note = clean_line(said.note)
    if (card.outcome, card.note) == (said.outcome, note):
        return
    before = {"outcome": card.outcome, "note": card.note}
    card.outcome, card.note = said.outcome, note
    card.updated_at, card.updated_by = now(), actor
    if card.id is None:
        report.current.commitments.append(card)
    audit.record(
        "mark_task",
        f"task:{report.id}",  # apart from the acts on the report: its history is not about these
        actor,
        before=before,
        after={"task": card.text, "outcome": said.outcome, "note": note},
    )


def note_inserted(report: Report, lines: Mapping[str, str]) -> None:
    """Remember which line was put into answer 1 for which task, so that it can be renewed there."""
    with unit_of_work():
        for key, line in lines.items():
            db.session.execute(
                update(Commitment)
                .where(Commitment.revision_id == report.current.id, Commitment.key == key)
                .values(inserted=line)
            )


def settle(report: Report) -> None:
    """Store the tasks that nobody has touched, too: a submitted report follows last year no more.

    Call it inside the transaction that submits the report.
    """
    cards = _cards_now(report)
    report.current.commitments = cards
    for position, card in enumerate(cards):
        card.position = position
