"""What a year asks: changed freely before anybody answers, only reworded afterwards."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from asdg_portal.core.db import db
from asdg_portal.surveys.campaigns.questions import MOST
from asdg_portal.surveys.models import Campaign, Report
from tests.factories import YEAR, World

BASE = f"/admin/campaigns/{YEAR}/questions"


def asked(world: World) -> list[tuple[int, str, str]]:
    """The questions of the year as they stand."""
    with world.app.app_context():
        questions = db.session.query(Campaign).filter_by(year=YEAR).one().questions
        return [(q.number, q.text, q.audience.value) for q in questions]


def add(client: FlaskClient, wording: str = "О чём мечтает город?") -> int:
    """Ask one thing more."""
    return client.post(f"{BASE}/new", data={"wording": wording, "audience": "staff"}).status_code


def test_a_question_is_added_moved_and_dropped_before_anybody_answers(world: World) -> None:
    moderator, before = world.browser("moderator"), asked(world)
    assert add(moderator) == 303
    assert asked(world) == [*before, (6, "О чём мечтает город?", "staff")]
    moderator.post(f"{BASE}/6/earlier")
    assert [q[1] for q in asked(world)][4:] == ["О чём мечтает город?", before[4][1]]
    assert [q[2] for q in asked(world)][4:] == ["staff", before[4][2]]
    moderator.post(f"{BASE}/1/later")
    assert [q[1] for q in asked(world)][:2] == [before[1][1], before[0][1]]
    moderator.post(f"{BASE}/1/earlier")  # the first stays the first
    moderator.post(f"{BASE}/5/remove")
    after = asked(world)
    assert [q[0] for q in after] == [1, 2, 3, 4, 5]
    assert "О чём мечтает город?" not in [q[1] for q in after]


def test_once_there_are_reports_questions_are_only_reworded(world: World) -> None:
    report, moderator, before = world.report(), world.browser("moderator"), asked(world)
    page = moderator.get(f"/admin/campaigns/{YEAR}/").text
    assert "/earlier" not in page
    assert "questions/new" not in page
    assert add(moderator) == 400
    for act in ("earlier", "later", "remove"):
        answer = moderator.post(f"{BASE}/2/{act}", follow_redirects=True)
        assert "только переформулировать" in answer.text
    assert asked(world) == before
    moderator.post(f"{BASE}/1", data={"wording": "Иначе?", "audience": "public"})
    assert asked(world)[0][1] == "Иначе?"
    with world.app.app_context():
        kept = db.session.get_one(Report, report).current.parts()[1].heading
        assert kept == before[0][1]


def test_a_year_keeps_one_question_and_holds_no_more_than_a_sheet(world: World) -> None:
    moderator = world.browser("moderator")
    for _ in range(5):
        moderator.post(f"{BASE}/1/remove")
    assert len(asked(world)) == 1
    statuses = [add(moderator, f"Вопрос {n}?") for n in range(MOST)]
    assert statuses == [303] * (MOST - 1) + [400]
    assert [q[0] for q in asked(world)] == list(range(1, MOST + 1))


@pytest.mark.parametrize("wording", ["", "   ", "я" * 2001])
def test_a_wrong_wording_comes_back_filled(world: World, wording: str) -> None:
    before = asked(world)
    for address in ("new", "1"):
        page = world.browser("moderator").post(
            f"{BASE}/{address}", data={"wording": wording, "audience": "members"}
        )
        assert page.status_code == 400
        assert wording in page.text
    assert asked(world) == before
