"""The entries at the top of every page that belong to no single room."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.policies import is_administrator
from asdg_portal.core.pages import NavItem


def public() -> Iterator[NavItem]:
    """Where anybody can go."""
    path = request.path
    yield NavItem(_("Search"), url_for("search.results"), path == "/search")
    yield NavItem(_("Practices"), url_for("practices.index"), path.startswith("/practices/"))
    yield NavItem(_("Cities"), url_for("cities.index"), path.startswith("/cities/"))


def administration() -> Iterator[NavItem]:
    """Where administrators keep people, cities and years."""
    if is_administrator(current_user):
        url = url_for("people.index")
        yield NavItem(_("Administration"), url, request.path.startswith("/admin/"))
