"""Texts about the same: those of other cities, without what every text says, and for whom."""

from __future__ import annotations

import re

import pytest

from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.practices.models import Practice, PracticeRevision
from asdg_portal.search.sources import all_documents, get_index
from tests.factories import World
from tests.functional.moderation.test_desk import press

BOILERPLATE = "Накопленный опыт оформлен в виде методических рекомендаций для муниципалитетов."
TRAMS = "Трамвайные пути переложены на бесшумные рельсы, закуплены низкопольные вагоны."
RAILS = "Низкопольные вагоны вышли на линию, трамвайные рельсы стали бесшумными."
PARKS = "В парках высажены кедры и открыты детские площадки."


def told(world: World, city: str, title: str, text: str) -> int:
    """Publish a practice that says only this."""
    number = world.practice(State.PUBLISHED, city=city, title=title)
    with world.app.app_context(), unit_of_work():
        revision = db.session.get_one(Practice, number).current
        assert isinstance(revision, PracticeRevision)
        for name in revision.SECTIONS:
            setattr(revision, name, "")
        revision.summary = f"{text} {BOILERPLATE}"
        revision.tags = []
    return number


@pytest.fixture
def trams(world: World) -> tuple[int, int, int, int]:
    """Two cities on trams, the first of them twice; a third one on parks."""
    numbers = (
        told(world, "Омск", "Новые трамваи", TRAMS),
        told(world, "Омск", "Снова трамваи", RAILS),
        told(world, "Томск", "Тихий трамвай", RAILS),
        told(world, "Барнаул", "Городские парки", PARKS),
    )
    with world.app.app_context():
        get_index().rebuild(all_documents())
    return numbers


def similar(world: World, key: str, name: str | None = None) -> list[str]:
    page = world.browser(name).get(f"/search/similar?to={key}")
    assert page.status_code == 200
    return re.findall(r'<h2 class="h3"><a href="([^"]+)"', page.text)


def test_other_cities_experience_is_near_and_boilerplate_is_not(
    world: World, trams: tuple[int, int, int, int]
) -> None:
    omsk, _again, tomsk, barnaul = trams
    assert similar(world, f"practice:{omsk}") == [f"/practices/{tomsk}/"]
    assert similar(world, f"practice:{barnaul}") == []
    page = world.browser().get(f"/search/similar?to=practice:{barnaul}").text
    assert "другие города пока не опубликовали" in page


def test_a_practice_shows_its_neighbours_beside_it(
    world: World, trams: tuple[int, int, int, int]
) -> None:
    omsk, _again, tomsk, barnaul = trams
    beside = world.browser().get(f"/practices/{omsk}/").text.partition('id="similar"')[2]
    assert f'href="/practices/{tomsk}/"' in beside
    assert f"/search/similar?to=practice:{omsk}" in beside
    assert 'id="similar"' not in world.browser().get(f"/practices/{barnaul}/").text


def test_a_withdrawn_neighbour_is_gone_at_once(
    world: World, trams: tuple[int, int, int, int]
) -> None:
    omsk, _again, tomsk, _barnaul = trams
    assert similar(world, f"practice:{omsk}")
    press(world.browser("moderator"), world, tomsk, "withdraw", reason="Ошибка в числах")
    assert world.state(tomsk) is State.WITHDRAWN
    assert similar(world, f"practice:{omsk}") == []
    assert world.browser().get(f"/search/similar?to=practice:{tomsk}").status_code == 404


def test_an_answer_for_members_has_neighbours_for_members_only(world: World) -> None:
    first = world.report(State.PUBLISHED)
    second = world.report(State.PUBLISHED, city="Томск")
    with world.app.app_context():
        get_index().rebuild(all_documents())
    assert similar(world, f"report:{first}:1") == [f"/reports/{second}/#q1"]
    assert world.browser().get(f"/search/similar?to=report:{first}:4").status_code == 404
    assert (
        world.browser("specialist").get(f"/search/similar?to=report:{first}:4").status_code == 200
    )
    assert f"/search/similar?to=report:{first}:1" in world.browser().get(f"/reports/{first}/").text


@pytest.mark.parametrize(
    "key",
    ["", "practice", "practice:", "practice:x", "practice:999", "report:1:9", "staff:1", "a:b:c",
     "practice:٣", "practice:" + "9" * 30, "%00", "practice:1%00"],
)  # fmt: skip
def test_an_unknown_key_is_no_page(world: World, key: str) -> None:
    assert world.browser().get(f"/search/similar?to={key}").status_code == 404


@pytest.mark.sqlite
@pytest.mark.sqlite  # in PostgreSQL the index lies in no file
def test_pages_stand_while_the_index_is_away(
    world: World, trams: tuple[int, int, int, int]
) -> None:
    for path in (world.app.extensions["portal_config"].data_dir / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    assert world.browser().get(f"/practices/{trams[0]}/").status_code == 200
    answer = world.browser().get(f"/search/similar?to=practice:{trams[0]}")
    assert answer.status_code == 503
    assert "указатель" in answer.text or "индекс" in answer.text.lower()


def test_neighbours_are_looked_for_once_until_somebody_acts(
    world: World, trams: tuple[int, int, int, int]
) -> None:
    page = f"/practices/{trams[0]}/"
    visitor = world.browser()
    visitor.get(page)
    with world.heard() as said:
        assert 'id="similar"' in visitor.get(page).text
    assert len(said) <= 12
