"""Keeping cities and directions on screen."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from asdg_portal.cities.models import City, Sector
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from tests.factories import World, find_city

OMSK = {
    "name": "Омск",
    "region": "Омская область",
    "timezone": "Asia/Omsk",
    "population": "1110836",
    "adjective": "омский",
    "demonym": "омичи",
    "is_member": "y",
    "since": "1986-01-01",
    "until": "",
    "successor": "0",
}
HEAD = "name,region,timezone,status,member_from,successor\n"


def load(world: World, data: bytes) -> int:
    form = {"file": (io.BytesIO(data), "cities.csv")}
    return world.browser("admin").post("/admin/cities/", data=form).status_code


def count(world: World) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count()).select_from(City)) or 0


def last_act(world: World) -> tuple[str, str, str]:
    with world.app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry
        return entry.action, entry.subject, entry.actor_name


def test_a_change_of_a_city_is_kept_and_logged(world: World) -> None:
    answer = world.browser("admin").post(
        "/admin/cities/omsk/", data=OMSK | {"name": "Омск-2", "population": "5"}
    )
    assert answer.status_code == 303
    with world.app.app_context():
        city = find_city("Омск-2")
        assert (city.slug, city.population, city.timezone) == ("omsk", 5, "Asia/Omsk")
        assert city.memberships[-1].since is not None
        assert city.memberships[-1].confirmed
    assert last_act(world) == ("change_city", "city:omsk", "Имя admin")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "Томск"},
        {"timezone": "Asia/Kitezh"},
        {"population": "many"},
        {"population": "-1"},
        {"population": "9" * 30},
        {"since": "yesterday"},
        {"since": "2020-01-01", "until": "2019-01-01"},
        {"successor": "999999"},
        {"successor": "x"},
    ],
    ids=str,
)
def test_a_wrong_change_comes_back_filled(world: World, wrong: dict[str, str]) -> None:
    data = OMSK | {"demonym": "новые омичи"} | wrong
    answer = world.browser("admin").post("/admin/cities/omsk/", data=data)
    assert answer.status_code == 400
    assert "новые омичи" in answer.text
    with world.app.app_context():
        assert find_city("Омск").demonym == "омичи"


def test_a_city_never_becomes_part_of_itself(world: World) -> None:
    with world.app.app_context():
        number = find_city("Омск").id
    world.browser("admin").post("/admin/cities/omsk/", data=OMSK | {"successor": str(number)})
    with world.app.app_context():
        assert find_city("Омск").successor_id is None


def test_a_membership_that_has_ended_stays_in_history(world: World) -> None:
    world.browser("admin").post("/admin/cities/omsk/", data=OMSK | {"until": "2020-12-31"})
    data = {key: value for key, value in OMSK.items() if key != "is_member"}
    assert world.browser("admin").post("/admin/cities/omsk/", data=data).status_code == 303
    with world.app.app_context():
        assert len(find_city("Омск").memberships) == 1


def test_a_city_that_is_not_there(world: World) -> None:
    assert world.browser("admin").get("/admin/cities/kitezh/").status_code == 404
    assert world.browser("admin").get("/admin/sectors/kitezh/").status_code == 404


def test_a_file_adds_cities_once(world: World) -> None:
    before = count(world)
    data = f"\ufeff{HEAD}Китеж,Нижний край,Asia/Omsk,member,1990-01-01,Омск\n".encode()
    for _time in range(2):
        assert load(world, data) == 303
    assert count(world) == before + 1
    with world.app.app_context():
        city = find_city("Китеж")
        assert len(city.memberships) == 1
        assert city.successor == find_city("Омск")
    assert last_act(world)[0::2] == ("load_cities", "Имя admin")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        "имя,край\nКитеж,Край\n".encode("cp1251"),
        b"name,region\nX,Y\n",
        f"{HEAD}Китеж,Край,Asia/Nowhere,,,\n".encode(),
        f"{HEAD}Китеж,Край,Asia/Omsk,member,yesterday,\n".encode(),
        f"{HEAD}Китеж,Край,Asia/Omsk,,,Атлантида\n".encode(),
        f"{HEAD},Край,Asia/Omsk,,,\n".encode(),
        f"{HEAD}Китеж\n".encode(),
        f"{HEAD}Новый,Край,Asia/Omsk,,,\nКитеж,Край,?,,,\n".encode(),
        b"x" * 200_000,
        b"\x00\x00\n\x00",
        f'{HEAD}"Китеж,Край'.encode(),
    ],
    ids=range(13),
)
def test_a_file_that_cannot_be_read_changes_nothing(world: World, data: bytes) -> None:
    before = count(world)
    assert load(world, data) == 400
    assert count(world) == before


def test_a_file_is_needed(world: World) -> None:
    assert world.browser("admin").post("/admin/cities/", data={}).status_code == 400


def test_a_direction_is_added_renamed_and_no_longer_offered(world: World) -> None:
    admin = world.browser("admin")
    data = {"name": "Звёздное небо", "synonyms": " астрономия \n\nкосмос"}
    assert admin.post("/admin/sectors/", data=data).status_code == 303
    assert last_act(world) == ("add_sector", "sector:zvezdnoe-nebo", "Имя admin")
    data = {"name": "Небо", "synonyms": "космос"}
    assert admin.post("/admin/sectors/zvezdnoe-nebo/", data=data).status_code == 303
    assert last_act(world)[0::2] == ("change_sector", "Имя admin")
    with world.app.app_context():
        sector = db.session.scalars(select(Sector).filter_by(slug="zvezdnoe-nebo")).one()
        assert (sector.name, sector.synonyms, sector.is_active) == ("Небо", ["космос"], False)


@pytest.mark.parametrize("path", ["/admin/sectors/", "/admin/sectors/zhkkh/"])
@pytest.mark.parametrize("name", ["", "Финансы", "я" * 201], ids=["none", "taken", "long"])
def test_a_wrong_direction_comes_back_filled(world: World, path: str, name: str) -> None:
    data = {"name": name, "synonyms": "очень особое слово"}
    answer = world.browser("admin").post(path, data=data)
    assert answer.status_code == 400
    assert "очень особое слово" in answer.text
