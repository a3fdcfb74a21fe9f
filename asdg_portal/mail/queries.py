"""Letters that wait and addresses that do not take any, for the staff's page."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from asdg_portal.core.db import db
from asdg_portal.core.letters import TOPIC
from asdg_portal.core.outbox import OutboxRow
from asdg_portal.mail.models import Bounce

MOST = 200


def waiting() -> tuple[Sequence[OutboxRow], int]:
    """The letters that have not gone out yet, the longest waiting first, and their number."""
    letters = select(OutboxRow).filter_by(topic=TOPIC).order_by(OutboxRow.id)
    total = db.session.scalar(select(func.count()).select_from(OutboxRow).filter_by(topic=TOPIC))
    return db.session.scalars(letters.limit(MOST)).all(), total or 0


def bounces() -> Sequence[Bounce]:
    """The addresses that do not take letters, the newest first."""
    return db.session.scalars(select(Bounce).order_by(Bounce.at.desc())).all()
