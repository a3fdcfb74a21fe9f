"""The sheets of a year as a table of cities and directions, drawn once until somebody acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import get_locale, gettext as _
from markupsafe import Markup, escape

from asdg_portal.core.formats import local_time
from asdg_portal.core.latest import until_next_act
from asdg_portal.surveys.campaigns.lateness import how_late
from asdg_portal.surveys.campaigns.progress import Totals, count, quarter, year_board
from asdg_portal.surveys.campaigns.sheets import Board, Direction, Key, Place, Sheet
from asdg_portal.surveys.models import Campaign

OFFICE = ZoneInfo("Asia/Novosibirsk")
# A dozen years of a large association in two languages.
CELLS = 40_000


def standing_names() -> dict[str, str]:
    """What the standings of a sheet are called; the signs that go with them are in portal.css."""
    return {
        "none": _("not begun"),
        "draft": _("draft"),
        "approval": _("being approved in the city"),
        "submitted": _("in review"),
        "returned": _("returned"),
        "published": _("published"),
        "withdrawn": _("withdrawn"),
        "off": _("not expected"),
    }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is narrowed to; empty leaves everything in."""

    region: str = ""
    sector: str = ""
    standing: str = ""
    late: bool = False
    unassigned: bool = False

    def kept(self) -> dict[str, str]:
        """The same as it stands in an address."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: "1" if value is True else value for name, value in said.items() if value}

    @property
    def cells(self) -> bool:
        """Whether single sheets are left out, and not only whole rows and columns."""
        return bool(self.standing or self.late or self.unassigned)

    def admits(self, sheet: Sheet) -> bool:
        """Whether a sheet is among those that are looked for."""
        if self.standing and sheet.standing != self.standing:
            return False
        if self.late and sheet.late_by is None and not sheet.overdue:
            return False
        return not (self.unassigned and (sheet.person or not sheet.expected or sheet.received))


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table as a page shows it: columns, rows drawn already, and what they add up to."""

    sectors: Sequence[Direction]
    rows: Markup
    columns: Sequence[Totals]
    whole: Totals


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is the same for everybody until the next act."""

    board: Board
    cells: Mapping[Key, str]
    whole: Matrix


def matrix(campaign: Campaign, wanted: Wanted) -> Matrix:
    """Narrow the table of a year."""
    drawn = until_next_act(
        f"matrix:{campaign.id}:{get_locale()}:{quarter()}", lambda: _draw(campaign)
    )
    return drawn.whole if wanted == Wanted() else _narrow(drawn.board, drawn.cells, wanted)


def _draw(campaign: Campaign) -> _Drawn:
    board, cells = year_board(campaign), {}
    language = str(get_locale())
    sectors = {direction.id: str(escape(direction.name)) for direction in board.sectors}
    for place in board.cities:
        url = _city_url(board, place)
        for sector_id, name in sectors.items():
            key = (place.id, sector_id)
            cells[key] = _cell(board.sheets[key], name, url, language)
    return _Drawn(board, cells, _narrow(board, cells, Wanted()))


@lru_cache(maxsize=CELLS)
def _cell(sheet: Sheet, direction: str, city_url: str, language: str) -> str:
    """One sheet: its standing as a class and a word, who and when on pointing at it.

    Drawn once for each language: after an act only those sheets are drawn that it has changed.
    """
    url = sheet_url(sheet) if sheet.report_id else f"{city_url}#s{sheet.sector_id}"
    marks = ("" if sheet.late_by is None else " late") + (" overdue" if sheet.overdue else "")
    nobody = " nobody" if sheet.expected and not sheet.person and not sheet.received else ""
    word = standing_names().get(sheet.standing, sheet.standing) + _mark(sheet)
    return (
        f'<td class="s-{sheet.standing}{marks}{nobody}" data-s="{direction}">'
        f'<a href="{url}" title="{escape(_about(sheet))}">{escape(word)}</a></td>'
    )


def _mark(sheet: Sheet) -> str:
    said = late_words(sheet)
    return f", {said}" if said else ""


def late_words(sheet: Sheet) -> str:
    """By how much a sheet came late, or that its day is over; empty if all is well."""
    if sheet.late_by is not None:
        return str(_("late by %(by)s", by=how_late(sheet.late_by)))
    return str(_("the day is over")) if sheet.overdue else ""


def _about(sheet: Sheet) -> str:
    """Who is responsible, and when the sheet was last changed."""
    said = [sheet.person or _("nobody is responsible")] if sheet.expected else []
    if sheet.deputy:
        said.append(_("deputy: %(name)s", name=sheet.deputy))
    if sheet.changed_at:
        said.append(f"{sheet.changed_at.astimezone(OFFICE):%d.%m.%Y %H:%M}")
    return "; ".join(said)


def sheet_words(sheet: Sheet, timezone: str) -> str:
    """Where a sheet stands, in words: its standing, a mark if it is late, its last change."""
    word = standing_names().get(sheet.standing, sheet.standing) + _mark(sheet)
    if sheet.changed_at is None:
        return word
    changed = _("last change: %(time)s", time=local_time(sheet.changed_at, timezone))
    return f"{word}; {changed}"


def sheet_url(sheet: Sheet) -> str:
    """Where the staff read the report of a sheet that has been begun."""
    return str(url_for("moderation.review", item_id=sheet.report_id))


def chosen(board: Board, wanted: Wanted) -> dict[Key, Sheet]:
    """The sheets that are looked for."""
    cities = {c.id for c in board.cities if wanted.region in {"", c.region}}
    sectors = {s.id for s in board.sectors if wanted.sector in {"", s.slug}}
    return {
        key: sheet
        for key, sheet in board.sheets.items()
        if key[0] in cities and key[1] in sectors and wanted.admits(sheet)
    }


def _city_url(board: Board, place: Place) -> str:
    return url_for("duties.of_city", year=board.year, slug=place.slug)


def _narrow(board: Board, cells: Mapping[Key, str], wanted: Wanted) -> Matrix:
    found = chosen(board, wanted)
    used = {sector_id for _city, sector_id in found}
    sectors = [direction for direction in board.sectors if direction.id in used]
    rows = []
    for place in board.cities:
        keys = [(place.id, direction.id) for direction in sectors]
        if own := [found[key] for key in keys if key in found]:
            drawn = "".join(cells[key] if key in found else "<td></td>" for key in keys)
            rows.append(_row(place, _city_url(board, place), drawn, count(own)))
    columns = [
        count(sheet for key, sheet in found.items() if key[1] == direction.id)
        for direction in sectors
    ]
    # Safe: every name in it has been escaped.
    return Matrix(sectors, Markup("".join(rows)), columns, count(found.values()))  # noqa: S704


def _row(place: Place, url: str, cells: str, totals: Totals) -> str:
    """A city: its name, its sheets, and how many of them have come."""
    share = _("%(received)s of %(expected)s", received=totals.received, expected=totals.expected)
    return (
        f'<tr><th scope="row"><a href="{url}">{escape(place.name)}</a></th>{cells}'
        f'<td class="sum">{share}</td></tr>'
    )
