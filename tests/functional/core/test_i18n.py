"""Russian first, English on request, and the choice is remembered."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from asdg_portal.accounts.models import User
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from tests.factories import YEAR, World

ROOT = Path(__file__).parents[3]
RUSSIAN, ENGLISH = '<html lang="ru">', '<html lang="en">'


def test_russian_comes_first_whatever_the_browser_speaks(world: World) -> None:
    page = world.browser().get("/sign-in", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    assert RUSSIAN in page
    assert "Пароль" in page


def test_a_switch_is_remembered_and_can_be_undone(world: World) -> None:
    client = world.browser()
    assert ENGLISH in client.get("/sign-in?lang=en").text
    page = client.get("/sign-in").text
    assert ENGLISH in page
    assert "Password" in page
    assert RUSSIAN in client.get("/sign-in?lang=ru").text
    assert RUSSIAN in client.get("/sign-in").text


@pytest.mark.parametrize("wrong", ["de", "", "../../etc", "ru_RU", "x" * 5000, "\x00", "en; x=y"])
def test_a_language_that_is_none_changes_nothing(world: World, wrong: str) -> None:
    client = world.browser()
    page = client.get("/sign-in", query_string={"lang": wrong})
    assert page.status_code == 200
    assert RUSSIAN in page.text
    assert "language=" not in page.headers.get("Set-Cookie", "")


def test_an_account_has_a_language_and_the_browser_may_differ(world: World) -> None:
    with world.app.app_context():
        db.session.query(User).filter_by(email="omsk@example.org").one().language = "en"
        db.session.commit()
    client = world.browser("omsk")
    assert ENGLISH in client.get("/my/").text
    assert RUSSIAN in client.get("/my/?lang=ru").text
    assert RUSSIAN in client.get("/my/").text


def test_the_switch_stays_on_the_page_and_keeps_what_it_was_asked(world: World) -> None:
    page = world.browser().get("/sign-in?next=/my/&x=<script>&x=2").text
    assert 'href="/sign-in?next=%2Fmy%2F&amp;x=%3Cscript%3E&amp;x=2&amp;lang=en"' in page


def test_dates_and_errors_speak_the_language_too(world: World) -> None:
    world.browser()
    client = world.browser()
    russian = client.get("/no-such-page").text
    english = client.get("/no-such-page?lang=en").text
    assert "There is no such page" in english
    assert "There is no such page" not in russian


def test_the_catalogue_compiles_to_the_same_bytes_on_any_day() -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "i18n.py"))
    with time_machine.travel(datetime(2031, 5, 17, 9, 30, tzinfo=UTC)):
        later = tool["compiled"](tool["load"]())
    assert later == (ROOT / "translations/ru/LC_MESSAGES/messages.mo").read_bytes()


def test_one_server_speaks_both_languages_down_to_the_words_that_templates_share(
    world: World,
) -> None:
    world.report(State.PUBLISHED, year=YEAR - 1)
    page, client = f"/reports/{world.report()}/edit", world.browser("omsk")
    for language, ours, others in (("ru", "выполнено", "done"), ("en", "done", "выполнено")) * 2:
        text = client.get(f"{page}?lang={language}").text
        assert 'class="btn btn-sm end-done" for="' in text
        assert f">{ours}</label>" in text
        assert f">{others}</label>" not in text
