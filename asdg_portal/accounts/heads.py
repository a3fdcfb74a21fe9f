"""Heads of departments, and whether a city wants its texts approved by them first."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from asdg_portal.accounts.models import User
from asdg_portal.accounts.policies import can_set_approval
from asdg_portal.cities.models import City
from asdg_portal.core import audit
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed, PortalError
from asdg_portal.core.unit_of_work import unit_of_work


def heads_of(city: City) -> Sequence[User]:
    """The people who approve what a city sends."""
    query = select(User).where(User.city_id == city.id, User.is_head, User.blocked_at.is_(None))
    return db.session.scalars(query.order_by(User.id)).all()


def set_approval(city: City, *, wanted: bool, actor: User) -> None:
    """Let texts of a city go through its heads, or to the association at once.

    :raises PortalError: if there is nobody who could approve them.
    """
    if not can_set_approval(actor, city):
        raise NotAllowed(_("You may not do this."))
    if wanted and not heads_of(city):
        raise PortalError(_("First say who is a head in this city: nobody could approve a text."))
    if city.needs_approval == wanted:
        return
    with unit_of_work():
        city.needs_approval = wanted
        audit.record("set_approval", f"city:{city.slug}", actor, after={"wanted": wanted})


def end_without_heads(city: City | None, actor: User | None) -> None:
    """When the last head is gone, texts are sent without one: nothing may wait for nobody."""
    if city is None or not city.needs_approval:
        return
    db.session.flush()
    if not heads_of(city):
        city.needs_approval = False
        audit.record("set_approval", f"city:{city.slug}", actor, after={"wanted": False})
