"""The closed year: what was promised comes back as cards, and flows into this year's answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from asdg_portal.accounts.models import User
from asdg_portal.core.audit import AuditEntry
from asdg_portal.core.db import db
from asdg_portal.core.errors import Stale
from asdg_portal.moderation.models import Audience, State, Submission
from asdg_portal.surveys.commitments import services as marking
from asdg_portal.surveys.commitments.matching import key_of
from asdg_portal.surveys.commitments.models import Commitment, Outcome
from asdg_portal.surveys.commitments.services import Mark
from asdg_portal.surveys.models import Report, ReportRevision
from tests.factories import ANSWERS, YEAR, World
from tests.functional.moderation.test_desk import press
from tests.functional.surveys.test_earlier import FETCH, answers

LAST = YEAR - 1
JUBILEE, FORUM = "подготовить юбилей города", "провести форум"


def fields(task: str, outcome: str, note: str = "", version: int = 0) -> dict[str, str]:
    """What a card sends."""
    name = f"task_{key_of(task)}"
    return {f"{name}_outcome": outcome, f"{name}_note": note, f"{name}_version": str(version)}


def mark(client: FlaskClient, report: int, *card: Any) -> Any:
    """Touch a card as the page does; its state as the page is told."""
    answer = client.post(f"/reports/{report}/tasks", data=fields(*card), headers=FETCH)
    return answer.status_code, (answer.json or {}).get("cards", {}).get(
        key_of(card[0]), answer.json
    )


def cards(world: World, report: int, name: str = "omsk") -> list[str]:
    """The tasks that the form shows, marks of long carrying included."""
    page = world.browser(name).get(f"/reports/{report}/edit").text
    found = re.findall(r'<p class="task-text"[^>]*>(.*?)</p>', page, re.S)
    return [" ".join(re.sub("<[^>]+>", "", text).split()) for text in found]


def rows(world: World, report: int) -> list[tuple[str, str | None, str]]:
    """What is stored of a report's newest revision."""
    with world.app.app_context():
        revision = db.session.get_one(Report, report).current
        assert isinstance(revision, ReportRevision)
        return [(c.text, c.outcome and c.outcome.value, c.note) for c in revision.commitments]


@pytest.fixture
def report(world: World) -> int:
    """A draft of this year, after a year with two tasks."""
    world.report(State.PUBLISHED, year=LAST)
    return world.report(answers=ANSWERS | {1: "", 3: ""})


def test_last_years_tasks_stand_as_cards_and_are_kept_when_touched(
    world: World, report: int
) -> None:
    client = world.browser("omsk")
    assert cards(world, report) == [JUBILEE, FORUM]
    assert rows(world, report) == []
    status, state = mark(client, report, FORUM, "done", "собрал 300 участников")
    assert (status, state["version"], state["error"]) == (200, 1, "")
    assert re.fullmatch(r"сохранено в \d\d:\d\d", state["saved"])
    assert rows(world, report) == [(FORUM, "done", "собрал 300 участников")]
    assert mark(client, report, FORUM, "partly", "", 1)[0] == 200
    assert rows(world, report) == [(FORUM, "partly", "")]
    with world.app.app_context():
        log = db.session.scalars(select(AuditEntry).filter_by(action="mark_task")).all()
    assert [entry.after["outcome"] for entry in log] == ["done", "partly"]
    assert log[1].before == {"outcome": "done", "note": "собрал 300 участников"}


def test_the_same_mark_twice_is_stored_once(world: World, report: int) -> None:
    client = world.browser("omsk")
    for _ in range(2):
        assert mark(client, report, FORUM, "done", "да")[0] == 200
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Commitment)) == 1
        assert db.session.query(AuditEntry).filter_by(action="mark_task").count() == 1


