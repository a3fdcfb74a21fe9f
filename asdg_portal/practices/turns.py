"""Who acts next with a practice, in words for its city."""

from __future__ import annotations

from flask_babel import gettext as _

from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Practice


def turn_of(practice: Practice) -> str:
    """Say whose turn it is and what is to be done."""
    if practice.state is State.SUBMITTED:
        if practice.open_review:
            return str(_("The association is reviewing the practice."))
        return str(_("The association acts next: the practice waits for its review."))
    turns = {
        State.DRAFT: _("Your city acts next: describe the practice and submit it for review."),
        State.APPROVAL: _(
            "A head of your city acts next: approve the practice and send it, or give it back."
        ),
        State.RETURNED: _("Your city acts next: answer the remarks and submit the practice again."),
        State.PUBLISHED: _("The practice is published; nobody has to act."),
        State.WITHDRAWN: _("The practice has been withdrawn; your city can write a new revision."),
    }
    return str(turns[practice.state])
