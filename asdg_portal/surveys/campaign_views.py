"""Administration of the reporting years: the staff may look, administrators open and change."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.moderation.models import Audience
from asdg_portal.surveys import queries, services
from asdg_portal.surveys.forms import AUDIENCES, CampaignForm, OpenCampaignForm, QuestionForm
from asdg_portal.surveys.models import Campaign

bp = Blueprint("campaigns", __name__, url_prefix="/admin/campaigns")
only_for(bp, is_staff)


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """List the years with their progress, and open another."""
    form = OpenCampaignForm(data={"year": str(queries.next_year())})
    if form.validate_on_submit():
        try:
            campaign = services.open_campaign(
                services.read_year(form.year.data),
                actor=current_user,
                opens_on=form.opens_on.data,
                due_on=form.due_on.data,
                closes_on=form.closes_on.data,
            )
            return redirect(url_for(".edit", year=campaign.year), code=303)
        except PortalError as error:
            flash(str(error), "error")
    return _list_page(form), 400 if form.is_submitted() else 200


def _list_page(form: OpenCampaignForm) -> str:
    return render_template(
        "surveys/campaigns.html",
        form=form,
        campaigns=queries.campaigns(),
        progress=queries.progress(),
        may_change=is_staff(current_user),
        members=queries.members_today(),
    )


def _campaign(year: int) -> Campaign:
    campaign = queries.find_campaign(year)
    if campaign is None:
        raise NotFound(_("This year has not been opened."))
    return campaign


@bp.route("/<int:year>/", methods=["GET", "POST"])
def edit(year: int) -> ResponseReturnValue:
    """Show a year with its questions, and change its dates."""
    campaign = _campaign(year)
    form = CampaignForm(obj=campaign)
    if form.validate_on_submit():
        try:
            services.change_dates(
                campaign,
                form.opens_on.data,
                form.due_on.data,
                form.closes_on.data,
                actor=current_user,
            )
            flash(_("Saved."), "success")
            return redirect(url_for(".edit", year=year), code=303)
        except PortalError as error:
            flash(str(error), "error")
    page = _campaign_page(campaign, form)
    return page, 400 if form.is_submitted() else 200


def _campaign_page(campaign: Campaign, form: CampaignForm) -> str:
    return render_template(
        "surveys/campaign.html",
        form=form,
        campaign=campaign,
        progress=queries.progress().get(campaign.id, {}),
        may_change=is_staff(current_user),
        readers=AUDIENCES,
    )


@bp.route("/<int:year>/questions/<int:number>", methods=["GET", "POST"])
def question(year: int, number: int) -> ResponseReturnValue:
    """Change the wording of a question and who reads its answers."""
    campaign = _campaign(year)
    asked = next((q for q in campaign.questions if q.number == number), None)
    if asked is None or not is_staff(current_user):
        raise NotFound(_("There is no such question."))
    form = QuestionForm(obj=asked)
    if form.validate_on_submit():
        audience = Audience(form.audience.data)
        services.change_question(asked, form.wording.data, audience, actor=current_user)
        flash(_("Saved."), "success")
        return redirect(url_for(".edit", year=year), code=303)
    has_reports = campaign.id in queries.progress()
    page = render_template(
        "surveys/question.html", form=form, question=asked, has_reports=has_reports
    )
    return page, 400 if form.is_submitted() else 200
