"""Pages of collections: one's own, putting texts into them, and what colleagues see of them."""

from __future__ import annotations

from io import BytesIO

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from asdg_portal.core.addresses import inside
from asdg_portal.core.errors import PortalError
from asdg_portal.shelf.collections import queries, services
from asdg_portal.shelf.collections.exports import EXPORTS, gone
from asdg_portal.shelf.collections.forms import NEW, KeepForm, NameForm, NoteForm
from asdg_portal.shelf.models import Collection

bp = Blueprint("collections", __name__)


@bp.before_request
def _keep_private() -> None:
    g.private = True


@bp.route("/my/collections/", methods=["GET", "POST"])
@login_required
def index() -> ResponseReturnValue:
    """List one's own collections, and begin another."""
    form = NameForm()
    if form.validate_on_submit():
        try:
            collection = services.create(form.name.data, actor=current_user)
            return redirect(url_for(".show", collection_id=collection.id), code=303)
        except PortalError as refusal:
            form.name.errors = [*form.name.errors, str(refusal)]
    mine = queries.collections_of(current_user)
    page = render_template("shelf/collections.html", collections=mine, form=form)
    return page, 400 if form.errors else 200


@bp.route("/my/collections/<int:collection_id>/", methods=["GET", "POST"])
@login_required
def show(collection_id: int) -> ResponseReturnValue:
    """Show what is in a collection, and rename it."""
    collection = services.get_collection(collection_id, actor=current_user)
    form = NameForm(obj=collection)
    if form.validate_on_submit():
        try:
            services.rename(collection, form.name.data, actor=current_user)
            flash(_("Saved."), "success")
            return redirect(url_for(".show", collection_id=collection.id), code=303)
        except PortalError as refusal:
            form.name.errors = [*form.name.errors, str(refusal)]
    return _collection_page(collection, form), 400 if form.errors else 200


def _collection_page(collection: Collection, form: NameForm) -> str:
    token = services.share_token(collection)
    return render_template(
        "shelf/collection.html",
        collection=collection,
        kept=queries.kept_in(collection, current_user),
        gone=gone(),
        form=form,
        address=current_app.config["BASE_URL"] + url_for(".shared", token=token) if token else "",
    )


@bp.post("/my/collections/<int:collection_id>/<any('share','stop-sharing','remove'):act>")
@login_required
def change(collection_id: int, act: str) -> ResponseReturnValue:
    """Give the address for colleagues, take it away, or throw the collection away."""
    collection = services.get_collection(collection_id, actor=current_user)
    if act == "remove":
        services.remove(collection)
        flash(_("The collection has been removed."), "success")
        return redirect(url_for(".index"), code=303)
    if act == "share":
        services.share(collection, actor=current_user)
    else:
        services.stop_sharing(collection, actor=current_user)
    return redirect(url_for(".show", collection_id=collection.id, _anchor="colleagues"), code=303)


@bp.route("/my/collections/add", methods=["GET", "POST"])
@login_required
def add() -> ResponseReturnValue:
    """Put a text into a collection, with a note if one likes; then go on where one was."""
    form = KeepForm(key=request.args.get("key"), back=request.args.get("back"))
    text = services.get_text(form.key.data or "", actor=current_user)
    form.offer(collection for collection, _n in queries.collections_of(current_user))
    if form.validate_on_submit():
        try:
            collection = _keep(form)
            flash(_("Put into the collection “%(name)s”.", name=collection.name), "success")
            own = url_for(".show", collection_id=collection.id)
            return redirect(inside(form.back.data) or own, code=303)
        except PortalError as refusal:
            form.collection.errors = [*form.collection.errors, str(refusal)]
    page = render_template("shelf/add.html", form=form, text=text, back=inside(form.back.data))
    return page, 400 if form.errors else 200


def _keep(form: KeepForm) -> Collection:
    chosen: str = form.collection.data
    if chosen == NEW:
        collection = services.create(form.name.data, actor=current_user)
    else:
        collection = services.get_collection(int(chosen), actor=current_user)
    services.keep(form.key.data, form.note.data, collection, actor=current_user)
    return collection


@bp.route("/my/collections/<int:collection_id>/items/<int:item_id>/", methods=["GET", "POST"])
@login_required
def note(collection_id: int, item_id: int) -> ResponseReturnValue:
    """Write why a text is kept."""
    collection = services.get_collection(collection_id, actor=current_user)
    item = services.get_item(collection, item_id)
    form = NoteForm(obj=item)
    if form.validate_on_submit():
        services.change_note(item, form.note.data)
        return _back_to(collection, item.id)
    kept = next(one for one in queries.kept_in(collection, current_user) if one.item is item)
    page = render_template(
        "shelf/note.html", collection=collection, kept=kept, form=form, gone=gone()
    )
    return page, 400 if form.errors else 200


@bp.post("/my/collections/<int:collection_id>/items/<int:item_id>/<any('up','down','out'):act>")
@login_required
def change_item(collection_id: int, item_id: int, act: str) -> ResponseReturnValue:
    """Move a text up or down, or take it out."""
    collection = services.get_collection(collection_id, actor=current_user)
    item = services.get_item(collection, item_id)
    if act == "out":
        services.take_out(item)
        return redirect(url_for(".show", collection_id=collection.id), code=303)
    services.move(item, down=act == "down")
    return _back_to(collection, item_id)


def _back_to(collection: Collection, item_id: int) -> ResponseReturnValue:
    address = url_for(".show", collection_id=collection.id, _anchor=f"item-{item_id}")
    return redirect(address, code=303)


@bp.get("/my/collections/<int:collection_id>/file.<any('docx','xlsx'):ending>")
@login_required
def file(collection_id: int, ending: str) -> ResponseReturnValue:
    """Give a collection as a document or a workbook."""
    return _file(services.get_collection(collection_id, actor=current_user), ending)


@bp.get("/collections/<token>/")
def shared(token: str) -> str:
    """Show a collection to a colleague who has its address, with the colleague's own rights."""
    collection = services.get_shared(token)
    return render_template(
        "shelf/shared.html",
        collection=collection,
        kept=queries.kept_in(collection, current_user),
        gone=gone(),
        token=token,
    )


@bp.get("/collections/<token>/file.<any('docx','xlsx'):ending>")
def shared_file(token: str, ending: str) -> ResponseReturnValue:
    """Give a colleague the same as a document or a workbook."""
    return _file(services.get_shared(token), ending)


def _file(collection: Collection, ending: str) -> ResponseReturnValue:
    write, media_type = EXPORTS[ending]
    author = collection.user.name if current_user.is_authenticated else ""
    data = BytesIO(write(collection, queries.kept_in(collection, current_user), author))
    name = f"{collection.name}.{ending}"
    return send_file(data, mimetype=media_type, as_attachment=True, download_name=name)
