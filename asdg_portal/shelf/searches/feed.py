"""The private Atom feed of a saved search: what it finds, newest first, for its person alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from flask import Blueprint, Response, current_app, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _

from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, Unavailable
from asdg_portal.search.index import Document, IndexUnavailable
from asdg_portal.search.query import BadQuery
from asdg_portal.search.service import Wanted, find
from asdg_portal.shelf.models import SavedSearch
from asdg_portal.shelf.searches.services import write_address
from asdg_portal.shelf.tokens import Opens, make_token, read_token

bp = Blueprint("search_feed", __name__)

FEED_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A text as a feed shows it."""

    title: str
    city: str
    published_at: datetime
    excerpt: str


def feed_address(search: SavedSearch) -> str:
    """Give the whole address under which a feed reader asks for a search."""
    token = make_token(Opens.FEED, search.id, search.feed_key)
    return f"{current_app.config['BASE_URL']}/feeds/searches/{token}.atom"


@bp.get("/feeds/searches/<token>.atom")
def feed(token: str) -> ResponseReturnValue:
    """Give what a search finds now, with the rights that its person has now."""
    g.private = True
    search = _search_of(token)
    base = current_app.config["BASE_URL"]
    with force_locale(search.user.language):
        documents = _find(search)
        entries = [(_entry(document), base + document.url) for document in documents]
        text = render_template(
            "home/feed.xml",
            title=search.name,
            own=feed_address(search),
            home=base + write_address(search, "newest"),
            entries=entries,
            updated=entries[0][0].published_at if entries else search.created_at,
        )
    return Response(text, mimetype="application/atom+xml")


def _search_of(token: str) -> SavedSearch:
    """Find what an address opens: a closed account has no feeds, nor has a removed search."""
    search_id, key = [*read_token(Opens.FEED, token), None, None][:2]
    search = db.session.get(SavedSearch, search_id) if search_id else None
    if search is None or search.feed_key != key or not search.user.is_active:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return search


def _find(search: SavedSearch) -> list[Document]:
    wanted = Wanted(search.text, search.filters, "newest", 0, FEED_LENGTH)
    try:
        return [hit.document for hit in find(wanted, search.user).hits]
    except BadQuery:  # the rules have become stricter since it was saved
        return []
    except IndexUnavailable as error:
        raise Unavailable(_("The index of the search is being made anew. Try again in a minute.")) from error  # fmt: skip  # noqa: E501


def _entry(document: Document) -> Entry:
    """The index knows the day of publication only; a feed wants a moment."""
    moment = datetime.combine(document.published_on, time(), UTC)
    body = document.body
    excerpt = body if len(body) <= 300 else body[:300].rpartition(" ")[0] + "…"
    return Entry(document.title, document.city_name, moment, excerpt)
