"""Invitations, forgotten passwords and links for support: each works once and in time."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from asdg_portal.accounts import services
from asdg_portal.accounts.links import LIFETIME, MOST_LETTERS, make_link
from asdg_portal.accounts.models import OneTimeLink, Purpose, Role, User
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from tests.factories import PASSWORD, World

NEW = "совсем новый пароль 8"
ANSWERS = {"name": "Новикова Н. Н.", "password": NEW, "consent": "y"}


def invite(world: World, email: str = "new@example.org") -> str:
    """Invite a specialist; give the address in the letter."""
    with world.app.app_context():
        services.invite(email, Role.SPECIALIST, actor=None)
    return letter_link(world, email)


def letter_link(world: World, email: str) -> str:
    letters = [letter for letter in world.letters() if email in str(letter["To"])]
    text = letters[-1].get_content()
    found = re.search(r"http://localhost(/\S+)", text)
    assert found
    return found[1]


def link(world: World, name: str, purpose: Purpose) -> str:
    with world.app.app_context():
        user = services.find_user(f"{name}@example.org")
        assert user
        return urlsplit(make_link(user, purpose)).path


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/profile").status_code == 200


def can_enter(world: World, email: str, password: str) -> bool:
    data = {"email": email, "password": password}
    return world.browser().post("/sign-in", data=data).status_code == 303


def test_an_invited_person_chooses_a_password_and_is_in(world: World) -> None:
    where, browser = invite(world), world.browser()
    assert browser.get(where).status_code == 200
    assert browser.post(where, data=ANSWERS).status_code == 303
    assert is_in(browser)
    assert can_enter(world, "new@example.org", NEW)
    with world.app.app_context():
        user = services.find_user("new@example.org")
        assert user
        assert user.name == "Новикова Н. Н."
        assert user.consent_at
        assert user.consent_version == services.CONSENT_VERSION


def test_an_invitation_works_once(world: World) -> None:
    where = invite(world)
    world.browser().post(where, data=ANSWERS)
    assert world.browser().get(where).status_code == 404
    assert (
        world.browser().post(where, data=ANSWERS | {"password": "другой " + NEW}).status_code == 404
    )
    assert can_enter(world, "new@example.org", NEW)


@pytest.mark.parametrize(
    "wrong",
    [{"consent": ""}, {"name": " "}, {"password": "short"}, {"password": "password123"}],
    ids=["no consent", "no name", "short password", "common password"],
)
def test_a_refused_answer_leaves_the_invitation_good(world: World, wrong: dict[str, str]) -> None:
    where, browser = invite(world), world.browser()
    answers = {key: value for key, value in (ANSWERS | wrong).items() if value}
    refused = browser.post(where, data=answers)
    assert refused.status_code in {200, 400}
    assert not is_in(browser)
    assert not can_enter(world, "new@example.org", answers["password"])
    assert browser.post(where, data=ANSWERS).status_code == 303


def test_a_refused_answer_gives_back_the_name_and_never_the_password(world: World) -> None:
    page = world.browser().post(invite(world), data={"name": "Новикова", "password": NEW})
    assert "Новикова" in page.text
    assert NEW not in page.text


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_lasts_as_long_as_it_says(world: World, purpose: Purpose) -> None:
    where = link(world, "omsk", purpose)
    with time_machine.travel(now() + LIFETIME[purpose] + timedelta(seconds=1)):
        late = world.browser().get(where)
        assert late.status_code == 404
    with time_machine.travel(now() + LIFETIME[purpose] - timedelta(minutes=1)):
        assert world.browser().get(where).status_code in {200, 303}


def test_a_newer_link_ends_the_older_one(world: World) -> None:
    older, newer = (link(world, "omsk", Purpose.PASSWORD_RESET) for _number in range(2))
    assert world.browser().get(older).status_code == 404
    assert world.browser().get(newer).status_code == 200


@pytest.mark.parametrize("path", ["/invitation/", "/password/", "/sign-in/link/"])
def test_an_invented_link_leads_nowhere(world: World, path: str) -> None:
    assert world.browser().get(path + "x" * 43).status_code == 404
    assert world.browser().get(path + "%00").status_code == 404


@pytest.mark.parametrize("path", ["/invitation/", "/sign-in/link/"])
def test_a_link_is_good_for_its_own_purpose_only(world: World, path: str) -> None:
    token = link(world, "omsk", Purpose.PASSWORD_RESET).rsplit("/", 1)[1]
    assert world.browser().get(path + token).status_code == 404


def test_only_hashes_of_links_are_kept(world: World) -> None:
    token = link(world, "omsk", Purpose.PASSWORD_RESET).rsplit("/", 1)[1]
    with world.app.app_context():
        assert token not in db.session.scalars(select(OneTimeLink.token_hash)).all()


def test_a_new_password_by_letter_signs_everybody_else_out(world: World) -> None:
    elsewhere = world.browser("omsk")
    assert world.browser().post(
        "/password/forgotten", data={"email": "OMSK@example.org"}
    ).status_code == 303  # fmt: skip
    where, browser = letter_link(world, "omsk@example.org"), world.browser()
    assert browser.post(where, data={"password": "123"}).status_code == 400
    assert browser.post(where, data={"password": NEW}).status_code == 303
    assert is_in(browser)
    assert not is_in(elsewhere)
    assert can_enter(world, "omsk@example.org", NEW)
    assert not can_enter(world, "omsk@example.org", PASSWORD)
    assert browser.get(where).status_code == 404


def test_asking_for_a_password_answers_everybody_alike(world: World) -> None:
    answers = [
        world.browser().post("/password/forgotten", data={"email": email})
        for email in ("omsk@example.org", "ghost@example.org")
    ]
    assert [(a.status_code, a.headers["Location"], a.text) for a in answers[:1]] == [
        (a.status_code, a.headers["Location"], a.text) for a in answers[1:]
    ]
    assert [str(letter["To"]) for letter in world.letters() if "ghost" in str(letter["To"])] == []


def test_nobody_fills_a_letter_box_with_links(world: World) -> None:
    for _time in range(MOST_LETTERS + 3):
        world.browser().post("/password/forgotten", data={"email": "omsk@example.org"})
    assert len(world.letters()) == MOST_LETTERS


def test_a_closed_account_gets_no_letter_and_its_links_are_dead(world: World) -> None:
    where = link(world, "omsk", Purpose.SIGN_IN)
    with world.app.app_context():
        db.session.scalars(
            select(User).filter_by(email="omsk@example.org")
        ).one().blocked_at = now()
        db.session.commit()
    world.browser().post("/password/forgotten", data={"email": "omsk@example.org"})
    assert world.letters() == []
    assert world.browser().get(where).status_code == 404


def test_a_link_for_support_signs_in_once(world: World) -> None:
    where, browser = link(world, "omsk", Purpose.SIGN_IN), world.browser()
    assert browser.get(where).status_code == 303
    assert is_in(browser)
    assert world.browser().get(where).status_code == 404