def test_a_colleague_is_not_overwritten_and_both_marks_are_seen(world: World, report: int) -> None:
    one, two = world.browser("omsk"), world.browser("omsk2")
    assert mark(two, report, FORUM, "done", "прошёл в мае")[0] == 200
    status, state = mark(one, report, FORUM, "moved", "не было денег")
    assert status == 409
    assert "Имя omsk2" in state["error"]
    assert state["theirs"] == {"outcome": "done", "note": "прошёл в мае"}
    page = one.post(
        f"/reports/{report}/edit", data=fields(FORUM, "moved", "нет денег") | {"q1": "Х"}
    )
    assert page.status_code == 409
    assert "нет денег" in page.text
    assert "прошёл в мае" in page.text
    assert rows(world, report) == [(FORUM, "done", "прошёл в мае")]
    assert answers(world, report)["q1"] == "Х", "the answers are kept all the same"
    assert mark(one, report, FORUM, "moved", "не было денег", state["version"])[0] == 200
    assert rows(world, report) == [(FORUM, "moved", "не было денег")]


def test_the_forms_button_keeps_the_cards_with_the_answers(world: World, report: int) -> None:
    client = world.browser("omsk")
    data = fields(FORUM, "dropped", "нет денег") | fields(JUBILEE, "") | {"q1": "Сделано много."}
    assert client.post(f"/reports/{report}/edit", data=data).status_code == 303
    assert rows(world, report) == [(FORUM, "dropped", "нет денег")]
    assert answers(world, report)["q1"] == "Сделано много."


def test_a_line_that_is_too_long_takes_nothing_with_it_and_comes_back(
    world: World, report: int
) -> None:
    long = "ж" * 501
    data = fields(FORUM, "done", long) | fields(JUBILEE, "done") | {"q1": "Сделано."}
    page = world.browser("omsk").post(f"/reports/{report}/edit", data=data)
    assert page.status_code == 409
    assert long in page.text
    assert "длиннее 500" in page.text
    assert rows(world, report) == [(JUBILEE, "done", "")]
    assert answers(world, report)["q1"] == "Сделано."


def test_what_is_said_after_the_report_is_sent_is_refused_and_given_back(
    world: World, report: int
) -> None:
    client = world.browser("omsk")
    client.post(f"/reports/{report}/edit", data={"q1": "Есть.", "q3": "Есть."})
    assert client.post(f"/reports/{report}/submit").status_code == 303
    status, told = mark(client, report, FORUM, "done", "прошёл")
    assert (status, rows(world, report)[1]) == (409, (FORUM, None, ""))
    assert told["message"] == "Это уже сделано: состояние изменилось."
    page = client.post(f"/reports/{report}/edit", data=fields(FORUM, "done", "прошёл в мае"))
    assert page.status_code == 409
    assert "прошёл в мае" in page.text


def test_tasks_flow_into_answer_1_once_and_then_only_what_is_new(world: World, report: int) -> None:
    client, put = world.browser("omsk"), f"/reports/{report}/tasks/q1"
    sent = fields(FORUM, "done", "300 участников") | {"q1": "Год был добрым.", "q2": "Набрано."}
    assert client.post(put, data=sent).location.endswith("#q1")
    first = f"Год был добрым.\n\n- Выполнено: {FORUM} — 300 участников"
    assert answers(world, report)["q1"] == first
    assert answers(world, report)["q2"] == "Набрано."
    assert rows(world, report) == [(FORUM, "done", "300 участников")]
    client.post(put, data={"q1": first})
    assert answers(world, report)["q1"] == first
    mark(client, report, JUBILEE, "moved", "ждём смету")
    client.post(put, data={"q1": first})
    second = f"{first}\n- Перенесено на {YEAR + 1} год: {JUBILEE} — ждём смету"
    assert answers(world, report)["q1"] == second
    with world.app.app_context():
        version = db.session.query(Commitment).filter_by(text=FORUM).one().version
    mark(client, report, FORUM, "partly", "100 участников", version)
    told = client.post(put, data={"q1": second}, headers=FETCH).json
    assert told is not None
    renewed = second.replace(
        "Выполнено: провести форум — 300", "Выполнено частично: провести форум — 100"
    )
    assert told["text"] == renewed, "a line that nobody has changed is renewed in its place"
    edited = second.replace("300 участников", "триста гостей из девяти городов")
    told = client.post(put, data={"q1": edited}, headers=FETCH).json
    assert told is not None
    assert told["text"] == edited, "a line that the city has changed is the city's own"


