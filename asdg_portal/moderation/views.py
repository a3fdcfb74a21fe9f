"""The desk of the staff: what waits, and what can be published together."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _, ngettext
from flask_login import current_user
from markupsafe import Markup

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.clock import now
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.paging import PER_PAGE, Page, page_number
from asdg_portal.moderation import queries, turns
from asdg_portal.moderation.bulk import publish_each
from asdg_portal.moderation.forms import number
from asdg_portal.moderation.kinds import all_kinds, kind_of, marks_of, overviews
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.my_views import my
from asdg_portal.moderation.remarks import notes
from asdg_portal.moderation.remarks.views import answer
from asdg_portal.moderation.review_views import keep_remarks, review

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
    """The lists that everybody of the staff sees alike, and what is this person's to press."""
    shown, ready = until_next_act(
        f"desk:{get_locale()}:{int(now().timestamp()) // 900}:{filters}:{number}",
        lambda: _desk_lists(filters, number),
    )
    return render_template(
        "moderation/desk.html",
        shown=shown,
        ready=ready,
        total=sum(queries.states().values()),
        starters=[s for kind in all_kinds() for s in kind.starters(current_user)],
        refused=refused,
        # Asked only on the day on which nothing has come yet.
        has_year=lambda: bool(overviews()),
    )


def _desk_lists(filters: queries.Filters, number: int) -> tuple[Markup, bool]:
    """Draw what the desk shows to all of the staff; tell whether anything can be published."""
    lists = queries.desk(filters, number)
    cities, years = queries.choices()
    writers = notes.writers(item.id for item in (*lists.items, *lists.returned))
    ready = {item.id for item in lists.items if item.id not in writers and _is_ready(item)}
    template = current_app.jinja_env.get_template("moderation/_desk_lists.html")
    drawn = template.render(
        lists=lists,
        page=Page(
            lists.items, lists.total, number, lambda n: url_for(".desk", **filters.kept(), page=n)
        ),
        filters=filters,
        kinds=all_kinds(),
        kind_of=kind_of,
        cities=cities,
        years=years,
        counts=[(s.value, n, s is filters.state) for s, n in queries.states().items()],
        turn=turns.turn_at_desk,
        filed_as=turns.filed_as,
        marks=marks_of([*lists.items, *lists.returned, *lists.published]),
        overviews=overviews(),
        writers=writers,
        ready=ready,
        now=now(),
    )
    return Markup(drawn), bool(ready)  # noqa: S704  the template has escaped it


def _is_ready(item: Submission) -> bool:
    """Whether a text can be published from the desk: nobody has begun to read it."""
    return item.state is State.SUBMITTED and item.open_review is None


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
