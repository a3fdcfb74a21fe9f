"""Making a summary of a question: sorting by theme, and what the staff change by hand."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.cities.models import Sector
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.text import clean_line
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.summaries.models import Place, Summary, Theme
from asdg_portal.surveys.summaries.queries import Quote, overview, places_of, published_quotes
from asdg_portal.surveys.summaries.themes import group, nearest

LONGEST_NAME = 120
MOST_THEMES = 60


def get_summary(summary_id: int) -> Summary:
    """Fetch a summary.

    :raises NotFound: if there is none.
    """
    summary = db.session.get(Summary, summary_id)
    if summary is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return summary


def get_theme(summary: Summary, theme_id: int) -> Theme:
    """Fetch a theme of a summary.

    :raises PortalError: if it is gone: somebody has joined it to another or emptied it.
    """
    for theme in summary.themes:
        if theme.id == theme_id:
            return theme
    raise PortalError(_("This theme is no longer there: somebody has changed the summary."))


def make(campaign: Campaign | None, sector: Sector | None, number: int, *, actor: User) -> Summary:
    """Give the summary of a question; the first time the quotes are sorted by theme.

    :raises PortalError: if the year has no such question, or nothing is published yet.
    """
    asked = {question.number for question in campaign.questions} if campaign else set()
    if campaign is None or sector is None or number not in asked:
        raise PortalError(_("There is no such question in this year."))
    place = {"campaign_id": campaign.id, "sector_id": sector.id, "number": number}
    known: Summary | None = db.session.query(Summary).filter_by(**place).one_or_none()
    if known is not None:
        return known
    with unit_of_work():
        summary = Summary(campaign=campaign, sector=sector, number=number)
        db.session.add(summary)
        db.session.flush()
        if not published_quotes(summary):
            raise PortalError(_("No answer to this question has been published yet."))
        _sort_rest(summary)
        audit.record("make_summary", f"summary:{summary.id}", actor)
    return summary


def sort_rest(summary: Summary, *, actor: User) -> int:
    """Put what lies in no theme where it belongs; return for how many a place was found.

    What people have put somewhere stays there.
    """
    with unit_of_work():
        placed = _sort_rest(summary)
        audit.record("sort_summary", f"summary:{summary.id}", actor, after={"quotes": placed})
    return placed


def sort_anew(summary: Summary, *, actor: User) -> None:
    """Forget every theme, also those made by hand, and sort from the beginning."""
    with unit_of_work():
        summary.themes = []
        db.session.flush()
        placed = _sort_rest(summary)
        audit.record("sort_summary", f"summary:{summary.id}", actor, after={"quotes": placed})


def _sort_rest(summary: Summary) -> int:
    shown = overview(summary)
    rest = list(shown.rest.quotes)
    themes = [part for part in shown.themes if part.quotes]
    texts = [[quote.text for quote in part.quotes] for part in themes]
    left: list[Quote] = []
    for quote in rest:
        number = nearest(quote.text, texts)
        theme = themes[number].theme if number is not None else None
        if theme is None:
            left.append(quote)
        else:
            _put(summary, theme, quote.key)
    for found in group([quote.text for quote in left]):
        members = [left[number] for number in found.members]
        if len({quote.city for quote in members}) > 1 or not themes:
            theme = _theme(summary, _name_of(found.words))
            for quote in members:
                _put(summary, theme, quote.key)
    db.session.flush()
    db.session.expire(summary)
    return len(rest) - len(overview(summary).rest.quotes)


def _name_of(words: Sequence[str]) -> str:
    name = ", ".join(words)
    return name[:1].upper() + name[1:] if name else str(_("Theme"))


def _theme(summary: Summary, name: str) -> Theme:
    """Find a theme by its name, or begin one at the end.

    :raises PortalError: if there are too many themes for anybody to read.
    """
    for theme in summary.themes:
        if theme.name.casefold() == name.casefold():
            return theme
    if len(summary.themes) >= MOST_THEMES:
        raise PortalError(_("There are %(most)s themes already: join some of them first.", most=MOST_THEMES))  # fmt: skip  # noqa: E501
    last = max((theme.position for theme in summary.themes), default=0)
    theme = Theme(name=name, position=last + 1)
    summary.themes.append(theme)
    db.session.flush()
    return theme


def _put(summary: Summary, theme: Theme, key: str) -> None:
    report_id, _colon, mark = key.partition(":")
    place = Place(summary_id=summary.id, theme_id=theme.id, report_id=int(report_id), mark=mark)
    db.session.add(place)


def move(
    summary: Summary, keys: Sequence[str], *, theme_id: int | None, name: str, actor: User
) -> Theme | None:
    """Put quotes under a theme, under a new one (``name``), or under none (neither is said).

    A theme that is left without any quote ends.

    :raises PortalError: if no quote is chosen, the theme is gone or the name is too long.
    """
    with unit_of_work():
        known = {quote.key for quote in published_quotes(summary)}
        chosen = [key for key in dict.fromkeys(keys) if key in known]
        if not chosen:
            raise PortalError(_("Choose the quotes that you want to move."))
        target: Theme | None = None
        if name := _checked(name):
            target = _theme(summary, name)
        elif theme_id is not None:
            target = get_theme(summary, theme_id)
        for place in places_of(summary):
            if place.key in chosen:
                db.session.delete(place)
        db.session.flush()
        if target is not None:
            for key in chosen:
                _put(summary, target, key)
        _end_empty(summary)
        audit.record("move_quotes", f"summary:{summary.id}", actor, after={"quotes": len(chosen)})
    return target


def _end_empty(summary: Summary) -> None:
    db.session.flush()
    db.session.expire(summary)
    for theme in list(summary.themes):
        if not theme.places:
            summary.themes.remove(theme)


def rename(theme: Theme, name: str, *, actor: User) -> Theme:
    """Name a theme; one that is called the same already takes its quotes in.

    :raises PortalError: if the name is empty or too long.
    """
    name = _checked(name)
    if not name:
        raise PortalError(_("Give the theme a name."))
    summary = theme.summary
    with unit_of_work():
        same = [
            t for t in summary.themes if t.name.casefold() == name.casefold() and t is not theme
        ]
        if same:
            for place in list(theme.places):
                place.theme = same[0]
            db.session.flush()
            summary.themes.remove(theme)
        else:
            theme.name = name
        audit.record("rename_theme", f"summary:{summary.id}", actor, after={"name": name})
    return same[0] if same else theme


def shift(theme: Theme, step: int, *, actor: User) -> None:
    """Move a theme one place up (-1) or down (1); at the edge it stays."""
    themes = theme.summary.themes
    place = themes.index(theme)
    other = place + step
    if not 0 <= other < len(themes):
        return
    with unit_of_work():
        order = list(themes)
        order[place], order[other] = order[other], order[place]
        for position, one in enumerate(order, 1):
            one.position = position
        audit.record("rename_theme", f"summary:{theme.summary_id}", actor)


def _checked(name: str) -> str:
    name = clean_line(name)
    if len(name) > LONGEST_NAME:
        raise PortalError(_("The name of a theme is longer than %(most)s characters: shorten it.", most=LONGEST_NAME))  # fmt: skip  # noqa: E501
    return name
