"""The entries at the top of every page that belong to no single room."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.policies import is_administrator, is_staff
from asdg_portal.core.pages import NavItem


def public() -> Iterator[NavItem]:
    """Where anybody can go."""
    path = request.path
    yield NavItem(_("Search"), url_for("search.results"), path == "/search")
    yield NavItem(_("Practices"), url_for("practices.index"), path.startswith("/practices/"))
    yield NavItem(_("Cities"), url_for("cities.index"), path.startswith("/cities/"))


def kept() -> Iterator[NavItem]:
    """Where everybody with an account finds what they have put aside."""
    if current_user.is_authenticated:
        active = request.path.startswith(("/my/searches/", "/my/collections/"))
        yield NavItem(_("Kept"), url_for("searches.index"), active)


def administration() -> Iterator[NavItem]:
    """Where administrators keep people and cities, and moderators the years."""
    active = request.path.startswith("/admin/")
    if is_administrator(current_user):
        yield NavItem(_("Administration"), url_for("people.index"), active)
    elif is_staff(current_user):
        yield NavItem(_("Campaigns"), url_for("campaigns.index"), active)


def sections() -> list[NavItem]:
    """The parts of the administration that this person may enter."""
    parts = [
        (_("People"), "people.index", is_administrator),
        (_("Cities"), "cities_admin.index", is_administrator),
        (_("Directions"), "cities_admin.sectors", is_administrator),
        (_("Campaigns"), "campaigns.index", is_staff),
        (_("Words"), "words.index", is_staff),
        (_("Letters"), "mail.index", is_staff),
        (_("Search index"), "search_admin.index", is_administrator),
        (_("Archive"), "archives.index", is_administrator),
        (_("Long jobs"), "jobs.index", is_administrator),
        (_("Log"), "people.log", is_administrator),
    ]
    return [
        NavItem(label, url_for(endpoint), request.path.startswith(url_for(endpoint)))
        for label, endpoint, allows in parts
        if allows(current_user)
    ]
