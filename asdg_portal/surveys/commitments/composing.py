"""Words made of cards: lines for answer 1, and tasks that go on into answer 3.

The lines are part of a city's answer, so they are Russian in whatever language the page is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from asdg_portal.core.morphology import fold
from asdg_portal.surveys.commitments.matching import is_same
from asdg_portal.surveys.commitments.models import Outcome
from asdg_portal.surveys.commitments.splitting import split_tasks

WORDS = {
    Outcome.DONE: "Выполнено",
    Outcome.PARTLY: "Выполнено частично",
    Outcome.MOVED: "Перенесено на {next_year} год",
    Outcome.DROPPED: "Снято",
}


class Said(Protocol):
    """What is said of a task, stored or just typed; ``inserted`` as in ``Commitment``."""

    @property
    def key(self) -> str:
        """The name of the task."""

    @property
    def text(self) -> str:
        """The task."""

    @property
    def outcome(self) -> Outcome | None:
        """What became of it."""

    @property
    def note(self) -> str:
        """One line about that."""

    @property
    def inserted(self) -> str:
        """The line that was put into answer 1 for it."""


def line_of(said: Said, year: int) -> str:
    """A task and its outcome as an item of a list; empty while nobody has said the outcome."""
    if said.outcome is None:
        return ""
    words = WORDS[said.outcome].format(next_year=year + 1)
    return f"- {words}: {said.text}" + (f" — {said.note}" if said.note else "")


def into_achievements(answer: str, tasks: Iterable[Said], year: int) -> tuple[str, dict[str, str]]:
    """Add what the answer does not say yet; give the new answer, and the new lines by task.

    A line that stands there as it was put is renewed; one that the city has reworded is its own.
    """
    lines, added = answer.split("\n"), {}
    for said in tasks:
        line = line_of(said, year)
        if not line or line in lines:
            continue
        if said.inserted and said.inserted in lines:
            lines[lines.index(said.inserted)] = line
            added[said.key] = line
        elif _plain(said.text) not in _plain("\n".join(lines)):
            added[said.key] = line
            lines = _append("\n".join(lines), [line]).split("\n")
    return "\n".join(lines), added


def into_tasks(answer: str, tasks: Iterable[Said]) -> tuple[str, list[str]]:
    """Add the tasks that are moved and that the answer does not name yet; give both."""
    named = split_tasks(answer)
    added: list[str] = []
    for said in tasks:
        known = any(is_same(said.text, task) for task in [*named, *added])
        if said.outcome is Outcome.MOVED and not known:
            added.append(said.text)
    return _append(answer, [f"- {task}" for task in added]), added


def _append(answer: str, items: list[str]) -> str:
    """Put items at the end, as a list of their own or as the end of the list there is."""
    if not items:
        return answer
    answer = answer.rstrip()
    last = answer.rsplit("\n", 1)[-1]
    gap = "" if not answer else "\n" if last.startswith("- ") else "\n\n"
    return answer + gap + "\n".join(items)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
