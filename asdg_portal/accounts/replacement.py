"""Handing over: a new person in the place of one who leaves, in one act."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from asdg_portal.accounts import mails
from asdg_portal.accounts.heirs import hand_over
from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import is_administrator
from asdg_portal.accounts.services import block, invite_with_link
from asdg_portal.core import audit
from asdg_portal.core.errors import NotAllowed, PortalError
from asdg_portal.core.letters import Letter
from asdg_portal.core.unit_of_work import unit_of_work


def replace(user: User, email: str, name: str, *, actor: User) -> User:
    """Put a new person in the place of one who leaves, in one act.

    The new one gets role, city, all that was still to be done, and an invitation that says what
    waits; the old account is closed and keeps its name in everything that was done with it.
    """
    if not is_administrator(actor):
        raise NotAllowed(_("You may not do this."))
    if not user.is_active:
        raise PortalError(_("This person has already left."))

    def letter(new: User, link: str) -> Letter:
        new.is_head = user.is_head
        return mails.succession(new, link, user, hand_over(user, new))

    place: dict[str, Any] = {"city": user.city, "name": name, "post": user.post}
    with unit_of_work():
        new = invite_with_link(email, user.role, **place, actor=actor, letter=letter)[0]
        user.replaced_by = new
        block(user, actor=actor)
        audit.record("replace", f"user:{user.id}", actor, after={"by": new.id})
    return new
