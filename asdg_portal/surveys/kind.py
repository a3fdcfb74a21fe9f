"""What the shared pages must know of reports."""

from __future__ import annotations

from datetime import date

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.moderation.kinds import Kind, Starter
from asdg_portal.surveys import effects, queries
from asdg_portal.surveys.filings.queries import late
from asdg_portal.surveys.models import Campaign


def starters(user: Viewer) -> list[Starter]:
    """A representative can begin a report for each year open for the city, the staff for a city."""
    if user.is_staff:
        hint = _("It came on paper or by mail: type it in, it goes the same way as the others.")
        return [Starter(_("File a report for a city"), url_for("filings.file"), hint)]
    if not is_representative(user) or user.city is None:
        return []
    city = user.city
    return [_starter(campaign, campaign.due_day(city)) for campaign in queries.open_campaigns(city)]


def _starter(campaign: Campaign, due: date | None) -> Starter:
    hint = _("Last day for answers: %(day)s, by the clock of your city.", day=f"{due:%d.%m.%Y}") if due else ""  # fmt: skip  # noqa: E501
    label = _("Answer the questionnaire of %(year)s", year=campaign.year)
    return Starter(label, url_for("surveys.new"), hint)


KIND = Kind(
    name="report",
    label=_l("Report"),
    path="/reports",
    after=effects.after,
    starters=starters,
    concerned=queries.in_charge,
    late=late,
)
