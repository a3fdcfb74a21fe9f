"""The desk as the staff use it: what waits, remarks, verdicts, and two moderators at once."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State, Submission
from tests.factories import World


def press(client: FlaskClient, world: World, item_id: int, act: str, **typed: str) -> TestResponse:
    """Press a button of the review page as it stands now."""
    with world.app.app_context():
        version = db.session.scalars(select(Submission.version).filter_by(id=item_id)).one()
    data = {"version": str(version), "act": act} | typed
    return client.post(f"/desk/{item_id}/", data=data)


def test_the_desk_does_not_exist_for_others(world: World) -> None:
    item = world.report(State.SUBMITTED)
    for name in ("omsk", "specialist"):
        assert world.browser(name).get("/desk/").status_code == 404
        assert world.browser(name).get(f"/desk/{item}/").status_code == 404
        assert press(world.browser(name), world, item, "publish").status_code == 404
    assert world.state(item) is State.SUBMITTED


def test_what_waits_is_listed_and_can_be_narrowed(world: World) -> None:
    world.report(State.SUBMITTED)
    world.practice(State.SUBMITTED, city="Томск", title="Тёплые остановки")
    page = world.browser("moderator").get("/desk/").text
    assert "Омск — Организационная работа, 2026" in page
    assert "Тёплые остановки" in page
    narrowed = world.browser("moderator").get("/desk/?kind=practice").text
    assert "Омск — Организационная работа, 2026" not in narrowed
    assert "Тёплые остановки" in narrowed


def test_the_desk_needs_no_more_statements_for_more_rows(world: World) -> None:
    figures = []
    for more in (3, 57):
        for number in range(more):
            world.practice(State.SUBMITTED, title=f"Практика {number}")
        moderator = world.browser("moderator")
        with world.heard() as said:
            assert moderator.get("/desk/").status_code == 200
        figures.append(len(said))
    assert figures[0] == figures[1] <= 12


def test_returning_without_a_remark_is_refused(world: World) -> None:
    item = world.report(State.SUBMITTED)
    answer = press(world.browser("moderator"), world, item, "send_back", summary="  ")
    assert answer.status_code == 400
    assert world.state(item) is State.SUBMITTED


def test_a_remark_reaches_the_city_on_its_question_and_by_letter(world: World) -> None:
    item = world.report(State.SUBMITTED)
    answer = press(
        world.browser("moderator"), world, item, "send_back", remark_q3="Назовите сроки."
    )
    assert answer.status_code == 303
    assert world.state(item) is State.RETURNED
    letters = world.letters()
    assert {letter["to"].addresses[0].addr_spec for letter in letters} == {
        "omsk@example.org",
        "omsk2@example.org",
    }
    text = letters[0].get_content()
    with world.app.app_context():
        report = db.session.get_one(Submission, item)
        heading = report.revisions[0].parts()[3].heading
    assert heading in text
    assert "Назовите сроки." in text


def test_acting_on_a_changed_text_gives_what_was_typed_back(world: World) -> None:
    item = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, item, "begin_review")
    late = world.browser("moderator2").post(
        f"/desk/{item}/", data={"version": "1", "act": "send_back", "remark_q1": "Мало чисел."}
    )
    assert late.status_code == 409
    assert "Мало чисел." in late.text
    assert world.state(item) is State.SUBMITTED


def test_the_second_moderator_sees_the_first_and_may_still_act(world: World) -> None:
    item = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, item, "begin_review")
    second = world.browser("moderator2")
    assert "Имя moderator" in second.get(f"/desk/{item}/").text
    assert press(second, world, item, "begin_review").status_code == 409
    assert press(second, world, item, "publish").status_code == 303
    assert world.state(item) is State.PUBLISHED


def test_publishing_twice_tells_that_it_is_done_and_where(world: World) -> None:
    item = world.report(State.SUBMITTED)
    moderator = world.browser("moderator")
    assert press(moderator, world, item, "publish", remark_q1="Отлично").status_code == 303
    again = press(moderator, world, item, "publish", summary="ещё слово")
    assert again.status_code == 409
    assert f'href="/reports/{item}/"' in again.text
    assert "ещё слово" in again.text


def test_withdrawing_needs_a_reason_and_keeps_it(world: World) -> None:
    item = world.practice(State.PUBLISHED)
    moderator = world.browser("moderator")
    assert press(moderator, world, item, "withdraw").status_code == 400
    assert press(moderator, world, item, "withdraw", reason="Ошибка в числах").status_code == 303
    assert world.state(item) is State.WITHDRAWN
    with world.app.app_context():
        entry = db.session.scalars(select(AuditEntry).filter_by(action="withdraw")).one()
        assert entry.after["reason"] == "Ошибка в числах"
        assert entry.actor_name == "Имя moderator"


def test_a_token_that_is_too_old_gives_the_remarks_back(world: World) -> None:
    item = world.report(State.SUBMITTED)
    moderator = world.browser("moderator")
    moderator.with_token = False  # type: ignore[attr-defined]
    answer = press(moderator, world, item, "send_back", remark_q2="Кого именно?")
    assert answer.status_code == 400
    assert "Кого именно?" in answer.text
    assert world.state(item) is State.SUBMITTED


def test_my_page_says_whose_turn_it_is(world: World) -> None:
    returned = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, returned, "send_back", remark_q3="Назовите сроки.")
    world.practice(State.SUBMITTED)
    world.practice(State.PUBLISHED, city="Томск", title="Чужая")
    omsk = world.browser("omsk")
    with world.heard() as said:
        page = omsk.get("/my/")
    assert page.status_code == 200
    assert len(said) <= 16
    assert "/take-back" in page.text
    assert "/edit" in page.text
    assert "Чужая" not in page.text
    assert world.browser("specialist").get("/my/").status_code == 200
