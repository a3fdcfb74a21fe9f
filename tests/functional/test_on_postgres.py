"""The main job on PostgreSQL, and what its constraints refuse whoever writes."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from asdg_portal.core.clock import now
from asdg_portal.core.db import db
from asdg_portal.moderation.models import Review, Revision, State, Submission
from asdg_portal.search.index import Request
from asdg_portal.search.query import parse
from asdg_portal.search.sources import get_index
from asdg_portal.surveys.models import Answer
from tests.factories import World
from tests.functional.moderation.test_desk import press

EVERYBODY = frozenset({"public"})
LONG = "Ё«ъ» " * 2000 + "𝕏 опыт города"


@pytest.fixture
def world(world_on_postgres: World) -> World:
    """The world of these tests stands on PostgreSQL."""
    return world_on_postgres


def found(world: World, words: str) -> set[str]:
    """The addresses an anonymous visitor finds."""
    with world.app.app_context():
        world.drain()
        hits = get_index().search(Request(query=parse(words), audiences=EVERYBODY)).hits
        return {hit.document.url for hit in hits}


def test_from_a_draft_to_a_hit_and_back(world: World) -> None:
    report, city, staff = world.report(), world.browser("omsk"), world.browser("moderator")
    fields = {"q1": "Открыт музей речного флота.", "then": "submit"}
    assert city.post(f"/reports/{report}/edit", data=fields).status_code == 303
    assert world.browser().get(f"/reports/{report}/").status_code == 404
    for act in ("begin_review", "publish"):
        assert press(staff, world, report, act).status_code == 303
    assert "Открыт музей" in world.browser().get(f"/reports/{report}/").text
    assert found(world, "музеи речных флотов") == {f"/reports/{report}/#q1"}
    assert {letter["to"].addresses[0].username for letter in world.letters()} == {"omsk", "omsk2"}
    assert press(staff, world, report, "withdraw", reason="Ошибка").status_code == 303
    assert world.browser().get(f"/reports/{report}/").status_code == 404
    assert found(world, "музеи речных флотов") == set()


def test_the_pages_of_the_staff_and_of_a_city_open(world: World) -> None:
    for state in (State.SUBMITTED, State.RETURNED):
        world.report(state, sector="Культура" if state is State.RETURNED else "Образование")
    pages = {
        "moderator": ["/desk/", "/desk/?state=returned", "/admin/campaigns/"],
        "omsk": ["/my/", "/reports/new"],
        "admin": ["/admin/people/", "/admin/log/", "/admin/cities/"],
    }
    for name, addresses in pages.items():
        for address in addresses:
            assert world.browser(name).get(address).status_code == 200, address


def test_a_long_text_comes_back_as_it_was(world: World) -> None:
    report = world.report()
    sent = world.browser("omsk").post(f"/reports/{report}/edit", data={"q1": LONG})
    assert sent.status_code == 303
    with world.app.app_context():
        assert LONG in db.session.scalars(select(Answer.text))


def test_two_revisions_are_never_public_at_once(world: World) -> None:
    report = world.report(State.PUBLISHED)
    world.browser("omsk").post(f"/reports/{report}/revise")
    with world.app.app_context(), pytest.raises(IntegrityError, match="one_public"):
        db.session.execute(
            update(Revision)
            .filter_by(submission_id=report)
            .values(is_public=True, published_at=now())
        )


def test_two_reviews_are_never_open_at_once(world: World) -> None:
    report = world.report(State.SUBMITTED)
    with world.app.app_context():
        revision = db.session.get_one(Submission, report).current
        revision.reviews += [Review(), Review()]
        with pytest.raises(IntegrityError, match="one_open"):
            db.session.flush()
        db.session.rollback()
