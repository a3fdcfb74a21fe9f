"""What a person leaves to the one who comes in their place; the floors above know what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app

from asdg_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: what it is, and the path of its page."""

    label: str
    path: str


# Moves what hangs on the old person to the new one, and says what waits for them.
HandOver = Callable[[User, User], list[Waiting]]


def init_heirs(app: Flask, steps: Iterable[HandOver]) -> None:
    """Tell the application what has to be handed over when a person is replaced."""
    app.extensions["heirs"] = list(steps)


def hand_over(old: User, new: User) -> list[Waiting]:
    """Hand everything over, in the transaction that goes on."""
    steps: list[HandOver] = current_app.extensions["heirs"]
    return [waiting for step in steps for waiting in step(old, new)]
