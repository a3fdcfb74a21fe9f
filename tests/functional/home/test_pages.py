"""The first page: the search box, what is new, how the year goes."""

from __future__ import annotations

import pytest

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from tests.factories import World


def test_an_empty_portal_says_what_will_be_here(world: World) -> None:
    page = world.browser().get("/").text
    assert 'role="search"' in page
    assert "Здесь появятся практики" in page
    assert "Ответили городов: 0 из" in page


def test_what_is_new_is_shown_and_what_is_not_published_is_not(world: World) -> None:
    world.practice(State.PUBLISHED, title="Видимая практика")
    world.practice(State.SUBMITTED, title="Скрытая практика")
    world.report(State.PUBLISHED)
    world.report(State.SUBMITTED, city="Томск")
    page = world.browser("moderator").get("/").text
    assert "Видимая практика" in page
    assert "Скрытая практика" not in page
    assert "Омск — Организационная работа, 2026" in page
    assert "Томск — Организационная работа" not in page
    assert "Ответили городов: 2 из" in page


def test_a_report_whose_first_answer_is_for_members_shows_no_word_of_it(world: World) -> None:
    report = world.report(State.PUBLISHED)
    with world.app.app_context():
        db.session.connection().exec_driver_sql(
            "UPDATE answer SET audience = 'members' WHERE number = 1"
        )
        db.session.commit()
    page = world.browser().get("/").text
    assert f"/reports/{report}/" in page
    assert "инструкция" not in page


@pytest.mark.parametrize(
    ("name", "says"),
    [("omsk", "1 текст ждёт действий вашего города"), ("tomsk", "ничего не ждут"), (None, "")],
)
def test_a_representative_learns_what_waits(world: World, name: str | None, says: str) -> None:
    world.report(State.RETURNED)
    page = world.browser(name).get("/").text
    assert says in page
    assert ("вашего города" in page) is bool(name)


def test_the_first_page_needs_no_more_statements_for_more_rows(world: World) -> None:
    names = (None, "omsk", "moderator")
    few = [world.statements("/", name) for name in names]
    for city in ("Томск", "Чита", "Якутск", "Бийск"):
        world.report(State.PUBLISHED, city=city)
        world.practice(State.PUBLISHED, city=city)
    assert [world.statements("/", name) for name in names] == few
    assert max(few) <= 12


def test_personal_data_have_a_page(world: World) -> None:
    page = world.browser().get("/privacy")
    assert page.status_code == 200
    assert "Argon2id" in page.text
    assert "12 ч" in page.text
