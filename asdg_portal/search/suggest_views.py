"""Suggestions for the search box, asked for by its script while somebody types."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from asdg_portal.search.index import FACETS
from asdg_portal.search.suggest import Narrowing, suggest
from asdg_portal.search.titles import Title

bp = Blueprint("suggest", __name__)


@bp.get("/search/suggest")
def suggestions() -> ResponseReturnValue:
    """Give what may be meant, each with its address; ``said`` is for those who hear the page."""
    found = [_to_json(one) for one in suggest(request.args.get("q", "")) if not _is_set(one)]
    said = ngettext("%(num)s suggestion, choose with the arrows", "%(num)s suggestions, choose with the arrows", len(found))  # fmt: skip  # noqa: E501
    return {"suggestions": found, "said": said if found else _("No suggestions")}


def _is_set(one: Narrowing | Title) -> bool:
    """Whether the search is narrowed so already."""
    return isinstance(one, Narrowing) and bool(
        {one.value, one.label} & {*request.args.getlist(one.facet)}
    )


def _to_json(one: Narrowing | Title) -> dict[str, str]:
    if isinstance(one, Title):
        return {"kind": "text", "label": one.title, "note": one.city, "url": one.url}
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name in {"sort", *FACETS} and value.strip()
    ]
    query = [("q", one.rest)] if one.rest else []
    url = f"{url_for('search.results')}?{urlencode([*query, *kept, (one.facet, one.value)])}"
    note = _("city") if one.facet == "city" else _("direction")
    return {"kind": one.facet, "label": one.label, "note": note, "url": url}
