"""What the API gives out: published texts, and of those what the caller may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.kinds import page_url
from asdg_portal.moderation.models import Revision, Submission
from asdg_portal.surveys.commitments.queries import closed_year
from asdg_portal.surveys.models import Report


def cities(cities: Sequence[City]) -> list[dict[str, Any]]:
    """Describe cities as ``cities list --json`` does."""
    day = today()
    names = ("slug", "name", "region", "timezone", "latitude", "longitude", "population")
    return [
        {name: getattr(city, name) for name in names} | {"member": city.is_member(day)}
        for city in cities
    ]


def published(
    kind: str, *, city: City | None, sector: Sector | None, year: int | None, page: int, limit: int
) -> tuple[list[dict[str, Any]], int]:
    """List the published texts of a kind, the newest first, and count them."""
    query = (
        select(Submission)
        .join(Revision, Revision.submission_id == Submission.id)
        .where(Revision.is_public, Submission.kind == kind)
    )
    query = _narrow(query, {"city": city, "sector": sector, "year": year})
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(
        query.options(
            joinedload(Submission.city),
            joinedload(Submission.sector),
            joinedload(Submission.revisions),
        )
        .order_by(Revision.published_at.desc(), Submission.id.desc())
        .limit(limit)
        .offset((page - 1) * limit)
    ).unique()
    return [summary(item) for item in rows], total


def _narrow(query: Select[Any], wanted: Mapping[str, Any]) -> Select[Any]:
    for name, value in wanted.items():
        if value is not None:
            query = query.where(getattr(Submission, name) == value)
    return query


def summary(item: Submission) -> dict[str, Any]:
    """Describe a published text without its words."""
    public = item.public
    return {
        "id": item.id,
        "title": public.title if public else "",
        "city": item.city.name,
        "sector": item.sector.name,
        "year": item.year,
        "published_at": public.published_at if public else None,
        "url": current_app.config["BASE_URL"] + page_url(item),
    }


def whole_report(report: Report, viewer: Viewer) -> dict[str, Any]:
    """Describe a report with its answers, and what became of the tasks it had set for its year.

    ``years`` says for which year running a task stands. The list is empty for those who may not
    read all that it is made of.
    """
    public, rows = report.public, []
    if public is not None:
        circles = {part.name: part.audience for part in public.parts()}
        closed = closed_year(report.year, public.id, circles)
        if closed and closed.is_open_to(audiences(viewer)):
            rows = [asdict(task) for task in closed.tasks]
    return whole(report, viewer) | {"closed_year": rows}


def whole(item: Submission, viewer: Viewer) -> dict[str, Any]:
    """Describe a published text with those of its parts that ``viewer`` may read."""
    allowed = audiences(viewer)
    parts = item.public.parts() if item.public else ()
    return summary(item) | {
        "parts": [
            {"name": part.name, "heading": part.heading, "text": part.text}
            for part in parts
            if part.text and part.audience in allowed
        ]
    }


def find_published(kind: str, item_id: int) -> Submission | None:
    """Fetch a published text of a kind; a withdrawn one does not exist."""
    item = db.session.get(Submission, item_id)
    return item if item is not None and item.kind == kind and item.public else None
