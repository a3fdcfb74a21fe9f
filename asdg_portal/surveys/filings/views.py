"""The page on which the staff begin to type in what a city has sent on paper or by mail."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.cities import queries as cities
from asdg_portal.cities.models import City, Sector
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.surveys import queries
from asdg_portal.surveys.filings import services
from asdg_portal.surveys.filings.forms import FilingForm, filing_form
from asdg_portal.surveys.models import Campaign, Report

bp = Blueprint("filings", __name__)
only_for(bp, is_staff)


@bp.route("/desk/file", methods=["GET", "POST"])
def file() -> ResponseReturnValue:
    """Say which sheet has come; its answers are typed in on the next page."""
    form = filing_form([*queries.campaigns()], [*cities.all_cities()], [*cities.sectors()])
    if form.validate_on_submit():
        try:
            report = _file(form)
            flash(_("Now type the answers in; the city sees that you have filed them."), "info")
            return redirect(url_for("surveys.edit", item_id=report.id), code=303)
        except PortalError as refusal:
            flash(str(refusal), "error")
            return render_template("surveys/filing.html", form=form), refusal.status
    page = render_template("surveys/filing.html", form=form)
    return page, 400 if form.is_submitted() else 200


def _file(form: FilingForm) -> Report:
    receipt = services.Receipt(form.channel.data, form.received_on.data, form.number.data)
    sheet = (
        db.session.get_one(Campaign, form.campaign.data),
        db.session.get_one(City, form.city.data),
        db.session.get_one(Sector, form.sector.data),
    )
    return services.file_for_city(*sheet, receipt, actor=current_user)
