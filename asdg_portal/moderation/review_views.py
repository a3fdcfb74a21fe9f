"""The page where a text is read, remarked on and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext as _, lazy_gettext as _l
from flask_login import current_user

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.moderation import changes, services, turns
from asdg_portal.moderation.forms import (
    ReviewForm,
    field_names,
    review_form,
    rows,
    show_as_it_is,
    typed_remarks,
)
from asdg_portal.moderation.kinds import kind_of, marks_of, page_url
from asdg_portal.moderation.letters import headings_of
from asdg_portal.moderation.models import Remark, Review, Submission
from asdg_portal.moderation.remarks import answers, notes, shown
from asdg_portal.moderation.remarks.models import Note
from asdg_portal.moderation.workflow import WORKFLOW, Action

# What a button does beside the verdicts that need words of their own, and what is then said.
PLAIN: Mapping[str, tuple[Callable[..., None], Any]] = {
    Action.BEGIN_REVIEW: (
        services.begin_review,
        _l("You are reading this now: the city cannot take it back any more."),
    ),
    Action.PUT_OFF: (
        services.put_off,
        _l("Put off: anybody may begin the review now. Your remarks are kept as drafts."),
    ),
    Action.TAKE_OVER: (
        services.take_over,
        _l("You have taken the review over, with the drafts of your colleague."),
    ),
    Action.PUBLISH: (services.publish, _l("Published; the city gets a letter.")),
}


def review(item_id: int) -> ResponseReturnValue:
    """Read a text part by part, remark on it, and give a verdict."""
    item = services.get_submission(item_id, actor=current_user)
    form = review_form(item)
    return _press(item, form) if form.is_submitted() else _page(item, form)


def keep_remarks(item_id: int) -> ResponseReturnValue:
    """Keep what is being typed, as the page does by itself; tell it when, and the new version."""
    item = services.get_submission(item_id, actor=current_user)
    form = review_form(item)
    seen, fresh = form.seen_version, form.seen_version == item.version
    services.save_remarks(item, typed_remarks(item), actor=current_user, version=seen)
    version = item.version if fresh else seen
    return jsonify(version=version, saved=_("saved at %(time)s", time=format_datetime(now(), "HH:mm")))  # fmt: skip  # noqa: E501


def _press(item: Submission, form: ReviewForm) -> ResponseReturnValue:
    """Keep the remarks first, then do what the button says: a refusal takes nothing away."""
    item_id, status, between = item.id, 400, None
    try:
        if form.validate():
            flash(_do(item, form), "success")
            here = url_for(".review", item_id=item_id, view=request.args.get("view"))
            return redirect(here, code=303)
    except PortalError as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        status, item = refusal.status, services.get_submission(item_id, actor=current_user)
        between = _verdict_since(item, form.seen_verdict)
        # The page now shows the text as it is; the next press is about what it shows.
        show_as_it_is(form, item)
    return _page(item, form, between), status


def _verdict_since(item: Submission, seen: int) -> Review | None:
    """The verdict that somebody gave after the page had been opened."""
    newest = item.last_review
    return newest if newest is not None and newest.id > seen else None


def _do(item: Submission, form: ReviewForm) -> str:
    """Do what the pressed button says; tell what has been done."""
    pressed, _colon, number = request.form.get("act", "").partition(":")
    by: dict[str, Any] = {"actor": current_user, "version": form.seen_version}
    typed = typed_remarks(item)
    notes.save(item, typed, actor=current_user)
    if pressed in PLAIN:
        verb, done = PLAIN[pressed]
        verb(item, **by)
    elif pressed == "save_remarks":
        services.save_remarks(item, typed, **by)
        done = _("The remarks are saved as your drafts; the city does not see them yet.")
    elif pressed == Action.SEND_BACK:
        services.send_back(item, "", {}, **by)
        done = _("Returned to the city with your remarks; a letter is on its way.")
    elif pressed == Action.WITHDRAW:
        services.withdraw(item, form.reason.data or "", **by)
        done = _("Withdrawn from publication; the city gets a letter.")
    else:
        done = _on_remark(item, pressed, number)
    return str(done)


def _on_remark(item: Submission, pressed: str, number: str) -> str:
    """Close one of the earlier remarks, or say it again."""
    every = {str(r.id): r for v in item.revisions for w in v.reviews for r in w.remarks}
    if number not in every or pressed not in {"close", "repeat"}:
        raise PortalError(_("Press one of the buttons below the text."))
    if pressed == "close":
        answers.close(every[number], item, actor=current_user)
        return str(_("The remark is closed."))
    notes.repeat(every[number], item, actor=current_user)
    return str(_("The remark stands among your drafts again."))


def _page(item: Submission, form: ReviewForm, between: Review | None = None) -> str:
    drafts, old = notes.notes_on(item), changes.before(item)
    own = [note for note in drafts if note.author == current_user]
    remarks = _remarks(item)
    return render_template(
        "moderation/review.html",
        item=item,
        form=form,
        actions=WORKFLOW.actions(item, current_user),
        shows_changes=old is not None and request.args.get("view") != "text",
        old=old,
        parts=changes.changes(old, item.current),
        lines=changes.line_changes(old, item.current),
        rows=rows(item, own),
        field_names=field_names,
        colleagues=[note for note in drafts if note.author != current_user],
        remarks=shown.by_part(remarks, item.current),
        quotes=_quotes(drafts, remarks),
        headings=headings_of(item.current),
        between=between,
        kind=kind_of(item),
        exhibits=kind_of(item).exhibits(item),
        page_url=page_url(item),
        turn=turns.turn_at_desk(item),
        filed=turns.filed_as(item.current),
        mark=marks_of([item]).get(item.id),
        person=turns.person,
    )


def _remarks(item: Submission) -> list[Remark]:
    """What was said before: all that is open, and what the last round has settled."""
    last = item.last_review.remarks if item.last_review else []
    return [*{remark.id: remark for remark in [*item.open_remarks, *last]}.values()]


def _quotes(drafts: Sequence[Note], remarks: Sequence[Remark]) -> dict[str, list[str]]:
    """The words to be marked in each part: those of drafts and of open remarks."""
    found: dict[str, list[str]] = {}
    said = [(note.part, note.quote) for note in drafts]
    said += [(remark.part, remark.quote) for remark in remarks if not remark.closed_at]
    for part, quote in said:
        found.setdefault(part, []).append(quote)
    return found
