"""Who may see and do what with a submission; templates and services ask here alike."""

from __future__ import annotations

from asdg_portal.accounts.models import Role
from asdg_portal.accounts.policies import Viewer, audiences
from asdg_portal.moderation.models import Audience, Submission


def is_own_city(user: Viewer, item: Submission) -> bool:
    """A representative works on what their own city files."""
    return user.role is Role.REPRESENTATIVE and user.city_id == item.city_id


def is_helper(user: Viewer, item: Submission) -> bool:
    """A colleague of the same city to whom a part of the text was handed."""
    return bool(user.id) and user.city_id == item.city_id and user.id in item.helpers


def is_author(user: Viewer, item: Submission) -> bool:
    """Its city writes a text; the staff, what they file for the city, as long as it is theirs.

    Each revision is filed by itself: one that the city begins is the city's alone.
    """
    filed = user.is_staff and item.current.channel is not None
    return is_own_city(user, item) or filed


def can_write(user: Viewer, item: Submission) -> bool:
    """Its authors write a text; so does who was asked to, each their own part."""
    return is_author(user, item) or is_helper(user, item)


def is_head(user: Viewer, item: Submission) -> bool:
    """A head of the text's own city, who can approve it."""
    return is_own_city(user, item) and user.is_head


def is_staff(user: Viewer, item: Submission) -> bool:
    """The staff of the association review every city."""
    return user.is_staff


def is_reader(user: Viewer, item: Submission) -> bool:
    """Who has begun the review, and not yet ended it."""
    review = item.open_review if user.is_staff else None
    return review is not None and review.reviewer_id == user.id


def is_other_reader(user: Viewer, item: Submission) -> bool:
    """Anybody of the staff but the one who reads a text now."""
    return user.is_staff and not is_reader(user, item)


def can_read(user: Viewer, item: Submission) -> bool:
    """What is published is open; the rest only to its city and the staff."""
    return item.public is not None or can_read_drafts(user, item)


def can_read_drafts(user: Viewer, item: Submission) -> bool:
    """What is not published yet, the history and the remarks are for those who work on it."""
    return is_own_city(user, item) or is_staff(user, item) or is_helper(user, item)


def can_read_part(user: Viewer, item: Submission, audience: Audience) -> bool:
    """A published part is for its circle; the city itself and the staff see everything."""
    return audience in audiences(user) or can_read_drafts(user, item)


def can_see_contact(user: Viewer) -> bool:
    """Names and telephone numbers are for members, not for the whole world."""
    return bool(user.is_authenticated)
