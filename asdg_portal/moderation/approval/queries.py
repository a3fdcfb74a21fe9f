"""What is asked about approvals when a page is drawn."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.db import db
from asdg_portal.moderation.approval.models import Objection
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.policies import can_write


def objection_to(item: Submission, viewer: Viewer) -> Objection | None:
    """The newest words of a head about the newest revision, for those who write it."""
    if not item.city.needs_approval or not can_write(viewer, item):
        return None
    query = (
        select(Objection)
        .filter_by(revision_id=item.current.id)
        .options(joinedload(Objection.person))
        .order_by(Objection.id.desc())
        .limit(1)
    )
    return db.session.scalar(query)
