"""Public pages of the cities."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.cities import queries
from asdg_portal.cities.panels import panels_of, published_counts
from asdg_portal.core.clock import today
from asdg_portal.core.errors import NotFound

bp = Blueprint("cities", __name__, url_prefix="/cities")


@bp.get("/")
def index() -> str:
    """List the members by region, and the other cities that reports can name."""
    cities, day = queries.all_cities(), today()
    members = [city for city in cities if city.is_member(day)]
    return render_template(
        "cities/index.html",
        regions=[(r, list(group)) for r, group in groupby(members, lambda c: c.region)],
        others=[city for city in cities if not city.is_member(day)],
        counts=published_counts(),
        total=len(members),
        unconfirmed=any(not p.confirmed for city in members for p in city.memberships),
    )


@bp.get("/<slug>/")
def show(slug: str) -> str:
    """Show a city and what it has published."""
    city = queries.find_city(slug)
    if city is None:
        raise NotFound(_("There is no such city in the list."))
    return render_template(
        "cities/show.html",
        city=city,
        is_member=city.is_member(today()),
        predecessors=queries.predecessors(city),
        panels=panels_of(city, current_user),
    )
