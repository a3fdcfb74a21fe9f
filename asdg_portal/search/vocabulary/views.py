"""Where the staff keep the words that mean the same."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from asdg_portal.accounts.guard import only_for
from asdg_portal.accounts.policies import is_staff
from asdg_portal.core.errors import PortalError, Stale
from asdg_portal.core.paging import Page, page_number
from asdg_portal.search.vocabulary import preview, services
from asdg_portal.search.vocabulary.forms import GroupForm, GroupsFileForm
from asdg_portal.search.vocabulary.models import WordGroup

bp = Blueprint("words", __name__, url_prefix="/admin/words")
only_for(bp, is_staff)

ON_A_PAGE = 50


@bp.route("/", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """List the groups, and take a file of them."""
    form = GroupsFileForm()
    if form.validate_on_submit():
        try:
            flash(_load(form.file.data.read()), "success")
            return redirect(url_for(".index"), code=303)
        except UnicodeDecodeError:
            flash(_("The file is not in UTF-8: save it so in the editor."), "error")
        except PortalError as error:
            flash(str(error), "error")
    sought = request.args.get("q", "")
    page = render_template("search/words.html", sought=sought, page=_listed(sought), form=form)
    return page, 400 if form.is_submitted() else 200


def _listed(sought: str) -> Page[WordGroup]:
    """The page of the list that is asked for, of all groups or those with a word."""
    number = page_number(request.args.get("page"))
    groups = services.groups_with(sought)
    start = (number - 1) * ON_A_PAGE
    return Page(
        groups[start : start + ON_A_PAGE],
        len(groups),
        number,
        lambda other: url_for(".index", q=sought or None, page=other),
        ON_A_PAGE,
    )


def _load(data: bytes) -> str:
    added, changed = services.load_groups(data.decode("utf-8-sig"), actor=current_user)
    return str(_("Added: %(added)s, changed: %(changed)s.", added=added, changed=changed))


@bp.get("/words.txt")
def export() -> Response:
    """Give the table as a file that can be loaded again."""
    file = Response(services.export_groups(), mimetype="text/plain")
    file.headers["Content-Disposition"] = "attachment; filename=words.txt"
    return file


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Add a group."""
    return _edit(None)


@bp.route("/<int:number>/", methods=["GET", "POST"])
def edit(number: int) -> ResponseReturnValue:
    """Change a group."""
    return _edit(services.get_group(number))


def _edit(row: WordGroup | None) -> ResponseReturnValue:
    """Look at what a group would find, or keep it; a refusal gives the words back."""
    form = GroupForm(**_shown(row))
    kept = bool(form.is_submitted() and "look" not in request.form)
    valid = form.validate_on_submit()
    if valid and kept:
        try:
            _keep(row, form)
            flash(_("Saved. Searches find by these words from now on."), "success")
            return redirect(url_for(".index"), code=303)
        except Stale as error:
            flash(str(error), "error")
            form.version.data = str(row.version if row else 0)  # what stands now is shown beside
        except PortalError as error:
            flash(str(error), "error")
    found = preview.what_is_found(form.group, current_user) if valid or row else []
    page = render_template("search/word_group.html", row=row, form=form, found=found)
    return page, 400 if form.is_submitted() and (kept or not valid) else 200


def _shown(row: WordGroup | None) -> dict[str, str]:
    if row is None:
        return {}
    parts = {"same": row.same, "near": row.near, "broader": row.broader}
    lines = {name: "\n".join(words) for name, words in parts.items()}
    return {"version": str(row.version)} | lines


def _keep(row: WordGroup | None, form: GroupForm) -> None:
    if row is None:
        services.add_group(form.group, actor=current_user)
    else:
        version = form.version.data or ""
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        services.change_group(row, form.group, version=seen, actor=current_user)


@bp.post("/<int:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    """Remove a group."""
    services.remove_group(services.get_group(number), actor=current_user)
    flash(_("Removed. The log keeps its words."), "success")
    return redirect(url_for(".index"), code=303)
