"""Remarks as pages show them: where the words they mean stand now, what is typed beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g, request

from asdg_portal.core.quotes import Excerpt, excerpt
from asdg_portal.core.text import to_plain
from asdg_portal.moderation.models import DETAILS, Remark, Revision, Submission


@dataclass(frozen=True, slots=True)
class Shown:
    """A remark; the words it means with what stands around them, if they are still there."""

    remark: Remark
    place: Excerpt | None
    answer: str
    fixed: bool


def by_part(remarks: Iterable[Remark], revision: Revision) -> dict[str, list[Shown]]:
    """Look each remark's words up in a revision; group the remarks by the parts they are on."""
    remarks = list(remarks)
    if not remarks:
        return {}
    texts = {part.name: to_plain(part.text) for part in revision.parts()}
    texts[DETAILS] = " ".join(part.text for part in revision.details())
    found: dict[str, list[Shown]] = {}
    for remark in remarks:
        place = excerpt(texts.get(remark.part, ""), remark.quote)
        found.setdefault(remark.part, []).append(Shown(remark, place, *_typed(remark)))
    return found


def for_city(item: Submission) -> dict[str, list[Shown]]:
    """What the city is asked to look at in its newest revision, by the parts."""
    return by_part(item.open_remarks, item.current)


def _typed(remark: Remark) -> tuple[str, bool]:
    """What stands in the fields beside a remark: as it was just typed, or as it is kept."""
    typed = g.get("typed")
    form = request.form if typed is None else typed
    if f"answer_{remark.id}" in form:
        return form[f"answer_{remark.id}"], f"fixed_{remark.id}" in form
    return remark.answer, remark.fixed_at is not None
