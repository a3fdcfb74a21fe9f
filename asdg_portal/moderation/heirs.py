"""What waits for somebody who comes in the place of a representative."""

from __future__ import annotations

from sqlalchemy import select

from asdg_portal.accounts.heirs import Waiting
from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_representative
from asdg_portal.core.db import db
from asdg_portal.moderation.kinds import editor_url
from asdg_portal.moderation.models import WITH_CITY, State, Submission


def hand_over(old: User, new: User) -> list[Waiting]:
    """Texts belong to the city: nothing has to be moved, but the new person must know of them."""
    if not is_representative(new):
        return []
    states = WITH_CITY if new.is_head else WITH_CITY - {State.APPROVAL}
    query = select(Submission).where(
        Submission.city_id == new.city_id, Submission.state.in_(sorted(states))
    )
    items = db.session.scalars(query.order_by(Submission.updated_at.desc())).all()
    return [Waiting(item.label, editor_url(item)) for item in items]
