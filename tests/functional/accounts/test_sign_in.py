"""Signing in and out: who gets in, who does not, and where one comes out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from asdg_portal.accounts.models import SignIn, User
from asdg_portal.accounts.services import GUESSES_WITHIN, MOST_GUESSES
from asdg_portal.accounts.sessions import ABSOLUTE, IDLE
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from tests.factories import PASSWORD, World

OMSK = "omsk@example.org"


def enter(
    browser: FlaskClient, email: str = OMSK, password: str = PASSWORD, where: str = "/sign-in"
) -> tuple[int, str]:
    """Try to sign in; tell the status and where it leads."""
    answer = browser.post(where, data={"email": email, "password": password})
    return answer.status_code, answer.headers.get("Location", "")


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/profile").status_code == 200


def test_the_right_password_opens_the_portal(world: World) -> None:
    browser = world.browser()
    assert enter(browser, " Omsk@Example.ORG ") == (303, "/my/")
    assert is_in(browser)


@pytest.mark.parametrize(
    ("email", "password"),
    [(OMSK, "wrong"), ("nobody@example.org", PASSWORD), (OMSK, "й" * 5000), ("\x00", "x")],
)
def test_a_wrong_pair_gets_nobody_in(world: World, email: str, password: str) -> None:
    browser = world.browser()
    assert enter(browser, email, password)[0] == 400
    assert not is_in(browser)


def test_nobody_learns_whether_an_account_exists(world: World) -> None:
    pages = []
    for email in (OMSK, "ghost@example.org"):
        page = world.browser().post("/sign-in", data={"email": email, "password": "wrong"})
        token = re.compile(r'name="csrf_token"[^>]*>')
        pages.append(token.sub("", page.text).replace(email, ""))
    assert pages[0] == pages[1]


def test_the_password_is_never_sent_back(world: World) -> None:
    page = world.browser().post("/sign-in", data={"email": OMSK, "password": "a secret of mine"})
    assert OMSK in page.text
    assert "a secret of mine" not in page.text


def test_guessing_is_stopped_and_the_owner_comes_in_later(world: World) -> None:
    browser = world.browser()
    for _guess in range(MOST_GUESSES):
        assert enter(browser, password="wrong")[0] == 400
    answer = browser.post("/sign-in", data={"email": OMSK, "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= GUESSES_WITHIN.total_seconds()
    with time_machine.travel(now() + GUESSES_WITHIN + timedelta(seconds=1)):
        assert enter(world.browser())[0] == 303


def test_guessing_many_accounts_from_one_address_is_stopped(world: World) -> None:
    browser = world.browser()
    for number in range(MOST_GUESSES):
        enter(browser, f"guess{number}@example.org", "wrong")
    assert enter(browser)[0] == 429


def test_a_closed_account_stays_out(world: World) -> None:
    with world.app.app_context():
        db.session.execute(update(User).where(User.email == OMSK).values(blocked_at=now()))
        db.session.commit()
    assert enter(world.browser())[0] == 400
    assert not is_in(world.browser("omsk"))


@pytest.mark.parametrize("inside", ["/cities/", "/cities/?q=%D0%B0", "/reports/1/edit"])
def test_one_goes_on_where_one_was(world: World, inside: str) -> None:
    wanted = inside.replace("%", "%25").replace("?", "%3F")
    assert enter(world.browser(), where=f"/sign-in?next={wanted}") == (303, inside)


@pytest.mark.parametrize(
    "outside",
    [
        "//evil.example",
        "https://evil.example/",
        "/%5Cevil.example",
        "%5C%5Cevil.example",
        "/%09/evil.example",
        "/%0D%0A/evil.example",
        "/%09/[",
        "javascript:alert(1)",
        "///evil.example",
        "evil.example",
    ],
)
def test_nobody_is_sent_to_another_site(world: World, outside: str) -> None:
    assert enter(world.browser(), where=f"/sign-in?next={outside}") == (303, "/my/")


def test_signing_out_ends_every_copy_of_the_cookie(world: World) -> None:
    browser, copy = world.browser(), world.browser()
    enter(browser)
    with browser.session_transaction() as ours, copy.session_transaction() as theirs:
        theirs.update(ours)
    assert is_in(copy)
    assert browser.post("/sign-out").status_code == 303
    assert not is_in(copy)
    assert not is_in(browser)


def test_signing_out_needs_a_post_with_a_token(world: World) -> None:
    browser = world.browser("omsk")
    assert browser.get("/sign-out").status_code == 405
    browser.with_token = False  # type: ignore[attr-defined]
    assert browser.post("/sign-out").status_code == 400
    assert is_in(browser)


def test_signing_out_everywhere(world: World) -> None:
    here, there = world.browser(), world.browser("omsk")
    enter(here)
    assert here.post("/profile/sign-out-everywhere").status_code == 303
    assert not is_in(here)
    assert not is_in(there)


def test_signing_in_begins_a_new_session(world: World) -> None:
    browser = world.browser()
    with browser.session_transaction() as session:
        session["left"] = "by somebody else"
    enter(browser)
    with browser.session_transaction() as session:
        assert "left" not in session


def test_a_session_ends_when_nobody_uses_it(world: World) -> None:
    browser = world.browser()
    enter(browser)
    with time_machine.travel(now() + IDLE + timedelta(minutes=1)):
        assert not is_in(browser)


def test_a_session_ends_for_good_however_much_it_is_used(world: World) -> None:
    browser = world.browser()
    enter(browser)
    began, pause = now(), IDLE - timedelta(hours=1)
    for visit in range(1, int(ABSOLUTE / pause) + 1):
        with time_machine.travel(began + visit * pause):
            assert is_in(browser)
    with time_machine.travel(began + ABSOLUTE + timedelta(minutes=1)):
        assert not is_in(browser)


def test_only_a_hash_of_the_cookie_is_kept(world: World) -> None:
    browser = world.browser()
    enter(browser)
    with browser.session_transaction() as session:
        token = session["_user_id"]
    with world.app.app_context():
        hashes = db.session.scalars(select(SignIn.token_hash)).all()
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1
    assert token not in hashes


def test_pages_of_people_are_not_kept_by_browsers(world: World) -> None:
    page = world.browser("omsk").get("/profile")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
