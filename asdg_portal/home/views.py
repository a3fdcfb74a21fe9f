"""The first page, and the page about personal data."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from asdg_portal.accounts.policies import is_representative
from asdg_portal.accounts.rescue import KEPT
from asdg_portal.accounts.sessions import IDLE, KEPT as SIGN_INS_KEPT
from asdg_portal.core.latest import until_next_act
from asdg_portal.home import queries

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """Show the search box first, then what is new and how the year goes."""
    own = is_representative(current_user) and current_user.city_id
    return render_template(
        "home/index.html",
        **until_next_act("home", _lists),
        represents=bool(own),
        to_do=queries.count_to_do(current_user.city_id) if own else 0,
    )


def _lists() -> dict[str, Any]:
    return {
        "practices": queries.newest_practices(),
        "reports": queries.newest_reports(),
        "sectors": queries.sectors_with_counts(),
        "progress": queries.progress(),
    }


@bp.get("/privacy")
def privacy() -> str:
    """Say which personal data are kept, why, for how long, and who can be asked."""
    return render_template(
        "home/privacy.html",
        idle_hours=int(IDLE.total_seconds()) // 3600,
        kept_days=SIGN_INS_KEPT.days,
        rescued_days=KEPT.days,
    )
