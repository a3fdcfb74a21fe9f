"""Administration of cities and directions; it stands here because it asks who one is."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import SelectChoice

from asdg_portal.accounts import heads
from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.cities import queries, services
from asdg_portal.cities.forms import CitiesFileForm, CityForm, SectorForm
from asdg_portal.cities.models import City
from asdg_portal.core.clock import today
from asdg_portal.core.errors import NotFound, PortalError

bp = Blueprint("cities_admin", __name__, url_prefix="/admin")
only_for(bp, is_administrator)


@bp.route("/cities/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """List the cities, and take a new list as a file."""
    form = CitiesFileForm()
    if form.validate_on_submit():
        try:
            flash(_load(form.file.data.read()), "success")
            return redirect(url_for(".index"), code=303)
        except UnicodeDecodeError:
            flash(_("The file is not in UTF-8: save it from the editor as “CSV UTF-8”."), "error")
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("cities/admin.html", cities=queries.all_cities(), form=form, day=today())
    return page, 400 if form.is_submitted() else 200


def _load(data: bytes) -> str:
    done = services.load_cities(data.decode("utf-8-sig"), actor=current_user)
    said = _("Added: %(added)s, changed: %(changed)s.", added=done.added, changed=done.changed)
    return str(said)


def _form(city: City) -> CityForm:
    period = city.memberships[-1] if city.memberships else None
    form = CityForm(
        obj=city,
        is_member=period is not None,
        since=period and period.since,
        until=period and period.until,
        successor=city.successor_id or 0,
    )
    form.successor.choices = [
        SelectChoice(0, "—"),
        *(SelectChoice(c.id, c.name) for c in queries.all_cities()),
    ]
    return form


@bp.route("/cities/<slug>/", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Change a city."""
    city = queries.find_city(slug)
    if city is None:
        raise NotFound(_("There is no such city in the list."))
    form = _form(city)
    if form.validate_on_submit():
        try:
            services.change_city(city, form.data, actor=current_user)
            flash(_("Saved."), "success")
            return redirect(url_for(".index"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("cities/edit.html", city=city, form=form, heads=heads.heads_of(city))
    return page, 400 if form.is_submitted() else 200


@bp.post("/cities/<slug>/approval/<any(on, off):wanted>")
def approval(slug: str, wanted: str) -> ResponseReturnValue:
    """Let the texts of a city be approved by its heads, or not."""
    city = queries.find_city(slug)
    if city is None:
        raise NotFound(_("There is no such city in the list."))
    heads.set_approval(city, wanted=wanted == "on", actor=current_user)
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", slug=slug, _anchor="approval"), code=303)


@bp.route("/sectors/", methods=["GET", "POST"])
def sectors() -> ResponseReturnValue:
    """List the directions, and add one."""
    form = SectorForm()
    if form.validate_on_submit():
        try:
            services.add_sector(
                form.name.data, form.synonyms.data.splitlines(), position=999, actor=current_user
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".sectors"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template(
        "cities/sectors.html", sectors=queries.sectors(active_only=False), form=form
    )
    return page, 400 if form.is_submitted() else 200


@bp.route("/sectors/<slug>/", methods=["GET", "POST"])
def edit_sector(slug: str) -> ResponseReturnValue:
    """Change a direction."""
    sector = queries.find_sector(slug)
    if sector is None:
        raise NotFound(_("There is no such direction in the list."))
    kept = {"name": sector.name, "is_active": sector.is_active}
    form = SectorForm(**kept, synonyms="\n".join(sector.synonyms))
    if form.validate_on_submit():
        lines = form.synonyms.data.splitlines()
        try:
            services.change_sector(
                sector, form.name.data, lines, is_active=form.is_active.data, actor=current_user
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".sectors"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return render_template("cities/sector.html", sector=sector, form=form), (
        400 if form.is_submitted() else 200
    )
