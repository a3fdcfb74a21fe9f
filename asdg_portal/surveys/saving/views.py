"""Addresses of saving: a part at a time, who else is here, and the history of a part."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf

from asdg_portal.core.errors import NotAllowed, NotFound, PortalError, Stale
from asdg_portal.core.paging import PER_PAGE, Page, page_number
from asdg_portal.moderation.workflow import WORKFLOW, Action
from asdg_portal.surveys import parts
from asdg_portal.surveys.forms import whole
from asdg_portal.surveys.models import Report
from asdg_portal.surveys.policies import can_read_drafts, can_write_part
from asdg_portal.surveys.saving import queries, services
from asdg_portal.surveys.saving.queries import Saved, Step
from asdg_portal.surveys.saving.words import author, here_lines, saved_at, wording

bp = Blueprint("saving", __name__, url_prefix="/reports")


def _work_on(item_id: int) -> Report:
    """Fetch a report for those who work on it; for others there is no such page."""
    g.private = True
    report = queries.report_to_write(item_id)
    if report is None or not can_read_drafts(current_user, report):
        raise NotFound(_("There is no such report, or it is not open to you."))
    return report


def _sent() -> dict[str, Any]:
    """What a script of ours has sent; something else is nothing."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


@bp.put("/<int:item_id>/parts/<name>")
@login_required
def save(item_id: int, name: str) -> ResponseReturnValue:
    """Save one part while it is being written; the text comes back with every refusal."""
    report, sent = _work_on(item_id), _sent()
    if not can_write_part(current_user, report, name):
        raise NotAllowed(_("You may not do this."))
    seen, revision_id = whole(sent.get("version")), whole(sent.get("revision"))
    if seen is None or revision_id is None or not isinstance(sent.get("text"), str):
        raise PortalError(_("The request could not be understood."))
    key = request.headers.get("Idempotency-Key")
    change = services.Change(name, sent["text"], seen, revision_id, key)
    outcome = services.save_parts(report, [change], actor=current_user)
    if conflict := outcome.conflicts.get(name):
        return _conflict(report, name, conflict)
    if name in outcome.wrong:
        return jsonify(message=outcome.wrong[name]), 422
    saved = outcome.saved[name]
    replaced = saved.text != parts.tidy(name, change.text)
    return jsonify(**_acknowledgement(report, saved), replaced=replaced)


def _acknowledgement(report: Report, saved: Saved) -> dict[str, object]:
    return {
        "version": saved.number,
        "revision": saved.revision_id,
        "text": saved.text,
        "message": saved_at(saved.at, report.city.timezone),
    }


def _conflict(
    report: Report, name: str, conflict: services.Conflict
) -> tuple[dict[str, object], int]:
    html = render_template(
        "surveys/_conflict.html", name=name, conflict=conflict, **wording(report, current_user)
    )
    theirs = conflict.theirs
    return {
        "version": theirs.number,
        "revision": theirs.revision_id,
        "theirs": theirs.text,
        "merged": conflict.merged,
        "html": html,
    }, 409


@bp.get("/<int:item_id>/here")
@login_required
def look(item_id: int) -> ResponseReturnValue:
    """Tell a page who it speaks for, give it a fresh token, and say what an earlier page saved."""
    report, page = _work_on(item_id), request.args.get("page")
    saved = queries.strokes_saved(report.id, page, current_user) if page else {}
    return jsonify(user=current_user.id, token=generate_csrf(), saved=saved)


@bp.post("/<int:item_id>/here")
@login_required
def here(item_id: int) -> ResponseReturnValue:
    """Say where one is writing; learn who else is here, and what they have changed meanwhile."""
    report, sent = _work_on(item_id), _sent()
    part = sent.get("part")
    services.note_presence(report, part if parts.is_name(part) else "", actor=current_user)
    newer = _newer(report, sent.get("versions"), whole(sent.get("revision")))
    lines = here_lines(report, current_user)
    html = render_template("surveys/_here.html", here=lines)
    return jsonify(html=html, newer=newer, open=report.state in WORKFLOW.starts(Action.SAVE))


def _newer(report: Report, seen: object, revision_id: int | None) -> dict[str, object]:
    """What colleagues have saved since a page was made, by the parts' names."""
    revision, versions = queries.standing(report)
    if revision_id != revision.id or not isinstance(seen, dict):
        return {}
    return {
        name: _acknowledgement(report, saved) | {"by": author(saved, current_user)}
        for name, saved in versions.items()
        if name in seen and saved.number > (whole(seen[name]) or 0)
    }


@bp.get("/<int:item_id>/parts/<name>/history")
@login_required
def history(item_id: int, name: str) -> str:
    """Show every text that stood in a part: who, when, what it changed; any can be put back."""
    report = _work_on(item_id)
    revision, versions = queries.standing(report)
    if name not in parts.names(revision):
        raise NotFound(_("There is no such question in this report."))
    every = request.args.get("every") == "1"
    return render_template(
        "surveys/texts.html",
        report=report,
        name=name,
        label=parts.label(name),
        now=parts.read(revision, name),
        version=versions[name].number if name in versions else 0,
        may_write=can_write_part(current_user, report, name)
        and report.state in WORKFLOW.starts(Action.SAVE),
        page=_page(report, name, every=every),
        every=every,
        **wording(report, current_user),
    )


def _page(report: Report, name: str, *, every: bool) -> Page[tuple[Step, Saved, str | None]]:
    """One page of a part's history; the texts of no other are read."""
    steps, number = (
        queries.steps(report.id, name, every=every),
        page_number(request.args.get("page")),
    )
    shown = steps[(number - 1) * PER_PAGE : number * PER_PAGE]
    texts = queries.texts({i for step in shown for i in (step.last_id, step.before_id) if i})
    items = [
        (step, texts[step.last_id], texts[step.before_id].text if step.before_id else None)
        for step in shown
    ]
    where: dict[str, Any] = {"item_id": report.id, "name": name} | ({"every": "1"} if every else {})
    return Page(
        items,
        len(steps),
        number,
        lambda n: url_for("saving.history", page=n, **where),
        PER_PAGE,
    )


@bp.post("/<int:item_id>/parts/<name>/put-back")
@login_required
def put_back(item_id: int, name: str) -> ResponseReturnValue:
    """Let an earlier text stand again."""
    report = _work_on(item_id)
    saved_id, seen = whole(request.form.get("saved")), whole(request.form.get("version"))
    try:
        services.put_back(report, name, saved_id or 0, seen or 0, actor=current_user)
    except Stale as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".history", item_id=item_id, name=name), code=303)
    flash(_("The earlier text stands again; the one that stood there is in the history."), "success")  # fmt: skip  # noqa: E501
    return redirect(url_for("surveys.edit", item_id=item_id) + f"#{name}", code=303)
