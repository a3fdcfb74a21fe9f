"""What the shared pages must know of practices."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _, lazy_gettext as _l

from asdg_portal.accounts.policies import Viewer
from asdg_portal.moderation.kinds import Kind, Starter
from asdg_portal.practices import effects
from asdg_portal.practices.policies import can_begin


def starters(user: Viewer) -> list[Starter]:
    """A representative can describe a practice at any time."""
    if not can_begin(user):
        return []
    hint = _("What worked in your city, told so that another can do it too.")
    return [Starter(_("Describe a practice"), url_for("practices.new"), hint)]


KIND = Kind(
    name="practice",
    label=_l("Practice"),
    path="/practices",
    after=effects.after,
    starters=starters,
)
