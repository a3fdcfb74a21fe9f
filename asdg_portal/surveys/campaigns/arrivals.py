"""When the sheets of a year came, against the year before, counted in days before the deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from asdg_portal.cities.models import City
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Revision
from asdg_portal.surveys.models import Campaign, Report

# The picture, in its own units: a frame with room for the figures at its edges.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 300, 46, 12, 14, 34
STEPS = (1, 2, 5, 7, 10, 14, 21, 30, 60, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class Line:
    """One year: how many sheets had come by the end of each day, by days before the deadline."""

    year: int
    by_day: Mapping[int, int]
    points: str

    def at(self, days: int) -> int | None:
        """How many had come that many days before the deadline; None while that is ahead."""
        return self.by_day.get(days)


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture and the table beside it; ``days`` are those of the table, the earliest first."""

    lines: Sequence[Line]
    days: Sequence[int]
    marks_x: Sequence[tuple[float, int]]
    marks_y: Sequence[tuple[float, int]]
    deadline: float | None


def arrivals(campaign: Campaign) -> dict[int, int]:
    """How many sheets came for the first time on each day, by days before the common deadline.

    A day is a day by the clock of the city; days after the deadline are negative.
    """
    if campaign.due_on is None:
        return {}
    query = (
        select(Revision.submitted_at, City.timezone)
        .join(Report, Report.id == Revision.submission_id)
        .join(City, City.id == Report.city_id)
        .where(
            Report.campaign_id == campaign.id,
            Revision.number == 1,
            Revision.submitted_at.is_not(None),
        )
    )
    found: dict[int, int] = {}
    for moment, timezone in db.session.execute(query):
        assert moment is not None  # noqa: S101  others have been left out
        before = (campaign.due_on - moment.astimezone(ZoneInfo(timezone)).date()).days
        found[before] = found.get(before, 0) + 1
    return found


def chart(campaign: Campaign, last: Campaign | None) -> Chart | None:
    """Draw a year against the one before; None if nothing has come or there is no deadline."""
    years = [(c, arrivals(c)) for c in (last, campaign) if c is not None and c.due_on]
    years = [(c, came) for c, came in years if came]
    if not any(c is campaign for c, _came in years):
        return None
    first = max(max(came) for _c, came in years)
    final = min(0, *(min(came) for _c, came in years))
    sums = [(c, _summed(came, first, max(final, _today(c)))) for c, came in years]
    most = max(max(by_day.values()) for _c, by_day in sums)
    lines = [Line(c.year, by_day, _path(by_day, first, final, most)) for c, by_day in sums]
    days = _steps(first, final)
    return Chart(
        lines,
        days,
        [(_x(day, first, final), day) for day in days],
        [(_y(number, most), number) for number in _scale(most)],
        _x(0, first, final) if first >= 0 else None,
    )


def _today(campaign: Campaign) -> int:
    """How many days before its deadline a year is today; a curve ends there."""
    due: date = campaign.due_on or today()
    return (due - today()).days


def _summed(came: Mapping[int, int], first: int, final: int) -> dict[int, int]:
    total, sums = 0, {}
    for day in range(first, min(final, *came) - 1, -1):
        total += came.get(day, 0)
        sums[day] = total
    return sums


def _x(day: int, first: int, final: int) -> float:
    return round(LEFT + (first - day) / max(1, first - final) * (WIDTH - LEFT - RIGHT), 1)


def _y(number: int, most: int) -> float:
    return round(HEIGHT - BOTTOM - number / max(1, most) * (HEIGHT - TOP - BOTTOM), 1)


def _path(by_day: Mapping[int, int], first: int, final: int, most: int) -> str:
    """The curve as a stair: what came in a day is there at its end."""
    return " ".join(f"{_x(d, first, final)},{_y(n, most)}" for d, n in by_day.items())


def _steps(first: int, final: int) -> list[int]:
    """Some ten days, whole steps from the deadline, and the deadline itself among them."""
    step = next((s for s in STEPS if (first - final) / s <= 10), STEPS[-1])
    return [day for day in range(first, final - 1, -1) if day % step == 0]


def _scale(most: int) -> list[int]:
    """Some four round numbers up to the highest."""
    step = max(1, most // 4)
    size: int = 10 ** (len(str(step)) - 1)
    step = step // size * size
    return list(range(0, most + 1, step))
