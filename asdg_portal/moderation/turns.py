"""Who acts next with a submission, in words; nobody should have to guess it from a state."""

from __future__ import annotations

from flask_babel import format_datetime, gettext as _, lazy_gettext as _l

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import Viewer
from asdg_portal.core.formats import local_time
from asdg_portal.moderation.channels import Channel
from asdg_portal.moderation.models import WITH_CITY, Review, Revision, State, Submission

CHANNELS = {
    Channel.PAPER: _l("on paper"),
    Channel.EMAIL: _l("by e-mail"),
    Channel.OTHER: _l("in another way"),
}


def person(user: User | None) -> str:
    """What a person is called in lists."""
    return (user.name or user.email) if user else str(_("the staff"))


def _reading(review: Review) -> str:
    since = format_datetime(review.begun_at, "d MMM HH:mm")
    name = person(review.reviewer)
    return str(_("%(name)s has been reading it since %(time)s", name=name, time=since))


def turn_at_desk(item: Submission) -> str:
    """Who acts next, as the staff read it."""
    if item.state is not State.SUBMITTED:
        return str(_("the city acts next")) if item.state in WITH_CITY else ""
    return _reading(item.open_review) if item.open_review else str(_("waits for review"))


def turn_in_city(item: Submission, viewer: Viewer) -> str:
    """Who acts next, as somebody of the city reads it."""
    if item.state is State.APPROVAL and not viewer.is_head:
        return str(_("the head of your city acts next"))
    if item.state in WITH_CITY:
        return str(_("you act next"))
    if item.state is not State.SUBMITTED:
        return ""
    if item.open_review is None:
        return str(_("the turn of the association: nobody has begun to read it yet"))
    since = local_time(item.open_review.begun_at, item.city.timezone, "d MMM HH:mm")
    return str(_("the executive office has been reading it since %(time)s", time=since))


def filed_as(revision: Revision) -> str:
    """How a revision came that the staff filed for the city; empty for one written here."""
    if revision.channel is None or revision.received_on is None:
        return ""
    about = {"channel": CHANNELS[revision.channel], "day": f"{revision.received_on:%d.%m.%Y}"}
    filed = _("filed for the city by the executive office: came %(channel)s on %(day)s", **about)
    number = revision.incoming_number
    return f"{filed}, " + _("inc. No. %(number)s", number=number) if number else str(filed)
