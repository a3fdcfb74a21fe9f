"""Keeping people: inviting, replacing, closing accounts, giving another part."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from asdg_portal.accounts import services
from asdg_portal.accounts.models import Role, User
from asdg_portal.accounts.replacement import replace
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.errors import NotAllowed
from tests.factories import PASSWORD, World, find_city


def person(world: World, email: str) -> User | None:
    with world.app.app_context():
        user = services.find_user(email)
        if user:
            assert user.city is None or user.city.name
        return user


def acts(world: World) -> list[str]:
    with world.app.app_context():
        query = select(AuditEntry.action).where(AuditEntry.subject.startswith("user:"))
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


def city_id(world: World, name: str) -> int:
    with world.app.app_context():
        return find_city(name).id


def invitation(world: World, **changes: str) -> dict[str, str]:
    data = {
        "email": "New@Example.org",
        "name": "Новиков",
        "post": "",
        "role": "representative",
        "city": str(city_id(world, "Томск")),
    }
    return data | changes


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/profile").status_code == 200


def test_an_invited_person_stands_in_the_list_and_gets_a_letter(world: World) -> None:
    admin = world.browser("admin")
    assert admin.post("/admin/people/", data=invitation(world)).status_code == 303
    user = person(world, "new@example.org")
    assert user
    assert user.role is Role.REPRESENTATIVE
    assert "new@example.org" in admin.get("/admin/people/").text
    assert str(world.letters()[0]["To"]).endswith("<new@example.org>")
    assert "invite" in acts(world)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "omsk@example.org"},
        {"email": "nobody"},
        {"email": "a@b"},
        {"email": "a b@example.org"},
        {"email": "a@example.org\r\nBcc: b@example.org"},
        {"email": "x" * 250 + "@example.org"},
        {"city": "0"},
        {"city": "999999"},
        {"city": "9" * 30},
        {"role": "king"},
        {"role": ""},
    ],
    ids=str,
)
def test_a_wrong_invitation_comes_back_filled(world: World, wrong: dict[str, str]) -> None:
    answer = world.browser("admin").post("/admin/people/", data=invitation(world, **wrong))
    assert answer.status_code == 400
    assert "Новиков" in answer.text
    assert world.letters() == []
    assert acts(world) == []


def test_the_list_is_searched_in_any_letter_case(world: World) -> None:
    admin = world.browser("admin")
    for text in ("имя TOMSK", "томск"):
        page = admin.get("/admin/people/", query_string={"q": text}).text
        assert "tomsk@example.org" in page
        assert "omsk2@example.org" not in page
    assert "omsk@example.org" not in admin.get("/admin/people/?role=moderator").text
    assert admin.get("/admin/people/?role=nonsense&q=%25").status_code == 200


def test_replacing_is_one_act_and_keeps_the_history(world: World) -> None:
    admin, leaver = world.browser("admin"), world.browser("omsk")
    where = f"/admin/people/{world.id_of('omsk')}/"
    data = {"email": "next@example.org", "name": "Следующая"}
    assert admin.post(where, data=data).status_code == 303
    old, new = person(world, "omsk@example.org"), person(world, "next@example.org")
    assert old
    assert new
    assert (new.role, new.city_id) == (old.role, old.city_id)
    assert old.replaced_by_id == new.id
    assert old.name == "Имя omsk"
    assert not old.is_active
    assert not is_in(leaver)
    assert str(world.letters()[0]["To"]).endswith("<next@example.org>")
    assert {"invite", "block", "replace"} <= set(acts(world))
    assert admin.post(where, data=data | {"email": "third@example.org"}).status_code == 400


def test_a_replacement_that_is_refused_changes_nothing(world: World) -> None:
    admin, leaver = world.browser("admin"), world.browser("omsk")
    where = f"/admin/people/{world.id_of('omsk')}/"
    answer = admin.post(where, data={"email": "tomsk@example.org", "name": "Следующая"})
    assert answer.status_code == 400
    assert "Следующая" in answer.text
    assert is_in(leaver)
    assert world.letters() == []


def test_nobody_replaces_oneself_by_accident(world: World) -> None:
    admin = world.browser("admin")
    where = f"/admin/people/{world.id_of('admin')}/"
    assert admin.post(where, data={"email": "other@example.org"}).status_code == 400
    assert is_in(admin)
    assert person(world, "other@example.org") is None


def test_a_closed_account_is_out_until_it_is_opened(world: World) -> None:
    admin, somebody = world.browser("admin"), world.browser("omsk")
    where = f"/admin/people/{world.id_of('omsk')}"
    assert admin.post(f"{where}/block").status_code == 303
    assert not is_in(somebody)
    assert admin.post(f"{where}/unblock").status_code == 303
    assert not is_in(somebody), "the old sign-in stays ended"
    data = {"email": "omsk@example.org", "password": PASSWORD}
    assert somebody.post("/sign-in", data=data).status_code == 303
    assert {"block", "unblock"} <= set(acts(world))


def test_an_administrator_cannot_close_the_own_account(world: World) -> None:
    admin = world.browser("admin")
    assert admin.post(f"/admin/people/{world.id_of('admin')}/block").status_code == 400
    assert is_in(admin)


def test_an_invitation_is_sent_again_only_to_who_waits_for_it(world: World) -> None:
    admin = world.browser("admin")
    assert admin.post(f"/admin/people/{world.id_of('omsk')}/invite").status_code == 400
    admin.post("/admin/people/", data=invitation(world))
    user = person(world, "new@example.org")
    assert user
    assert admin.post(f"/admin/people/{user.id}/invite").status_code == 303
    assert len(world.letters()) == 2


def test_another_part_ends_the_sign_ins_and_stands_in_the_log(world: World) -> None:
    admin, somebody = world.browser("admin"), world.browser("omsk")
    where = f"/admin/people/{world.id_of('omsk')}/part"
    data = {"role": "representative", "city": str(city_id(world, "Томск"))}
    assert admin.post(where, data=data).status_code == 303
    user = person(world, "omsk@example.org")
    assert user
    assert user.city_id == city_id(world, "Томск")
    assert not is_in(somebody)
    with world.app.app_context():
        entry = db.session.scalars(select(AuditEntry).filter_by(action="change_part")).one()
        assert (entry.before["city"], entry.after["city"]) == ("Омск", "Томск")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("omsk", {"role": "representative", "city": "0"}),
        ("omsk", {"role": "king", "city": "0"}),
        ("admin", {"role": "specialist", "city": "0"}),
    ],
)
def test_a_wrong_part_is_refused(world: World, name: str, data: dict[str, str]) -> None:
    admin, somebody = world.browser("admin"), world.browser(name)
    assert admin.post(f"/admin/people/{world.id_of(name)}/part", data=data).status_code == 400
    assert is_in(somebody)
    assert acts(world) == []


def test_the_services_hold_the_rule_too(world: World) -> None:
    with world.app.app_context():
        moderator = services.find_user("moderator@example.org")
        omsk = services.find_user("omsk@example.org")
        assert moderator
        assert omsk
        with pytest.raises(NotAllowed):
            services.invite("x@example.org", Role.MODERATOR, actor=moderator)
        with pytest.raises(NotAllowed):
            services.block(omsk, actor=moderator)
        with pytest.raises(NotAllowed):
            services.unblock(omsk, actor=moderator)
        with pytest.raises(NotAllowed):
            replace(omsk, "x@example.org", "", actor=moderator)
        with pytest.raises(NotAllowed):
            services.change_part(omsk, Role.ADMINISTRATOR, None, actor=moderator)
        with pytest.raises(NotAllowed):
            services.invite_again(omsk, actor=moderator)
    assert acts(world) == []


def test_the_profile_changes_only_what_is_ones_own(world: World) -> None:
    browser = world.browser("omsk")
    data = {"name": "Иванова", "post": "Юрист", "phone": "+7", "language": "en"}
    sly = {"role": "administrator", "city_id": "1", "email": "x@example.org", "id": "1"}
    assert browser.post("/profile", data=data | sly).status_code == 303
    user = person(world, "omsk@example.org")
    assert user
    assert (user.name, user.post, user.language) == ("Иванова", "Юрист", "en")
    assert user.role is Role.REPRESENTATIVE
    refused = browser.post("/profile", data=data | {"name": "", "post": "Историк"})
    assert refused.status_code == 400
    assert "Историк" in refused.text


def test_another_password_needs_the_present_one(world: World) -> None:
    here, there = world.browser(), world.browser("omsk")
    here.post("/sign-in", data={"email": "omsk@example.org", "password": PASSWORD})
    new = "совсем новый пароль 8"
    for old, wanted in (("wrong", new), (PASSWORD, "123"), (PASSWORD, "password123"), ("", new)):
        data = {"old_password": old, "new_password": wanted}
        assert here.post("/profile/password", data=data).status_code in {200, 400}
        assert is_in(there)
    data = {"old_password": PASSWORD, "new_password": new}
    assert here.post("/profile/password", data=data).headers["Location"] == "/profile"
    assert is_in(here)
    assert not is_in(there)
    assert "change_password" in acts(world)


def test_the_own_sign_ins_are_listed(world: World) -> None:
    browser = world.browser()
    browser.post(
        "/sign-in",
        data={"email": "omsk@example.org", "password": PASSWORD},
        headers={"User-Agent": "Кабинетный Браузер 7".encode().decode("latin-1")},
    )
    assert "127.0.0.1" in browser.get("/profile").text


def test_the_log_is_paged_and_filtered(world: World) -> None:
    admin = world.browser("admin")
    number = world.id_of("omsk")
    for _time in range(12):
        admin.post(f"/admin/people/{number}/block")
        admin.post(f"/admin/people/{number}/unblock")
    first = admin.get(f"/admin/log/?subject=user:{number}")
    assert first.text.count(f">user:{number}<") == 20
    second = admin.get(f"/admin/log/?subject=user:{number}&page=2")
    assert second.text.count(f">user:{number}<") == 4
    assert ">user:" not in admin.get("/admin/log/?subject=nothing%25").text
    assert admin.get("/admin/log/?page=999999999999").status_code == 200


def count_statements(world: World, browser: FlaskClient, path: str) -> int:
    with world.heard() as said:
        assert browser.get(path).status_code == 200
    return len(said)


@pytest.mark.parametrize(
    "path", ["/admin/people/", "/admin/log/", "/profile", "/admin/cities/", "/cities/"]
)
def test_a_page_needs_few_statements_however_many_rows(world: World, path: str) -> None:
    browser = world.browser("admin")
    few = count_statements(world, browser, path)
    with world.app.app_context():
        for number in range(60):
            services.invite(
                f"p{number}@example.org",
                Role.REPRESENTATIVE,
                city=db.session.get(User, world.id_of("omsk")).city,  # type: ignore[union-attr]
                actor=None,
            )
    assert count_statements(world, browser, path) <= few <= 12


def test_an_invitation_says_for_which_city_one_will_speak(world: World) -> None:
    world.browser("admin").post("/admin/people/", data=invitation(world))
    text = world.letters()[0].get_content()
    assert "Здравствуйте, Новиков!" in text
    assert "Вы представляете муниципалитет:" in text


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_people_are_taken_along_and_the_log_knows(world: World, ending: str) -> None:
    client = world.browser("admin")
    answer = client.get(f"/admin/people/file.{ending}?role=representative")
    assert answer.status_code == 200
    if ending == "csv":
        text = answer.data.decode("utf-8-sig")
        rows = [line.split(";") for line in text.splitlines()]
    else:
        page = load_workbook(BytesIO(answer.data)).worksheets[0]
        rows = [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]
    emails = {row[1] for row in rows[1:]}
    with world.app.app_context():
        people = db.session.query(User).filter_by(role=Role.REPRESENTATIVE).all()
        assert emails == {person.email for person in people}
        entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert (entry.action, entry.after) == ("take_people", {"people": len(people)})
        assert not any((person.password_hash or "$") in str(rows) for person in people)
