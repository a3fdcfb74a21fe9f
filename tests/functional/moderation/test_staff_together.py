"""Several of the staff at one desk: who reads what, who goes on, many texts with one press."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State, Submission
from asdg_portal.moderation.remarks.models import Note
from tests.factories import World
from tests.functional.moderation.test_desk import press

SECTORS = ("Культура", "Образование", "Экономика", "Социальная политика")


def entries(world: World, action: str) -> list[AuditEntry]:
    """What the log says of an act."""
    with world.app.app_context():
        found = db.session.scalars(select(AuditEntry).filter_by(action=action)).all()
        db.session.expunge_all()
        return list(found)


def own_drafts(world: World, name: str) -> list[str]:
    """The unsent remarks of somebody."""
    with world.app.app_context():
        query = select(Note.text).filter_by(author_id=world.id_of(name)).order_by(Note.id)
        return list(db.session.scalars(query))


def begun(world: World) -> int:
    """A report that the first moderator reads, with a remark not yet sent."""
    item = world.report(State.SUBMITTED)
    press(world.browser("moderator"), world, item, "save_remarks", remark_q1="Какая именно?")
    return item


def test_the_second_sees_who_reads_and_since_when(world: World) -> None:
    item, second = begun(world), world.browser("moderator2")
    desk, page = second.get("/desk/").text, second.get(f"/desk/{item}/").text
    assert "проверяет Имя moderator с " in desk
    assert "неотправленные замечания: Имя moderator" in desk
    assert "читает Имя moderator. Вы тоже можете вынести решение." in page
    assert "Черновик: Имя moderator" in page
    assert "Какая именно?" in page
    assert "Вы читаете этот текст с " in world.browser("moderator").get(f"/desk/{item}/").text


def test_taking_over_is_noted_and_brings_the_drafts_along(world: World) -> None:
    item, second = begun(world), world.browser("moderator2")
    press(second, world, item, "save_remarks", remark_q2="Кого?")
    assert press(second, world, item, "take_over").status_code == 303
    (entry,) = entries(world, "take_over")
    assert (entry.actor_name, entry.after["from"]) == ("Имя moderator2", "Имя moderator")
    assert own_drafts(world, "moderator") == []
    assert sorted(own_drafts(world, "moderator2")) == ["Какая именно?", "Кого?"]
    assert "проверяет Имя moderator2" in second.get("/desk/").text
    assert "(Имя moderator → Имя moderator2)" in second.get(f"/reports/{item}/history").text


def test_what_is_put_off_is_free_and_its_drafts_stay(world: World) -> None:
    item, city = begun(world), world.browser("omsk")
    assert city.post(f"/reports/{item}/take-back").status_code == 409
    assert press(world.browser("moderator2"), world, item, "put_off").status_code == 403
    assert press(world.browser("moderator"), world, item, "put_off").status_code == 303
    assert own_drafts(world, "moderator") == ["Какая именно?"]
    assert "ждёт проверки" in world.browser("moderator2").get("/desk/").text
    # Even over the city's taking it back and handing it in again.
    assert city.post(f"/reports/{item}/take-back").status_code == 303
    city.post(f"/reports/{item}/submit")
    assert "Какая именно?" in world.browser("moderator").get(f"/desk/{item}/").text


def test_a_colleagues_verdict_leaves_the_drafts_of_the_other(world: World) -> None:
    item = begun(world)
    press(world.browser("moderator2"), world, item, "publish", remark_q2="Прекрасно.")
    assert own_drafts(world, "moderator") == ["Какая именно?"]
    texts = " ".join(letter.get_content() for letter in world.letters())
    assert "Прекрасно." in texts
    assert "Какая именно?" not in texts
    assert "Какая именно?" in world.browser("moderator").get(f"/desk/{item}/").text


def chosen(world: World, *items: int) -> dict[str, Any]:
    """What the boxes beside these texts send, as the desk shows them now."""
    with world.app.app_context():
        query = select(Submission.id, Submission.version).where(Submission.id.in_(items))
        rows = db.session.execute(query).all()
    return {"chosen": [f"{item}:{version}" for item, version in rows]}


def publish(world: World, data: dict[str, Any], name: str = "moderator2") -> TestResponse:
    """Press the button under the list of the desk."""
    return world.browser(name).post("/desk/publish", data=data)


def test_several_are_published_each_as_an_act_of_its_own(world: World) -> None:
    items = [world.report(State.SUBMITTED, sector=sector) for sector in SECTORS[:3]]
    items.append(world.practice(State.SUBMITTED, city="Томск"))
    assert publish(world, chosen(world, *items)).status_code == 303
    assert {world.state(item) for item in items} == {State.PUBLISHED}
    subjects = [entry.subject for entry in entries(world, "publish")]
    assert sorted(subjects) == sorted([*(f"report:{i}" for i in items[:3]), f"practice:{items[3]}"])
    assert len(world.letters()) == 2 * 3 + 1


def test_what_cannot_be_published_is_named_with_its_reason(world: World) -> None:
    read = begun(world)
    free, changed, noted, gone = (world.report(State.SUBMITTED, sector=s) for s in SECTORS)
    press(world.browser("moderator2"), world, noted, "save_remarks", remark_q1="Дополнить?")
    data = chosen(world, read, free, changed, noted, gone)
    with world.app.app_context():
        db.session.execute(update(Submission).filter_by(id=changed).values(version=7))
        db.session.commit()
    press(world.browser("moderator"), world, gone, "send_back", summary="Дополните.")
    answer = publish(world, data)
    assert answer.status_code == 409
    assert "Опубликован 1 текст." in answer.text
    alert = answer.text.partition("Не опубликованы:")[2].partition("</ul>")[0]
    for reason in ("Сейчас читает: Имя moderator.", "неотправленные замечания: Имя moderator2"):
        assert reason in alert
    assert alert.count("<li>") == 4
    states = [world.state(item) for item in (read, free, changed, noted, gone)]
    kept = State.SUBMITTED
    assert states == [kept, State.PUBLISHED, kept, kept, State.RETURNED]
    assert own_drafts(world, "moderator2") == ["Дополнить?"]


@pytest.mark.parametrize("values", [[], ["", "x", "1", "1:x", "999999:1", f"{10**12}:1"]])
def test_nonsense_publishes_nothing(world: World, values: list[str]) -> None:
    item = world.report(State.SUBMITTED)
    assert publish(world, {"chosen": values}).status_code in {303, 409}
    assert world.state(item) is State.SUBMITTED


def test_only_what_is_free_can_be_chosen(world: World) -> None:
    read, free = begun(world), world.report(State.SUBMITTED, sector="Культура")
    page = world.browser("moderator2").get("/desk/").text
    assert f'value="{free}:' in page
    assert f'value="{read}:' not in page
    assert 'name="chosen"' not in world.browser("moderator2").get("/desk/?state=published").text
