"""What every answer carries: the headers that keep strangers' scripts and frames out."""

from __future__ import annotations

from flask import Flask, Response, abort, g, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
# Werkzeug bounds the parts of a form with files, but not the fields of a plain one.
PLAIN_FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 1000
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Cookies(SecureCookieSessionInterface):
    """Signed cookies as Flask makes them; what signs them is made once, not for each request."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Give what signs the cookies; None if the installation has no key yet."""
        return self._signer


def init_security(app: Flask, *, secure: bool) -> None:
    """Put the headers on every answer, errors and files included."""
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    def protect(response: Response) -> Response:
        response.headers.extend(headers)
        if request.endpoint != "static":
            response.vary.add("Cookie")
            # A page made for somebody must not stay in a shared cache or behind "Back".
            if session or g.get("private"):
                response.headers["Cache-Control"] = "no-store"
        return response

    app.session_interface = Cookies(app)
    app.before_request(_refuse_endless_forms)
    app.after_request(protect)


def _refuse_endless_forms() -> None:
    """Eight million empty fields would keep the whole process busy for twenty seconds."""
    if request.mimetype == PLAIN_FORM:
        data = request.get_data()
        if len(data) > (request.max_form_memory_size or 0) or data.count(b"&") >= MOST_FIELDS:
            abort(413)
