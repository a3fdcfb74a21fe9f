"""Keeping searches: whose they are, how many there may be, and what renews their addresses."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.search.query import BadQuery, parse
from asdg_portal.search.service import SORTS, Names, Wanted
from asdg_portal.search.views import read_wanted
from asdg_portal.shelf.models import Rhythm, SavedSearch, new_key

MOST_SEARCHES = 50
LONGEST_NAME = 120


def read_address(query: str) -> Wanted:
    """Read a search from what stands behind the question mark of its address."""
    return read_wanted(MultiDict(parse_qsl(query, max_num_fields=None)), offset=0, limit=1)


def write_address(search: SavedSearch, sort: str = "") -> str:
    """Give the path of the page that runs a search, sorted otherwise if asked."""
    pairs = [("q", search.text)] if search.text else []
    pairs += [(name, value) for name, values in search.filters.items() for value in values]
    if (sort := sort or search.sort) != SORTS[0]:
        pairs.append(("sort", sort))
    return f"/search?{urlencode(pairs)}"


def check(wanted: Wanted) -> dict[str, list[str]]:
    """See that a search can be run again and again; give its filters by their lasting names.

    :raises PortalError: if it asks for nothing, or in a way that cannot be answered.
    """
    try:
        asks = not parse(wanted.text).is_empty
    except BadQuery as refusal:
        raise PortalError(str(refusal)) from refusal
    names, filters = Names(), {}
    for facet, given in wanted.filters.items():
        values = [names.resolve(facet, one) for one in given]
        if None in values:
            unknown = given[values.index(None)][:50]
            raise PortalError(_("There is nothing called so: %(names)s.", names=unknown))
        if values:
            filters[facet] = list(dict.fromkeys(filter(None, values)))
    if not asks and not filters:
        raise PortalError(_("There is no search to save: look for something first."))
    return filters


def save(wanted: Wanted, name: str, letters: Rhythm, *, actor: User) -> SavedSearch:
    """Keep a search under a name.

    :raises PortalError: if it cannot be run, the name is taken, or there are too many already.
    """
    filters = check(wanted)
    with unit_of_work():
        mine = select(func.count()).select_from(SavedSearch).filter_by(user_id=actor.id)
        if (db.session.scalar(mine) or 0) >= MOST_SEARCHES:
            raise PortalError(_("You have %(most)s saved searches already: remove one that you no longer need.", most=MOST_SEARCHES))  # fmt: skip  # noqa: E501
        _refuse_twice(name, actor, None)
        search = SavedSearch(
            user_id=actor.id,
            name=clean_line(name),
            text=parse(wanted.text).text,
            filters=filters,
            sort=wanted.sort,
            letters=letters,
        )
        db.session.add(search)
    return search


def _refuse_twice(name: str, actor: User, but: SavedSearch | None) -> None:
    same = select(SavedSearch.id).filter_by(user_id=actor.id, name=clean_line(name))
    if db.session.scalar(same) not in {None, but.id if but else None}:
        raise PortalError(_("You have a saved search called so already: choose another name."))


def get_search(search_id: int, *, actor: Viewer) -> SavedSearch:
    """Fetch one's own search; those of others do not exist.

    :raises NotFound: if there is none.
    """
    search = db.session.get(SavedSearch, search_id)
    if search is None or search.user_id != actor.id:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return search


def change(search: SavedSearch, name: str, letters: Rhythm, *, actor: User) -> None:
    """Rename a search, and say how often it writes; what is new is counted from that moment on.

    :raises PortalError: if another search has the name.
    """
    with unit_of_work():
        _refuse_twice(name, actor, search)
        search.name = clean_line(name)
        if search.letters is Rhythm.NEVER:
            search.since = search.looked_at = now()
        search.letters = letters


def renew_feed(search: SavedSearch) -> None:
    """Give a search another address of its feed; the one that was leads nowhere from now on."""
    with unit_of_work():
        search.feed_key = new_key()


def remove(search: SavedSearch) -> None:
    """Throw a search away, and its feed with it."""
    with unit_of_work():
        db.session.delete(search)


def stop_letters(user: User) -> None:
    """Let no search of a person write any more."""
    with unit_of_work():
        db.session.execute(
            update(SavedSearch).filter_by(user_id=user.id).values(letters=Rhythm.NEVER)
        )
