"""Refusals of the API as problem+json (RFC 9457), in the language of the request."""

from __future__ import annotations

from flask import Blueprint, Response, json
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from asdg_portal.core.errors import PortalError
from asdg_portal.search.index import IndexUnavailable
from asdg_portal.search.query import BadQuery


class Malformed(PortalError):
    """A parameter that makes no sense; the message names it."""

    status = 400


def init_problems(bp: Blueprint) -> None:
    """Answer every refusal of these addresses as JSON."""
    bp.register_error_handler(PortalError, lambda error: problem(error.status, str(error)))
    bp.register_error_handler(BadQuery, lambda error: problem(400, str(error)))
    bp.register_error_handler(IndexUnavailable, _index_unavailable)
    bp.register_error_handler(HTTPException, _http_error)


def problem(status: int, detail: str) -> Response:
    """Make a refusal."""
    body = {"type": "about:blank", "status": status, "detail": detail}
    return Response(json.dumps(body), status, mimetype="application/problem+json")


def _index_unavailable(_error: IndexUnavailable) -> Response:
    return problem(503, _("The index of the search is being made anew. Try again in a minute."))


def _http_error(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or error.name)
