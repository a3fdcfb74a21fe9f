"""Letters about accounts."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale, gettext as _

from asdg_portal.accounts.heirs import Waiting
from asdg_portal.accounts.models import Role, User
from asdg_portal.core.letters import Letter

MOST_WAITING = 30


def invitation(user: User, link: str) -> Letter:
    """Invite somebody to choose a password."""
    with force_locale(user.language):
        greeting = _("Dear %(name)s,", name=user.name) if user.name else _("Dear colleague,")
        invited = _(
            "You have been invited to the portal of the Association of Siberian and Far Eastern "
            "Cities."
        )
        if user.city and user.role is Role.REPRESENTATIVE:
            invited += " " + _("You will speak for %(city)s.", city=user.city.name)
        choose = _("Choose a password here within seven days:\n%(link)s", link=link)
        once = _("The link works once. If you did not expect this letter, do nothing.")
        body = "\n\n".join([greeting, invited, choose, once])
        return Letter(user.email, user.name, _("Invitation to the portal of ASDG"), body)


def succession(user: User, link: str, old: User, waiting: Sequence[Waiting]) -> Letter:
    """Invite somebody in the place of another, and say what waits."""
    base = current_app.config["BASE_URL"]
    with force_locale(user.language):
        greeting = _("Dear %(name)s,", name=user.name) if user.name else _("Dear colleague,")
        comes = _(
            "On the portal of the Association of Siberian and Far Eastern Cities you come in the "
            "place of %(name)s: the drafts and the history are yours from now on.\n\nChoose a "
            "password here within seven days:\n%(link)s\n\nThe link works once.",
            name=old.name or old.email,
            link=link,
        )
        paragraphs = [greeting, comes]
        if waiting:
            lines = [f"- {item.label}\n  {base}{item.path}" for item in waiting[:MOST_WAITING]]
            paragraphs.append("\n".join([_("What waits for you:"), *lines]))
        if len(waiting) > MOST_WAITING:
            paragraphs.append(_("The rest stands on your page: %(url)s", url=f"{base}/my/"))
        subject = _("Invitation to the portal of ASDG")
        return Letter(user.email, user.name, subject, "\n\n".join(paragraphs))


def new_password(user: User, link: str) -> Letter:
    """Let somebody choose a new password."""
    with force_locale(user.language):
        body = _(
            "Somebody, probably you, has asked for a new password for the portal of ASDG.\n\n"
            "Choose it here within an hour:\n%(link)s\n\nThe link works once. If it was not you, "
            "do nothing: the old password stays.",
            link=link,
        )
        return Letter(user.email, user.name, _("New password for the portal of ASDG"), body)
