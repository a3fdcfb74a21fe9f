"""Saving part by part: what is acknowledged is kept, once, and never overwritten unseen."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import SignIn
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import State, Submission
from asdg_portal.surveys.models import Campaign, Report, ReportRevision
from asdg_portal.surveys.saving.models import SavedText
from tests.factories import ANSWERS, World


@dataclass
class Page:
    """A questionnaire that somebody has open, as its script knows it."""

    client: FlaskClient
    report: int
    revision: int
    version: int = 0

    def put(self, text: str, /, *, part: str = "q1", key: str = "", **changes: Any) -> TestResponse:
        """Send one part; an acknowledged version is the one that stands before the person now."""
        body = {"text": text, "version": self.version, "revision": self.revision} | changes
        headers = {"Idempotency-Key": key} if key else {}
        path = f"/reports/{self.report}/parts/{part}"
        answer = self.client.put(path, json=body, headers=headers)
        if answer.status_code == 200:
            self.version = answer.get_json()["version"]
        return answer


def opened(world: World, report: int, *names: str) -> list[Page]:
    """Let these people open a report at the same moment."""
    with world.app.app_context():
        revision = db.session.get_one(Report, report).current.id
    return [Page(world.browser(name), report, revision) for name in names]


def stored(world: World, part: str = "q1") -> list[str]:
    """Every text of a part, the oldest first."""
    with world.app.app_context():
        query = select(SavedText.text).filter_by(part=part).order_by(SavedText.number)
        return list(db.session.scalars(query))


def stands(world: World, report: int) -> dict[str, str]:
    """What stands in the report now."""
    with world.app.app_context():
        return {p.name: p.text for p in db.session.get_one(Report, report).current.parts()}


def test_a_save_says_when_by_the_clock_of_the_city(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    moment = now() + timedelta(hours=1)
    with time_machine.travel(moment, tick=False):
        answer = page.put("Новый текст")
    clock = f"{moment.astimezone(ZoneInfo('Asia/Omsk')):%H:%M}"
    assert (answer.status_code, answer.get_json()["message"]) == (200, f"сохранено в {clock}")
    assert stands(world, page.report)["q1"] == "Новый текст"
    assert stored(world) == [ANSWERS[1], "Новый текст"], "the text before is kept, too"


def test_a_save_leaves_the_version_of_the_report_alone(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    with world.app.app_context():
        before = db.session.get_one(Submission, page.report)
        version, at = before.version, before.updated_at
    page.put("Новый текст")
    with world.app.app_context():
        after = db.session.get_one(Submission, page.report)
        assert after.version == version
        assert after.updated_at > at
        assert after.updated_by is not None


def test_a_save_that_is_sent_twice_is_stored_once_and_acknowledged_alike(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    first = one.put("Первый текст", key="a" * 32)
    assert two.put("Второй текст", version=1).status_code == 200
    again = one.put("Первый текст", key="a" * 32, version=0)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert stored(world)[1:] == ["Первый текст", "Второй текст"]
    assert one.put("Третий текст").status_code == 409, "they have not seen the second text"


def test_a_key_that_is_used_again_for_another_text_loses_neither(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    page.put("Первый текст", key="a" * 32)
    assert page.put("Второй текст", key="a" * 32).status_code == 200
    assert stored(world)[1:] == ["Первый текст", "Второй текст"]


def test_the_second_saver_learns_who_came_between_and_sees_both_texts(world: World) -> None:
    one, two = opened(world, world.report(answers={1: "альфа бета гамма"}), "omsk", "omsk2")
    one.put("альфа бета ГАММА")
    answer = two.put("АЛЬФА бета гамма")
    assert answer.status_code == 409
    assert answer.get_json()["theirs"] == "альфа бета ГАММА"
    assert answer.get_json()["merged"] == "АЛЬФА бета ГАММА"
    assert "Имя omsk: сохранено в" in answer.get_json()["html"]
    assert "<del>" in answer.get_json()["html"]
    assert stands(world, two.report)["q1"] == "альфа бета ГАММА"
    assert two.put("АЛЬФА бета ГАММА", version=answer.get_json()["version"]).status_code == 200
    assert stored(world)[1:] == ["альфа бета ГАММА", "АЛЬФА бета ГАММА"]


def test_changes_of_the_same_words_are_not_put_together(world: World) -> None:
    one, two = opened(world, world.report(answers={1: "альфа бета"}), "omsk", "omsk2")
    one.put("альфа ГАММА")
    assert two.put("альфа дельта").get_json()["merged"] is None


def test_one_person_in_two_tabs_is_told_as_well(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk")
    one.put("Первая вкладка")
    answer = two.put("Вторая вкладка")
    assert answer.status_code == 409
    assert "Вы, в другом окне" in answer.get_json()["html"]


def test_what_is_no_conflict(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    assert one.put("Одно и то же").status_code == 200
    assert two.put("Одно и то же").status_code == 200
    assert stored(world)[1:] == ["Одно и то же"], "the same text is there already"
    one.put("Иначе")
    one.put("Одно и то же")
    assert two.put("Дальше", version=1).status_code == 200, "what they had read stands there again"
    back = one.put("Иначе", version=2)
    assert (back.status_code, back.get_json()["replaced"], back.get_json()["text"]) == (
        200,
        True,
        "Дальше",
    )
    assert stands(world, one.report)["q1"] == "Дальше", "who changes nothing overwrites nothing"


def test_two_people_in_different_parts_never_meet(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    for number in range(5):
        assert one.put(f"Первый {number}").status_code == 200
        assert two.put(f"Второй {number}", part="q2").status_code == 200


def test_lines_and_the_day_are_parts_too(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    assert page.put("  Иванов\nИ. И. ", part="contact_name").get_json()["text"] == "Иванов И. И."
    page.version = 0
    assert page.put("31.12.2025", part="outgoing_date").get_json()["text"] == "2025-12-31"
    assert page.put("вчера", part="outgoing_date").status_code == 422
    with world.app.app_context():
        newest = db.session.get_one(Report, page.report).current
        assert isinstance(newest, ReportRevision)
        assert newest.outgoing_date == date(2025, 12, 31)


def submitted(world: World, report: int) -> None:
    assert world.browser("omsk2").post(f"/reports/{report}/submit").status_code == 303


def published(world: World, report: int) -> None:
    submitted(world, report)
    with world.app.app_context():
        version = str(db.session.get_one(Submission, report).version)
    fields = {"act": "publish", "version": version}
    assert world.browser("moderator").post(f"/desk/{report}/", data=fields).status_code == 303


@pytest.mark.parametrize("moved_on", [submitted, published])
def test_a_save_after_the_report_has_moved_on_changes_nothing(
    world: World, moved_on: Callable[[World, int], None]
) -> None:
    (page,) = opened(world, world.report(), "omsk")
    before = stands(world, page.report)
    page.put(before["q1"] + " И ещё.", key="k" * 32)
    moved_on(world, page.report)
    answer = page.put("Поздний текст")
    assert answer.status_code == 409
    assert answer.get_json()["message"] == "Это уже нельзя изменить."
    assert page.put(before["q1"] + " И ещё.", key="k" * 32, version=0).status_code == 200
    assert stands(world, page.report)["q1"] == before["q1"] + " И ещё."
    form = page.client.post(f"/reports/{page.report}/edit", data={"q1": "Поздний текст"})
    assert (form.status_code, "Поздний текст" in form.text) == (409, True)


def test_a_page_of_an_older_revision_meets_the_newer_text(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    page.put("Первая редакция")
    submitted(world, page.report)
    with world.app.app_context():
        version = str(db.session.get_one(Submission, page.report).version)
    fields = {"act": "send_back", "version": version, "summary": "Дополните."}
    world.browser("moderator").post(f"/desk/{page.report}/", data=fields)
    assert page.put("Дополнено").status_code == 200, "the text they had before them stands there"
    (newer,) = opened(world, page.report, "omsk2")
    page.revision, page.version = page.revision, 1
    assert newer.put("Коллега", version=1).status_code == 200
    assert page.put("Поверх").status_code == 409


def test_after_the_deadline_texts_are_still_kept(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    with world.app.app_context():
        db.session.execute(
            update(Campaign).values(due_on=date(2026, 1, 2), closes_on=date(2026, 1, 3))
        )
        db.session.commit()
    assert page.put("После срока").status_code == 200
    assert stands(world, page.report)["q1"] == "После срока"


def test_who_has_been_replaced_gets_the_text_back(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    who = world.id_of("omsk")
    assert world.browser("admin").post(f"/admin/people/{who}/block").status_code == 303
    answer = page.put("Последние слова")
    assert (answer.status_code, answer.get_json()["message"]) == (
        401,
        "Сеанс закончился: войдите снова.",
    )
    form = page.client.post(f"/reports/{page.report}/edit", data={"q1": "Последние слова"})
    assert form.status_code == 401
    assert "Последние слова" in form.text
    assert stands(world, page.report)["q1"] == ANSWERS[1]


def test_who_now_speaks_for_another_city_gets_the_text_back(world: World) -> None:
    report, client = world.report(), world.browser("tomsk")
    page = client.post(f"/reports/{report}/edit", data={"q1": "Последние слова", "v_q1": "77"})
    assert (page.status_code, "Последние слова" in page.text) == (404, True)
    assert "v_q1" not in page.text
    assert client.post(f"/reports/{report}/submit").status_code == 404


@pytest.mark.parametrize("part", ["q9", "q01", "q²", "state", "key", "%00", "q", "__class__"])
def test_a_forged_part_does_not_exist(world: World, part: str) -> None:
    (page,) = opened(world, world.report(), "omsk")
    assert page.put("Текст", part=part).status_code == 404
    assert (
        world.browser("omsk").get(f"/reports/{page.report}/parts/{part}/history").status_code == 404
    )


WRONG: list[dict[str, Any]] = [
    {"version": None},
    {"version": -1},
    {"version": "²"},
    {"revision": None},
    {"text": None},
    {"text": ["а"]},
    {"text": {}},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_no_page_of_ours_sends_is_refused(world: World, wrong: dict[str, Any]) -> None:
    (page,) = opened(world, world.report(), "omsk")
    answer = page.put("Текст", **wrong)
    assert (answer.status_code, answer.is_json) == (400, True)
    assert page.put("Текст", key="короткий").status_code == 400
    path = f"/reports/{page.report}/parts/q1"
    for body in (b"", b"[]", b"{", b"\xff"):
        sent = page.client.put(path, data=body, content_type="application/json")
        assert sent.status_code == 400
    assert stands(world, page.report)["q1"] == ANSWERS[1]


@pytest.mark.parametrize("version", [7, 10**8])
def test_a_version_that_never_was_overwrites_nothing(world: World, version: int) -> None:
    (page,) = opened(world, world.report(), "omsk")
    assert page.put("Текст", version=version).status_code == 409


def test_a_megabyte_is_refused_and_odd_characters_are_cleaned(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    answer = page.put("ж" * 1_000_000)
    assert answer.status_code == 422
    assert "50000" in answer.get_json()["message"].replace("\xa0", "").replace(" ", "")
    assert page.put("а\x00б\u202eв\ud800г").get_json()["text"] == "абвг"
    assert page.put("x" * 201, part="author_name", version=0).status_code == 422


def test_another_citys_text_is_not_told_through_a_forged_revision(world: World) -> None:
    tomsk = world.report(city="Томск", answers={1: "тайна один два три"})
    (page,) = opened(world, world.report(), "omsk")
    (other,) = opened(world, tomsk, "tomsk")
    other.put("тайна один два четыре")
    # Whoever guesses the words of another city must not be told that the guess is right.
    for guess in ("тайна один два три", "что угодно"):
        answer = page.put(guess, revision=other.revision, version=0)
        assert (answer.status_code, answer.get_json()["merged"]) == (409, None)


def test_a_session_or_token_that_is_over_is_told_to_the_script(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    page.client.with_token = False  # type: ignore[attr-defined]
    answer = page.put("Текст")
    assert (answer.status_code, answer.get_json()["token"]) == (400, False)
    fresh = page.client.get(f"/reports/{page.report}/here").get_json()
    assert fresh["user"] == world.id_of("omsk")
    headers = {"X-CSRFToken": fresh["token"]}
    body = {"text": "Текст", "version": 0, "revision": page.revision}
    path = f"/reports/{page.report}/parts/q1"
    assert page.client.put(path, json=body, headers=headers).status_code == 200
    with world.app.app_context():
        db.session.execute(update(SignIn).values(ended_at=now()))
        db.session.commit()
    assert page.client.put(path, json=body, headers=headers).status_code == 401


def test_who_else_is_here_and_what_they_have_saved(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    here = f"/reports/{one.report}/here"
    assert one.client.post(here, json={"part": "q3"}).get_json()["html"].strip() == ""
    one.put("Новое")
    sent = {"part": "q1", "versions": {"q1": 0, "q2": 0}, "revision": two.revision}
    answer = two.client.post(here, json=sent).get_json()
    assert "Имя omsk, пишет ответ 3" in answer["html"]
    assert answer["newer"]["q1"]["text"] == "Новое"
    assert list(answer["newer"]) == ["q1"]
    assert "Имя omsk, пишет ответ 3" in two.client.get(f"/reports/{one.report}/edit").text
    submitted(world, one.report)
    assert two.client.post(here, json=sent).get_json()["open"] is False
    with time_machine.travel(now() + timedelta(minutes=1)):
        assert two.client.post(here, json=sent).get_json()["html"].strip() == ""


def test_the_history_shows_every_text_and_puts_one_back(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    for text in ("Раз", "Раз два", "Раз два три"):
        one.put(text)
    two.put("Совсем иначе", version=3)
    path = f"/reports/{one.report}/parts/q1"
    sittings, every = (one.client.get(f"{path}/history{query}").text for query in ("", "?every=1"))
    assert sittings.count("<section") == 3
    assert every.count("<section") == 5
    assert "Имя omsk2" in every
    assert "</ins>" in every
    with world.app.app_context():
        wanted = db.session.scalars(select(SavedText.id).filter_by(text="Раз два")).one()
    stale = two.client.post(f"{path}/put-back", data={"saved": str(wanted), "version": "2"})
    assert stale.location.endswith("/history")
    done = two.client.post(f"{path}/put-back", data={"saved": str(wanted), "version": "4"})
    assert done.status_code == 303
    assert stands(world, one.report)["q1"] == "Раз два"
    assert "Совсем иначе" in one.client.get(f"{path}/history?every=1").text
    assert (
        two.client.post(
            f"/reports/{one.report}/parts/q2/put-back", data={"saved": str(wanted)}
        ).status_code
        == 404
    )


def test_pages_take_few_statements_however_long_the_history_is(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    path = f"/reports/{page.report}/parts/q1/history?every=1"
    page.put("0")
    few = (world.statements(path, "omsk"), world.statements(f"/reports/{page.report}/edit", "omsk"))
    for number in range(1, 15):
        page.put(str(number))
    many = (
        world.statements(path, "omsk"),
        world.statements(f"/reports/{page.report}/edit", "omsk"),
    )
    assert many == few
    assert max(many) <= 9


def test_of_a_submitted_text_what_each_person_left_behind_is_kept(world: World) -> None:
    one, two = opened(world, world.report(), "omsk", "omsk2")
    for text in ("Раз", "Раз два"):
        one.put(text)
    two.put("Раз два три", version=2)
    with time_machine.travel(now() + timedelta(hours=1)):
        two.put("Наутро")
        two.put("Наутро иначе")
    submitted(world, one.report)
    assert stored(world) == [ANSWERS[1], "Раз два", "Раз два три", "Наутро иначе"]


def test_whatever_two_people_do_in_turn_every_acknowledged_text_is_kept(world: World) -> None:
    chance = random.Random(7)
    pages = opened(world, world.report(), "omsk", "omsk2")
    acknowledged = []
    for number in range(30):
        page = chance.choice(pages)
        text = f"{number}: {'слово ' * chance.randrange(4)}конец"
        answer = page.put(text)
        if answer.status_code == 409 and chance.random() < 0.7:
            answer = page.put(text, version=answer.get_json()["version"])
        if answer.status_code == 200:
            acknowledged.append(text)
    kept = stored(world)
    assert acknowledged
    assert [text for text in acknowledged if kept.count(text) != 1] == []
    assert stands(world, pages[0].report)["q1"] == acknowledged[-1] == kept[-1]


def test_a_draft_goes_with_its_history(world: World) -> None:
    (page,) = opened(world, world.report(), "omsk")
    page.put("Текст")
    page.client.post(f"/reports/{page.report}/here", json={})
    assert page.client.post(f"/reports/{page.report}/delete").status_code == 303
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SavedText)) == 0


def test_on_postgres_too(world_on_postgres: World) -> None:
    test_the_second_saver_learns_who_came_between_and_sees_both_texts(world_on_postgres)
    test_what_came_is_told(world_on_postgres)


def test_what_came_is_told(world: World) -> None:
    (page,) = opened(world, world.report(State.RETURNED, sector="Культура"), "omsk")
    assert page.put("На замечание", key="b" * 32).status_code == 200
    assert page.put("На замечание", key="b" * 32, version=0).get_json()["version"] == 1
    assert page.client.post(f"/reports/{page.report}/here", json={"part": "q1"}).status_code == 200
    assert "Имя omsk" in page.client.get(f"/reports/{page.report}/parts/q1/history").text
