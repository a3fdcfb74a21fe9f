"""Pages of a city's head: giving a text back with words, and the city's own rule."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user, login_required
from wtforms import TextAreaField

from asdg_portal.accounts import heads
from asdg_portal.core.errors import NotFound, PortalError
from asdg_portal.core.pages import PortalForm
from asdg_portal.moderation.approval import services
from asdg_portal.moderation.kinds import editor_url
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.policies import is_head
from asdg_portal.moderation.services import get_submission

bp = Blueprint("approval", __name__, url_prefix="/my/approval")


class WordsForm(PortalForm):
    """What a head has to say of a text."""

    words = TextAreaField(_l("What has to be changed"))


def _laid_before(item_id: int) -> Submission:
    """Fetch a text for a head of its city; for others there is no such page."""
    g.private = True
    item = get_submission(item_id, actor=current_user)
    if not is_head(current_user, item):
        raise NotFound(_("There is no such page, or it is not open to you."))
    return item


@bp.route("/<int:item_id>/give-back", methods=["GET", "POST"])
@login_required
def give_back(item_id: int) -> ResponseReturnValue:
    """Give a text back to its editors, with words."""
    item, form, status = _laid_before(item_id), WordsForm(), 200
    if form.is_submitted():
        status = 400
        try:
            if form.validate():
                services.give_back(item, form.words.data, actor=current_user)
                flash(_("Given back: the editor gets a letter with your words."), "success")
                return redirect(editor_url(item), code=303)
        except PortalError as refusal:
            flash(str(refusal), "error")
            status = refusal.status
    page = render_template(
        "moderation/approval/give_back.html", item=item, form=form, back=editor_url(item)
    )
    return page, status


@bp.post("/<any(on, off):wanted>")
@login_required
def setting(wanted: str) -> ResponseReturnValue:
    """Let the texts of one's own city be approved before they are sent, or not."""
    if current_user.city is None or not current_user.is_head:
        raise NotFound(_("There is no such page, or it is not open to you."))
    heads.set_approval(current_user.city, wanted=wanted == "on", actor=current_user)
    flash(_("Saved."), "success")
    return redirect(url_for("moderation.my", _anchor="approval"), code=303)
