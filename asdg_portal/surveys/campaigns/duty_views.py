"""Pages about one city in a year: who fills in which sheet, and more time for it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from wtforms import SelectChoice

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.cities.models import City
from asdg_portal.cities.queries import all_cities, find_city
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.surveys.campaigns import duties, extensions, years
from asdg_portal.surveys.campaigns.duty_sheet import duty_sheet, read_choices
from asdg_portal.surveys.campaigns.forms import MoreTimeForm
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.queries import find_campaign

bp = Blueprint("duties", __name__)
time_bp = Blueprint("more_time", __name__, url_prefix="/admin/campaigns")
only_for(time_bp, is_staff)


@bp.route("/my/duties/<int:year>/", methods=["GET", "POST"])
@login_required
def own(year: int) -> ResponseReturnValue:
    """Share out the sheets of one's own city."""
    return _duties_page(find_campaign(year), current_user.city)


@bp.route("/desk/progress/<int:year>/<slug>/", methods=["GET", "POST"])
@login_required
def of_city(year: int, slug: str) -> ResponseReturnValue:
    """Share out the sheets of any city, and see how far they are."""
    if not is_staff(current_user):
        raise NotFound(_("There is no such page, or it is not open to you."))
    return _duties_page(find_campaign(year), find_city(slug))


def _duties_page(campaign: Campaign | None, city: City | None) -> ResponseReturnValue:
    g.private = True
    campaign, city = duties.see_duties(campaign, city, actor=current_user)
    typed = g.get("typed")  # a form that was open for too long comes back as it was
    status = 200
    if request.method == "POST":
        typed = request.form
        try:
            seen, wanted = read_choices(typed, "was-"), read_choices(typed, "now-")
            changed = duties.change_duties(campaign, city, wanted, seen, actor=current_user)
            flash(_("Saved.") if changed else _("Nothing was changed."), "success")
            return redirect(request.path, code=303)
        except PortalError as refusal:
            db.session.rollback()
            flash(str(refusal), "error")
            status = refusal.status
    page = duty_sheet(campaign, city, read_choices(typed or {}, "now-"))
    return render_template("surveys/campaigns/duties.html", **page), status


@time_bp.route("/<int:year>/more-time", methods=["GET", "POST"])
def more_time(year: int) -> ResponseReturnValue:
    """Give a city more time, or change what it has."""
    campaign = years.get_year(year)
    form = _time_form(campaign)
    if form.validate_on_submit():
        city = db.session.get_one(City, form.city.data)
        try:
            day, reason = form.due_on.data, form.reason.data
            extensions.give_more_time(campaign, city, day, reason, actor=current_user)
            flash(_("The city has more time; a letter tells it so."), "success")
            return redirect(url_for("campaigns.edit", year=year, _anchor="more-time"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("surveys/campaigns/more_time.html", form=form, campaign=campaign)
    return page, 400 if form.is_submitted() else 200


def _time_form(campaign: Campaign) -> MoreTimeForm:
    """The form, filled with what the city in the address has been given already."""
    members = all_cities()
    city = find_city(request.args.get("city", ""))
    known = campaign.extensions.get(city.id) if city else None
    form = MoreTimeForm(obj=known, city=city.id if city else None)
    form.city.choices = [SelectChoice(c.id, c.name) for c in sorted(members, key=lambda c: c.name)]
    return form


@time_bp.post("/<int:year>/more-time/<slug>/take-back")
def take_time_back(year: int, slug: str) -> ResponseReturnValue:
    """Let the day of everybody hold for a city again."""
    campaign, city = years.get_year(year), find_city(slug)
    if city is None:
        raise NotFound(_("There is no such city in the list."))
    try:
        extensions.take_time_back(campaign, city, actor=current_user)
        flash(_("The day of everybody holds for the city again; a letter tells it so."), "success")
    except PortalError as error:
        flash(str(error), "error")
    return redirect(url_for("campaigns.edit", year=year, _anchor="more-time"), code=303)
