"""What has changed between two revisions of a text, part by part and line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asdg_portal.core.worddiff import Piece, compare
from asdg_portal.moderation.models import Part, Revision, Submission


@dataclass(frozen=True, slots=True)
class Change:
    """A part as it is now, and how it differs from what it was; no ``pieces``: it does not."""

    name: str
    heading: str
    text: str
    pieces: Sequence[Piece]
    number: int | None = None


def changes(old: Revision | None, new: Revision) -> list[Change]:
    """Compare the parts of two revisions; without an older one nothing has changed."""
    return _compare(old.parts() if old else None, new.parts())


def line_changes(old: Revision | None, new: Revision) -> list[Change]:
    """Compare the lines beside the text: author, contact, numbers."""
    return _compare(old.details() if old else None, new.details())


def _compare(old: Sequence[Part] | None, new: Sequence[Part]) -> list[Change]:
    former = {part.name: part for part in old or ()}
    known = {part.name for part in new}
    # A question that is asked no longer, with its answer, is a change as well.
    gone = [Part(p.name, p.heading, "", number=p.number) for p in old or () if p.name not in known]
    return [
        Change(
            part.name,
            part.heading,
            part.text,
            _pieces(old, former.get(part.name), part),
            part.number,
        )
        for part in [*new, *gone]
    ]


def _pieces(old: Sequence[Part] | None, before: Part | None, part: Part) -> Sequence[Piece]:
    text = before.text if before else ""
    return compare(text, part.text) if old is not None and text != part.text else ()


def before(item: Submission) -> Revision | None:
    """The revision before the newest one, which the staff have read."""
    return item.revisions[-2] if len(item.revisions) > 1 else None
