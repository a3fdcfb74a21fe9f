"""How far the years are, in figures: the same ones on the desk, the first page and in the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asdg_portal.core.clock import now
from asdg_portal.core.latest import until_next_act
from asdg_portal.surveys.campaigns.sheets import Board, Sheet, boards
from asdg_portal.surveys.models import Campaign


@dataclass(frozen=True, slots=True)
class Totals:
    """Sheets counted; ``members`` are the cities they are expected of, ``cities`` who sent any."""

    expected: int = 0
    received: int = 0
    published: int = 0
    late: int = 0
    overdue: int = 0
    members: int = 0
    cities: int = 0
    by_standing: Mapping[str, int] | None = None


def count(sheets: Iterable[Sheet]) -> Totals:
    """Count sheets, of a whole year or of any part of it."""
    expected = received = published = late = overdue = 0
    members, cities, standings = set(), set(), dict[str, int]()
    for sheet in sheets:
        standings[sheet.standing] = standings.get(sheet.standing, 0) + 1
        if not sheet.expected:
            continue
        expected += 1
        members.add(sheet.city_id)
        overdue += sheet.overdue
        if sheet.received:
            received += 1
            published += sheet.published
            late += sheet.late_by is not None
            cities.add(sheet.city_id)
    return Totals(
        expected, received, published, late, overdue, len(members), len(cities), standings
    )


def year_board(campaign: Campaign) -> Board:
    """The sheets of a year, read anew after every act."""
    board: Board = until_next_act(
        f"board:{campaign.id}:{quarter()}", lambda: boards([campaign])[campaign.id]
    )
    return board


def year_totals(campaign: Campaign) -> Totals:
    """Count the sheets of a year."""
    return count(year_board(campaign).sheets.values())


def totals_of_years(campaigns: Sequence[Campaign]) -> dict[int, Totals]:
    """Count the sheets of several years, by the campaigns' ids."""
    ids = "-".join(str(campaign.id) for campaign in campaigns)
    return until_next_act(
        f"totals:{ids}:{quarter()}",
        lambda: {id_: count(board.sheets.values()) for id_, board in boards(campaigns).items()},
    )


def quarter() -> str:
    """Name the quarter of an hour: a day ends in no zone within one, so no deadline is missed."""
    return f"{int(now().timestamp()) // 900}"
