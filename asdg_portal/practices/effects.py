"""What follows an act on a practice: the index, letters to the city."""

from __future__ import annotations

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.moderation.letters import write_to_city
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.workflow import Action
from asdg_portal.practices.search import document_key
from asdg_portal.search.sources import item_changed


def after(action: Action, item: Submission, actor: User | None) -> None:
    """Write the rows that the commit will carry out."""
    if action in {Action.PUBLISH, Action.WITHDRAW}:
        db.session.flush()
        item_changed("practice", item.id, [document_key(item.id)])
    write_to_city(action, item, actor)
