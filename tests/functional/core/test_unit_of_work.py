"""One act, one transaction: all of it or nothing, and what follows waits for the commit."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from asdg_portal.cities.models import Sector
from asdg_portal.core.db import db
from asdg_portal.core.errors import PortalError, Stale
from asdg_portal.core.unit_of_work import unit_of_work
from asdg_portal.moderation.models import Submission
from tests.factories import World


@pytest.fixture(autouse=True)
def _inside(world: World) -> Iterator[None]:
    with world.app.app_context():
        yield


def add(slug: str) -> Sector:
    """Put something small into the current transaction."""
    sector = Sector(slug=slug, name=slug, synonyms=[], position=99)
    db.session.add(sector)
    return sector


def kept(slug: str) -> bool:
    """Whether it is in the database, seen from another transaction."""
    db.session.rollback()
    return db.session.query(Sector).filter_by(slug=slug).count() == 1


def test_an_inner_block_commits_and_rolls_back_with_the_outer_one() -> None:
    def fail_after_an_inner_block() -> None:
        with unit_of_work():
            add("outer")
            with unit_of_work():
                add("inner")
            raise PortalError("no")

    with pytest.raises(PortalError):
        fail_after_an_inner_block()
    assert not kept("outer")
    assert not kept("inner")
    with unit_of_work():
        with unit_of_work():
            add("inner")
        add("outer")
    assert kept("outer")
    assert kept("inner")


def test_a_failure_of_the_inner_block_is_one_of_the_whole_act() -> None:
    with pytest.raises(KeyError), unit_of_work():
        add("outer")
        with unit_of_work():
            raise KeyError
    assert not kept("outer")
    with unit_of_work():
        add("next")
    assert kept("next")


def test_effects_see_the_commit_and_none_follows_a_refusal() -> None:
    seen: list[bool] = []
    with unit_of_work() as work:
        add("good")
        with unit_of_work() as inner:
            inner.after_commit(lambda: seen.append(kept("good")))
        work.after_commit(lambda: seen.append(kept("good")))
        assert not seen
    assert seen == [True, True]
    with pytest.raises(PortalError), unit_of_work() as work:
        work.after_commit(lambda: seen.append(False))
        raise PortalError("no")
    assert seen == [True, True]


def test_an_effect_that_fails_undoes_nothing_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    seen: list[int] = []
    with caplog.at_level(logging.ERROR), unit_of_work() as work:
        add("good")
        work.after_commit(lambda: 1 // 0)
        work.after_commit(lambda: seen.append(1))
    assert kept("good")
    assert seen == [1]
    assert "ZeroDivisionError" in caplog.text


def test_what_the_database_refuses_was_done_twice_at_once() -> None:
    with unit_of_work():
        add("same")
    with pytest.raises(Stale), unit_of_work():
        add("same")
    with unit_of_work():
        add("other")
    assert kept("other")


def test_a_row_that_changed_under_our_hands_is_not_overwritten(world: World) -> None:
    item = db.session.get_one(Submission, world.report())
    with pytest.raises(Stale), unit_of_work():
        item.year = 2025
        db.session.connection().execute(update(Submission).values(version=7))
    assert item.year == 2026
