"""Letters about saved searches: in the morning of each person's city, one a day, each text once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.models import User
from asdg_portal.core.clock import now, today
from asdg_portal.core.db import db
from asdg_portal.core.errors import Stale
from asdg_portal.core.letters import send
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.core.worker import Chore
from asdg_portal.mail.bounces import bounced_addresses
from asdg_portal.search.index import IndexUnavailable
from asdg_portal.shelf.models import Rhythm, SavedSearch, SearchLetter, ToldText
from asdg_portal.shelf.searches.letters import letter
from asdg_portal.shelf.searches.news import News, news

log = logging.getLogger(__name__)

LOOK_EVERY = 600.0  # seconds between two looks at whose morning it is
FIRST_HOUR = 9
OFFICE = "Asia/Novosibirsk"


def chore() -> Chore:
    """Look every ten minutes whose morning it is."""
    return Chore("saved searches", LOOK_EVERY, write_letters)


def write_letters() -> int:
    """Write to everybody whose searches are due and have found something; tell to how many."""
    gone, written = bounced_addresses(), 0
    for person, searches in _following().items():
        if person.email in gone or _clock(person).hour < FIRST_HOUR:
            continue
        due = [search for search in searches if is_due(search, _day(person))]
        if due and not _written_today(person):
            written += _write(person, due)
    return written


def is_due(search: SavedSearch, day: date) -> bool:
    """Whether a search is to be looked at on a day: each day, or from Monday on once a week."""
    seen = search.looked_at.astimezone(ZoneInfo(_zone(search.user))).date()
    if search.letters is Rhythm.WEEKLY:
        return seen < day - timedelta(days=day.weekday())
    return search.letters is Rhythm.DAILY and seen < day


def _zone(person: User) -> str:
    return person.city.timezone if person.city else OFFICE


def _day(person: User) -> date:
    return today(_zone(person))


def _clock(person: User) -> datetime:
    return now().astimezone(ZoneInfo(_zone(person)))


def _following() -> dict[User, list[SavedSearch]]:
    """Who can read and has asked for letters, with the searches that are to write."""
    query = (
        select(SavedSearch)
        .join(User)
        .where(SavedSearch.letters != Rhythm.NEVER, User.blocked_at.is_(None))
        .options(joinedload(SavedSearch.user).joinedload(User.city))
        .order_by(SavedSearch.user_id, SavedSearch.name)
    )
    found: dict[User, list[SavedSearch]] = defaultdict(list)
    for search in db.session.scalars(query).all():
        found[search.user].append(search)
    return found


def _written_today(person: User) -> bool:
    query = select(SearchLetter.id).filter_by(user_id=person.id, day=_day(person))
    return db.session.scalar(query) is not None


def _write(person: User, due: Sequence[SavedSearch]) -> bool:
    """Look and write in one transaction: a crash leaves a whole letter or none at all."""
    moment = now()
    try:
        with unit_of_work():
            found = [one for one in map(news, due) if one.texts]
            for search in due:
                search.looked_at = moment
            if found:
                _send(person, found)
    except IndexUnavailable:
        log.warning("The index is not there: saved searches are looked at later")
        return False
    except Stale:  # another worker was faster by a moment, or the search has just been removed
        return False
    return bool(found)


def _send(person: User, found: Sequence[News]) -> None:
    told = [ToldText(search_id=one.search.id, key=t.key) for one in found for t in one.texts]
    send(letter(person, found))
    db.session.add(SearchLetter(user_id=person.id, day=_day(person), texts=len(told)))
    db.session.add_all(told)
