"""Who acts next with a report and until when, in words and by the clock of its city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import format_date, get_locale, gettext as _, lazy_gettext as _l, ngettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from asdg_portal.accounts.policies import Viewer
from asdg_portal.cities.models import City
from asdg_portal.core.clock import end_of_day, today
from asdg_portal.core.db import db
from asdg_portal.core.formats import utc_offset
from asdg_portal.core.latest import until_next_act
from asdg_portal.moderation.kinds import Term
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.policies import is_helper
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys.filings.policies import came_in_time
from asdg_portal.surveys.models import Campaign, Report

_TURNS = {
    State.DRAFT: _l("Fill in the answers and submit them for review."),
    State.APPROVAL: _l(
        "A head of your city acts next: approve the report and send it, or give it back."
    ),
    State.RETURNED: _l("Answer the remarks and submit the report again."),
    State.SUBMITTED: _l("The association acts next: the report waits for its review."),
    State.PUBLISHED: _l("The report is published; nobody has to act."),
    State.WITHDRAWN: _l("The report has been withdrawn; your city can write a new revision."),
}


# ... and where a head of the city approves what goes out.
_TO_THE_HEAD = {
    State.DRAFT: _l("Fill in the answers and send them to the head of your city for approval."),
    State.RETURNED: _l("Answer the remarks and send the report to the head of your city again."),
}


def turn_of(report: Report, viewer: Viewer) -> str:
    """Say whose turn it is and what is to be done, as this person can do it."""
    if report.state is State.SUBMITTED and report.open_review:
        return str(_("The association is reviewing the report."))
    if not is_with_city(report):
        return str(_TURNS[report.state])
    if len(report.revisions) == 1 and not came_in_time(report, report.campaign):
        return str(_("Answers are not taken any more: what is written is kept, but cannot be sent."))  # fmt: skip  # noqa: E501
    if is_helper(viewer, report):
        return str(_("Write what you are asked for; a representative of your city sends the report."))  # fmt: skip  # noqa: E501
    actions = WORKFLOW.actions(report, viewer)
    asks = Action.ASK_APPROVAL in actions and Action.SUBMIT not in actions
    return str((_TO_THE_HEAD if asks else _TURNS)[report.state])


def is_with_city(item: Submission) -> bool:
    """Whether it is the city that acts next."""
    return item.state in {State.DRAFT, State.RETURNED}


def term_of(item: Submission, campaign: Campaign) -> Term | None:
    """Until when the city has to act; None if it is not its turn, or no day is set."""
    due, city = campaign.due_day(item.city), item.city
    if not is_with_city(item) or due is None:
        return None
    first = item.revisions[0].submitted_at
    if campaign.closed_at and first is None:
        return _of_closed_year(item, campaign)
    if not campaign.is_late(city):
        return Term(_left(due, city), more_time=_more_time(campaign, city))
    if first and first < end_of_day(due, city.timezone):
        return Term(_("the answers came in time; there is no last day for corrections"))
    return _late(campaign, city, due, was_sent=first is not None)


def _of_closed_year(item: Submission, campaign: Campaign) -> Term:
    if came_in_time(item, campaign):
        return Term(_("the year is closed, but the sheet came in time and can still be sent"))
    return Term(_("the year is closed; write to the association if the report is still needed"), is_late=True)  # fmt: skip  # noqa: E501


def term_now(report: Report) -> Term | None:
    """The same for the page of a report, kept until the next act or the city's next day."""
    name = f"term:{report.id}:{get_locale()}:{today(report.city.timezone)}"
    return until_next_act(name, lambda: term_of(report, report.campaign))


def day_left(campaign: Campaign, city: City) -> str:
    """The last day for answers and how far it is, for a city that has not begun yet."""
    due = campaign.due_day(city)
    if due is None:
        return ""
    if not campaign.is_late(city):
        return _left(due, city)
    return _late(campaign, city, due, was_sent=False).text


def _left(due: date, city: City) -> str:
    days = (due - today(city.timezone)).days
    left = ngettext("%(num)s day left", "%(num)s days left", days) if days else _("the last day is today")  # fmt: skip  # noqa: E501
    return str(_("until 23:59 on %(day)s, %(left)s", day=_day_in(due, city), left=left))


def _late(campaign: Campaign, city: City, due: date, *, was_sent: bool) -> Term:
    day, last = _day_in(due, city), campaign.last_day(city)
    if was_sent:
        return Term(_("the last day was %(day)s; corrections are still welcome", day=day), True)
    if not campaign.is_open(city) and last:
        text = _("answers were taken until %(day)s; write to the association if the report is still needed", day=_day_in(last, city))  # fmt: skip  # noqa: E501
    elif last:
        text = _("the last day was %(day)s, but answers are still welcome until 23:59 on %(last)s; they are marked as late", day=day, last=_day_in(last, city))  # fmt: skip  # noqa: E501
    else:
        text = _("the last day was %(day)s, but answers are still welcome; they are marked as late", day=day)  # fmt: skip  # noqa: E501
    return Term(text, is_late=True)


def _more_time(campaign: Campaign, city: City) -> str:
    extension = campaign.extensions.get(city.id)
    if extension is None or campaign.due_on is None or extension.due_on <= campaign.due_on:
        return ""
    return str(_("Your city has been given more time: %(reason)s", reason=extension.reason))


def _day_in(day: date, city: City) -> str:
    """«14 марта (UTC+6)», with the year where it is not this one."""
    near = day.year == today(city.timezone).year
    return f"{format_date(day, 'd MMMM' if near else 'd MMMM y')} ({utc_offset(city.timezone)})"


def terms(items: Sequence[Submission]) -> Mapping[int, Term]:
    """The terms of many reports by their numbers, in two statements."""
    query = select(Campaign).where(Campaign.year.in_({item.year for item in items}))
    found = db.session.scalars(query.options(selectinload(Campaign.extensions)))
    campaigns = {campaign.year: campaign for campaign in found}
    each = {item.id: term_of(item, campaigns[item.year]) for item in items}
    return {number: term for number, term in each.items() if term}
