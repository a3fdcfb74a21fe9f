"""What a careful colleague would ask before a report is sent: questions, never walls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, ngettext

from asdg_portal.cities.gazetteer import load_gazetteer
from asdg_portal.core.morphology import fold
from asdg_portal.surveys.commitments.models import Commitment
from asdg_portal.surveys.commitments.splitting import says_nothing
from asdg_portal.surveys.earlier import EarlierAnswer
from asdg_portal.surveys.mentions.services import PEERS_QUESTION
from asdg_portal.surveys.models import Answer, Report

# An answer below both says too little for another city to learn from it.
FEW_WORDS, FEW_LETTERS = 3, 15
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:ru|рф|com|org|net)\b(?:/\S*)?"
)
# «Подробнее: <link>» is no answer either.
FEW_BESIDE_A_LINK = 5


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something worth a look before sending: where it stands on the form, and what it is."""

    place: str
    where: str
    message: str


def doubts(
    report: Report,
    earlier: Mapping[str, Sequence[EarlierAnswer]],
    tasks: Sequence[Commitment],
) -> list[Doubt]:
    """List what is worth a look, in the order of the form; nothing of it forbids to send."""
    revision = report.current
    walls = bool(revision.missing())
    found = list(_of_tasks(tasks))
    for number, answer in sorted(revision.answers.items()):
        label = _("Question %(number)s", number=number)
        last = [a for a in earlier.get(f"q{number}", ()) if a.year == report.year - 1]
        messages = _of_answer(answer, report, last, walls=walls)
        found += [Doubt(f"q{number}", label, message) for message in messages]
    if not (revision.contact_email or revision.contact_phone):
        message = _("neither an e-mail nor a telephone: colleagues cannot ask anybody")
        found.append(Doubt("contact_email", _("Whom colleagues may ask"), message))
    return found


def _of_tasks(tasks: Sequence[Commitment]) -> Iterator[Doubt]:
    left = sum(task.outcome is None for task in tasks)
    if left:
        message = ngettext("%(num)s task of last year has no outcome", "%(num)s tasks of last year have no outcome", left)  # fmt: skip  # noqa: E501
        yield Doubt("closed-year", _("What was promised last year"), message)


def _of_answer(
    answer: Answer, report: Report, last: Sequence[EarlierAnswer], *, walls: bool
) -> Iterator[str]:
    text = answer.text.strip()
    if not text:
        if not walls:  # otherwise it is named among what is missing
            yield _("there is no answer")
        return
    if says_nothing(text):
        yield _("nothing but “%(text)s”: is there really nothing to say?", text=text[:40])
        return
    if is_link(text):
        yield _("a link instead of an answer: it cannot be found by search, and will break one day")
    elif is_short(text):
        yield _("very short: will it help another city?")
    if any(_plain(text) == _plain(old.text) for old in last):
        yield _("word for word last year's answer")
    if answer.number == PEERS_QUESTION and not load_gazetteer().names(text) - {report.city.name}:
        yield _("no other city is named: then nobody learns that they were noticed")


def is_short(text: str) -> bool:
    """Whether an answer says next to nothing."""
    return len(text.split()) < FEW_WORDS or len(text) < FEW_LETTERS


def is_link(text: str) -> bool:
    """Whether an answer is but an address where something is written."""
    rest, number = _LINK.subn(" ", text)
    return number > 0 and len(re.findall(r"\w+", rest)) < FEW_BESIDE_A_LINK


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
