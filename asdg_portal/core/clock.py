"""The time, from one place, so that tests and deadlines agree on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Tell the present moment, in UTC."""
    return datetime.now(UTC)


def today(timezone: str = "Asia/Novosibirsk") -> date:
    """Tell the date in a zone; the association's office is in Novosibirsk."""
    return now().astimezone(ZoneInfo(timezone)).date()


def end_of_day(day: date, timezone: str) -> datetime:
    """Give the moment when ``day`` is over in a zone: a deadline lasts until then."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone)).astimezone(UTC)
