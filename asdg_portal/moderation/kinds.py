"""The kinds of submissions that the floors above bring: each says what only it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.cities.panels import Panel
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import Action


@dataclass(frozen=True, slots=True)
class Starter:
    """Something a person can begin from their own page: where, and what it is called."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Until when a city has to act; ``more_time`` says why it was given longer than others."""

    text: str
    is_late: bool = False
    more_time: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Something a reviewer must see beside the text: above a part of it, or above everything."""

    part: str
    template: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the shared pages must know of reports, or of practices.

    ``path`` is where its pages live (``/reports``). ``after`` runs inside the transaction of
    every act: it writes letters and index entries to the outbox. ``marks`` says what those who
    work with the texts should know of them besides their state, by their numbers; ``overview`` is
    what the desk shows above its lists: a template and its data. ``terms`` says of many
    items at once until when their city has to act, by their numbers.
    ``concerned`` are the people who get its letters besides the city's representatives.
    """

    name: str
    label: str
    path: str
    after: Callable[[Action, Submission, User | None], None]
    starters: Callable[[Viewer], list[Starter]] = field(default=lambda user: [])
    marks: Callable[[Sequence[Submission]], Mapping[int, str]] = field(default=lambda items: {})
    overview: Callable[[], tuple[str, Mapping[str, Any]] | None] = field(default=lambda: None)
    terms: Callable[[Sequence[Submission]], Mapping[int, Term]] = field(default=lambda items: {})
    concerned: Callable[[Submission], Iterable[User]] = field(default=lambda item: ())
    # What a reviewer sees besides the text.
    exhibits: Callable[[Submission], list[Exhibit]] = field(default=lambda item: [])
    # What it shows on everybody's own page; nothing for those whom it does not concern.
    panels: Callable[[User], list[Panel]] = field(default=lambda user: [])


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


def marks_of(items: Sequence[Submission]) -> dict[int, str]:
    """What the kinds have to say of some submissions, by their numbers."""
    said: dict[int, str] = {}
    for kind in all_kinds():
        if own := [item for item in items if item.kind == kind.name]:
            said |= kind.marks(own)
    return said


def overviews() -> list[tuple[str, Mapping[str, Any]]]:
    """What the kinds show above the lists of the desk."""
    made = (kind.overview() for kind in all_kinds())
    return [overview for overview in made if overview]


def page_url(item: Submission) -> str:
    """The address where a submission is read."""
    return f"{kind_of(item).path}/{item.id}/"


def editor_url(item: Submission) -> str:
    """The address where its city works on it."""
    return f"{kind_of(item).path}/{item.id}/edit"
