"""Questions handed to colleagues: who may write what, until when, and who hears of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import Role, User
from asdg_portal.core.clock import today
from asdg_portal.core.db import db
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.surveys.assignments.models import Assignment
from asdg_portal.surveys.models import Report
from tests.factories import PASSWORD, World, find_city


@pytest.fixture
def world(world: World) -> World:
    """A world with a specialist in Omsk who can be asked."""
    return with_helper(world)


def with_helper(world: World) -> World:
    """Let a specialist live in Omsk."""
    with world.app.app_context(), unit_of_work():
        helper = User(email="helper@example.org", name="Имя helper", role=Role.SPECIALIST)
        helper.city, helper.password_hash = find_city("Омск"), "x"
        db.session.add(helper)
    return world


def hand(
    client: FlaskClient, world: World, report: int, part: str = "q3", **changes: str
) -> TestResponse:
    """Ask helper for an answer within three days, or as ``changes`` say."""
    with world.app.app_context():
        due = str(today("Asia/Omsk") + timedelta(days=3))
    data = {"person": str(world.id_of("helper")), "due_on": due, "note": "Возьмите у экономистов"}
    return client.post(f"/reports/{report}/hands/{part}/ask", data=data | changes)


def text(world: World, report: int, part: str) -> str:
    with world.app.app_context():
        parts = db.session.get_one(Report, report).current.parts()
        return next(p.text for p in parts if p.name == part)


def to(world: World, name: str) -> list[EmailMessage]:
    return [m for m in world.letters() if f"{name}@example.org" in str(m["To"])]


def words(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def save(client: FlaskClient, report: int, **fields: str) -> TestResponse:
    return client.post(f"/reports/{report}/edit", data=fields)


def test_a_colleague_writes_what_was_handed_over_and_nothing_else(world: World) -> None:
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    assert helper.get(f"/reports/{report}/edit").status_code == 404
    assert hand(owner, world, report).status_code == 303
    (letter,) = to(world, "helper")
    assert "Имя omsk" in words(letter)
    assert "Возьмите у экономистов" in words(letter)
    assert "Какие задачи стоят в 2027 году?" in words(letter)
    assert f"http://localhost/reports/{report}/hands/q3" in words(letter)
    way = helper.get(f"/reports/{report}/hands/q3")
    assert way.location.endswith(f"/reports/{report}/edit#q3")
    page = helper.get(f"/reports/{report}/edit").text
    assert re.findall(r'<textarea[^>]*name="(\w+)"', page) == ["q3"]
    assert 'name="author_name"' not in page
    assert "Принята новая инструкция" in page, "the whole draft can be read"
    assert 'value="submit"' not in page
    assert save(helper, report, q3="Новые задачи").status_code == 303
    assert text(world, report, "q3") == "Новые задачи"
    for forged in ("q1", "preface", "author_name", "contact_phone", "outgoing_date"):
        page_back = save(helper, report, q3="Ещё задачи", **{forged: "01.02.2026"})
        assert page_back.status_code == 403
        assert "Ещё задачи" in page_back.text
    assert text(world, report, "q3") == "Новые задачи"
    for act in ("submit", "delete", "take-back", "discard"):
        assert helper.post(f"/reports/{report}/{act}").status_code == 403
    assert hand(helper, world, report, "q1").status_code == 404
    assert helper.post(f"/reports/{report}/hands/q3/recall").status_code == 403


def test_the_owner_sees_who_owes_what_and_hears_when_it_is_ready(world: World) -> None:
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    hand(owner, world, report)
    for path in ("/my/", f"/reports/{report}/edit", f"/reports/{report}/hands/"):
        assert "Имя helper" in owner.get(path).text
        assert "state-draft" in owner.get(path).text
    assert "Какие задачи стоят" in helper.get("/my/").text
    empty = save(helper, report, q3="", then="done-q3")
    assert empty.status_code == 400
    assert "Ответ пуст" in empty.text or "пуст" in empty.text
    assert to(world, "omsk") == []
    for _twice in "ab":
        assert save(helper, report, q3="Готовый ответ", then="done-q3").status_code == 303
    (letter,) = to(world, "omsk")
    assert "Имя helper" in words(letter)
    assert "готово: 1" in owner.get(f"/reports/{report}/edit").text
    assert save(helper, report, q3="Исправлена опечатка").status_code == 303
    assert text(world, report, "q3") == "Исправлена опечатка"
    assert save(owner, report, q1="x", then="done-q3").status_code == 403


def test_overdue_is_told_by_the_clock_of_the_city(world: World) -> None:
    report = world.report()
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False):
        hand(world.browser("omsk"), world, report, due_on="2026-03-02")
    with world.app.app_context():
        asked = db.session.scalars(select(Assignment)).one()
        # Omsk is six hours ahead: its second of March ends at 18:00 UTC.
        for hour, overdue in ((17, False), (18, True)):
            with time_machine.travel(datetime(2026, 3, 2, hour, tzinfo=UTC), tick=False):
                assert asked.is_overdue is overdue
        assert asked.due_on == date(2026, 3, 2)


def test_a_question_is_recalled_or_handed_on_and_the_text_in_hand_is_given_back(
    world: World,
) -> None:
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    hand(owner, world, report)
    hand(owner, world, report, "q1")
    save(helper, report, q3="Сделано наполовину")
    to_another = {"person": str(world.id_of("omsk2"))}
    assert hand(owner, world, report, **to_another).status_code == 303
    late = save(helper, report, q3="Долго писал")
    assert late.status_code == 403
    assert "Долго писал" in late.text
    assert save(helper, report, q1="Это ещё можно").status_code == 303
    assert owner.post(f"/reports/{report}/hands/q1/recall").status_code == 303
    assert owner.post(f"/reports/{report}/hands/q1/recall").status_code == 303
    gone = save(helper, report, q1="И это писал")
    assert gone.status_code == 404
    assert "И это писал" in gone.text
    assert helper.get(f"/reports/{report}/").status_code == 404
    assert helper.get(f"/reports/{report}/hands/q1").location == "/my/"
    assert text(world, report, "q3") == "Сделано наполовину"
    subjects = [str(m["Subject"]) for m in to(world, "helper")]
    assert sum("больше не нужно" in s for s in subjects) == 2
    assert len(to(world, "omsk2")) == 1


def test_rights_end_when_the_report_is_sent_and_do_not_come_back_with_it(world: World) -> None:
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    hand(owner, world, report)
    owner.post(f"/reports/{report}/submit")
    assert world.state(report) is State.SUBMITTED
    assert save(helper, report, q3="Опоздал").status_code == 404
    owner.post(f"/reports/{report}/take-back")
    assert helper.get(f"/reports/{report}/edit").status_code == 404
    assert "Какие задачи" not in helper.get("/my/").text


@pytest.mark.parametrize("change", ["block", "city"])
def test_rights_end_with_the_account_or_the_city(world: World, change: str) -> None:
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    hand(owner, world, report)
    where = f"/admin/people/{world.id_of('helper')}"
    with world.app.app_context():
        tomsk = str(find_city("Томск").id)
    if change == "block":
        world.browser("admin").post(f"{where}/block")
    else:
        data = {"role": "specialist", "city": tomsk}
        assert world.browser("admin").post(f"{where}/part", data=data).status_code == 303
    answer = save(helper, report, q3="Уже не здесь")
    if change == "block":
        assert answer.status_code == 401
        assert "Уже не здесь" in answer.text
    again = world.sign_in(world.id_of("helper"))
    assert again.get(f"/reports/{report}/edit").status_code in {302, 404}
    assert text(world, report, "q3") != "Уже не здесь"


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": "0"},
        {"email": "new@example.org"},
        {"due_on": ""},
        {"due_on": "вчера"},
        {"due_on": "2020-01-01"},
        {"person": "999999"},
        {"person": "0", "email": "not an address"},
        {"person": "0", "email": "tomsk@example.org"},
        {"person": "0", "email": "moderator@example.org"},
        {"person": "0", "email": "omsk@example.org"},
        {"note": "я" * 2001},
    ],
    ids=str,
)
def test_a_wrong_request_comes_back_filled(world: World, wrong: dict[str, str]) -> None:
    report, owner = world.report(), world.browser("omsk")
    page = hand(owner, world, report, **{"note": "Длинный комментарий"} | wrong)
    assert page.status_code == 400
    assert wrong.get("note", "Длинный комментарий") in page.text
    assert world.letters() == []
    with world.app.app_context():
        assert db.session.query(Assignment).count() == 0
        assert db.session.query(User).filter_by(email="new@example.org").count() == 0


def test_whoever_has_an_account_elsewhere_is_refused_in_the_same_words(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    pages = {
        re.sub(r"[\w.]+@example.org|value=\"[^\"]*\"", "", page.text.partition("<main")[2])
        for name in ("tomsk", "moderator")
        for page in [hand(owner, world, report, person="0", email=f"{name}@example.org")]
    }
    assert len(pages) == 1


def test_nobody_hands_over_what_is_not_being_written(world: World) -> None:
    owner = world.browser("omsk")
    for state, sector in ((State.SUBMITTED, "Культура"), (State.PUBLISHED, "Образование")):
        report = world.report(state, sector=sector)
        assert hand(owner, world, report).status_code == 404
    assert hand(owner, world, world.report(), "q99").status_code == 404
    with world.app.app_context():
        assert db.session.query(Assignment).count() == 0


def test_the_same_request_twice_is_one(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    for _twice in "ab":
        hand(owner, world, report)
    assert len(to(world, "helper")) == 1
    later = str(today("Asia/Omsk") + timedelta(days=9))
    hand(owner, world, report, due_on=later)
    assert len(to(world, "helper")) == 2
    with world.app.app_context():
        assert str(db.session.scalars(select(Assignment)).one().due_on) == later


def test_somebody_without_an_account_is_invited_and_lands_in_the_field(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    data = {"person": "0", "email": "New@Example.org", "name": "Новикова"}
    assert hand(owner, world, report, **data).status_code == 303
    (letter,) = to(world, "new")
    found = re.search(r"http://localhost(/invitation/\S+)", words(letter))
    assert found
    assert "Имя omsk" in words(letter)
    guest = world.browser()
    assert guest.get(found[1]).status_code == 200
    refused = guest.post(found[1], data={"name": "Новикова", "password": PASSWORD})
    assert refused.status_code == 400, "consent is asked for as ever"
    data = {"name": "Новикова Н. Н.", "password": PASSWORD, "consent": "y"}
    answer = guest.post(found[1], data=data)
    assert answer.location == f"/reports/{report}/hands/q3"
    assert save(guest, report, q3="Пишет приглашённая").status_code == 303
    with world.app.app_context():
        new = db.session.query(User).filter_by(email="new@example.org").one()
        assert (new.role, new.city and new.city.name) == (Role.SPECIALIST, "Омск")
        assert new.consent_at
    assert guest.get("/admin/people/").status_code == 404


def test_who_has_not_accepted_yet_gets_a_link_that_works_with_every_question(
    world: World,
) -> None:
    report, owner = world.report(), world.browser("omsk")
    for part in ("q3", "q1"):
        hand(owner, world, report, part, person="0", email="new@example.org")
    letters = to(world, "new")
    assert len(letters) == 2
    links = [re.search(r"localhost(/invitation/\S+)", words(m)) for m in letters]
    assert sorted(world.browser().get(k[1]).status_code for k in links if k) == [200, 404]


def test_pages_take_few_statements_however_much_is_handed_over(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    hand(owner, world, report)
    few = {who: world.statements("/my/", who) for who in ("omsk", "helper")}
    for sector in ("Культура", "Образование", "Экономика"):
        other = world.report(sector=sector)
        for part in ("q1", "q2", "q3", "q4"):
            hand(owner, world, other, part)
    many = {who: world.statements("/my/", who) for who in ("omsk", "helper")}
    assert many == few
    assert max(many.values()) <= 20


def test_a_draft_with_questions_handed_over_can_be_deleted(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    hand(owner, world, report)
    assert owner.post(f"/reports/{report}/delete").status_code == 303
    with world.app.app_context():
        assert db.session.query(Assignment).count() == 0


def test_the_history_tells_of_it_by_name(world: World) -> None:
    report, owner = world.report(), world.browser("omsk")
    hand(owner, world, report)
    owner.post(f"/reports/{report}/hands/q3/recall")
    page = owner.get(f"/reports/{report}/history").text
    assert "вопрос поручен коллеге" in page
    assert "поручение отозвано" in page


def test_on_postgres_a_question_changes_hands_and_is_done(world_on_postgres: World) -> None:
    world = with_helper(world_on_postgres)
    report, owner, helper = world.report(), world.browser("omsk"), world.browser("helper")
    hand(owner, world, report, person=str(world.id_of("omsk2")))
    assert hand(owner, world, report).status_code == 303
    assert save(helper, report, q3="Готово", then="done-q3").status_code == 303
    assert "state-published" in owner.get("/my/").text
    assert owner.post(f"/reports/{report}/hands/q3/recall").status_code == 303
    assert save(helper, report, q3="Поздно").status_code == 404
    assert text(world, report, "q3") == "Готово"
