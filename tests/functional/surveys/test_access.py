"""Who meets which page of a report, in every state; and what the public page costs."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import State
from asdg_portal.surveys.imports import store
from asdg_portal.surveys.models import Campaign, Report
from tests.factories import ANSWERS, World
from tests.functional.moderation.test_desk import press

VISITORS = (None, "specialist", "tomsk", "omsk", "moderator", "admin")
OWN, STAFF = {"omsk"}, {"moderator", "admin"}
DONE = {
    "submit": {State.DRAFT, State.RETURNED},
    "take-back": {State.SUBMITTED, State.APPROVAL},
    "revise": {State.PUBLISHED, State.WITHDRAWN},
    "discard": set(),
    "delete": {State.DRAFT},
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", VISITORS)
def test_pages(world: World, name: str | None, state: State) -> None:
    report, client = world.report(state), world.browser(name)
    insider = name in OWN | STAFF
    public = state is State.PUBLISHED
    assert client.get(f"/reports/{report}/").status_code == (200 if insider or public else 404)
    for page in ("edit", "preview", "history"):
        expected = 302 if name is None else 200 if insider else 404
        assert client.get(f"/reports/{report}/{page}").status_code == expected


@pytest.mark.parametrize("act", DONE)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", VISITORS)
def test_acts(world: World, name: str | None, state: State, act: str) -> None:
    report = world.report(state)
    status = world.browser(name).post(f"/reports/{report}/{act}").status_code
    if name in OWN:
        assert status == (303 if state in DONE[act] else 409)
    else:
        stranger = 404 if state is not State.PUBLISHED or name else 401
        assert status in {403, 404} if name else status in {401, 303, stranger}
        assert world.state(report) is state


@pytest.mark.parametrize("name", VISITORS)
def test_only_the_city_writes(world: World, name: str | None) -> None:
    report = world.report()
    world.browser(name).post(f"/reports/{report}/edit", data={"q1": "Чужая рука"})
    with world.app.app_context():
        written = db.session.get_one(Report, report).current.parts()[1].text
    assert (written == "Чужая рука") is (name in OWN)


def test_the_public_page_hides_what_is_for_members_and_keeps_lists(world: World) -> None:
    report = world.report(State.PUBLISHED)
    page = world.browser().get(f"/reports/{report}/").text
    assert re.search(r"<p>Принята .*</p>\s*<ul>\s*<li>обучены сотрудники</li>", page)
    assert 'id="q4"' in page
    assert ANSWERS[4] not in page
    assert ANSWERS[5] not in page
    assert "Петров П. П." not in page
    member = world.browser("specialist").get(f"/reports/{report}/").text
    assert ANSWERS[4] in member
    assert "Петров П. П." in member


def test_the_public_page_needs_no_more_statements_for_more_rows(world: World) -> None:
    page = f"/reports/{world.report(State.PUBLISHED)}/"
    names = (None, "specialist", "omsk", "moderator")
    few = [world.statements(page, name) for name in names]
    world.report(State.PUBLISHED, sector="Культура")
    for city in ("Томск", "Новосибирск", "Барнаул"):
        world.report(State.PUBLISHED, city=city)
    assert [world.statements(page, name) for name in names] == few
    assert 0 < few[0] <= 6
    assert max(few) <= 8


@pytest.mark.parametrize(("page", "most"), [("edit", 8), ("preview", 6), ("history", 13)])
def test_what_a_city_works_on_takes_few_statements_however_often_it_was_returned(
    world: World, page: str, most: int
) -> None:
    report = world.report(State.RETURNED)
    figures = []
    for word in ("раз", "два", "три"):
        world.browser("omsk").post(f"/reports/{report}/submit")
        returned = {"remark_q1": word, "remark_q3": word, "summary": word}
        for act in ("begin_review", "send_back"):
            assert press(world.browser("moderator"), world, report, act, **returned)
        world.browser("omsk").post(f"/reports/{report}/edit", data={"q1": word})
        figures.append(world.statements(f"/reports/{report}/{page}", "omsk"))
    with world.app.app_context():
        assert len(db.session.get_one(Report, report).revisions) > 3
    assert figures[0] == figures[-1] <= most


def _sheet(**changes: object) -> SimpleNamespace:
    answers = {f"q{number}": text for number, text in ANSWERS.items()}
    fields: dict[str, object] = {
        "city": "Омск",
        "sector": "Организационная работа",
        "year": 2014,
        "preface": "До вопросов.",
        "answers": answers,
        "questions": {},
    }
    return SimpleNamespace(**fields | changes)


def test_an_imported_sheet_is_stored_once_and_a_changed_one_as_a_revision(world: World) -> None:
    with world.app.app_context():
        for sheet, changed, revisions in (
            (_sheet(), True, 1),
            (_sheet(), False, 1),
            (_sheet(preface="Иначе."), True, 2),
        ):
            with unit_of_work():
                stored = store(sheet, State.PUBLISHED)
            assert stored.changed is changed
            assert len(stored.report.revisions) == revisions
            assert stored.report.public is stored.report.current
        assert not db.session.query(Campaign).filter_by(year=2014).one().is_open(stored.report.city)


@pytest.mark.parametrize("wrong", [{"city": None}, {"sector": None}, {"year": None}])
def test_a_sheet_without_its_place_is_refused(world: World, wrong: dict[str, None]) -> None:
    with world.app.app_context():
        with pytest.raises(PortalError), unit_of_work():
            store(_sheet(**wrong), State.DRAFT)
        assert db.session.query(Report).count() == 0
