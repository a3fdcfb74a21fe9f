"""The administrators' page about the index."""

from __future__ import annotations

from flask import Blueprint, render_template

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.search import overview

bp = Blueprint("search_admin", __name__, url_prefix="/admin/search")
only_for(bp, is_administrator)


@bp.get("/")
def index() -> str:
    """Show which engine works, how much it holds, and whether another would be right."""
    return render_template("search/overview.html", seen=overview.look())
