"""Pages of saved searches: one's own list, saving, changing, and letting the letters end."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.service import Names, Wanted
from asdg_portal.search.views import facet_labels
from asdg_portal.shelf.models import Rhythm, SavedSearch
from asdg_portal.shelf.searches import queries, services
from asdg_portal.shelf.searches.feed import feed_address
from asdg_portal.shelf.searches.forms import RHYTHMS, SearchForm
from asdg_portal.shelf.searches.letters import letter
from asdg_portal.shelf.searches.news import news
from asdg_portal.shelf.tokens import Opens, read_token

bp = Blueprint("searches", __name__)


@bp.get("/my/searches/")
@login_required
def index() -> str:
    """List one's own searches; on request, show the letter as it would be written now."""
    g.private = True
    mine = queries.searches_of(current_user)
    return render_template(
        "shelf/searches.html",
        searches=mine,
        words=_words,
        run=services.write_address,
        rhythms=RHYTHMS,
        coming=_coming(mine) if "preview" in request.args else None,
    )


def _words(search: SavedSearch | Wanted) -> list[str]:
    """Say in words what a search is narrowed to."""
    names, labels = Names(), facet_labels()
    return [
        f"{labels[facet]}: {', '.join(names.label(facet, value) for value in values)}"
        for facet, values in search.filters.items()
        if values
    ]


def _coming(searches: Sequence[SavedSearch]) -> str:
    """The letter that these searches would write if they were looked at now; empty if none."""
    writing = [search for search in searches if search.letters is not Rhythm.NEVER]
    try:
        found = [one for one in map(news, writing) if one.texts]
    except IndexUnavailable as error:
        raise PortalError(_("The index of the search is being made anew. Try again in a minute.")) from error  # fmt: skip  # noqa: E501
    written = letter(current_user, found)
    return f"{written.subject}\n\n{written.body}" if found else ""


@bp.route("/my/searches/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Save the search that stands in the address."""
    g.private = True
    asked = request.query_string.decode("utf-8", "replace")
    form = SearchForm(search=asked, name=services.read_address(asked).text)
    wanted = services.read_address(form.search.data or "")
    services.check(wanted)
    if form.validate_on_submit():
        try:
            services.save(wanted, form.name.data, form.rhythm, actor=current_user)
            flash(_("The search is saved."), "success")
            return redirect(url_for(".index"), code=303)
        except PortalError as refusal:
            form.name.errors = [*form.name.errors, str(refusal)]
    page = render_template("shelf/search.html", form=form, wanted=wanted, words=_words(wanted))
    return page, 400 if form.errors else 200


@bp.route("/my/searches/<int:search_id>/", methods=["GET", "POST"])
@login_required
def show(search_id: int) -> ResponseReturnValue:
    """Rename a search, say how often it writes; its feed, and throwing it away."""
    g.private = True
    search = services.get_search(search_id, actor=current_user)
    form = SearchForm(obj=search)
    if form.validate_on_submit():
        try:
            services.change(search, form.name.data, form.rhythm, actor=current_user)
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
        except PortalError as refusal:
            form.name.errors = [*form.name.errors, str(refusal)]
    feed, run = feed_address(search), services.write_address(search)
    shown = {"wanted": search, "saved": search, "words": _words(search), "feed": feed, "run": run}
    return render_template("shelf/search.html", form=form, **shown), 400 if form.errors else 200


@bp.post("/my/searches/<int:search_id>/<any('renew','remove'):act>")
@login_required
def change(search_id: int, act: str) -> ResponseReturnValue:
    """Give the feed another address, or throw the search away."""
    search = services.get_search(search_id, actor=current_user)
    if act == "renew":
        services.renew_feed(search)
        flash(_("The feed has a new address; the old one no longer works."), "success")
        return redirect(url_for(".show", search_id=search.id), code=303)
    services.remove(search)
    flash(_("The search has been removed."), "success")
    return redirect(url_for(".index"), code=303)


@bp.route("/searches/stop/<token>", methods=["GET", "POST"])
def stop(token: str) -> ResponseReturnValue:
    """Let the letters end, by the address that stands in each of them; a look changes nothing."""
    g.private = True
    parts = read_token(Opens.STOP, token)
    person = db.session.get(User, parts[0]) if parts else None
    if person is None or not person.is_active:
        raise NotFound(_("There is no such page, or it is not open to you."))
    if request.method == "POST":
        services.stop_letters(person)
    return render_template("shelf/stop.html", stopped=request.method == "POST")
