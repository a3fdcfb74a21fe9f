"""What pages share: the navigation, errors with their words, forms that come back filled."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, flash, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, get_locale, gettext as _
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map
from wtforms import StringField
from wtforms.i18n import get_translations

from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError, TooMany
from asdg_portal.core.i18n import DEFAULT

log = logging.getLogger(__name__)

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation, for those who may use it."""

    label: str
    url: str
    active: bool = False


def asked_by_script() -> bool:
    """Whether a page asks by itself, and not a person who pressed a button of a plain form."""
    return request.headers.get("X-Requested-With") == "fetch"


Navigation = Callable[[], Iterable[NavItem]]


@lru_cache(maxsize=8)
def _form_messages(locale: str) -> Any:
    """Read the messages of WTForms in a language once, and not for every form."""
    return get_translations([locale])


class PortalForm(FlaskForm):
    """A form that can be shown again with what was typed, when the request was refused."""

    class Meta(FlaskForm.Meta):
        """Where the typed text comes from."""

        def wrap_formdata(self, form: FlaskForm, formdata: object) -> object:
            """Prefer what was typed into a refused or interrupted form."""
            if formdata is not None and (typed := g.get("typed")) is not None:
                return typed
            return super().wrap_formdata(form, formdata)

        def get_translations(self, form: FlaskForm) -> object:
            """Say what WTForms itself has to say in the language of the page."""
            return _form_messages(str(get_locale()))

        def bind_field(self, form: FlaskForm, unbound: Any, options: dict[str, Any]) -> Any:
            """Read a text that was not sent at all as an empty one."""
            if issubclass(unbound.field_class, StringField):
                filters = [*unbound.kwargs.get("filters", ()), lambda text: text or ""]
                options = options | {"filters": filters}
            return super().bind_field(form, unbound, options)


class RowNumber(IntegerConverter):
    """A number in an address: one larger than any table holds leads nowhere, as any wrong one."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_pages(app: Flask, navigation: Navigation) -> None:
    """Set up errors, protection against forged requests, and the navigation."""
    CSRFProtect(app)
    app.url_map.converters["int"] = RowNumber
    app.register_error_handler(CSRFError, _give_back)
    app.register_error_handler(PortalError, _show_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_unexpected)
    app.context_processor(lambda: {"nav": [*navigation()]})


def _give_back(error: CSRFError) -> ResponseReturnValue:
    """Show the form of a refused change again with all that was typed; nothing is changed.

    The page is made as if it were only looked at, so that nothing can be changed on this way.
    A script of ours is told that its token is no longer valid: it has the text, and asks for one.
    """
    if request.is_json:
        return {"message": _("This page had been open for too long."), "token": False}, 400
    rule, typed = request.url_rule, request.form.copy()
    if rule is not None and "GET" in (rule.methods or ()):
        flash(_("This page had been open for too long: nothing is saved yet. Check and press the button again."), "error")  # fmt: skip  # noqa: E501
        g.typed = typed
        request.environ["REQUEST_METHOD"] = request.method = "GET"
        try:
            view = current_app.view_functions[rule.endpoint]
            # The gates before a group of pages stand before this look at it too.
            refused = current_app.preprocess_request()
            page = view(**(request.view_args or {})) if refused is None else refused
            response = current_app.make_response(page)  # type: ignore[arg-type]  # no streams
        except PortalError as refusal:
            return _show_refusal(refusal)
        if response.status_code == 200:
            return response, 400
    session.pop("_flashes", None)  # there is no button to press again on the page that follows
    typed.poplist("csrf_token")
    return render_template("typed.html", typed=typed, path=request.path), 400


def _show_refusal(error: PortalError) -> ResponseReturnValue:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if request.is_json:
        return {"message": str(error)}, error.status, headers
    typed = g.get("typed") or request.form.copy()
    for name in [name for name in typed if _is_ours(name)]:
        typed.poplist(name)
    if error.status in {403, 404, 409} and any(typed.values()):
        return render_template("typed.html", typed=typed, message=str(error)), error.status
    title = _("This page does not open") if error.status == 404 else _("This did not work")
    page = render_template("error.html", title=title, message=str(error))
    return page, error.status, headers


def _is_ours(name: str) -> bool:
    """Whether a field holds what a form says of itself, and nothing that somebody has typed."""
    return name in {"csrf_token", "version", "revision", "key", "then"} or name.startswith("v_")


def _http_messages() -> dict[int, str]:
    return {
        400: _("The request could not be understood."),
        403: _("You may not do this."),
        404: _("There is no such page, or it is not open to you."),
        405: _("This address cannot be used in this way."),
        413: _("What was sent is too large."),
        429: _("Too many requests. Wait a little."),
    }


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    message = _http_messages().get(error.code, error.name)
    if isinstance(error, SecurityError):  # another site's name: no link of ours can be drawn
        return message, error.code, PLAIN
    if request.is_json:
        return {"message": message}, error.code
    page = render_template("error.html", title=message, message="")
    return page, error.code, [h for h in error.get_headers() if h[0] in {"Allow", "Retry-After"}]


def _show_unexpected(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    log.error("Error %s at %s %s", number, request.method, request.path, exc_info=error)
    if current_app.testing:
        raise error
    try:
        db.session.rollback()  # the page asks the database too, who looks at it for one
        message = _("It has been written down under the number %(number)s.", number=number)
        if request.is_json:
            return {"message": message}, 500
        page = render_template(
            "error.html", title=_("Something broke on our side"), message=message
        )
    except SQLAlchemyError:
        log.exception("The page of error %s could not be made", number)
        with force_locale(DEFAULT):
            return f"{_('Something broke on our side')} ({number}).", 500, PLAIN
    return page, 500
