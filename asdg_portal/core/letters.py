"""A letter is a value: whom to, about what, in which words; it waits in the outbox until sent."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from asdg_portal.core.outbox import enqueue

TOPIC = "mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person, plain text."""

    to: str
    name: str
    subject: str
    body: str


def send(letter: Letter) -> str:
    """Queue a letter in the current transaction; it goes out after the commit.

    Returns its identifier, under which the queue and what comes back speak of it.
    """
    identifier = secrets.token_hex(12)
    enqueue(TOPIC, letter.to, asdict(letter) | {"id": identifier})
    return identifier
