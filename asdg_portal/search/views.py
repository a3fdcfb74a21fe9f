"""The search page: works by addresses alone, so that a search can be sent to a colleague."""

from __future__ import annotations

import logging
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.core.paging import PER_PAGE, Page, page_number
from asdg_portal.search.index import FACETS, IndexUnavailable
from asdg_portal.search.query import MOST_CHARACTERS, BadQuery
from asdg_portal.search.service import SORTS, Answer, Wanted, find

log = logging.getLogger(__name__)
bp = Blueprint("search", __name__)

LAST_PAGE = 500


@bp.get("/search")
def results() -> ResponseReturnValue:
    """Show what was found, and ways to narrow or widen it."""
    number = min(page_number(request.args.get("page")), LAST_PAGE)
    wanted = read_wanted(offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    answer, problem, status = _ask(wanted)
    address, labels = Address(), facet_labels()
    page = Page(answer.hits if answer else (), answer.total if answer else 0, number, address.page)
    text = render_template(
        "search/results.html",
        wanted=wanted,
        answer=answer,
        problem=problem,
        page=page,
        labels=labels,
        sorts=_sorts(),
        chips=_chips(answer, labels, address) if answer else [],
        toggle=address.toggle,
        longest=MOST_CHARACTERS,
        is_question=bool(wanted.text.strip() or any(wanted.filters.values())),
    )
    return text, status


def read_wanted(*, offset: int, limit: int) -> Wanted:
    """Read a search from the address of the request."""
    filters = {name: [v for v in request.args.getlist(name) if v.strip()] for name in FACETS}
    sort = request.args.get("sort", SORTS[0])
    text = request.args.get("q", "")
    return Wanted(text, filters, sort if sort in SORTS else SORTS[0], offset, limit)


def _ask(wanted: Wanted) -> tuple[Answer | None, str, int]:
    try:
        return find(wanted, current_user), "", 200
    except BadQuery as error:
        return None, str(error), 400
    except IndexUnavailable:
        log.warning("The index is not there: a search found nothing", exc_info=True)
        return None, _("The index of the search is being made anew. Try again in a minute."), 503


def facet_labels() -> dict[str, str]:
    """What the facets are called."""
    return {
        "kind": _("Kind"),
        "sector": _("Direction"),
        "year": _("Year"),
        "city": _("City"),
        "region": _("Region"),
        "question": _("Question"),
    }


def _sorts() -> dict[str, str]:
    names = (_("by relevance"), _("newest first"), _("by city"))
    return dict(zip(SORTS, names, strict=True))


class Address:
    """The address of the search that was asked for, which holds its whole state, and its variants.

    Facets list some seventy values, each a link to a search with one filter more or less: what all
    these addresses share is put together once.
    """

    def __init__(self) -> None:
        self._path = url_for("search.results")
        self._parts = [
            (name, value, _part(name, value))
            for name, value in request.args.items(multi=True)
            if name in {"q", "sort", *FACETS} and value.strip()
        ]
        self._set = {(name, value) for name, value, _text in self._parts}
        self._whole = "&".join(text for _name, _value, text in self._parts)

    def page(self, number: int) -> str:
        """Address another page of the same search."""
        return self._with(_part("page", str(number)))

    def toggle(self, facet: str, value: str, label: str = "") -> str:
        """Address a search with one filter more, or without it if its value or label is set."""
        same = {(facet, value), (facet, label)}
        if self._set.isdisjoint(same):
            return self._with(_part(facet, value))
        kept = [text for name, value, text in self._parts if (name, value) not in same]
        return f"{self._path}?{'&'.join(kept)}" if kept else self._path

    def _with(self, part: str) -> str:
        return f"{self._path}?{self._whole}&{part}" if self._whole else f"{self._path}?{part}"


@lru_cache(maxsize=2_000)
def _part(name: str, value: str) -> str:
    return urlencode([(name, value)])


def _chips(answer: Answer, labels: dict[str, str], address: Address) -> list[tuple[str, str, str]]:
    """Give every filter that is set: the facet's name, the value's, and the way without it."""
    chosen = [
        (labels[facet], value.label, address.toggle(facet, value.value, value.label))
        for facet, values in answer.facets.items()
        for value in values
        if value.chosen
    ]
    return chosen + [(labels[f], value, address.toggle(f, value)) for f, value in answer.unknown]
