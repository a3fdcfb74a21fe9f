"""The desk of the staff: what waits, and the page where a text is read and judged."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _
from flask_login import current_user
from markupsafe import Markup

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.clock import now
from asdg_portal.core.errors import PortalError
from asdg_portal.core.latest import until_next_act
from asdg_portal.core.paging import Page, page_number
from asdg_portal.moderation import queries, services, turns
from asdg_portal.moderation.acts import act_names
from asdg_portal.moderation.forms import ReviewForm, review_form
from asdg_portal.moderation.kinds import all_kinds, kind_of, marks_of, overviews, page_url
from asdg_portal.moderation.models import Part, State, Submission
from asdg_portal.moderation.my_views import my
from asdg_portal.moderation.workflow import WORKFLOW, Action

bp = Blueprint("moderation", __name__)
bp.add_url_rule("/my/", view_func=my)


def _may_enter(viewer: Viewer) -> bool:
    """One's own page is for everybody who has an account; the desk is for the staff."""
    return viewer.is_staff or request.endpoint == "moderation.my"


only_for(bp, _may_enter)


@bp.get("/desk/")
def desk() -> ResponseReturnValue:
    """Show what waits, the longest waiting first."""
    filters, number = _filters(), page_number(request.args.get("page"))
    shown = until_next_act(
        f"desk:{get_locale()}:{int(now().timestamp()) // 900}:{filters}:{number}",
        lambda: _desk_lists(filters, number),
    )
    total = sum(queries.states().values())
    return render_template("moderation/desk.html", shown=shown, total=total)


def _desk_lists(filters: queries.Filters, number: int) -> Markup:
    """Draw what the desk shows to everybody of the staff alike."""
    lists = queries.desk(filters, number)
    cities, years = queries.choices()
    counts = queries.states()
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
        counts=[(s.value, n, s is filters.state) for s, n in counts.items()],
        turn=turns.turn_at_desk,
        marks=marks_of([*lists.items, *lists.returned, *lists.published]),
        overviews=overviews(),
        now=now(),
    )
    return Markup(drawn)  # noqa: S704  the template has escaped it


def _filters() -> queries.Filters:
    state, year = request.args.get("state", ""), page_number(request.args.get("year"))
    return queries.Filters(
        kind=request.args.get("kind", ""),
        city=request.args.get("city", ""),
        year=year if year > 1 else None,
        state=State(state) if state in set(State) else State.SUBMITTED,
    )


@bp.route("/desk/<int:item_id>/", methods=["GET", "POST"])
def review(item_id: int) -> ResponseReturnValue:
    """Read a text part by part, remark on it, and give a verdict."""
    item = services.get_submission(item_id, actor=current_user)
    form, status = review_form(item), 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                flash(_give_verdict(item, form), "success")
                return redirect(url_for(".review", item_id=item_id), code=303)
        except PortalError as refusal:
            flash(str(refusal), "error")
            status = refusal.status
            # The page now shows the text as it is; the next press is about what it shows.
            form.version.data = str(item.version)
    return _review_page(item, form), status


def _give_verdict(item: Submission, form: ReviewForm) -> str:
    """Do what the pressed button says; tell what has been done."""
    act, summary, remarks = request.form.get("act"), form.summary.data or "", form.remarks
    by: dict[str, Any] = {"actor": current_user, "version": form.seen_version}
    if act == Action.BEGIN_REVIEW:
        services.begin_review(item, **by)
        done = _("You are reading this now: the city cannot take it back any more.")
    elif act == Action.SEND_BACK:
        services.send_back(item, summary, remarks, **by)
        done = _("Returned to the city with your remarks; a letter is on its way.")
    elif act == Action.PUBLISH:
        services.publish(item, summary=summary, remarks=remarks, **by)
        done = _("Published; the city gets a letter.")
    elif act == Action.WITHDRAW:
        services.withdraw(item, form.reason.data or "", **by)
        done = _("Withdrawn from publication; the city gets a letter.")
    else:
        raise PortalError(_("Press one of the buttons below the text."))
    return str(done)


def _review_page(item: Submission, form: ReviewForm) -> str:
    return render_template(
        "moderation/review.html",
        item=item,
        form=form,
        actions=WORKFLOW.actions(item, current_user),
        former=_former_parts(item),
        last=item.last_review,
        acts=queries.acts_on(item),
        kind=kind_of(item),
        page_url=page_url(item),
        turn=turns.turn_at_desk(item),
        mark=marks_of([item]).get(item.id),
        person=turns.person,
        act_names=act_names(),
        by_another=item.open_review is not None and item.open_review.reviewer != current_user,
    )


def _former_parts(item: Submission) -> dict[str, Part]:
    """The parts of the revision before this one that read otherwise, by their names."""
    if len(item.revisions) < 2:
        return {}
    texts = {part.name: part.text for part in item.current.parts()}
    return {
        part.name: part
        for part in item.revisions[-2].parts()
        if part.text != texts.get(part.name, "")
    }
