"""What follows an act on a report: the index, the mentions of cities, letters to the city."""

from __future__ import annotations

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.core.errors import WrongState
from asdg_portal.moderation.letters import write_to_city
from asdg_portal.moderation.models import WITH_CITY, Submission
from asdg_portal.moderation.workflow import Action
from asdg_portal.search.sources import item_changed
from asdg_portal.surveys.assignments.services import end_all
from asdg_portal.surveys.campaigns.lateness import forget_arrival, note_arrival
from asdg_portal.surveys.commitments.services import settle
from asdg_portal.surveys.filings.policies import came_in_time
from asdg_portal.surveys.mentions.services import note_mentions
from asdg_portal.surveys.models import Report, ReportRevision
from asdg_portal.surveys.saving.services import thin_out
from asdg_portal.surveys.search import document_keys

SENT = frozenset({Action.SUBMIT, Action.APPROVE})


def after(action: Action, item: Submission, actor: User | None) -> None:
    """Write the rows that the commit will carry out."""
    if not isinstance(item, Report):
        return
    is_sent = action in {Action.ASK_APPROVAL, *SENT}
    if is_sent and not (item.is_taken or came_in_time(item, item.campaign)):
        raise WrongState(_("Reports for this year are no longer being taken from your city."))
    if action in SENT and isinstance(item.current, ReportRevision):
        thin_out(item.current)
    if len(item.revisions) == 1:
        _note_arrival(action, item)
    if action in SENT:
        settle(item)
    if item.state not in WITH_CITY:
        end_all(item)
    if action in {Action.PUBLISH, Action.WITHDRAW}:
        note_mentions(item)
        db.session.flush()
        item_changed("report", item.id, document_keys(item))
    write_to_city(action, item, actor)


def _note_arrival(action: Action, report: Report) -> None:
    """A report comes once: when it is handed in for the first time and not taken back."""
    if action in SENT:
        note_arrival(report)
    if action is Action.TAKE_BACK:
        forget_arrival(report)
