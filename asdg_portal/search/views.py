"""The search page: works by addresses alone, so that a search can be sent to a colleague."""

from __future__ import annotations

import logging

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from asdg_portal.core.paging import PER_PAGE, Page, page_number
from asdg_portal.search.address import Address
from asdg_portal.search.index import FACETS, IndexUnavailable
from asdg_portal.search.query import BadQuery
from asdg_portal.search.service import SORTS, Answer, Wanted, find

log = logging.getLogger(__name__)
bp = Blueprint("search", __name__)

LAST_PAGE = 500


@bp.get("/search")
def results() -> ResponseReturnValue:
    """Show what was found, and ways to narrow or widen it."""
    number = min(page_number(request.args.get("page")), LAST_PAGE)
    wanted = read_wanted(request.args, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
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
        chips=_chips(answer, labels, address) if answer else [],
        toggle=address.toggle,
        sorts=_sorts(),
    )
    return text, status


def read_wanted(args: MultiDict[str, str], *, offset: int, limit: int) -> Wanted:
    """Read a search from what stands in its address."""
    filters = {name: [v for v in args.getlist(name) if v.strip()] for name in FACETS}
    sort = args.get("sort", SORTS[0])
    text = args.get("q", "")
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


def _chips(answer: Answer, labels: dict[str, str], address: Address) -> list[tuple[str, str, str]]:
    """Give every filter that is set: the facet's name, the value's, and the way without it."""
    chosen = [
        (labels[facet], value.label, address.toggle(facet, value.value, value.label))
        for facet, values in answer.facets.items()
        for value in values
        if value.chosen
    ]
    return chosen + [(labels[f], value, address.toggle(f, value)) for f, value in answer.unknown]
