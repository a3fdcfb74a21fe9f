"""A year as tables to take along: the answers question by question, and how the sheets stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.core.tables import Table
from asdg_portal.core.text import to_plain
from asdg_portal.surveys.campaigns.matrix import OFFICE, late_words, standing_names
from asdg_portal.surveys.campaigns.sheets import Board, Key, Sheet
from asdg_portal.surveys.models import Answer, Campaign, Report, ReportRevision


def answers_tables(campaign: Campaign, *, sector: str = "", region: str = "") -> list[Table]:
    """Make a table of each question; ``sector`` is a slug that leaves one direction."""
    answers: dict[int, dict[tuple[str, str], dict[str, str]]] = defaultdict(dict)
    directions: dict[str, None] = {}
    for number, city, place, direction, text in _published(campaign, sector, region):
        answers[number].setdefault((city, place), {})[direction] = to_plain(text)
        directions.setdefault(direction)
    numbers = [question.number for question in campaign.questions]
    return [
        Table(
            _("Questions"),
            ((_("Question"), 12), (_("Wording"), 100)),
            [[question.number, question.text] for question in campaign.questions],
        ),
        *(_table(number, list(directions), answers[number]) for number in numbers),
    ]


def _published(campaign: Campaign, sector: str, region: str) -> Sequence[Any]:
    query = (
        select(Answer.number, City.name, City.region, Sector.name, Answer.text)
        .join(ReportRevision, ReportRevision.id == Answer.revision_id)
        .join(Report, Report.id == ReportRevision.submission_id)
        .join(City, City.id == Report.city_id)
        .join(Sector, Sector.id == Report.sector_id)
        .where(Report.campaign_id == campaign.id, ReportRevision.is_public)
        .order_by(Sector.position, Sector.name, City.name)
    )
    if sector:
        query = query.where(Sector.slug == sector)
    if region:
        query = query.where(City.region == region)
    return db.session.execute(query).all()


def _table(
    number: int, directions: Sequence[str], answers: dict[tuple[str, str], dict[str, str]]
) -> Table:
    columns = [(_("City"), 22), (_("Region"), 24), *((name, 60) for name in directions)]
    rows = [
        [city, region, *(answers[city, region].get(name, "") for name in directions)]
        for city, region in sorted(answers)
    ]
    return Table(_("Question %(number)s", number=number), columns, rows)


def progress_table(board: Board, found: Mapping[Key, Sheet]) -> Table:
    """List the sheets of a year one by one: how each stands, and who answers for it."""
    names = standing_names()
    cities = {place.id: place for place in board.cities}
    sectors = {direction.id: direction.name for direction in board.sectors}
    columns = ((_("City"), 22), (_("Region"), 24), (_("Direction"), 30), (_("State"), 22), (_("Late"), 18), (_("Responsible"), 26), (_("Deputy"), 26), (_("Last change"), 18))  # fmt: skip  # noqa: E501
    rows = [
        (
            cities[city].name,
            cities[city].region,
            sectors[sector],
            names.get(sheet.standing, sheet.standing),
            late_words(sheet),
            sheet.person,
            sheet.deputy,
            _office_time(sheet.changed_at) if sheet.changed_at else None,
        )
        for (city, sector), sheet in found.items()
    ]
    return Table(_("Sheets"), columns, rows)


def _office_time(moment: datetime) -> datetime:
    """The clock of the association's office."""
    return moment.astimezone(OFFICE).replace(tzinfo=None)
