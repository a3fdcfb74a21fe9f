"""A server loads what searches need before anybody searches."""

from __future__ import annotations

import pytest

from asdg_portal.moderation.models import State
from asdg_portal.search.sources import all_documents, get_index
from asdg_portal.search.vocabulary import services as vocabulary
from asdg_portal.search.warming import begin_warming
from tests.factories import World


def test_what_searches_need_is_there_afterwards(world: World) -> None:
    world.report(State.PUBLISHED)
    with world.app.app_context():
        get_index().rebuild(all_documents())
    vocabulary._compile.cache_clear()
    world.app.extensions.pop("latest", None)
    begin_warming(world.app).join()
    assert vocabulary._compile.cache_info().currsize == 1
    assert {"words", "names", "place names"} <= world.app.extensions["latest"].keys()


def test_without_an_index_nothing_happens(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    begin_warming(world.app).join()
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "WARNING"}]
