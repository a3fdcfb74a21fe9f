"""Who is who: the questions about people that every part of the portal asks."""

from __future__ import annotations

from flask_login import AnonymousUserMixin

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import City


class Visitor(AnonymousUserMixin):
    """Somebody who has not signed in; knows the same small questions as a user."""

    id = None
    name = ""
    role = None
    city_id = None
    city = None
    is_head = False
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


def can_invite(user: Viewer, role: Role, city: City | None) -> bool:
    """Administrators invite anybody; a representative invites helpers of the own city."""
    if is_administrator(user):
        return True
    own = is_representative(user) and city is not None and city.id == user.city_id
    return own and role is Role.SPECIALIST


def can_set_approval(user: Viewer, city: City) -> bool:
    """Administrators and the heads of a city say whether its texts are approved in it first."""
    return is_administrator(user) or (user.is_head and user.city_id == city.id)


def audiences(user: Viewer) -> frozenset[str]:
    """The circles whose published texts a person may read."""
    if user.is_staff:
        return frozenset({"public", "members", "staff"})
    return frozenset({"public", "members"}) if user.is_authenticated else frozenset({"public"})
