"""The page where a city's sheets are shared out: what it shows, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.policies import is_staff
from asdg_portal.accounts.queries import representatives
from asdg_portal.cities.models import City
from asdg_portal.core.formats import local_time
from asdg_portal.surveys.campaigns.duties import NOBODY, Choice, duties_of, who_said_so
from asdg_portal.surveys.campaigns.matrix import sheet_url, sheet_words
from asdg_portal.surveys.campaigns.services import is_over
from asdg_portal.surveys.campaigns.sheets import Sheet, boards
from asdg_portal.surveys.models import Campaign


def read_choices(fields: Mapping[str, str], prefix: str) -> dict[int, Choice]:
    """Read what a form says of each direction, as it was shown or as it is wanted."""
    start = f"{prefix}person-"
    found = {}
    for name in fields:
        sector = _number(name.removeprefix(start)) if name.startswith(start) else None
        if sector is not None:
            person, deputy = (fields.get(f"{prefix}{who}-{sector}", "") for who in ("person", "deputy"))  # fmt: skip  # noqa: E501
            off = bool(fields.get(f"{prefix}off-{sector}"))
            found[sector] = Choice(_number(person), _number(deputy), expected=not off)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 else None


def duty_sheet(campaign: Campaign, city: City, typed: Mapping[int, Choice]) -> dict[str, Any]:
    """All that the page shows; ``typed`` stands in place of what is saved."""
    board = boards([campaign])[campaign.id]
    saved, said = duties_of(campaign, city), who_said_so(campaign, city)
    asked = {sector.id: sector.slug for sector in campaign.sectors}
    rows = []
    for direction in board.sectors:
        sheet = board.sheets.get((city.id, direction.id))
        entry = said.get(direction.slug)
        was = saved.get(direction.id, NOBODY)
        rows.append(
            {
                "direction": direction,
                "asked": direction.id in asked,
                "was": was,
                "now": typed.get(direction.id, was),
                "words": sheet_words(sheet, city.timezone) if sheet else None,
                "standing": sheet.standing if sheet else "none",
                "begun": bool(sheet and sheet.report_id),
                "url": _way_on(sheet, direction.slug) if sheet else None,
                "said": entry and _said(entry.actor_name, local_time(entry.at, city.timezone)),
            }
        )
    extension = campaign.extensions.get(city.id)
    return {
        "campaign": campaign,
        "city": city,
        "rows": rows,
        "people": representatives(city.id),
        "may_change": is_staff(current_user) or not is_over(campaign),
        "due": campaign.due_day(city),
        "extension": extension,
    }


def _way_on(sheet: Sheet, slug: str) -> str | None:
    """To the report: to read it for the staff, to write it for the city, which can begin it."""
    if is_staff(current_user):
        return sheet_url(sheet) if sheet.report_id else None
    if sheet.report_id:
        return url_for("surveys.edit", item_id=sheet.report_id)
    return url_for("surveys.new", sector=slug) if sheet.expected else None


def _said(name: str, when: str) -> str:
    return str(_("changed by %(name)s, %(time)s", name=name or _("a command"), time=when))
