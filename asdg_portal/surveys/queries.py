"""Lists and pages of reports, each in one or two light statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.latest import until_next_act
from asdg_portal.moderation.models import Submission
from asdg_portal.surveys.commitments.queries import closed_year
from asdg_portal.surveys.mentions.models import Mention
from asdg_portal.surveys.models import Answer, Campaign, Duty, Report, ReportRevision


@dataclass(frozen=True, slots=True)
class PublicReport:
    """What the page of a published report needs, and nothing more."""

    id: int
    city_id: int
    year: int
    city: str
    city_slug: str
    timezone: str
    sector: str
    sector_slug: str
    revision_id: int
    number: int
    published_at: datetime
    preface: str
    author_name: str
    author_post: str
    outgoing_number: str
    outgoing_date: Any
    contact_name: str
    contact_post: str
    contact_email: str
    contact_phone: str

    @property
    def title(self) -> str:
        """City, direction and year."""
        return f"{self.city} — {self.sector}, {self.year}"


_V = ReportRevision
_PUBLIC = (
    select(
        Report.id,
        Report.city_id,
        Report.year,
        City.name,
        City.slug,
        City.timezone,
        Sector.name,
        Sector.slug,
        _V.id,
        _V.number,
        _V.published_at,
        _V.preface,
        _V.author_name,
        _V.author_post,
        _V.outgoing_number,
        _V.outgoing_date,
        _V.contact_name,
        _V.contact_post,
        _V.contact_email,
        _V.contact_phone,
    )
    .join(_V, _V.submission_id == Report.id)
    .join(City, City.id == Report.city_id)
    .join(Sector, Sector.id == Report.sector_id)
    .where(_V.is_public)
)


# The statements of the pages that are looked at most are put together once, not for every reader.
_ONE_PUBLIC = _PUBLIC.where(Report.id == bindparam("report_id"))
_ANSWERS = (
    select(Answer.number, Answer.question_text, Answer.audience, Answer.text)
    .where(Answer.revision_id == bindparam("revision_id"))
    .order_by(Answer.number)
)
_MENTIONS = (
    select(City.name, City.slug, Mention.phrase)
    .join(Mention, Mention.city_id == City.id)
    .where(Mention.report_id == bindparam("report_id"))
    .order_by(City.name)
)
_RELATED = (
    select(Report.id, Report.year)
    .join(_V, _V.submission_id == Report.id)
    .join(Sector, Sector.id == Report.sector_id)
    .where(
        _V.is_public,
        Report.city_id == bindparam("city_id"),
        Report.id != bindparam("report_id"),
        Sector.slug == bindparam("sector"),
    )
    .order_by(Report.year.desc())
    .limit(10)
)


def public_report(report_id: int) -> PublicReport | None:
    """Read the published text of a report, if there is one."""
    row = db.session.execute(_ONE_PUBLIC, {"report_id": report_id}).first()
    return PublicReport(*cast("tuple[Any, ...]", row)) if row else None


def answers_of(revision_id: int) -> Sequence[Any]:
    """The answers of a revision: number, question, audience and text."""
    return db.session.execute(_ANSWERS, {"revision_id": revision_id}).all()


def mentions_of(report_id: int) -> Sequence[Any]:
    """The cities that a report names: name, slug, and what for."""
    return db.session.execute(_MENTIONS, {"report_id": report_id}).all()


def related(report: PublicReport) -> Sequence[Any]:
    """Other published reports of the city about the same direction: id and year."""
    wanted = {
        "city_id": report.city_id,
        "report_id": report.id,
        "sector": report.sector_slug,
    }
    return db.session.execute(_RELATED, wanted).all()


def public_page(report_id: int) -> dict[str, Any] | None:
    """All that the page of a published report shows, whoever reads it; None if there is none."""
    report = public_report(report_id)
    if report is None:
        return None
    answers = answers_of(report.revision_id)
    circles = {f"q{answer.number}": answer.audience for answer in answers}
    return {
        "report": report,
        "answers": answers,
        "mentions": mentions_of(report.id),
        "related": related(report),
        "closed": closed_year(report.year, report.revision_id, circles),
    }


def public_shown(report_id: int) -> dict[str, Any] | None:
    """The same as it is shown, kept until the next act."""
    return until_next_act(f"report:{report_id}", partial(public_page, report_id))


def campaigns() -> Sequence[Campaign]:
    """The reporting years that the cities see, the newest first."""
    query = select(Campaign).filter_by(in_preparation=False)
    loaded = query.options(selectinload(Campaign.extensions))
    return db.session.scalars(loaded.order_by(Campaign.year.desc())).all()


def newest_campaign() -> Campaign | None:
    """The newest reporting year that the cities see."""
    query = select(Campaign).filter_by(in_preparation=False).order_by(Campaign.year.desc())
    return db.session.scalar(query.limit(1))


def campaigns_in_full() -> Sequence[Campaign]:
    """The same years with their questions and directions."""
    options = (selectinload(Campaign.questions), selectinload(Campaign.sectors))
    query = select(Campaign).filter_by(in_preparation=False).options(*options)
    return db.session.scalars(query.order_by(Campaign.year.desc())).all()


def next_year() -> int:
    """The year that is opened next: the one after the newest, this one if there is none."""
    newest = db.session.scalar(select(func.max(Campaign.year)))
    return newest + 1 if newest else today().year


def find_campaign(year: int) -> Campaign | None:
    """The campaign of a reporting year."""
    return db.session.scalar(select(Campaign).filter_by(year=year))


def newest_open_campaign() -> Campaign | None:
    """The newest year that the office's own day finds open."""
    day = today()
    begun = Campaign.opens_on.is_(None) | (Campaign.opens_on <= day)
    lasting = Campaign.closes_on.is_(None) | (Campaign.closes_on >= day)
    running = Campaign.in_preparation.is_(False) & Campaign.closed_at.is_(None)
    query = select(Campaign).where(begun, lasting, running).order_by(Campaign.year.desc())
    return db.session.scalar(query.limit(1))


