"""Who acts next with a report, in words for its city."""

from __future__ import annotations

from flask_babel import gettext as _

from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report


def turn_of(report: Report) -> str:
    """Say whose turn it is and what is to be done."""
    if report.state is State.SUBMITTED:
        if report.open_review:
            return str(_("The association is reviewing the report."))
        return str(_("The association acts next: the report waits for its review."))
    turns = {
        State.DRAFT: _("Your city acts next: fill in the answers and submit them for review."),
        State.RETURNED: _("Your city acts next: answer the remarks and submit the report again."),
        State.PUBLISHED: _("The report is published; nobody has to act."),
        State.WITHDRAWN: _("The report has been withdrawn; your city can write a new revision."),
    }
    return str(turns[report.state])
