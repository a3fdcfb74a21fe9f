"""The published answers to a question as quotes, and how they lie in the themes of a summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys.models import Answer, Campaign, Report, ReportRevision
from asdg_portal.surveys.summaries.models import Place, Summary, Theme
from asdg_portal.surveys.summaries.quotes import mark_of, quotes_of


@dataclass(frozen=True, slots=True)
class Quote:
    """A thought out of a published answer, and whose it is. ``key`` names it in forms."""

    key: str
    report_id: int
    city: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A theme with its quotes as they are published now; without a theme, what lies in none."""

    theme: Theme | None
    quotes: Sequence[Quote]

    @property
    def cities(self) -> list[str]:
        """Whose quotes these are, each city once, by name."""
        return sorted({quote.city for quote in self.quotes})


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is answered to a question: by themes, and what has no theme yet."""

    question: str
    audience: Audience
    themes: Sequence[Heading]
    rest: Heading

    @property
    def cities(self) -> list[str]:
        """Who has answered, each city once, by name."""
        return sorted({city for part in (*self.themes, self.rest) for city in part.cities})

    @property
    def number(self) -> int:
        """How many quotes there are."""
        return sum(len(part.quotes) for part in (*self.themes, self.rest))


def published_quotes(summary: Summary) -> list[Quote]:
    """Cut what is published now into quotes, by city and in the order of each answer."""
    found: dict[str, Quote] = {}
    for report_id, city, text in db.session.execute(_answers(summary)):
        for words in quotes_of(text):
            key = f"{report_id}:{mark_of(words)}"
            found.setdefault(key, Quote(key, report_id, city, words))
    return list(found.values())


def _answers(summary: Summary) -> Any:
    return (
        select(Report.id, City.name, Answer.text)
        .join(ReportRevision, ReportRevision.id == Answer.revision_id)
        .join(Report, Report.id == ReportRevision.submission_id)
        .join(City, City.id == Report.city_id)
        .where(
            ReportRevision.is_public,
            Report.campaign_id == summary.campaign_id,
            Report.sector_id == summary.sector_id,
            Answer.number == summary.number,
        )
        .order_by(City.name, Report.id)
    )


def overview(summary: Summary) -> Overview:
    """Lay the quotes that are published now under the themes of a summary."""
    lies = {place.key: place.theme_id for place in places_of(summary)}
    parts: dict[int | None, list[Quote]] = defaultdict(list)
    for quote in published_quotes(summary):
        parts[lies.get(quote.key)].append(quote)
    asked = next(q for q in summary.campaign.questions if q.number == summary.number)
    themes = [Heading(theme, parts[theme.id]) for theme in summary.themes]
    return Overview(asked.text, asked.audience, themes, Heading(None, parts[None]))


def places_of(summary: Summary) -> Sequence[Place]:
    """Where the quotes of a summary lie, those that are not published now among them."""
    return db.session.scalars(select(Place).filter_by(summary_id=summary.id)).all()


@dataclass(frozen=True, slots=True)
class Row:
    """A direction on the page where one chooses: how many cities answered to each question."""

    sector: Sector
    numbers: dict[int, int]
    summaries: dict[int, int]


def rows(campaign: Campaign) -> list[Row]:
    """Count the published answers of a year by direction and question."""
    counted = (
        select(Report.sector_id, Answer.number, func.count())
        .join(ReportRevision, ReportRevision.id == Answer.revision_id)
        .join(Report, Report.id == ReportRevision.submission_id)
        .where(ReportRevision.is_public, Report.campaign_id == campaign.id, Answer.text != "")
        .group_by(Report.sector_id, Answer.number)
    )
    numbers = _by_sector(db.session.execute(counted))
    made = select(Summary.sector_id, Summary.number, Summary.id).filter_by(campaign_id=campaign.id)
    summaries = _by_sector(db.session.execute(made))
    query = select(Sector).where(Sector.id.in_(numbers.keys() | summaries.keys()))
    found = db.session.scalars(query.order_by(Sector.position, Sector.name))
    return [Row(sector, numbers[sector.id], summaries[sector.id]) for sector in found]


def _by_sector(found: Iterable[Any]) -> dict[int, dict[int, int]]:
    table: dict[int, dict[int, int]] = defaultdict(dict)
    for sector_id, number, value in found:
        table[sector_id][number] = value
    return table
