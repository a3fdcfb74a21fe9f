"""Who may begin practices; what is common to all submissions stands in moderation."""

from __future__ import annotations

from asdg_portal.accounts.policies import Viewer, is_representative
from asdg_portal.moderation.models import Audience, Submission


def can_begin(user: Viewer) -> bool:
    """A representative describes what the own city has done."""
    return is_representative(user) and user.city_id is not None


def can_grow_from(user: Viewer, report: Submission, audience: Audience) -> bool:
    """A practice grows out of what the own city has published for everybody."""
    return (
        can_begin(user)
        and user.city_id == report.city_id
        and report.public is not None
        and audience is Audience.PUBLIC
    )
