"""Who is who: the questions about people that every part of the portal asks."""

from __future__ import annotations

from flask_login import AnonymousUserMixin

from asdg_portal.accounts.models import Role, User


class Visitor(AnonymousUserMixin):
    """Somebody who has not signed in; knows the same small questions as a user."""

    id = None
    name = ""
    role = None
    city_id = None
    city = None
    is_staff = False


Viewer = User | Visitor


def is_staff(user: Viewer) -> bool:
    """The association's own office: moderators and administrators."""
    return user.is_staff


def is_administrator(user: Viewer) -> bool:
    """Who keeps people, cities, directions and campaigns."""
    return user.role is Role.ADMINISTRATOR


def is_representative(user: Viewer) -> bool:
    """Who writes for a city."""
    return user.role is Role.REPRESENTATIVE


def audiences(user: Viewer) -> frozenset[str]:
    """The circles whose published texts a person may read."""
    if user.is_staff:
        return frozenset({"public", "members", "staff"})
    return frozenset({"public", "members"}) if user.is_authenticated else frozenset({"public"})
