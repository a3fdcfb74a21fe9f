"""The staff's page of reminders: whom they would go to, in which words, and what has been sent."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.text import clean
from asdg_portal.mail.bounces import bounced_addresses
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.queries import find_campaign
from asdg_portal.surveys.reminders import queries, services
from asdg_portal.surveys.reminders.letters import reminder
from asdg_portal.surveys.reminders.owed import owed

bp = Blueprint("reminders", __name__, url_prefix="/desk/reminders")
only_for(bp, is_staff)

LONGEST_WORDS = 5_000


def _campaign(year: int) -> Campaign:
    campaign = find_campaign(year)
    if campaign is None:
        raise NotFound(_("This year has not been opened."))
    return campaign


@bp.get("/<int:year>/")
def index(year: int) -> str:
    """Show who would be written to today, with the very letters; and what went out before."""
    return _page(_campaign(year))


def _page(campaign: Campaign, words: str = "", plan: str | None = None) -> str:
    waited = owed(campaign)
    days, gone = services.last_days(campaign), bounced_addresses()
    return render_template(
        "surveys/reminders.html",
        campaign=campaign,
        letters=[
            (n, reminder(campaign, n, clean(words)), days.get(n.person.id) == n.today)
            for n in waited.notices
        ],
        nobody=waited.nobody,
        gone=gone,
        told=queries.sent(campaign, gone),
        words=words,
        plan=" ".join(map(str, services.plan_of(campaign))) if plan is None else plan,
    )


@bp.post("/<int:year>/")
def send(year: int) -> ResponseReturnValue:
    """Send the letters that were ticked; or only show them with the words that were typed."""
    campaign, words = _campaign(year), request.form.get("words", "")
    if request.form.get("act") != "send" or len(words) > LONGEST_WORDS:
        if len(words) > LONGEST_WORDS:
            flash(_("This is longer than %(max)d characters: shorten it, please.", max=LONGEST_WORDS), "error")  # fmt: skip  # noqa: E501
        return _page(campaign, words), 200 if len(words) <= LONGEST_WORDS else 400
    people = {int(n) for n in request.form.getlist("person") if n.isascii() and n.isdigit()}
    done = services.remind(campaign, actor=current_user, words=words, people=people)
    _tell(done)
    return redirect(url_for(".index", year=year), code=303)


def _tell(done: services.Round) -> None:
    number = len(done.sent)
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", number), "success" if number else "info")  # fmt: skip  # noqa: E501
    if done.reminded_today:
        flash(_("Reminded today already, not written to again: %(number)s.", number=len(done.reminded_today)), "info")  # fmt: skip  # noqa: E501
    if done.unreachable:
        names = ", ".join(notice.person.email for notice in done.unreachable)
        flash(_("These addresses do not take letters: %(names)s.", names=names), "error")


@bp.post("/<int:year>/plan")
def plan(year: int) -> ResponseReturnValue:
    """Set the days on which the portal reminds by itself."""
    campaign, text = _campaign(year), request.form.get("days", "")
    try:
        days = services.change_plan(campaign, text, actor=current_user)
    except PortalError as refusal:
        flash(str(refusal), "error")
        return _page(campaign, plan=text[:200]), 400
    flash(_("Saved.") if days else _("Saved: the portal reminds nobody by itself."), "success")
    return redirect(url_for(".index", year=year), code=303)
