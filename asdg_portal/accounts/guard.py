"""A gate before whole groups of pages: to those who may not enter, they do not exist."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.policies import Viewer
from asdg_portal.accounts.rescue import ask_to_sign_in
from asdg_portal.core.errors import NotFound


def only_for(pages: Blueprint, allows: Callable[[Viewer], bool]) -> None:
    """Admit to ``pages`` only whom ``allows`` names; visitors are asked to sign in first."""

    def check() -> ResponseReturnValue | None:
        g.private = True
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        if not allows(current_user):
            raise NotFound(_("There is no such page, or it is not open to you."))
        return None

    pages.before_request(check)
