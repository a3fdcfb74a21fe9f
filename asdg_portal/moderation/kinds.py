"""The kinds of submissions that the floors above bring: each says what only it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.moderation.models import Revision, Submission
from asdg_portal.moderation.workflow import Action


@dataclass(frozen=True, slots=True)
class Starter:
    """Something a person can begin from their own page: where, and what it is called."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the shared pages must know of reports, or of practices.

    ``path`` is where its pages live (``/reports``). ``after`` runs inside the transaction of
    every act: it writes letters and index entries to the outbox. ``concerned`` are the people who
    get its letters besides the city's representatives; ``late`` names the revisions that came
    after their day.
    """

    name: str
    label: str
    path: str
    after: Callable[[Action, Submission, User | None], None]
    starters: Callable[[Viewer], list[Starter]] = field(default=lambda user: [])
    concerned: Callable[[Submission], Iterable[User]] = field(default=lambda item: ())
    late: Callable[[Sequence[Revision]], set[int]] = field(default=lambda revisions: set())


def init_kinds(app: Flask, kinds: Iterable[Kind]) -> None:
    """Tell the application which kinds of submissions there are."""
    app.extensions["kinds"] = {kind.name: kind for kind in kinds}


def all_kinds() -> list[Kind]:
    """List the kinds in the order they were registered."""
    return list(current_app.extensions["kinds"].values())


def kind_of(item: Submission) -> Kind:
    """Give the kind of a submission."""
    kind: Kind = current_app.extensions["kinds"][item.kind]
    return kind


def late_among(revisions: Iterable[Revision]) -> set[int]:
    """Name, by their numbers in the database, the revisions that came after their day."""
    every, late = list(revisions), set[int]()
    for kind in all_kinds():
        late |= kind.late([revision for revision in every if revision.kind == kind.name])
    return late


def page_url(item: Submission) -> str:
    """The address where a submission is read."""
    return f"{kind_of(item).path}/{item.id}/"


def editor_url(item: Submission) -> str:
    """The address where its city works on it."""
    return f"{kind_of(item).path}/{item.id}/edit"
