"""What every kind of answer carries, whoever gets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from asdg_portal.core.security import CSP, HEADERS
from asdg_portal.moderation.models import State
from tests.factories import World
from tests.portal import make_app

Ask = Callable[[FlaskClient], TestResponse]
ANSWERS: dict[str, tuple[str | None, int, Ask]] = {
    "a page": (None, 200, lambda client: client.get("/sign-in")),
    "a list": (None, 200, lambda client: client.get("/cities/")),
    "a file": (None, 200, lambda client: client.get("/static/favicon.svg")),
    "a missing file": (None, 404, lambda client: client.get("/static/nothing.js")),
    "only the head": (None, 200, lambda client: client.head("/sign-in")),
    "what is possible": (None, 200, lambda client: client.options("/sign-in")),
    "the way to sign in": (None, 302, lambda client: client.get("/my/")),
    "a redirect of the router": (None, 308, lambda client: client.get("/cities")),
    "a wrong method": (None, 405, lambda client: client.delete("/sign-in")),
    "nothing there": (None, 404, lambda client: client.get("/nothing")),
    "somebody's page": ("omsk", 200, lambda client: client.get("/my/")),
    "a stranger's page": ("omsk", 404, lambda client: client.get("/desk/")),
    "a refused form": ("omsk", 400, lambda client: client.post("/reports/new", data={})),
    "a wrong host": (None, 400, lambda client: client.get("/", base_url="http://evil.example")),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_answer_carries_the_headers(world: World, what: str) -> None:
    name, status, ask = ANSWERS[what]
    answer = ask(world.browser(name))
    assert answer.status_code == status
    for header, value in HEADERS.items():
        assert answer.headers.getlist(header) == [value]


def test_the_policy_lets_nothing_of_strangers_in() -> None:
    rules = {rule.split()[0]: rule.split()[1:] for rule in CSP.split("; ")}
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == ["'none'"]
    for name in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert rules[name] == ["'self'"]
    assert "unsafe" not in CSP
    assert "http" not in CSP


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("omsk", "/my/"),
        ("omsk", "/reports/1/edit"),
        ("omsk", "/cities/"),
        ("moderator", "/desk/"),
        ("admin", "/admin/people/"),
        ("admin", "/admin/log/"),
    ],
)
def test_what_is_made_for_somebody_is_kept_nowhere(world: World, name: str, address: str) -> None:
    world.report(State.DRAFT)
    answer = world.browser(name).get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_the_cookie_of_a_session_is_for_this_site_and_no_script(tmp_path: Path) -> None:
    for base, name, secure in (
        ("http://localhost", "session", False),
        ("https://portal.example", "__Host-session", True),
    ):
        app = make_app(tmp_path, base_url=base)
        app.extensions["prepare"]()
        answer = app.test_client().get("/sign-in", base_url=base)
        (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith(name + "=")]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Strict-Transport-Security" in answer.headers) is secure


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", "["])
def test_another_host_is_not_ours(world: World, host: str) -> None:
    answer = world.browser().get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
