"""Days, times and numbers as people read them in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import babel.dates
from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, get_locale

from asdg_portal.core.clock import now


def init_formats(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        {"day": day, "datetime": moment, "number": format_decimal, "utc_offset": utc_offset}
    )


def day(value: date | None) -> str:
    """Write a day with the month in words: «14 марта 2026 г.»; no day is an empty text."""
    return str(format_date(value, "long")) if value else ""


def moment(value: datetime | None) -> str:
    """Write a moment by the clock of the association's office; none is an empty text."""
    return str(format_datetime(value, "d MMMM y, HH:mm")) if value else ""


def local_time(moment: datetime, timezone: str, pattern: str = "d MMMM y, HH:mm") -> str:
    """Write a moment as the clock of a city shows it."""
    zone = ZoneInfo(timezone)
    return str(babel.dates.format_datetime(moment, pattern, tzinfo=zone, locale=get_locale()))


def local_day(moment: datetime, timezone: str) -> str:
    """Write the day that a moment falls on in a city: «14 марта 2026 г.»."""
    return day(moment.astimezone(ZoneInfo(timezone)).date())


def utc_offset(timezone: str) -> str:
    """Write the offset of a time zone as it is today: «UTC+7»."""
    offset = now().astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()
    hours, minutes = divmod(int(offset.total_seconds()) // 60, 60)
    return f"UTC{hours:+d}" + (f":{minutes:02d}" if minutes else "")
