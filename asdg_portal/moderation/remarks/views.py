"""Answers of a city to remarks: one by one, or with its form."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext as _
from flask_login import current_user

from asdg_portal.core.clock import now
from asdg_portal.core.errors import PortalError
from asdg_portal.moderation.forms import number
from asdg_portal.moderation.kinds import editor_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.models import Submission
from asdg_portal.moderation.remarks import answers
from asdg_portal.moderation.remarks.answers import Reply


def answer(remark_id: int) -> ResponseReturnValue:
    """Keep the answer to one remark; a page that asks for JSON is told when it was kept."""
    remark, item = answers.get_remark(remark_id, actor=current_user)
    answers.answer(remark, item, _typed(remark_id), actor=current_user)
    if request.accept_mimetypes.best == "application/json":
        saved = _("saved at %(time)s", time=format_datetime(now(), "HH:mm"))
        return jsonify(version=remark.version, saved=saved)
    flash(_("The answer is saved; the association reads it with your next submission."), "success")
    return redirect(f"{editor_url(item)}#remark-{remark_id}", code=303)


def _typed(remark_id: int) -> Reply:
    """Read what was typed beside one remark."""
    form = request.form
    seen = number(form.get(f"seen_{remark_id}"), -1)
    return Reply(
        text=form.get(f"answer_{remark_id}", ""),
        fixed=f"fixed_{remark_id}" in form,
        seen=seen if seen >= 0 else None,
    )


def save_answers(item: Submission) -> str:
    """Keep the answers that were sent with a form; say what could not be kept, and why.

    They are kept before the text and apart from it: neither waits for the other.
    """
    numbers = [number(name.removeprefix("answer_"), 0) for name in request.form]
    sent = {remark_id: _typed(remark_id) for remark_id in numbers if remark_id}
    try:
        answers.answer_all(item, sent, actor=current_user)
    except PortalError as refusal:
        return str(refusal)
    return ""


def warn_of_open(item: Submission) -> None:
    """Tell a city that hands a text in which remarks are not marked as fixed; none holds it up."""
    headings = headings_of(item.current)
    left = [headings.get(r.part, r.part) for r in item.open_remarks if r.waits_for_city]
    if left:
        flash(_("It went off with remarks that are not marked as fixed: %(parts)s", parts="; ".join(left)), "info")  # fmt: skip  # noqa: E501
