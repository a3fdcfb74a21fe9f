"""Read-only addresses for scripts: the search and the published texts as JSON."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.api import parameters, queries
from asdg_portal.api.openapi import describe
from asdg_portal.api.problems import Malformed, init_problems
from asdg_portal.cities import queries as cities_queries
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.errors import NotFound
from asdg_portal.moderation.models import Submission
from asdg_portal.search.index import FACETS
from asdg_portal.search.service import SORTS, Wanted, find, to_json
from asdg_portal.surveys.campaigns.progress import totals_of_years
from asdg_portal.surveys.campaigns.services import is_over
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.queries import campaigns_in_full

bp = Blueprint("api", __name__, url_prefix="/api/v1")
init_problems(bp)

# What is said of the progress of a year: sheets that are to come, have come, and can be read.
SHEETS = ("expected", "received", "published")


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Search as the page does; the answer is that of ``search query --json``."""
    parameters.only("q", "sort", "page", "limit", *FACETS)
    page, limit = parameters.page_and_limit()
    sort = request.args.get("sort", SORTS[0])
    if sort not in SORTS:
        raise Malformed(_("“%(name)s” must be one of: %(values)s.", name="sort", values=", ".join(SORTS)))  # fmt: skip  # noqa: E501
    filters = {name: request.args.getlist(name) for name in FACETS}
    text = request.args.get("q", "")
    answer = find(Wanted(text, filters, sort, (page - 1) * limit, limit), current_user)
    if answer.unknown:
        facet, value = answer.unknown[0]
        raise Malformed(_("There is nothing called so: %(names)s.", names=f"{facet}={value[:50]}"))
    return to_json(answer)


@bp.get("/cities")
def cities() -> ResponseReturnValue:
    """List every city with its coordinates and whether it is a member today."""
    parameters.only()
    return queries.cities(cities_queries.all_cities())


@bp.get("/sectors")
def sectors() -> ResponseReturnValue:
    """List the directions of municipal work."""
    parameters.only()
    return [
        {"slug": s.slug, "name": s.name, "synonyms": s.synonyms, "active": s.is_active}
        for s in cities_queries.sectors(active_only=False)
    ]


@bp.get("/campaigns")
def campaigns() -> ResponseReturnValue:
    """List the reporting years with their dates and questions."""
    parameters.only()
    years = campaigns_in_full()
    progress = totals_of_years(years)
    return [
        {
            "year": campaign.year,
            **{name: _day(getattr(campaign, name)) for name in ("opens_on", "due_on", "closes_on")},
            "questions": [{"number": q.number, "text": q.text} for q in campaign.questions],
            "sectors": [sector.slug for sector in campaign.sectors],
            "is_over": is_over(campaign),
            "sheets": {name: getattr(progress[campaign.id], name) for name in SHEETS},
        }
        for campaign in years
    ]


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


@bp.get("/reports")
def reports() -> ResponseReturnValue:
    """List published reports, the newest first."""
    return _published("report", "api.reports")


@bp.get("/practices")
def practices() -> ResponseReturnValue:
    """List published practices, the newest first."""
    return _published("practice", "api.practices")


@bp.get("/reports/<int:item_id>")
def report(item_id: int) -> ResponseReturnValue:
    """Give a published report: of its answers and its closed year what the caller may read."""
    item = _one("report", item_id)
    assert isinstance(item, Report)  # noqa: S101  the kind has no other
    return queries.whole_report(item, current_user)


@bp.get("/practices/<int:item_id>")
def practice(item_id: int) -> ResponseReturnValue:
    """Give a published practice."""
    return queries.whole(_one("practice", item_id), current_user)


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe these addresses in OpenAPI 3.1."""
    return describe()


def _published(kind: str, endpoint: str) -> dict[str, Any]:
    parameters.only("city", "sector", "year", "page", "limit")
    page, limit = parameters.page_and_limit()
    year = parameters.number("year", 0, least=1900, most=2200) or None
    city, sector = _city(), _sector()
    items, total = queries.published(
        kind, city=city, sector=sector, year=year, page=page, limit=limit
    )
    more = page * limit < total
    arguments = request.args.to_dict() | {"page": str(page + 1)}
    following = url_for(endpoint, **arguments) if more else None  # type: ignore[arg-type]
    return {"total": total, "items": items, "next": following}


def _city() -> City | None:
    name = request.args.get("city")
    city = cities_queries.find_city(name) if name else None
    if name and city is None:
        raise Malformed(_("There is nothing called so: %(names)s.", names=f"city={name[:50]}"))
    return city


def _sector() -> Sector | None:
    name = request.args.get("sector")
    sector = cities_queries.find_sector(name) if name else None
    if name and sector is None:
        raise Malformed(_("There is nothing called so: %(names)s.", names=f"sector={name[:50]}"))
    return sector


def _one(kind: str, item_id: int) -> Submission:
    parameters.only()
    item = queries.find_published(kind, item_id)
    if item is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return item
