"""Which tasks a report has to close: those of last year's answer, and those carried further."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asdg_portal.moderation.models import Audience
from asdg_portal.surveys.commitments.matching import key_of, pair
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.commitments.splitting import split_tasks

# A task that was done or dropped and is set again is a new one: City Day comes every year.
_OVER = frozenset({Outcome.DONE, Outcome.DROPPED})


@dataclass(frozen=True, slots=True)
class Task:
    """What last year's report said of a task of its own."""

    key: str
    text: str
    since_year: int
    audience: Audience
    outcome: Outcome | None


def make_cards(
    year: int,
    answer: str,
    audience: Audience,
    before: Sequence[Task],
    own: Sequence[Commitment],
) -> list[Commitment]:
    """Put the tasks together that a report of ``year`` closes, in their order.

    ``answer`` is last year's answer 3; ``before`` what last year's report said of its own tasks:
    what it moved comes again even if the answer does not name it. ``own`` is stored already: of
    that, what somebody has touched stays, the rest follows last year's words.
    """
    standing = _promised(year, answer, audience, before)
    stored = {row.key: row for row in own}
    touched = {row.key: row.text for row in own if row.is_touched and row.key not in standing}
    others = [card.text for card in standing.values() if card.key not in stored]
    reworded = {key_of(text): key for key, text in pair(touched, others).items()}
    cards = [stored.get(reworded.get(key, key), card) for key, card in standing.items()]
    stays = [stored[key] for key in touched if key not in reworded.values()]
    return [*cards, *stays]


def _promised(
    year: int, answer: str, audience: Audience, before: Sequence[Task]
) -> dict[str, Commitment]:
    tasks = split_tasks(answer)
    again = pair({row.key: row.text for row in before}, tasks)
    rows = {row.key: row for row in before}
    since = {
        text: rows[key].since_year for key, text in again.items() if rows[key].outcome not in _OVER
    }
    found = {key_of(text): (text, since.get(text, year), audience) for text in tasks}
    for row in before:
        if row.outcome is Outcome.MOVED and row.key not in again:
            found.setdefault(row.key, (row.text, row.since_year, row.audience))
    return {
        key: Commitment(
            key=key,
            position=position,
            text=text,
            since_year=since_year,
            audience=circle,
            note="",
            inserted="",
        )
        for position, (key, (text, since_year, circle)) in enumerate(found.items())
    }