def test_what_is_moved_goes_into_next_years_tasks_once(world: World, report: int) -> None:
    client, put = world.browser("omsk"), f"/reports/{report}/tasks/q3"
    sent = fields(FORUM, "moved") | fields(JUBILEE, "done") | {"q3": "- открыть музей"}
    client.post(put, data=sent)
    assert answers(world, report)["q3"] == f"- открыть музей\n- {FORUM}"
    told = client.post(put, data={"q3": "- Проведение форума"}, headers=FETCH).json
    assert told is not None
    assert told["text"] == "- Проведение форума", "it is there in other words"


def years(world: World, *chain: tuple[int, str, str]) -> None:
    """Let years pass: each with its tasks for the next, and what became of FORUM in it."""
    for year, tasks, outcome in chain:
        item = world.report(year=year, answers=ANSWERS | {3: tasks})
        client = world.browser("omsk")
        if outcome:
            assert mark(client, item, FORUM, outcome)[0] == 200
        client.post(f"/reports/{item}/submit")
        assert world.state(item) is State.SUBMITTED


def test_a_moved_task_comes_again_and_is_marked_in_its_third_year(world: World) -> None:
    years(world, (YEAR - 3, f"- {FORUM}", ""), (YEAR - 2, "- открыть музей", "moved"))
    last = world.report(year=LAST, answers=ANSWERS | {3: "- открыть парк"})
    assert cards(world, last) == ["открыть музей", FORUM]
    assert mark(world.browser("omsk"), last, FORUM, "moved")[0] == 200
    world.browser("omsk").post(f"/reports/{last}/submit")
    report = world.report()
    assert cards(world, report) == ["открыть парк", f"{FORUM} переносится третий год"]


def test_a_task_in_other_words_is_the_same_task(world: World) -> None:
    years(
        world,
        (YEAR - 3, f"- {FORUM}", ""),
        (YEAR - 2, "- Проведение форума", "moved"),
    )
    last = world.report(year=LAST, answers=ANSWERS | {3: "- Провести форум молодёжи"})
    assert cards(world, last) == ["Проведение форума"], "it comes once, in the newer words"
    mark(world.browser("omsk"), last, "Проведение форума", "moved")
    world.browser("omsk").post(f"/reports/{last}/submit")
    assert cards(world, world.report()) == ["Провести форум молодёжи переносится третий год"]


def test_what_was_done_and_is_set_again_is_a_new_task(world: World) -> None:
    years(
        world,
        (YEAR - 3, f"- {FORUM}", ""),
        (YEAR - 2, f"- {FORUM}", "done"),
        (LAST, f"- {FORUM}", "done"),
    )
    assert cards(world, world.report()) == [FORUM]


def test_untouched_cards_follow_last_years_report_and_touched_ones_stay(world: World) -> None:
    last = world.report(State.PUBLISHED, year=LAST)
    report, client = world.report(), world.browser("omsk")
    mark(client, report, FORUM, "done", "300 участников")
    client.post(f"/reports/{last}/revise")
    client.post(f"/reports/{last}/edit", data={"q3": "- открыть музей\n- открыть парк"})
    assert cards(world, report) == [JUBILEE, FORUM], "nothing is submitted yet"
    client.post(f"/reports/{last}/submit")
    assert cards(world, report) == ["открыть музей", "открыть парк", FORUM]
    client.post(f"/reports/{report}/submit")
    stored = [text for text, _outcome, _note in rows(world, report)]
    client.post(f"/reports/{last}/take-back")
    assert stored == ["открыть музей", "открыть парк", FORUM]
    preview = client.get(f"/reports/{report}/preview").text
    table = preview[preview.index('id="closed-year"') : preview.index('id="q1"')]
    assert "открыть парк" in table
    assert JUBILEE not in table


