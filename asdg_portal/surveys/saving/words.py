"""What a page says about saving: when, by whom, what came between, and who else is here."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import today
from asdg_portal.core.formats import local_time
from asdg_portal.core.worddiff import compare
from asdg_portal.surveys import parts
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.saving.queries import Saved, others_here


def clock(moment: datetime, timezone: str) -> str:
    """A moment by the city's clock; the day is named unless it is today."""
    is_today = moment.astimezone(ZoneInfo(timezone)).date() == today(timezone)
    return local_time(moment, timezone, "HH:mm" if is_today else "d MMMM, HH:mm")


def saved_at(moment: datetime, timezone: str) -> str:
    """«сохранено в 14:32», by the city's clock."""
    return str(_("saved at %(time)s", time=local_time(moment, timezone, "HH:mm")))


def author(saved: Saved, reader: User) -> str:
    """Who saved a text, as the reader is told."""
    if saved.by_id == reader.id:
        return str(_("You, in another window"))
    return saved.by or str(_("the text with which the revision began"))


def here_lines(report: Report, reader: User) -> list[str]:
    """Who else is writing in the report just now, and where: «Мария Петрова, пишет ответ 3»."""
    found = []
    for name, part in others_here(report.id, reader):
        where = parts.place(part) if part else ""
        found.append(_("%(name)s, writing %(part)s", name=name, part=where) if where else name)
    return found


def wording(report: Report, reader: User) -> dict[str, object]:
    """What a template needs to speak of saved texts: who, when, and what has changed."""
    zone = report.city.timezone
    return {
        "compare": compare,
        "shown": parts.shown,
        "by": lambda saved: author(saved, reader),
        "at": lambda moment: clock(moment, zone),
    }
