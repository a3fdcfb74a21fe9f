"""Pages that a city has of any text of its own: its history, and what an act leads to."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_login import current_user

from asdg_portal.core.formats import local_time
from asdg_portal.moderation import changes, queries, turns
from asdg_portal.moderation.acts import ACTS, act_names
from asdg_portal.moderation.forms import number
from asdg_portal.moderation.kinds import editor_url, marks_of, page_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.models import Revision, Submission
from asdg_portal.moderation.remarks.views import warn_of_open
from asdg_portal.moderation.services import Incomplete, get_submission

# Where a text goes on from its form, by the button pressed; what is then said.
SENT = {
    "submit": _l("Submitted for review. The association acts next."),
    "ask-approval": _l("Laid before the head of your city, who acts next."),
}


def history_page(item: Submission) -> str:
    """Show the revisions, the reviews and the acts, to those who work on the text."""
    item = get_submission(item.id, actor=current_user)
    old, new = _chosen(item)
    return render_template(
        "moderation/history.html",
        item=item,
        base=page_url(item),
        old=old,
        new=new,
        compared=[*changes.changes(old, new), *changes.line_changes(old, new)],
        headings={revision.id: headings_of(revision) for revision in item.revisions},
        mark=marks_of([item]).get(item.id),
        filed_as=turns.filed_as,
        person=turns.person,
        acts=queries.acts_on(item),
        at=lambda moment: local_time(moment, item.city.timezone),
        act_names=act_names(),
    )


def _chosen(item: Submission) -> tuple[Revision | None, Revision]:
    """Which two revisions are to be compared: those asked for, or the newest and its forerunner."""
    by_number = {revision.number: revision for revision in item.revisions}
    new = by_number.get(number(request.args.get("new"), 0), item.current)
    earlier = [revision for revision in item.revisions if revision.number < new.number]
    former = earlier[-1] if earlier else None
    return by_number.get(number(request.args.get("old"), 0), former), new


def carry_out(
    act: str, item: Submission, incomplete: Callable[[list[str]], str]
) -> ResponseReturnValue:
    """Do one of ACTS and go on; ``incomplete`` makes the page that names what is missing."""
    editor = editor_url(item)
    try:
        ACTS[act](item, actor=current_user)
    except Incomplete as refusal:
        return incomplete(refusal.gaps), 422
    if act == "submit":
        warn_of_open(item)
    if act == "approve":
        flash(_("Approved and sent. The association acts next."), "success")
    if act == "delete":
        flash(_("The draft has been deleted."), "success")
        return redirect(url_for("moderation.my"), code=303)
    return redirect(editor, code=303)
