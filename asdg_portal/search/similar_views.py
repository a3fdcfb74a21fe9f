"""The page of texts that are about the same as one text."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.core.errors import NotFound
from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.similar import similar

bp = Blueprint("similar", __name__)


@bp.get("/search/similar")
def page() -> ResponseReturnValue:
    """List what other cities have published about the same as the text of ``to``, a key."""
    try:
        found = similar(request.args.get("to", ""), current_user)
    except IndexUnavailable:
        return render_template("search/similar.html", found=None), 503
    if found is None:
        raise NotFound(_("There is no such text, or it is not open to you."))
    return render_template("search/similar.html", found=found)
