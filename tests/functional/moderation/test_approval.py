"""Approval inside a city: an editor writes, a head sends or gives back with words."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from asdg_portal.accounts.models import Role, User
from asdg_portal.cities.models import City
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State, Submission
from tests.factories import YEAR, World, find_city

KINDS = pytest.mark.parametrize("kind", ["report", "practice"])


@pytest.fixture
def world(world: World) -> World:
    """A world in which omsk2 is a head, and Omsk wants her approval."""
    with world.app.app_context(), unit_of_work():
        person = db.session.scalars(select(User).filter_by(email="omsk2@example.org")).one()
        person.is_head = True
        find_city("Омск").needs_approval = True
    return world


def make(world: World, kind: str, state: State = State.DRAFT) -> tuple[int, str]:
    """Something of Omsk, and its address."""
    item = world.report(state) if kind == "report" else world.practice(state)
    return item, f"/{kind}s/{item}"


def letters(world: World, name: str) -> list[str]:
    every = [m for m in world.letters() if f"{name}@example.org" in str(m["To"])]
    return [str(m["Subject"]) + "\n" + m.get_content().replace("\r\n", "\n") for m in every]


@KINDS
def test_from_the_editor_through_the_head_to_the_association(world: World, kind: str) -> None:
    item, base = make(world, kind)
    editor, head = world.browser("omsk"), world.browser("omsk2")
    form = editor.get(f"{base}/edit").text
    assert 'value="ask-approval"' in form
    assert 'value="submit"' not in form
    assert editor.post(f"{base}/edit", data={"then": "ask-approval"}).status_code == 303
    assert world.state(item) is State.APPROVAL
    (letter,) = letters(world, "omsk2")
    assert f"http://localhost{base}/edit" in letter
    assert "на согласовании у города" in editor.get("/my/").text
    assert editor.post(f"{base}/approve").status_code == 403
    assert world.browser("moderator").post(f"{base}/approve").status_code == 403
    assert editor.post(f"{base}/edit", data={"q1": "Ещё одно", "title": "Ещё"}).status_code == 409
    page = head.get(f"{base}/edit").text
    assert f'action="{base}/approve"' in page
    assert "Прочитать и согласовать" in head.get("/my/").text
    assert head.post(f"{base}/approve").status_code == 303
    assert world.state(item) is State.SUBMITTED
    with world.app.app_context():
        submission = db.session.get_one(Submission, item)
        assert submission.submitted_at
        assert submission.current.submitted_by_id == world.id_of("omsk2")
    assert head.post(f"{base}/approve").status_code == 409
    assert "согласовано в городе и отправлено" in editor.get(f"{base}/history").text


@KINDS
def test_the_head_gives_back_with_words_that_stay_in_the_city(world: World, kind: str) -> None:
    item, base = make(world, kind)
    editor, head = world.browser("omsk"), world.browser("omsk2")
    editor.post(f"{base}/ask-approval")
    where = f"/my/approval/{item}/give-back"
    assert editor.get(where).status_code == 404
    for empty in ("", " \n "):
        assert head.post(where, data={"words": empty}).status_code == 400
    long = head.post(where, data={"words": "я" * 10_001})
    assert long.status_code == 400
    assert "я" * 10_001 in long.text
    assert world.state(item) is State.APPROVAL
    assert head.post(where, data={"words": "Добавьте <b>сроки</b>."}).status_code == 303
    assert world.state(item) is State.DRAFT
    (letter,) = letters(world, "omsk")
    assert "Добавьте <b>сроки</b>." in letter
    page = editor.get(f"{base}/edit").text
    assert "Добавьте &lt;b&gt;сроки&lt;/b&gt;." in page
    assert "Имя omsk2" in page
    for path in (f"/desk/{item}/", f"{base}/edit"):
        assert "сроки" not in world.browser("moderator").get(path).text
    again = head.post(where, data={"words": "Второй раз"})
    assert again.status_code == 409
    assert "Второй раз" in again.text


@KINDS
def test_nobody_else_sends_in_a_city_that_wants_approval(world: World, kind: str) -> None:
    item, base = make(world, kind)
    editor = world.browser("omsk")
    assert editor.post(f"{base}/submit").status_code == 409
    long = "Новое слово о том, что удалось сделать за год, и чего это городу стоило. " * 3
    old_page = editor.post(f"{base}/edit", data={"q1": long, "title": "Н", "then": "submit"})
    assert world.state(item) is State.DRAFT, "a page opened before the city asked for approval"
    if old_page.status_code == 303:  # what is worth a look is shown first
        old_page = editor.get(old_page.location)
        assert 'value="submit"' not in old_page.text
    else:
        assert old_page.status_code == 409
        assert "согласует руководитель" in old_page.text
    assert world.browser("omsk2").post(f"{base}/submit").status_code == 303
    assert world.state(item) is State.SUBMITTED


def test_an_unfinished_text_is_not_laid_before_the_head(world: World) -> None:
    item, base = make(world, "report")
    page = world.browser("omsk").post(f"{base}/edit", data={"q5": "", "then": "ask-approval"})
    assert page.status_code == 422
    assert world.state(item) is State.DRAFT
    assert letters(world, "omsk2") == []


def test_the_editor_takes_it_back_while_nobody_has_sent_it(world: World) -> None:
    item, base = make(world, "report", State.APPROVAL)
    assert world.browser("omsk").post(f"{base}/take-back").status_code == 303
    assert world.state(item) is State.DRAFT


def test_a_city_without_approval_knows_nothing_of_it(world: World) -> None:
    item = world.report(city="Томск")
    city = world.browser("tomsk")
    assert "ask-approval" not in city.get(f"/reports/{item}/edit").text
    assert "огласован" not in city.get("/my/").text
    assert city.post(f"/reports/{item}/ask-approval").status_code == 409
    assert city.post(f"/reports/{item}/submit").status_code == 303
    assert city.post("/my/approval/on").status_code == 404


def test_the_desk_counts_it_and_leaves_it_to_the_city(world: World) -> None:
    item, _base = make(world, "report", State.APPROVAL)
    staff = world.browser("moderator")
    page = staff.get("/desk/?state=approval").text
    assert "на согласовании у города" in page
    assert f"/desk/{item}/" in page
    version = {"version": "1", "summary": "x", "act": "publish"}
    assert staff.post(f"/desk/{item}/", data=version).status_code == 409
    assert world.browser().get(f"/reports/{item}/").status_code == 404


def test_the_progress_of_the_year_names_it_on_the_table_and_in_the_workbook(world: World) -> None:
    make(world, "report", State.APPROVAL)
    staff = world.browser("moderator")
    table = staff.get(f"/desk/progress/{YEAR}/?standing=approval").text
    assert "s-approval" in table.partition("<tbody>")[2]
    assert staff.get(f"/desk/progress/{YEAR}/file").status_code == 200


def needs_approval(world: World) -> bool:
    with world.app.app_context():
        return db.session.scalars(select(City.needs_approval).filter_by(slug="omsk")).one()


def test_heads_and_administrators_turn_it_on_and_off(world: World) -> None:
    head, admin = world.browser("omsk2"), world.browser("admin")
    assert head.post("/my/approval/off").status_code == 303
    assert not needs_approval(world)
    assert world.browser("omsk").post("/my/approval/on").status_code == 404
    assert admin.post("/admin/cities/omsk/approval/on").status_code == 303
    assert needs_approval(world)
    assert admin.post("/admin/cities/tomsk/approval/on").status_code == 400
    assert admin.post("/admin/cities/nowhere/approval/on").status_code == 404
    with world.app.app_context():
        acts = db.session.scalars(select(AuditEntry.subject).filter_by(action="set_approval"))
        assert acts.all() == ["city:omsk", "city:omsk"]


@pytest.mark.parametrize("way", ["block", "other role", "no head", "create-admin"])
def test_with_the_last_head_gone_nothing_waits_for_nobody(world: World, way: str) -> None:
    item, base = make(world, "report", State.APPROVAL)
    admin, where = world.browser("admin"), f"/admin/people/{world.id_of('omsk2')}"
    with world.app.app_context():
        city = str(find_city("Омск").id)
    if way == "block":
        admin.post(f"{where}/block")
    elif way == "create-admin":
        world.app.test_cli_runner().invoke(args=["users", "create-admin", "omsk2@example.org"])
    else:
        role = "specialist" if way == "other role" else "representative"
        admin.post(f"{where}/part", data={"role": role, "city": city})
    assert not needs_approval(world)
    editor = world.browser("omsk")
    assert editor.post(f"{base}/take-back").status_code == 303
    assert editor.post(f"{base}/submit").status_code == 303
    assert world.state(item) is State.SUBMITTED


def test_an_administrator_names_a_head_and_only_among_representatives(world: World) -> None:
    admin = world.browser("admin")
    with world.app.app_context():
        city = str(find_city("Омск").id)
    for name, role in (("omsk", "representative"), ("specialist", "specialist")):
        data = {"role": role, "city": city, "is_head": "y"}
        assert admin.post(f"/admin/people/{world.id_of(name)}/part", data=data).status_code == 303
    with world.app.app_context():
        heads = db.session.scalars(select(User.email).where(User.is_head).order_by(User.email))
        assert heads.all() == ["omsk2@example.org", "omsk@example.org"]
        with pytest.raises(Exception, match="heads_represent"):
            db.session.execute(update(User).values(is_head=True).where(User.role == Role.MODERATOR))
        db.session.rollback()
