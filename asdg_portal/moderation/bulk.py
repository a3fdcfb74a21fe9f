"""Publishing several texts with one press: each is an act of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError, WrongState
from asdg_portal.moderation import services
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.remarks import notes
from asdg_portal.moderation.turns import person


@dataclass(slots=True)
class Outcome:
    """What was published, and what was not, with the reason; both by their names."""

    published: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def publish_each(chosen: Mapping[int, int], *, actor: User) -> Outcome:
    """Publish texts by their numbers, each as it was when its ``version`` was shown.

    One that somebody reads now, or has unsent remarks on, is left for them to decide.
    """
    outcome = Outcome()
    for item_id, version in chosen.items():
        label = ""
        try:
            item = services.get_submission(item_id, actor=actor)
            label = item.label
            _must_be_free(item, actor)
            services.publish(item, actor=actor, version=version)
            outcome.published.append(label)
        except PortalError as refusal:
            db.session.rollback()
            outcome.refused.append((item_id, label or f"№ {item_id}", str(refusal)))
    return outcome


def _must_be_free(item: Submission, actor: User) -> None:
    review = item.open_review
    if review is not None and review.reviewer_id != actor.id:
        raise WrongState(_("%(name)s is reading it.", name=person(review.reviewer)))
    if names := notes.writers([item.id]).get(item.id):
        raise WrongState(_("There are unsent remarks on it: %(names)s.", names=", ".join(names)))
