"""Pages where the staff put together what all cities answered to one question."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.cities.queries import find_sector
from asdg_portal.core.errors import PortalError
from asdg_portal.papers.word import MEDIA_TYPE
from asdg_portal.surveys.queries import campaigns, find_campaign, newest_campaign
from asdg_portal.surveys.summaries import note, queries, services

bp = Blueprint("summaries", __name__, url_prefix="/desk/summaries")
only_for(bp, is_staff)


@bp.get("/")
def index() -> str:
    """Choose a direction and a question of a year."""
    year = request.args.get("year", type=int)
    campaign = find_campaign(year) if year else newest_campaign()
    return render_template(
        "surveys/summaries/index.html",
        campaign=campaign,
        years=[c.year for c in campaigns()],
        rows=queries.rows(campaign) if campaign else [],
    )


@bp.post("/")
def make() -> ResponseReturnValue:
    """Make the summary of a question, or go to the one that there is."""
    year = request.form.get("year", 0, type=int)
    sector = find_sector(request.form.get("sector", ""))
    number = request.form.get("question", 0, type=int)
    try:
        summary = services.make(find_campaign(year), sector, number, actor=current_user)
    except PortalError as error:
        flash(str(error), "error")
        return redirect(url_for(".index", year=year or None), code=303)
    return redirect(url_for(".show", summary_id=summary.id), code=303)


@bp.get("/<int:summary_id>/")
def show(summary_id: int) -> str:
    """Show all quotes of a question under their themes."""
    return _page(summary_id)


def _page(summary_id: int, typed: str = "", chosen: frozenset[str] = frozenset()) -> str:
    summary = services.get_summary(summary_id)
    return render_template(
        "surveys/summaries/show.html",
        summary=summary,
        title=note.title_of(summary),
        shown=queries.overview(summary),
        typed=typed,
        chosen=chosen,
    )


@bp.post("/<int:summary_id>/move")
def move(summary_id: int) -> ResponseReturnValue:
    """Put the chosen quotes under another theme."""
    form, keys = request.form, request.form.getlist("quote")
    summary = services.get_summary(summary_id)
    try:
        theme_id, name = form.get("theme", type=int), form.get("name", "")
        target = services.move(summary, keys, theme_id=theme_id, name=name, actor=current_user)
    except PortalError as error:
        flash(str(error), "error")
        return _page(summary_id, form.get("name", ""), frozenset(keys)), 400
    anchor = f"theme-{target.id}" if target else "rest"
    return redirect(url_for(".show", summary_id=summary_id, _anchor=anchor), code=303)


@bp.post("/<int:summary_id>/<any(rest, anew):what>")
def sort(summary_id: int, what: str) -> ResponseReturnValue:
    """Find themes for what has none, or sort everything from the beginning."""
    summary = services.get_summary(summary_id)
    if what == "anew":
        services.sort_anew(summary, actor=current_user)
        flash(_("Everything has been sorted anew."), "success")
    else:
        placed = services.sort_rest(summary, actor=current_user)
        flash(_("Quotes for which a theme was found: %(number)s.", number=placed), "success")
    return redirect(url_for(".show", summary_id=summary_id), code=303)


@bp.post("/<int:summary_id>/themes/<int:theme_id>/<any(name, up, down):what>")
def theme(summary_id: int, theme_id: int, what: str) -> ResponseReturnValue:
    """Name a theme, or move it up or down."""
    summary = services.get_summary(summary_id)
    anchor = f"theme-{theme_id}"
    try:
        one = services.get_theme(summary, theme_id)
        if what == "name":
            one = services.rename(one, request.form.get("name", ""), actor=current_user)
            anchor = f"theme-{one.id}"
        else:
            services.shift(one, -1 if what == "up" else 1, actor=current_user)
    except PortalError as error:
        flash(str(error), "error")
    return redirect(url_for(".show", summary_id=summary_id, _anchor=anchor), code=303)


@bp.get("/<int:summary_id>/file.docx")
def file(summary_id: int) -> ResponseReturnValue:
    """Give the note for the Council."""
    summary = services.get_summary(summary_id)
    return send_file(
        BytesIO(note.to_word(summary, current_user.name)),
        mimetype=MEDIA_TYPE,
        as_attachment=True,
        download_name=f"{note.title_of(summary)}.docx",
    )
