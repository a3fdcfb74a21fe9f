"""Administration of the reporting years, for the staff: preparing, opening, changing, closing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core.errors import PortalError
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys import queries
from asdg_portal.surveys.campaigns import questions, services, years
from asdg_portal.surveys.campaigns.forms import (
    CampaignForm,
    NewCampaignForm,
    QuestionForm,
    ReopenForm,
)
from asdg_portal.surveys.campaigns.progress import totals_of_years, year_totals
from asdg_portal.surveys.models import Campaign

bp = Blueprint("campaigns", __name__, url_prefix="/admin/campaigns")
only_for(bp, is_staff)


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """List the years with their progress, and put another together."""
    form = NewCampaignForm(data={"year": str(queries.next_year())})
    if form.validate_on_submit():
        try:
            campaign = services.prepare(services.read_year(form.year.data), actor=current_user)
            return redirect(url_for(".edit", year=campaign.year), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return _list_page(form), 400 if form.is_submitted() else 200


def _list_page(form: NewCampaignForm) -> str:
    campaigns = years.every_year()
    return render_template(
        "surveys/campaigns/years.html",
        form=form,
        campaigns=campaigns,
        totals=totals_of_years(campaigns),
        standing=years.standing,
        members=queries.members_today(),
    )


@bp.route("/<int:year>/", methods=["GET", "POST"])
def edit(year: int) -> ResponseReturnValue:
    """Show all of a year, and change its dates."""
    campaign = years.get_year(year)
    form = CampaignForm(obj=campaign)
    if form.validate_on_submit():
        try:
            services.change_dates(campaign, form.dates, actor=current_user)
            flash(_("Saved."), "success")
            return redirect(url_for(".edit", year=year), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return _year_page(campaign, form), 400 if form.is_submitted() else 200


def _year_page(campaign: Campaign, form: CampaignForm, reopen: ReopenForm | None = None) -> str:
    return render_template(
        "surveys/campaigns/year.html",
        form=form,
        reopen=reopen or ReopenForm(formdata=None, until=campaign.closes_on),
        totals=year_totals(campaign),
        **years.whole_year(campaign),
    )


def _after(year: int, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do something to a year and go back to its page, saying what became of it."""
    try:
        act()
        flash(done, "success")
    except PortalError as error:
        flash(str(error), "error")
    return redirect(url_for(".edit", year=year), code=303)


@bp.post("/<int:year>/open")
def open_year(year: int) -> ResponseReturnValue:
    """Show a year that has been put together to the cities."""
    campaign = years.get_year(year)
    done = _("The year %(year)s is open.", year=year)
    return _after(year, lambda: services.open_prepared(campaign, actor=current_user), done)


@bp.post("/<int:year>/discard")
def discard(year: int) -> ResponseReturnValue:
    """Throw away a year that no city has seen."""
    try:
        services.discard(years.get_year(year), actor=current_user)
    except PortalError as error:
        flash(str(error), "error")
        return redirect(url_for(".edit", year=year), code=303)
    flash(_("What had been prepared is thrown away."), "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/<int:year>/close")
def close(year: int) -> ResponseReturnValue:
    """End a year now."""
    campaign = years.get_year(year)
    done = _("The year %(year)s is closed.", year=year)
    return _after(year, lambda: services.close(campaign, actor=current_user), done)


@bp.post("/<int:year>/reopen")
def reopen(year: int) -> ResponseReturnValue:
    """Take answers again."""
    campaign, form = years.get_year(year), ReopenForm()
    if not form.validate():
        return _year_page(campaign, CampaignForm(formdata=None, obj=campaign), form), 400
    done, until = _("The year %(year)s is open.", year=year), form.until.data
    return _after(year, lambda: services.reopen(campaign, until, actor=current_user), done)


@bp.post("/<int:year>/directions")
def directions(year: int) -> ResponseReturnValue:
    """Say which directions the year asks about."""
    campaign = years.get_year(year)
    chosen = request.form.getlist("sectors", type=int)
    return _after(
        year,
        lambda: services.change_sectors(campaign, chosen, actor=current_user),
        _("Saved."),
    )


@bp.route("/<int:year>/questions/new", methods=["GET", "POST"])
def new_question(year: int) -> ResponseReturnValue:
    """Ask one thing more."""
    campaign, form = years.get_year(year), QuestionForm()
    if form.validate_on_submit():
        try:
            audience = Audience(form.audience.data)
            questions.add_question(campaign, form.wording.data, audience, actor=current_user)
            return redirect(url_for(".edit", year=year, _anchor="questions"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = render_template("surveys/campaigns/question.html", form=form, campaign=campaign)
    return page, 400 if form.is_submitted() else 200


@bp.route("/<int:year>/questions/<int:number>", methods=["GET", "POST"])
def question(year: int, number: int) -> ResponseReturnValue:
    """Change the wording of a question and who reads its answers."""
    campaign = years.get_year(year)
    asked = questions.find_question(campaign, number)
    form = QuestionForm(obj=asked)
    if form.validate_on_submit():
        audience = Audience(form.audience.data)
        words = form.wording.data
        try:
            questions.change_question(asked, words, audience, actor=current_user)
            return redirect(url_for(".edit", year=year, _anchor="questions"), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return _question_page(campaign, form, number), 400 if form.is_submitted() else 200


def _question_page(campaign: Campaign, form: QuestionForm, number: int) -> str:
    return render_template(
        "surveys/campaigns/question.html",
        form=form,
        campaign=campaign,
        number=number,
        has_reports=services.has_reports(campaign),
    )


@bp.post("/<int:year>/questions/<int:number>/<any('earlier','later','remove'):act>")
def arrange(year: int, number: int, act: str) -> ResponseReturnValue:
    """Ask a question earlier or later, or not at all."""
    campaign = years.get_year(year)
    try:
        if act == "remove":
            questions.remove_question(campaign, number, actor=current_user)
        else:
            step = -1 if act == "earlier" else 1
            questions.move_question(campaign, number, step, actor=current_user)
    except PortalError as error:
        flash(str(error), "error")
    return redirect(url_for(".edit", year=year, _anchor="questions"), code=303)
