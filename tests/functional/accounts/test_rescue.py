"""What was typed when a session was over comes back to its author, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select

from asdg_portal.accounts.models import RescuedForm
from asdg_portal.accounts.rescue import KEPT, MOST_CHARACTERS, MOST_FORMS
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from tests.factories import PASSWORD, World
from tests.portal import SECRET

TYPED = {"name": "Очень длинное имя", "post": "Начальник\nотдела", "phone": "", "language": "ru"}


def parted(world: World, name: str = "omsk") -> FlaskClient:
    """A browser whose session has been ended from elsewhere."""
    browser = world.browser(name)
    other = world.browser(name)
    other.post("/profile/sign-out-everywhere")
    return browser


def enter(browser: FlaskClient, name: str, where: str) -> str:
    data = {"email": f"{name}@example.org", "password": PASSWORD}
    return browser.post(where, data=data).headers["Location"]


def kept(world: World) -> list[RescuedForm]:
    with world.app.app_context():
        return list(db.session.scalars(select(RescuedForm).order_by(RescuedForm.id)))


def test_every_character_is_back_after_signing_in_again(world: World) -> None:
    browser = parted(world)
    answer = browser.post("/profile", data=TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/profile")
    back = enter(browser, "omsk", answer.headers["Location"])
    assert back.startswith("/profile?restore=")
    for _reloading in range(2):
        page = browser.get(back)
        assert "Очень длинное имя" in page.text
        assert "Начальник" in page.text
    assert browser.post(back, data=TYPED).status_code == 303
    assert "Очень длинное имя" in browser.get("/profile").text


def test_what_has_been_saved_is_not_offered_again(world: World) -> None:
    browser = parted(world)
    browser.post("/profile", data=TYPED)
    back = enter(browser, "omsk", "/sign-in?next=/profile")
    browser.post(back, data=TYPED | {"name": ""})
    assert len(kept(world)) == 1, "a refused form has not been saved"
    browser.post(back, data=TYPED)
    assert kept(world) == []


def test_another_person_at_that_computer_sees_nothing(world: World) -> None:
    browser = parted(world)
    browser.post("/profile", data=TYPED)
    back = enter(browser, "tomsk", "/sign-in?next=/profile")
    assert "restore" not in back
    number = kept(world)[0].id
    assert "Очень длинное имя" not in browser.get(f"/profile?restore={number}").text
    browser.post(f"/profile?restore={number}", data=TYPED)
    assert len(kept(world)) == 1


def test_a_visitor_sees_nothing_either(world: World) -> None:
    parted(world).post("/profile", data=TYPED)
    number = kept(world)[0].id
    page = world.browser().get(f"/sign-in?restore={number}")
    assert "Очень длинное имя" not in page.text


def test_passwords_and_tokens_are_never_kept(world: World) -> None:
    secret = {
        "old_password": "секрет-1",
        "new_password": "секрет-2",
        "password": "секрет-3",
        "csrf_token": str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("known")),
        "note": "заметка",
    }
    parted(world).post("/profile/password", data=secret)
    assert [rescue.fields for rescue in kept(world)] == [{"note": ["заметка"]}]


def test_a_stranger_gets_the_text_back_at_once(world: World) -> None:
    answer = world.browser().post("/profile", data=TYPED | {"password": "секрет"})
    assert answer.status_code == 401
    assert "Очень длинное имя" in answer.text
    assert "секрет" not in answer.text
    assert kept(world) == []


def test_what_is_given_back_cannot_become_a_script(world: World) -> None:
    answer = world.browser().post("/profile", data={"name": "</textarea><script>x</script>"})
    assert "<script>x" not in answer.text


def test_looking_only_asks_to_sign_in(world: World) -> None:
    answer = world.browser().get("/profile?lang=ru")
    assert answer.status_code in {302, 303}
    assert answer.headers["Location"] == "/sign-in?next=/profile?lang%3Dru"


def test_a_huge_text_is_given_back_rather_than_kept(world: World) -> None:
    answer = parted(world).post("/profile", data={"name": "я" * (MOST_CHARACTERS + 1)})
    assert answer.status_code == 401
    assert kept(world) == []


def test_only_the_newest_texts_are_kept(world: World) -> None:
    browser = parted(world)
    for number in range(MOST_FORMS + 3):
        browser.post("/profile", data={"name": f"текст {number}"})
    texts = [rescue.fields["name"][0] for rescue in kept(world)]
    assert len(texts) == MOST_FORMS
    assert texts[-1] == f"текст {MOST_FORMS + 2}"


def test_old_texts_are_dropped(world: World) -> None:
    browser = parted(world)
    browser.post("/profile", data=TYPED)
    with time_machine.travel(now() + KEPT + timedelta(days=1)):
        assert enter(browser, "omsk", "/sign-in?next=/profile") == "/profile"
        parted(world, "tomsk").post("/profile", data=TYPED)
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RescuedForm)) == 1


@pytest.mark.parametrize("number", ["x", "²", "-1", "9" * 30, "0", "%00"])
def test_a_wrong_number_changes_nothing(world: World, number: str) -> None:
    browser = world.browser("omsk")
    assert browser.get(f"/profile?restore={number}").status_code == 200
    assert browser.post(f"/profile?restore={number}", data=TYPED).status_code == 303


def test_a_refused_token_shows_the_form_filled(world: World) -> None:
    browser = world.browser("omsk")
    browser.with_token = False  # type: ignore[attr-defined]
    answer = browser.post("/profile", data=TYPED)
    assert answer.status_code == 400
    assert "Очень длинное имя" in answer.text
    assert "Очень длинное имя" not in browser.get("/profile").text
