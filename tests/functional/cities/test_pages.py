"""The public pages of the cities."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from asdg_portal.cities.models import City, Membership
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State
from asdg_portal.surveys.mentions.models import Mention
from tests.factories import World, find_city


def statements(world: World, path: str) -> int:
    with world.heard() as said:
        assert world.browser().get(path).status_code == 200
    return len(said)


def test_the_list_holds_every_city_and_says_that_it_is_not_confirmed(world: World) -> None:
    page = world.browser().get("/cities/").text
    with world.app.app_context():
        for slug in db.session.scalars(select(City.slug)):
            assert f'href="/cities/{slug}/"' in page
    assert "turn prose" in page


def test_the_notice_goes_when_the_association_has_confirmed_everything(world: World) -> None:
    with world.app.app_context():
        for period in db.session.scalars(select(Membership)):
            period.confirmed = True
        db.session.commit()
    assert "turn prose" not in world.browser().get("/cities/").text


def test_a_city_that_has_left_is_among_the_others(world: World) -> None:
    with world.app.app_context():
        find_city("Омск").memberships[0].until = date(2020, 12, 31)
        db.session.commit()
    members, others = world.browser().get("/cities/").text.split("<details", 1)
    assert 'href="/cities/omsk/"' not in members
    assert 'href="/cities/omsk/"' in others


def test_a_renamed_city_keeps_its_address(world: World) -> None:
    with world.app.app_context():
        find_city("Омск").name = "Новый Омск"
        db.session.commit()
    page = world.browser().get("/cities/omsk/")
    assert page.status_code == 200
    assert "Новый Омск" in page.text


def test_a_city_and_its_successor_name_each_other(world: World) -> None:
    with world.app.app_context():
        find_city("Бердск").successor = find_city("Новосибирск")
        db.session.commit()
    browser = world.browser()
    assert 'href="/cities/novosibirsk/"' in browser.get("/cities/berdsk/").text
    assert 'href="/cities/berdsk/"' in browser.get("/cities/novosibirsk/").text


@pytest.mark.parametrize("slug", ["kitezh", "%00", "x" * 3000, "<b>", "..%5C"])
def test_a_city_that_is_not_there(world: World, slug: str) -> None:
    answer = world.browser().get(f"/cities/{slug}/")
    assert answer.status_code == 404
    assert "<b>" not in answer.text.split("<main")[1].split('<a href="/"')[0]


def test_a_name_is_shown_as_text(world: World) -> None:
    with world.app.app_context():
        find_city("Омск").name = "<script>alert(1)</script>"
        db.session.commit()
    for path in ("/cities/", "/cities/omsk/"):
        assert "<script>alert" not in world.browser().get(path).text


@pytest.mark.parametrize("path", ["/cities/", "/cities/omsk/"])
def test_a_page_needs_few_statements_however_many_cities(world: World, path: str) -> None:
    few = statements(world, path)
    with world.app.app_context():
        for number in range(300):
            city = City(slug=f"c{number}", name=f"Город {number}", region=f"Край {number}")
            city.memberships.append(Membership())
            db.session.add(city)
        db.session.commit()
    assert statements(world, path) <= few <= 12


def test_a_city_says_who_noticed_it_in_which_report_and_groups_its_figures(world: World) -> None:
    report = world.report(State.PUBLISHED, city="Томск")
    with world.app.app_context():
        omsk = find_city("Омск")
        omsk.population = 1_125_695
        db.session.add(Mention(report_id=report, city_id=omsk.id, phrase="за портал"))
        db.session.commit()
    page = world.browser().get("/cities/omsk/").text
    assert "Томск — Организационная работа, 2026" in page
    assert "1\xa0125\xa0695 жителей" in page
    assert "/search?city=omsk" in page