def test_a_note_on_a_task_that_is_gone_is_given_back(world: World, report: int) -> None:
    client = world.browser("omsk")
    data = fields("чего уже нет", "done", "построено в мае") | {"q1": "Сделано."}
    page = client.post(f"/reports/{report}/edit", data=data)
    assert page.status_code == 409
    assert "построено в мае" in page.text
    assert answers(world, report)["q1"] == "Сделано."
    status, told = mark(client, report, "чего уже нет", "done", "построено в мае")
    assert (status, "больше нет" in told["message"]) == (409, True)


def hand_in(world: World, report: int) -> None:
    client = world.browser("omsk")
    client.post(f"/reports/{report}/edit", data={"q1": "Сделано много.", "q3": "- открыть музей"})
    client.post(f"/reports/{report}/submit")


def publish(world: World, report: int) -> None:
    hand_in(world, report)
    press(world.browser("moderator"), world, report, "publish")
    assert world.state(report) is State.PUBLISHED


@pytest.fixture(params=["world", pytest.param("world_on_postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest) -> World:
    """The world in each database."""
    found: World = request.getfixturevalue(request.param)
    found.report(State.PUBLISHED, year=LAST)
    return found


def test_nothing_is_said_of_a_report_that_is_being_handed_in(either: World) -> None:
    report = either.report()
    with either.app.app_context():
        seen = db.session.get_one(Report, report)
        omsk = db.session.get_one(User, either.id_of("omsk"))
        assert seen.state is State.DRAFT
        with db.engine.begin() as colleague:
            colleague.execute(update(Submission).values(state=State.SUBMITTED))
        said = Mark(key_of(FORUM), Outcome.DONE, "", 0)
        with pytest.raises(Stale):
            marking.mark(seen, [said], actor=omsk)
    assert rows(either, report) == []


def test_a_page_whose_session_is_over_is_told_so_and_keeps_its_words(
    world: World, report: int
) -> None:
    answer = world.browser().post(f"/reports/{report}/tasks", data={"x": "y"}, headers=FETCH)
    assert answer.status_code == 401
    assert answer.location is None


def test_readers_see_the_closed_year_and_the_citys_balance(either: World) -> None:
    world, report = either, either.report(answers=ANSWERS | {1: "", 3: ""})
    mark(world.browser("omsk"), report, FORUM, "done", "300 участников")
    publish(world, report)
    page = world.browser().get(f"/reports/{report}/").text
    table = page[page.index('id="closed-year"') : page.index('id="q1"')]
    assert "Что обещали в прошлом году" in table
    assert re.search(rf"<td>{FORUM}</td><td>.*выполнено.*</td><td>300 участников</td>", table)
    assert re.search(rf"<td>{JUBILEE}</td><td>.*не указано.*</td>", table)
    city = world.browser().get("/cities/omsk/").text
    assert f"Задачи {YEAR} года:" in city
    assert "выполнено — 1" in city


def test_the_reviewer_sees_the_closed_year_above_the_achievements(
    world: World, report: int
) -> None:
    mark(world.browser("omsk"), report, FORUM, "done", "300 участников")
    for state in (State.DRAFT, State.SUBMITTED):
        if state is State.SUBMITTED:
            hand_in(world, report)
        assert world.state(report) is state
        page = world.browser("moderator").get(f"/desk/{report}/").text
        table = page[page.index('id="closed-year"') : page.index('id="part-q1"')]
        assert re.search(rf"<td>{FORUM}</td><td>.*выполнено.*</td><td>300 участников</td>", table)
        assert re.search(rf"<td>{JUBILEE}</td><td>.*не указано.*</td>", table)
    practice = world.practice(State.SUBMITTED)
    assert "closed-year" not in world.browser("moderator").get(f"/desk/{practice}/").text


def told(world: World, report: int, name: str | None = None) -> list[dict[str, Any]]:
    """The closed year as scripts get it."""
    answer = world.browser(name).get(f"/api/v1/reports/{report}").json
    assert answer is not None
    rows: list[dict[str, Any]] = answer["closed_year"]
    return rows


def test_scripts_get_the_closed_year_of_what_is_published(world: World, report: int) -> None:
    mark(world.browser("omsk"), report, FORUM, "done", "300 участников")
    publish(world, report)
    done = {"text": FORUM, "outcome": "done", "note": "300 участников", "years": 1}
    silent = {"text": JUBILEE, "outcome": None, "note": "", "years": 1}
    assert told(world, report) == [silent, done]
    world.browser("omsk").post(f"/reports/{report}/revise")
    mark(world.browser("omsk"), report, FORUM, "dropped", "", 1)
    assert done in told(world, report)
    other = world.report(State.PUBLISHED, city="Томск")
    assert told(world, other) == []


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_for_members_is_not_told_by_the_table_or_the_balance(
    world: World, report: int, number: int
) -> None:
    mark(world.browser("omsk"), report, FORUM, "done", "300 участников")
    with world.app.app_context():
        revision = db.session.get_one(Report, report).current
        assert isinstance(revision, ReportRevision)
        revision.answers[number].audience = Audience.MEMBERS
        db.session.commit()
    publish(world, report)
    for name, sees in ((None, False), ("tomsk", True), ("omsk", True)):
        assert ("300 участников" in world.browser(name).get(f"/reports/{report}/").text) is sees
        assert bool(told(world, report, name)) is sees
        assert ("выполнено — 1" in world.browser(name).get("/cities/omsk/").text) is sees


def test_tasks_taken_from_an_answer_for_members_stay_for_members(world: World) -> None:
    last = world.report(State.PUBLISHED, year=LAST)
    with world.app.app_context():
        revision = db.session.get_one(Report, last).current
        assert isinstance(revision, ReportRevision)
        revision.answers[3].audience = Audience.MEMBERS
        db.session.commit()
    report = world.report()
    mark(world.browser("omsk"), report, FORUM, "done", "300 участников")
    publish(world, report)
    assert FORUM not in world.browser().get(f"/reports/{report}/").text
    assert FORUM in world.browser("tomsk").get(f"/reports/{report}/").text
    assert "выполнено — 1" not in world.browser().get("/cities/omsk/").text


def test_what_is_public_stays_while_the_next_revision_is_written(world: World, report: int) -> None:
    client = world.browser("omsk")
    mark(client, report, FORUM, "done", "300 участников")
    publish(world, report)
    client.post(f"/reports/{report}/revise")
    assert rows(world, report)[1] == (FORUM, "done", "300 участников")
    assert mark(client, report, FORUM, "dropped", "", 1)[0] == 200
    assert "300 участников" in world.browser().get(f"/reports/{report}/").text
    client.post(f"/reports/{report}/discard")
    assert rows(world, report)[1] == (FORUM, "done", "300 участников")


def test_a_report_without_a_year_before_has_no_cards(world: World) -> None:
    world.report(State.PUBLISHED, year=YEAR - 2)
    assert "closed-year" not in world.browser("omsk").get(f"/reports/{world.report()}/edit").text


def test_statements_do_not_grow_with_tasks(world: World, report: int) -> None:
    assert mark(world.browser("omsk"), report, FORUM, "done")[0] == 200
    few = world.statements(f"/reports/{report}/edit", "omsk")
    many = "\n".join(f"- открыть {n}-й музей города Омска" for n in range(40))
    world.report(State.PUBLISHED, year=LAST, answers=ANSWERS | {3: many}, sector="Культура")
    other, client = world.report(sector="Культура"), world.browser("omsk")
    for n in range(40):
        assert mark(client, other, f"открыть {n}-й музей города Омска", "done")[0] == 200
    assert len(cards(world, other)) == 40
    assert world.statements(f"/reports/{other}/edit", "omsk") == few
