"""What the shared pages must know of reports."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.moderation.kinds import Kind, Starter
from asdg_portal.surveys import effects, queries


def starters(user: Viewer) -> list[Starter]:
    """A representative can begin a report for each year that is open for the city."""
    if not is_representative(user) or user.city is None:
        return []
    return [
        Starter(
            _("Answer the questionnaire of %(year)s", year=campaign.year),
            url_for("surveys.new"),
            _(
                "Last day for answers: %(day)s, by the clock of your city.",
                day=f"{campaign.due_on:%d.%m.%Y}",
            )
            if campaign.due_on
            else "",
        )
        for campaign in queries.open_campaigns(user.city)
    ]


KIND = Kind(
    name="report", label=_l("Report"), path="/reports", after=effects.after, starters=starters
)
