"""The desk of the staff: what waits, and what can be published together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.clock import now
from asdg_portal.core.paging import PER_PAGE, Page, page_number
from asdg_portal.moderation import queries, turns
from asdg_portal.moderation.bulk import publish_each
from asdg_portal.moderation.forms import number
from asdg_portal.moderation.kinds import all_kinds, kind_of, late_among
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.my_views import my
from asdg_portal.moderation.remarks import notes
from asdg_portal.moderation.remarks.views import answer
from asdg_portal.moderation.review_views import keep_remarks, review
from asdg_portal.moderation.workflow import WORKFLOW, Action

bp = Blueprint("moderation", __name__)
bp.add_url_rule("/my/", view_func=my)
bp.add_url_rule("/desk/<int:item_id>/", view_func=review, methods=["GET", "POST"])
bp.add_url_rule("/desk/<int:item_id>/remarks", view_func=keep_remarks, methods=["POST"])
bp.add_url_rule("/remarks/<int:remark_id>", view_func=answer, methods=["POST"])
OPEN_TO_ALL = {"moderation.my", "moderation.answer"}


def _may_enter(viewer: Viewer) -> bool:
    """Who has an account has a page, and may answer remarks; the desk is for the staff."""
    return viewer.is_staff or request.endpoint in OPEN_TO_ALL


only_for(bp, _may_enter)


@bp.get("/desk/")
def desk() -> ResponseReturnValue:
    """Show what waits, the longest waiting first."""
    return _desk_page(_filters(), page_number(request.args.get("page")))


def _desk_page(
    filters: queries.Filters, number: int, refused: Sequence[tuple[int, str, str]] = ()
) -> str:
    lists = queries.desk(filters, number)
    kept: dict[str, Any] = {
        name: text for name, text in request.args.items() if name != "page" and text
    }
    cities, years = queries.choices()
    counts = queries.count_by_state()
    writers = notes.writers(item.id for item in (*lists.items, *lists.returned))
    return render_template(
        "moderation/desk.html",
        lists=lists,
        page=Page(
            lists.items, lists.total, number, lambda n: url_for(".desk", **(kept | {"page": n}))
        ),
        filters=filters,
        kinds=all_kinds(),
        kind_of=kind_of,
        cities=cities,
        years=years,
        counts=[(s.value, n, s is filters.state) for s, n in counts.items()],
        total=sum(counts.values()),
        turn=turns.turn_at_desk,
        filed_as=turns.filed_as,
        late=late_among(i.current for i in (*lists.items, *lists.returned, *lists.published)),
        writers=writers,
        ready=[item.id for item in lists.items if item.id not in writers and _is_ready(item)],
        starters=[s for kind in all_kinds() for s in kind.starters(current_user)],
        refused=refused,
        now=now(),
    )


def _is_ready(item: Submission) -> bool:
    """Whether a text can be published from the desk: nobody else is reading it."""
    actions = WORKFLOW.actions(item, current_user)
    return Action.PUBLISH in actions and Action.TAKE_OVER not in actions


def _filters() -> queries.Filters:
    state, year = request.args.get("state", ""), page_number(request.args.get("year"))
    return queries.Filters(
        kind=request.args.get("kind", ""),
        city=request.args.get("city", ""),
        year=year if year > 1 else None,
        state=State(state) if state in set(State) else State.SUBMITTED,
    )


@bp.post("/desk/publish")
def publish_chosen() -> ResponseReturnValue:
    """Publish the chosen texts, each by itself; name those that were not, and why."""
    outcome = publish_each(_chosen(), actor=current_user)
    if outcome.published:
        number = len(outcome.published)
        flash(ngettext("%(num)s text is published.", "%(num)s texts are published.", number), "success")  # fmt: skip  # noqa: E501
    if not outcome.published and not outcome.refused:
        flash(_("Choose the texts to be published."), "error")
    if outcome.refused:
        return _desk_page(queries.Filters(), 1, outcome.refused), 409
    return redirect(url_for(".desk"), code=303)


def _chosen() -> dict[int, int]:
    """Read which texts were chosen, and the version of each that was shown."""
    pairs = (value.partition(":") for value in request.form.getlist("chosen"))
    numbers = {number(item, 0): number(version, -1) for item, _colon, version in pairs}
    return dict(list(numbers.items())[:PER_PAGE])
