"""Russian first, English on request; the choice is a cookie, or part of an account."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, get_domain
from flask_login import current_user
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

LANGUAGES = {"ru": "Русский", "en": "English"}
DEFAULT = "ru"
COOKIE = "language"
YEAR = 365 * 24 * 3600


def init_i18n(app: Flask, translations: str) -> None:
    """Choose the language of each page; ``?lang=en`` switches and is remembered."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories=translations,
        locale_selector=_choose,
        default_timezone="Asia/Novosibirsk",
    )
    app.after_request(_remember)
    _translate_quickly(app)


def _translate_quickly(app: Flask) -> None:
    """Look the language of a page up once, and not for each of its hundred messages."""

    def translations() -> Any:
        if "translations" not in g:
            g.translations = get_domain().get_translations()
        return g.translations

    def one(message: str) -> str:
        return str(translations().ugettext(message))

    def many(singular: str, plural: str, number: int) -> str:
        return str(translations().ungettext(singular, plural, number))

    def say(message: str, **values: object) -> Markup:
        text = _marked(translations(), message)
        return text % values if values else text

    app.jinja_env.install_gettext_callables(one, many, newstyle=True)  # type: ignore[attr-defined]
    # What Jinja would put in its place comes to the same through three calls more.
    app.jinja_env.globals["_"] = say


@lru_cache(maxsize=4096)
def _marked(catalogue: Any, message: str) -> Markup:
    """Give our own words in a language, as a part of a page; values will be escaped into it."""
    return Markup(catalogue.ugettext(message))  # noqa: S704


def _choose() -> str:
    if not has_request_context():
        return DEFAULT
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        g.new_language = wanted
        return wanted
    if (kept := request.cookies.get(COOKIE)) in LANGUAGES:
        return kept
    return getattr(current_user, "language", None) or DEFAULT


def _remember(response: Response) -> Response:
    if language := g.get("new_language"):
        response.set_cookie(COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def language_url(code: str) -> str:
    """Address this very page in another language."""
    arguments = MultiDict(request.args)
    arguments["lang"] = code
    return f"{request.path}?{urlencode(list(arguments.items(multi=True)))}"