def open_campaigns(city: City) -> list[Campaign]:
    """The years for which a city may still begin reports."""
    return [campaign for campaign in campaigns() if campaign.is_open(city)]


def sectors_of(years: Sequence[Campaign]) -> list[Sector]:
    """The directions that any of some years asks about, in their order."""
    asked = {sector.id: sector for campaign in years for sector in campaign.sectors}
    return sorted(asked.values(), key=lambda sector: (sector.position, sector.name))


def reports_of_city(city: City) -> Sequence[Report]:
    """Everything that a city has begun, the newest year first."""
    query = select(Report).options(joinedload(Report.sector)).filter_by(city_id=city.id)
    return db.session.scalars(query.order_by(Report.year.desc(), Report.id)).all()


def published_of_city(city: City) -> Sequence[Any]:
    """The published reports of a city: id, year and direction."""
    query = (
        select(Report.id, Report.year, Sector.name)
        .join(_V, _V.submission_id == Report.id)
        .join(Sector, Sector.id == Report.sector_id)
        .where(_V.is_public, Report.city_id == city.id)
    )
    return db.session.execute(query.order_by(Report.year.desc(), Sector.position)).all()


def noticed_by(city: City) -> Sequence[Any]:
    """Who noticed a city: the report's id and year, its city and direction, and what for."""
    query = (
        select(Report.id, Report.year, City.name, Sector.name, Mention.phrase)
        .join(Report, Report.id == Mention.report_id)
        .join(City, City.id == Report.city_id)
        .join(Sector, Sector.id == Report.sector_id)
        .where(Mention.city_id == city.id)
    )
    return db.session.execute(query.order_by(Report.year.desc(), City.name)).all()


def in_charge(item: Submission) -> list[User]:
    """Who answers for this sheet in its city, and who stands in."""
    if not isinstance(item, Report):
        return []
    query = select(Duty).options(joinedload(Duty.person), joinedload(Duty.deputy))
    sheet = {"campaign_id": item.campaign_id, "city_id": item.city_id, "sector_id": item.sector_id}
    duty = db.session.scalar(query.filter_by(**sheet))
    return [person for person in (duty.person, duty.deputy) if person] if duty else []


def members_today() -> int:
    """How many cities belong to the association today."""
    cities = db.session.scalars(select(City).options(joinedload(City.memberships))).unique()
    return sum(city.is_member(today()) for city in cities)
