"""Who acts next with a report, in words for its city."""

from __future__ import annotations

from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.moderation.models import State
from asdg_portal.surveys.models import Report

_TURNS = {
    State.DRAFT: _l("Your city acts next: fill in the answers and submit them for review."),
    State.APPROVAL: _l(
        "A head of your city acts next: approve the report and send it, or give it back."
    ),
    State.RETURNED: _l("Your city acts next: answer the remarks and submit the report again."),
    State.SUBMITTED: _l("The association acts next: the report waits for its review."),
    State.PUBLISHED: _l("The report is published; nobody has to act."),
    State.WITHDRAWN: _l("The report has been withdrawn; your city can write a new revision."),
}


def turn_of(report: Report) -> str:
    """Say whose turn it is and what is to be done."""
    if report.state is State.SUBMITTED and report.open_review:
        return str(_("The association is reviewing the report."))
    return str(_TURNS[report.state])
