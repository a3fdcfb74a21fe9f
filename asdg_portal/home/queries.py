"""What the first page shows, each list in one light statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.core.text import to_plain
from asdg_portal.moderation.models import WITH_CITY, Audience, Revision, Submission
from asdg_portal.practices.models import PracticeRevision
from asdg_portal.surveys.campaigns.progress import Totals, year_totals
from asdg_portal.surveys.campaigns.services import is_over
from asdg_portal.surveys.models import Answer, ReportRevision
from asdg_portal.surveys.queries import newest_campaign

NEWEST = 6
EXCERPT = 190


@dataclass(frozen=True, slots=True)
class Card:
    """A published text as a list shows it."""

    id: int
    title: str
    city: str
    sector: str
    year: int
    published_at: datetime
    excerpt: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest campaign is: cities that have sent anything, and sheets that have come."""

    year: int
    due_on: date | None
    is_over: bool
    totals: Totals


def newest_practices(most: int = NEWEST) -> list[Card]:
    """The practices published last."""
    query = _cards(PracticeRevision, PracticeRevision.title, PracticeRevision.summary)
    return [
        Card(id_, title, city, sector, year, at, _excerpt(text))
        for id_, year, at, city, sector, title, text in db.session.execute(query.limit(most))
    ]


def newest_reports(most: int = NEWEST) -> list[Card]:
    """The reports published last, each with the beginning of its first public answer."""
    first = and_(
        Answer.revision_id == ReportRevision.id,
        Answer.number == 1,
        Answer.audience == Audience.PUBLIC,
    )
    query = _cards(ReportRevision, ReportRevision.preface, Answer.text).outerjoin(Answer, first)
    return [
        Card(id_, f"{city} — {sector}, {year}", city, sector, year, at, _excerpt(text or preface))
        for id_, year, at, city, sector, preface, text in db.session.execute(query.limit(most))
    ]


def _cards(revision: type[Revision], *texts: Any) -> Select[Any]:
    """Select the newest public revisions of a kind with their cities and directions."""
    columns = (Submission.id, Submission.year, revision.published_at, City.name, Sector.name)
    return (
        select(*columns, *texts)
        .select_from(revision)
        .join(Submission, Submission.id == revision.submission_id)
        .join(City, City.id == Submission.city_id)
        .join(Sector, Sector.id == Submission.sector_id)
        .where(revision.is_public)
        .order_by(revision.published_at.desc(), Submission.id.desc())
    )


def _excerpt(text: str) -> str:
    """The beginning of a text on one line, ended at a word."""
    plain = " ".join(to_plain(text).split())
    if len(plain) <= EXCERPT:
        return plain
    return plain[:EXCERPT].rpartition(" ")[0].rstrip(" ,;:.—–-") + "…"


def published_ids() -> Sequence[tuple[str, int]]:
    """Every published text: its kind and number."""
    query = select(Submission.kind, Submission.id).join(
        Revision, Revision.submission_id == Submission.id
    )
    rows = db.session.execute(query.where(Revision.is_public).order_by(Submission.id))
    return [(kind, item_id) for kind, item_id in rows]


def sectors_with_counts() -> Sequence[tuple[str, str, int]]:
    """The directions in which something is published: slug, name, how many texts."""
    query = (
        select(Sector.slug, Sector.name, func.count())
        .join(Submission, Submission.sector_id == Sector.id)
        .join(Revision, Revision.submission_id == Submission.id)
        .where(Revision.is_public)
        .group_by(Sector.id)
        .order_by(Sector.position, Sector.name)
    )
    return [(slug, name, number) for slug, name, number in db.session.execute(query)]


def progress() -> Progress | None:
    """How the newest campaign goes; None before the first one."""
    campaign = newest_campaign()
    if campaign is None:
        return None
    totals = year_totals(campaign)
    return Progress(campaign.year, campaign.due_on, is_over(campaign), totals)


def count_to_do(city_id: int) -> int:
    """How many texts of a city wait for the city itself."""
    waiting = Submission.state.in_(sorted(WITH_CITY))
    query = select(func.count()).select_from(Submission).where(waiting)
    return db.session.scalar(query.where(Submission.city_id == city_id)) or 0
