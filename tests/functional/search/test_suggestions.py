"""Suggestions while somebody types: the right ones, in every form, and nothing that is hidden."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from asdg_portal.core.db import db
from asdg_portal.moderation.models import State, Submission
from asdg_portal.search.suggest import MOST
from tests.factories import World


def asked(world: World, typed: str, name: str | None = None, more: str = "") -> dict[str, Any]:
    """What the script of the box gets."""
    answer = world.browser(name).get(f"/search/suggest?q={quote(typed)}{more}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def labels(world: World, typed: str, name: str | None = None) -> list[str]:
    return [one["label"] for one in asked(world, typed, name)["suggestions"]]


@pytest.mark.parametrize(
    ("typed", "label", "query"),
    [
        ("новосиб", "Новосибирск", {"city": "novosibirsk"}),
        ("опыт Новосибирска", "Новосибирск", {"q": "опыт", "city": "novosibirsk"}),
        ("новосибирский опыт", "Новосибирск", {"q": "опыт", "city": "novosibirsk"}),
        ("ремонт дорог в омс", "Омск", {"q": "ремонт дорог", "city": "omsk"}),
        ("омичи", "Омск", {"city": "omsk"}),
        ("комсомольск на", "Комсомольск-на-Амуре", {"city": "komsomolsk-na-amure"}),
        ("культ", "Культура", {"sector": "kultura"}),
        ("юбилей в культуре", "Культура", {"q": "юбилей", "sector": "kultura"}),
        ("жилищно-комм", "ЖКХ", {"sector": "zhkkh"}),
        ("коммунального хозяйства", "ЖКХ", {"sector": "zhkkh"}),
    ],
)
def test_cities_and_directions_narrow_the_search(
    world: World, typed: str, label: str, query: dict[str, str]
) -> None:
    (one,) = [o for o in asked(world, typed)["suggestions"] if o["label"] == label]
    address = urlsplit(one["url"])
    assert (address.path, dict(parse_qsl(address.query))) == ("/search", query)
    assert world.browser().get(one["url"]).status_code == 200


def test_what_narrows_the_search_already_stays_and_is_not_suggested_again(world: World) -> None:
    more = "&year=2026&city=omsk&sort=newest&page=3&sector="
    assert labels(world, "омск") == ["Омск"]
    assert asked(world, "омск", more=more)["suggestions"] == []
    (one,) = asked(world, "томск", more=more)["suggestions"]
    assert one["url"] == "/search?year=2026&city=omsk&sort=newest&city=tomsk"


def test_titles_of_published_practices_lead_to_them(world: World) -> None:
    item = world.practice(State.PUBLISHED, title="Приём «граждан» <b>онлайн</b>")
    for typed in ("прием", "граждане онл", "онлайн приёму", "граж"):
        assert asked(world, typed)["suggestions"] == [
            {
                "kind": "text",
                "label": "Приём «граждан» <b>онлайн</b>",
                "note": "Омск",
                "url": f"/practices/{item}/",
            }
        ]
    assert labels(world, "приём ремонт") == []


@pytest.mark.parametrize("name", [None, "omsk", "moderator"])
@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.WITHDRAWN])
def test_what_is_not_published_is_suggested_to_nobody(
    world: World, state: State, name: str | None
) -> None:
    world.practice(state, title="Тайная приёмная")
    assert labels(world, "тайная", name) == []


def test_withdrawn_means_gone_and_a_new_title_is_there_in_the_next_request(world: World) -> None:
    item = world.practice(State.PUBLISHED, title="Открытая приёмная")
    assert labels(world, "приёмная") == ["Открытая приёмная"]
    with world.app.app_context():
        version = db.session.get_one(Submission, item).version
    fields = {"act": "withdraw", "reason": "Проверяем", "version": str(version)}
    assert world.browser("moderator").post(f"/desk/{item}/", data=fields).status_code == 303
    assert labels(world, "приёмная") == []
    waiting = world.practice(State.SUBMITTED, title="Новая приёмная")
    fields = {"act": "publish", "version": "2"}
    with world.app.app_context():
        fields["version"] = str(db.session.get_one(Submission, waiting).version)
    assert labels(world, "приёмная") == []
    assert world.browser("moderator").post(f"/desk/{waiting}/", data=fields).status_code == 303
    assert labels(world, "приёмная") == ["Новая приёмная"]


def test_a_text_that_was_withdrawn_behind_the_kept_titles_is_not_named(world: World) -> None:
    """Another process may be a moment ahead of what this one keeps until the next act."""
    item = world.practice(State.PUBLISHED, title="Открытая приёмная")
    assert labels(world, "приёмная") == ["Открытая приёмная"]
    with world.app.app_context():
        for revision in db.session.get_one(Submission, item).revisions:
            revision.is_public = False
        db.session.commit()
    assert labels(world, "приёмная") == []


@pytest.mark.parametrize(
    "typed",
    ["", " ", "о", "«омск", 'омск "', "-омск", "опыт -омск", "омс*", "на", "?" * 30, "я" * 5_000,
     "\x00", "😀😀", "омск " * 60, "%00%ff", "и в на"],
)  # fmt: skip
def test_nothing_is_suggested_for_the_grammar_or_for_nonsense(world: World, typed: str) -> None:
    found = asked(world, typed)
    assert found["suggestions"] == [] or typed == "на"
    assert found["said"]


def test_the_list_is_short_and_its_length_is_said(world: World) -> None:
    for number in range(12):
        world.practice(State.PUBLISHED, title=f"Культурный город Ом {number}")
    found = asked(world, "ом")
    assert len(found["suggestions"]) <= MOST
    assert found["said"] == f"{len(found['suggestions'])} подсказок, выбирать стрелками"
    assert [one["kind"] for one in found["suggestions"]][-1] == "text"
    assert asked(world, "ом 11")["said"] == "1 подсказка, выбирать стрелками"


def test_a_stroke_costs_few_statements(world: World) -> None:
    world.practice(State.PUBLISHED)
    assert world.statements("/search/suggest?q=омск", "specialist") <= 12
    assert world.statements("/search/suggest?q=приёмная") <= 12
