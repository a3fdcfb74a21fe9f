"""What is new for readers and machines that follow along: Atom feeds and the map of the site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from asdg_portal.cities.queries import all_cities
from asdg_portal.core.clock import now
from asdg_portal.home import queries
from asdg_portal.home.queries import Card

bp = Blueprint("feeds", __name__)

FEED_LENGTH = 50


@bp.get("/feeds/<any('practices','reports'):kind>.atom")
def feed(kind: str) -> ResponseReturnValue:
    """Give what was published last, public texts only, newest first."""
    if kind == "practices":
        title, cards = _("New practices"), queries.newest_practices(FEED_LENGTH)
        endpoint = "practices.show"
    else:
        title, cards = _("New reports"), queries.newest_reports(FEED_LENGTH)
        endpoint = "surveys.show"
    text = render_template(
        "home/feed.xml",
        title=title,
        own=_absolute("feeds.feed", kind=kind),
        home=_absolute("home.index"),
        entries=[(card, _absolute(endpoint, item_id=card.id)) for card in cards],
        updated=_newest(cards),
    )
    return Response(text, mimetype="application/atom+xml")


def _newest(cards: Iterable[Card]) -> datetime:
    return max((card.published_at for card in cards), default=now())


def _absolute(endpoint: str, **values: object) -> str:
    """Address a page as the outside world does: never by the name the request came under."""
    base: str = current_app.config["BASE_URL"]
    return base + url_for(endpoint, **values)  # type: ignore[arg-type]


@bp.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """List the public pages for search engines."""
    pages = ["home.index", "practices.index", "cities.index"]
    addresses = [_absolute(endpoint) for endpoint in pages]
    addresses += [_absolute("cities.show", slug=city.slug) for city in all_cities()]
    endpoints = {"report": "surveys.show", "practice": "practices.show"}
    for kind, item_id in queries.published_ids():
        addresses.append(_absolute(endpoints[kind], item_id=item_id))
    return Response(
        render_template("home/sitemap.xml", addresses=addresses), mimetype="application/xml"
    )


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Tell machines what is for them: pages of texts, not the endless pages of searches."""
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /desk/", "Disallow: /my/"]
    lines += ["Disallow: /feeds/searches/", "Disallow: /collections/"]
    lines.append(f"Sitemap: {_absolute('feeds.sitemap')}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
