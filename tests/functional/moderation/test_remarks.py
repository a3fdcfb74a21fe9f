"""What a reviewer says of a text: a draft until the verdict, then answered, closed, repeated."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from asdg_portal.accounts.models import Role, User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Remark, Review, Revision, State
from asdg_portal.moderation.remarks.models import Note
from asdg_portal.surveys.models import Campaign, Duty
from tests.factories import ANSWERS, World, find_city, find_sector
from tests.functional.moderation.test_desk import press

QUOTE = "инструкция по делопроизводству"


def drafts(world: World, name: str = "moderator") -> list[tuple[str, str, str]]:
    """The unsent remarks of a reviewer."""
    with world.app.app_context():
        query = select(Note).join(User).where(User.email == f"{name}@example.org")
        return [(n.part, n.quote, n.text) for n in db.session.scalars(query.order_by(Note.id))]


def remarks(world: World, item_id: int) -> list[Remark]:
    """What has been said of a text, loaded whole."""
    with world.app.app_context():
        query = select(Remark).join(Review).join(Revision).order_by(Remark.id)
        found = db.session.scalars(query.where(Revision.submission_id == item_id)).all()
        db.session.expunge_all()
        return list(found)


def say(world: World, item: int, act: str, **typed: object) -> TestResponse:
    """Press a button of the review page as the first moderator."""
    return press(world.browser("moderator"), world, item, act, **typed)  # type: ignore[arg-type]


def returned(world: World, **typed: object) -> int:
    """A report that has come back to its city with remarks."""
    item = world.report(State.SUBMITTED)
    typed = typed or {"remark_q1": "Какая именно?", "quote_q1": QUOTE, "key_q1": "one"}
    assert say(world, item, "send_back", **typed).status_code == 303
    return item


def city_pages(client: FlaskClient, item: int) -> str:
    """Everything that a city sees of its text."""
    paths = (f"/reports/{item}/{page}" for page in ("", "edit", "preview", "history"))
    return "".join(client.get(path).text for path in [*paths, "/my/"])


def test_several_remarks_on_a_part_are_drafts_that_the_city_does_not_see(world: World) -> None:
    item = world.report(State.SUBMITTED)
    typed = {
        "remark_q1": ["Какая именно?", "Чей портал?"],
        "quote_q1": [QUOTE, ""],
        "key_q1": ["one", "two"],
        "summary": "Мало чисел.",
    }
    assert say(world, item, "save_remarks", **typed).status_code == 303
    assert drafts(world) == [
        ("q1", QUOTE, "Какая именно?"),
        ("q1", "", "Чей портал?"),
        ("", "", "Мало чисел."),
    ]
    assert "Какая именно?" in world.browser("moderator").get(f"/desk/{item}/").text
    assert "Какая именно?" not in city_pages(world.browser("omsk"), item)
    assert not world.letters()
    assert say(world, item, "send_back").status_code == 303
    assert drafts(world) == []
    assert [r.text for r in remarks(world, item)] == ["Какая именно?", "Чей портал?", "Мало чисел."]
    assert "Какая именно?" in world.browser("omsk").get(f"/reports/{item}/edit").text


def test_pressing_twice_says_nothing_twice(world: World) -> None:
    item = world.report(State.SUBMITTED)
    typed = {"remark_q1": "Какая именно?", "key_q1": "one"}
    for _time in range(2):
        say(world, item, "save_remarks", **typed)
    assert len(drafts(world)) == 1
    assert say(world, item, "send_back", **typed).status_code == 303
    assert say(world, item, "send_back", **typed).status_code == 409
    assert drafts(world) == [], "what has gone to the city is no draft again"
    assert len(remarks(world, item)) == 1


def test_a_draft_is_changed_and_taken_away_under_its_key(world: World) -> None:
    item = world.report(State.SUBMITTED)
    say(world, item, "save_remarks", remark_q1="Какая?", key_q1="one")
    say(world, item, "save_remarks", remark_q2="Кого?", key_q2="two")
    say(world, item, "save_remarks", remark_q1="Какая именно?", key_q1="one")
    assert drafts(world) == [("q1", "", "Какая именно?"), ("q2", "", "Кого?")]
    say(world, item, "save_remarks", remark_q1="", key_q1="one")
    assert drafts(world) == [("q2", "", "Кого?")]


def test_writing_remarks_begins_the_review(world: World) -> None:
    item = world.report(State.SUBMITTED)
    say(world, item, "save_remarks")
    assert world.browser("omsk").post(f"/reports/{item}/take-back").status_code == 303
    world.browser("omsk").post(f"/reports/{item}/submit")
    say(world, item, "save_remarks", remark_q1="Какая именно?")
    assert world.browser("omsk").post(f"/reports/{item}/take-back").status_code == 409


def test_the_page_keeps_remarks_by_itself(world: World) -> None:
    item, moderator = world.report(State.SUBMITTED), world.browser("moderator")
    path, typed = f"/desk/{item}/remarks", {"remark_q1": "Какая?", "key_q1": "one"}
    kept = moderator.post(path, data=typed | {"version": "1"}).get_json()
    assert kept["version"] == 2
    assert kept["saved"].startswith("сохранено в ")
    # A page that is out of date keeps its remarks, but learns of no newer version: it must look.
    stale = moderator.post(path, data={"remark_q2": "Кого?", "version": "1"}).get_json()
    assert stale["version"] == 1
    assert len(drafts(world)) == 2
    assert world.browser("omsk").post(path, data=typed).status_code == 404


def test_a_page_that_is_out_of_date_keeps_remarks_and_begins_no_review(world: World) -> None:
    item, city = world.report(State.SUBMITTED), world.browser("omsk")
    for act in ("take-back", "submit"):
        city.post(f"/reports/{item}/{act}")
    data = {"remark_q1": "Какая?", "version": "1"}
    answer = world.browser("moderator").post(f"/desk/{item}/remarks", data=data)
    assert answer.status_code == 200
    assert drafts(world) == [("q1", "", "Какая?")]
    assert city.post(f"/reports/{item}/take-back").status_code == 303


def test_a_remark_longer_than_anybody_reads_is_refused_and_given_back(world: World) -> None:
    item, long = world.report(State.SUBMITTED), "очень " * 2000
    answer = say(world, item, "save_remarks", remark_q1=long, remark_q2="Кого?")
    assert answer.status_code == 400
    assert long.strip() in answer.text
    assert "Кого?" in answer.text


def test_a_verdict_given_between_is_told_with_its_words(world: World) -> None:
    item, second = world.report(State.SUBMITTED), world.browser("moderator2")
    say(world, item, "send_back", remark_q3="Назовите сроки.")
    data = {"version": "1", "verdict": "0", "act": "publish", "remark_q1": "Прекрасно"}
    late = second.post(f"/desk/{item}/", data=data)
    assert late.status_code == 409
    for words in ("Тем временем: Имя moderator", "Назовите сроки.", "Прекрасно"):
        assert words in late.text
    assert drafts(world, "moderator2") == [("q1", "", "Прекрасно")]
    assert world.state(item) is State.RETURNED


def test_the_words_are_marked_where_they_stand_and_quoted_where_they_do_not(world: World) -> None:
    item = returned(world)
    moderator, city = world.browser("moderator"), world.browser("omsk")
    assert f"<mark>{QUOTE}</mark>" in city.get(f"/reports/{item}/edit").text
    assert f"<mark>{QUOTE}</mark>" in moderator.get(f"/desk/{item}/?view=text").text
    city.post(f"/reports/{item}/edit", data={"q1": "Открыт музей."})
    for page in (city.get(f"/reports/{item}/edit"), moderator.get(f"/desk/{item}/?view=text")):
        assert f"<mark>{QUOTE}</mark>" not in page.text
        assert QUOTE in page.text
        assert "Этих слов в тексте больше нет." in page.text


def test_a_city_answers_with_its_form_and_the_next_round_sees_it(world: World) -> None:
    item, city = returned(world), world.browser("omsk")
    (remark,) = remarks(world, item)
    page = city.get(f"/reports/{item}/edit").text
    assert "1 открытое замечание" in page
    assert "1 открытое замечание" in city.get("/my/").text
    assert "1 открытое замечание" in world.browser("moderator").get("/desk/").text
    answers = {f"answer_{remark.id}": "Общегородская.", f"seen_{remark.id}": "1"}
    fields = {"q1": "Принята общая инструкция.", "then": "submit"}
    sent = city.post(f"/reports/{item}/edit", data=answers | fields, follow_redirects=True)
    assert "не отмеченными как исправленные" in sent.text
    assert world.state(item) is State.SUBMITTED, "an open remark holds nothing up"
    page = world.browser("moderator").get(f"/desk/{item}/").text
    for words in ("Какая именно?", "Общегородская.", "Имя omsk", "<ins>", f"close:{remark.id}"):
        assert words in page
    say(world, item, f"repeat:{remark.id}")
    say(world, item, f"repeat:{remark.id}")
    assert drafts(world) == [("q1", QUOTE, "Какая именно?")]
    assert remarks(world, item)[0].closed_at is None, "it is open until it is said again"
    say(world, item, "send_back")
    first, again = remarks(world, item)
    assert first.closed_at
    assert again.closed_at is None
    assert again.repeats_id == first.id


def test_a_remark_marked_as_fixed_counts_no_more(world: World) -> None:
    item, city = returned(world), world.browser("omsk")
    (remark,) = remarks(world, item)
    data = {f"answer_{remark.id}": "", f"fixed_{remark.id}": "on"}
    assert city.post(f"/remarks/{remark.id}", data=data).status_code == 303
    assert "Все замечания отмечены" in city.get(f"/reports/{item}/edit").text
    assert "открытое замечание" not in city.get("/my/").text
    assert "исправлено: 1" in world.browser("moderator").get("/desk/").text
    answered = city.post(f"/reports/{item}/edit", data={"then": "submit"}, follow_redirects=True)
    assert "не отмеченными" not in answered.text


def test_closing_is_for_the_staff_and_is_noted(world: World) -> None:
    item = returned(world)
    world.browser("omsk").post(f"/reports/{item}/submit")
    (remark,) = remarks(world, item)
    assert say(world, item, f"close:{remark.id}").status_code == 303
    assert say(world, item, f"close:{remark.id}").status_code == 303
    assert remarks(world, item)[0].closed_at
    with world.app.app_context():
        assert (
            len(db.session.scalars(select(AuditEntry).filter_by(action="close_remark")).all()) == 1
        )
    assert say(world, item, "close:999999").status_code == 400


def test_two_colleagues_answer_and_both_answers_stand(world: World) -> None:
    item = returned(world)
    (remark,) = remarks(world, item)
    for name, text in (("omsk", "Дата известна."), ("omsk2", "Да"), ("omsk2", "Да")):
        data = {f"answer_{remark.id}": text, f"seen_{remark.id}": "1"}
        answer = world.browser(name).post(f"/remarks/{remark.id}", data=data)
        assert answer.status_code == 303
    assert remarks(world, item)[0].answer == "Дата известна.\n\nДа"


def test_answers_are_the_citys_and_only_while_it_has_the_text(world: World) -> None:
    item = returned(world)
    (remark,) = remarks(world, item)
    data = {f"answer_{remark.id}": "Общегородская."}
    path = f"/remarks/{remark.id}"
    expected = {"moderator": 403, "tomsk": 404, "specialist": 404}
    for name, status in expected.items():
        assert world.browser(name).post(path, data=data).status_code == status
    assert world.browser().post(path, data=data).status_code in {302, 401}
    world.browser("omsk").post(f"/reports/{item}/submit")
    assert world.browser("omsk").post(path, data=data).status_code == 409
    assert remarks(world, item)[0].answer == ""
    late = world.browser("omsk").post(f"/reports/{item}/edit", data=data | {"q1": "Позже"})
    assert late.status_code == 409
    assert "Общегородская." in late.text, "what was typed is given back to be copied"


def test_an_answer_waits_for_no_text_and_is_shown_again_when_refused(world: World) -> None:
    item, city = returned(world), world.browser("omsk")
    (remark,) = remarks(world, item)
    world.browser("omsk2").post(f"/reports/{item}/edit", data={"q1": "Иное"})
    stale = {"q1": "Другое", "v_q1": "0", f"answer_{remark.id}": "Общегородская."}
    assert city.post(f"/reports/{item}/edit", data=stale).status_code == 409
    assert remarks(world, item)[0].answer == "Общегородская."
    long = {"q1": "Третье", f"answer_{remark.id}": "очень " * 1000}
    refused = city.post(f"/reports/{item}/edit", data=long)
    assert refused.status_code == 422
    assert "Ответ длиннее" in refused.text
    assert "очень очень" in refused.text


def test_a_practice_has_remarks_and_answers_alike(world: World) -> None:
    item = world.practice(State.SUBMITTED)
    say(world, item, "send_back", remark_solution="Кем создана?", quote_solution="приёмная")
    (remark,) = remarks(world, item)
    data = {
        f"answer_{remark.id}": "Отделом.",
        f"fixed_{remark.id}": "on",
        "solution": "Отдел создал.",
    }
    city = world.browser("omsk")
    assert city.post(f"/practices/{item}/edit", data=data).status_code == 303
    assert remarks(world, item)[0].answer == "Отделом."
    assert "Отделом." in world.browser("moderator").get(f"/desk/{item}/").text


def test_publishing_accepts_what_was_open_and_its_own_remarks_stay(world: World) -> None:
    item = returned(world)
    world.browser("omsk").post(f"/reports/{item}/submit")
    say(world, item, "publish", remark_q2="В следующий раз назовите и Томск.")
    earlier, own = remarks(world, item)
    assert earlier.closed_at
    assert own.closed_at is None
    letters = [m for m in world.letters() if m["subject"].startswith("Опубликовано")]
    text = letters[0].get_content()
    assert "В следующий раз назовите и Томск." in text
    assert f"http://localhost/reports/{item}/history#remark-{own.id}" in text
    world.browser("omsk").post(f"/reports/{item}/revise")
    assert "назовите и Томск" in world.browser("omsk").get(f"/reports/{item}/edit").text


def test_a_letter_holds_question_quote_words_and_the_way_to_the_place(world: World) -> None:
    item = returned(world)
    world.browser("omsk").post(f"/reports/{item}/submit")
    say(world, item, "send_back", remark_q3="Назовите сроки.")
    first, second = remarks(world, item)
    texts = [letter.get_content().replace("\r\n", "\n") for letter in world.letters()]
    newest = next(text for text in texts if "Назовите сроки." in text)
    assert f"«{QUOTE}»\n— Какая именно?\nhttp://localhost/reports/{item}/edit#remark-" in newest
    assert newest.index("Назовите сроки.") < newest.index("Ещё открыты замечания прошлых проверок:")
    assert "Какие задачи стоят в 2027 году?" in newest
    page = world.browser("omsk").get(f"/reports/{item}/edit").text
    for remark in (first, second):
        assert f'id="remark-{remark.id}"' in page


def test_nobody_gets_a_letter_twice_and_nobody_who_has_left(world: World) -> None:
    item = world.report()
    world.browser("omsk2").post(f"/reports/{item}/submit")
    with world.app.app_context():
        person = {u.email.partition("@")[0]: u for u in db.session.scalars(select(User))}
        duty = Duty(
            campaign=db.session.scalars(select(Campaign)).one(),
            city=find_city("Омск"),
            sector=find_sector("Организационная работа"),
            person=person["omsk"],
            deputy=person["tomsk"],  # has gone to another city since
        )
        gone = User(
            email="gone@example.org", role=Role.REPRESENTATIVE, city=find_city("Омск"),
            password_hash="x", blocked_at=now(),
        )  # fmt: skip
        db.session.add_all([duty, gone])
        db.session.commit()
    say(world, item, "send_back", summary="Дополните.")
    to = [letter["to"].addresses[0].username for letter in world.letters()]
    assert sorted(to) == ["omsk", "omsk2"]


@pytest.mark.parametrize("view", ["", "?view=text", "?view=changes"])
def test_what_has_not_changed_is_folded_but_there(world: World, view: str) -> None:
    item, city = returned(world), world.browser("omsk")
    fields = {
        "q3": ANSWERS[3].replace("форум", "съезд"),
        "contact_phone": "8 3812 00-00-00",
        "then": "submit",
    }
    city.post(f"/reports/{item}/edit", data=fields)
    page = world.browser("moderator").get(f"/desk/{item}/{view}").text
    assert "методические рекомендации по архивам" in page
    changes = re.findall(r"<(?:del|ins)><span[^>]*>[^<]*</span>([^<]*)", page)
    if view == "?view=text":
        assert changes == []
    else:
        assert changes == ["+7 (3812) 00-00-01", "8 3812 00-00-00", "форум", "съезд"]
        assert page.count("Без изменений: показать текст") == 5


def test_a_first_revision_is_shown_as_it_is(world: World) -> None:
    item = world.report(State.SUBMITTED)
    page = world.browser("moderator").get(f"/desk/{item}/").text
    assert "view=text" not in page
    assert "Без изменений" not in page
