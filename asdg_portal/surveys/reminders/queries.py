"""Which reminders have been sent, and what has become of their letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from asdg_portal.core.db import db
from asdg_portal.core.letters import TOPIC
from asdg_portal.core.outbox import OutboxRow
from asdg_portal.mail.models import Bounce
from asdg_portal.surveys.models import Campaign
from asdg_portal.surveys.reminders.models import Reminder

MOST = 300


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder, and in a word what became of its letter."""

    reminder: Reminder
    fate: str
    trouble: str = ""


def sent(campaign: Campaign, gone: Mapping[str, Bounce]) -> Sequence[Sent]:
    """The reminders of a campaign, the newest first; ``gone`` addresses take no letters."""
    query = (
        select(Reminder)
        .filter_by(campaign_id=campaign.id)
        .options(
            joinedload(Reminder.person), joinedload(Reminder.city), joinedload(Reminder.sent_by)
        )
        .order_by(Reminder.id.desc())
        .limit(MOST)
    )
    rows = db.session.scalars(select(OutboxRow).filter_by(topic=TOPIC))
    waiting = {row.payload["id"]: row for row in rows}

    def fate(reminder: Reminder) -> Sent:
        if row := waiting.get(reminder.letter):
            return Sent(reminder, _("waits for the mail server"), row.error)
        bounce = gone.get(reminder.address)
        if bounce and bounce.at >= reminder.sent_at:
            return Sent(reminder, _("came back"), bounce.error)
        return Sent(reminder, _("sent"))

    return [fate(reminder) for reminder in db.session.scalars(query)]
